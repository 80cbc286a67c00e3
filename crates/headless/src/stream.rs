//! The stream of the signed-in rep's presence: begun after the first answer about where they stand, told to the
//! loop, and taken up again where it was left.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use companion::inbox::Inbox;
use companion::settings::{StreamingMode, StreamingSettings};
use presence::event::{Event, StreamStop};
use presence::problem::ProblemCode;
use presence::saved::SavedSession;
use salesforce::streaming::{Heard, Listening, Pushed, Stopped, listen};
use salesforce::{Account, Client};
use tokio::sync::oneshot;
use tokio::task::{AbortHandle, JoinHandle};

/// A change of status ends one row and adds another, in this order. So long after an end without a beginning, it
/// was a logout, or the message got lost: then whoever knows is asked.
const SETTLE: Duration = Duration::from_secs(2);

/// Listens, one session at a time. Clones share it.
#[derive(Clone)]
pub(crate) struct Stream {
    /// `None`: not at all.
    topic: Option<Arc<str>>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    running: Option<Listener>,
    position: Option<Position>,
    standing: Standing,
}

/// How it goes with the session that is, or was the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The org pushes.
    Listening,
    /// The org does not push for now, and is asked again in many minutes.
    Stopped(Stopped),
    /// Not begun, or not yet subscribed.
    #[default]
    Waiting,
}

struct Listener {
    account: Account,
    end: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// Where a stream was left. It means something in the same org, for the same rep, on the same instance only.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Position {
    account: Account,
    instance: Option<String>,
    replay: i64,
}

impl Stream {
    pub(crate) fn new(settings: &StreamingSettings, saved: Option<&SavedSession>) -> Self {
        let position = saved.and_then(|saved| {
            Some(Position {
                account: Account {
                    org: saved.org,
                    user: saved.user,
                },
                instance: saved.instance.clone(),
                replay: saved.replay?,
            })
        });
        let state = State {
            position,
            ..State::default()
        };
        Self {
            topic: (settings.mode == StreamingMode::Auto).then(|| settings.topic.as_str().into()),
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Listens for this session, unless that goes on already.
    pub(crate) fn begin(&self, client: &Client, instance: Option<&str>, inbox: &Inbox) {
        let Some(topic) = &self.topic else { return };
        let mut state = self.state();
        if state
            .running
            .as_ref()
            .is_some_and(|running| !running.task.is_finished())
        {
            return;
        }
        let account = client.account();
        let from = state
            .position
            .as_ref()
            .and_then(|position| position.replay_in(account, instance));
        tracing::info!(resumed = from.is_some(), "streaming begins");
        let listening = Listening {
            topic: topic.to_string(),
            from,
            seed: rand::random(),
            retry: Listening::RETRY,
        };
        let teller = Teller {
            client: client.clone(),
            inbox: inbox.clone(),
            instance: instance.map(str::to_owned),
            stream: self.clone(),
            settling: None,
        };
        let (end, ended) = oneshot::channel();
        let task = tokio::spawn(listens(client.clone(), listening, teller, ended));
        state.running = Some(Listener { account, end, task });
        state.standing = Standing::Waiting;
    }

    /// How it goes.
    pub(crate) fn standing(&self) -> Standing {
        self.state().standing
    }

    /// Ends it; the org is told within a moment, if it can be reached.
    pub(crate) fn end(&self) -> Option<JoinHandle<()>> {
        let mut state = self.state();
        state.standing = Standing::Waiting;
        let listener = state.running.take()?;
        let _ = listener.end.send(());
        Some(listener.task)
    }

    /// No position of before counts: the org has moved to another instance (seed 002).
    pub(crate) fn forget(&self) {
        self.end();
        self.state().position = None;
    }

    fn came_to(&self, account: Account, instance: Option<&str>, replay: i64) {
        let mut state = self.state();
        // A last message of a session that was ended meanwhile.
        if state
            .running
            .as_ref()
            .is_none_or(|running| running.account != account)
        {
            return;
        }
        let before = state
            .position
            .as_ref()
            .and_then(|position| position.replay_in(account, instance));
        state.position = Some(Position {
            account,
            instance: instance.map(str::to_owned),
            replay: before.map_or(replay, |before| before.max(replay)),
        });
    }

    /// A session that was ended meanwhile tells nothing of the present.
    fn stands(&self, account: Account, standing: Standing) {
        let mut state = self.state();
        if state
            .running
            .as_ref()
            .is_some_and(|running| running.account == account)
        {
            state.standing = standing;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Position {
    fn replay_in(&self, account: Account, instance: Option<&str>) -> Option<i64> {
        let is_here = self.account == account && self.instance.as_deref() == instance;
        is_here.then_some(self.replay)
    }
}

async fn listens(client: Client, listening: Listening, mut teller: Teller, ended: oneshot::Receiver<()>) {
    let end = async {
        let _ = ended.await;
    };
    let outcome = listen(&client, listening, |heard| teller.tells(heard), end).await;
    if let Err(error) = outcome {
        tracing::warn!(code = error.code(), "there is no streaming");
    }
}

/// Says to the loop what was heard.
struct Teller {
    client: Client,
    inbox: Inbox,
    instance: Option<String>,
    stream: Stream,
    /// Waits for what follows an end.
    settling: Option<AbortHandle>,
}

impl Teller {
    fn tells(&mut self, heard: Heard) {
        match heard {
            Heard::Listening { gap } => {
                self.stands(Standing::Listening);
                let code = ProblemCode::StreamStopped;
                self.inbox.post(Event::ProblemCleared { code });
                if gap {
                    self.inbox.post(Event::StreamGap);
                }
            }
            Heard::Message { pushed, replay } => self.tells_message(&pushed, replay),
            // A read finds out as well, and says so.
            Heard::SignInEnded => self.stands(Standing::Waiting),
            Heard::Stopped(why) => {
                self.stands(Standing::Stopped(why));
                self.inbox.post(Event::StreamStopped {
                    why: match why {
                        Stopped::Limit => StreamStop::Limit,
                        Stopped::Refused => StreamStop::Refused,
                        Stopped::Unavailable => StreamStop::Unavailable,
                    },
                });
            }
        }
    }

    fn stands(&self, standing: Standing) {
        self.stream.stands(self.client.account(), standing);
    }

    fn tells_message(&mut self, pushed: &Pushed, replay: Option<i64>) {
        let presence = match pushed {
            Pushed::Current(presence) => Some(presence.row(self.client.facts().skew_ms.unwrap_or(0))),
            Pushed::Ended | Pushed::Foreign => None,
        };
        if let Some(replay) = replay {
            let account = self.client.account();
            self.stream.came_to(account, self.instance.as_deref(), replay);
        }
        self.inbox.post(Event::Streamed {
            works: Vec::new(),
            presence,
            replay,
        });
        match pushed {
            Pushed::Current(_) => {
                if let Some(settling) = self.settling.take() {
                    settling.abort();
                }
            }
            Pushed::Ended => self.settles(),
            Pushed::Foreign => {}
        }
    }

    fn settles(&mut self) {
        if self
            .settling
            .as_ref()
            .is_some_and(|settling| !settling.is_finished())
        {
            return;
        }
        let inbox = self.inbox.clone();
        let settled = async move {
            tokio::time::sleep(SETTLE).await;
            inbox.post(Event::StreamGap);
        };
        self.settling = Some(tokio::spawn(settled).abort_handle());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_counts_in_its_org_for_its_rep_on_its_instance() {
        let account = |user: &str| Account {
            org: "00D000000000001EAA".parse().unwrap(),
            user: user.parse().unwrap(),
        };
        let pat = account("005000000000001AAA");
        let position = Position {
            account: pat,
            instance: Some("NA1".to_owned()),
            replay: 13,
        };
        assert_eq!(position.replay_in(pat, Some("NA1")), Some(13));
        assert_eq!(position.replay_in(pat, Some("NA2")), None);
        assert_eq!(position.replay_in(pat, None), None);
        assert_eq!(
            position.replay_in(account("005000000000002AAA"), Some("NA1")),
            None
        );
    }
}
