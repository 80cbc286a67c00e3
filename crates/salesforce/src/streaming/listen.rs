//! The stream's driver: `bayeux` decides, this sends.

use std::pin::pin;
use std::time::Duration;

use bayeux::{Client as Bayeux, Options, Output, Poll, Post, Replay, RequestId};
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use secrecy::ExposeSecret;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::client::{Client, within};
use crate::error::{Error, NetworkFailure};
use crate::http::{Answer, Http};
use crate::session::Access;
use crate::streaming::heard::{Heard, Stopped};
use crate::streaming::sleep::{LOOK_EVERY, Wakefulness};

/// How long a polite end may take.
const FAREWELL: Duration = Duration::from_secs(2);
/// Where the API's version cannot be read either.
const PAUSE: Duration = Duration::from_secs(30);

/// What to listen to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listening {
    /// The PushTopic's name. Its query must have `UserId`, which the subscription filters by.
    pub topic: String,
    /// The replay position to go on from; without one, what is new.
    pub from: Option<i64>,
    /// Spreads the pauses of desktops that fail together.
    pub seed: u64,
    /// How long to wait after [`Stopped`]; the first half of it at least, the seed says how long.
    pub retry: Duration,
}

impl Listening {
    /// After a limit or a refusal nobody has anything from trying soon.
    pub const RETRY: Duration = Duration::from_secs(30 * 60);
}

/// Listens for the signed-in user until `end` is ready, then leaves politely; or until the sign-in has ended.
/// Dropped, it ends without a word, and the org counts the client for 40 seconds more.
///
/// # Errors
/// [`Error::CheckNetwork`] when TLS or the network's settings do not allow for a client at all.
pub async fn listen(
    client: &Client,
    listening: Listening,
    mut hear: impl FnMut(Heard),
    end: impl Future<Output = ()>,
) -> Result<(), Error> {
    let http = client.session.http.for_streaming().map_err(Error::CheckNetwork)?;
    let mut bayeux = Bayeux::new(patience(), listening.seed);
    let channel = format!("/topic/{}?UserId={}", listening.topic, client.account().user);
    bayeux.subscribe(&channel, listening.from.map_or(Replay::New, Replay::After));
    let mut end = pin!(end);
    let path = tokio::select! {
        path = cometd_path(client) => path,
        () = &mut end => return Ok(()),
    };
    let Some(path) = path else {
        hear(Heard::SignInEnded);
        return Ok(());
    };
    let mut driver = Driver {
        client,
        http,
        path,
        bayeux,
        started: Instant::now(),
        flights: JoinSet::new(),
        open: Vec::new(),
        sent_with: None,
        is_fresh: listening.from.is_none(),
        told: None,
    };
    let retry = listening.retry.mul_f64(share(listening.seed));
    tokio::select! {
        () = driver.run(Some(retry), &mut hear) => {
            hear(Heard::SignInEnded);
            return Ok(());
        }
        () = &mut end => {}
    }
    driver.bayeux.disconnect();
    let mut nobody = |_| {};
    let farewell = driver.run(None, &mut nobody);
    // An org that does not answer in time counts the client for 40 seconds more, that is all.
    let _ = tokio::time::timeout(FAREWELL, farewell).await;
    Ok(())
}

/// Between a half and one, by the seed.
fn share(seed: u64) -> f64 {
    f64::from(u32::try_from(seed % 1_000).unwrap_or(0)) / 2_000.0 + 0.5
}

/// A busy server is tried for about two minutes before it is given up for a longer time.
fn patience() -> Options {
    Options {
        most_bad_answers: 8,
        ..Options::default()
    }
}

/// `None` once the sign-in has ended.
async fn cometd_path(client: &Client) -> Option<String> {
    loop {
        match client.data_path().await {
            Ok(path) => return Some(path.replace("/services/data/v", "/cometd/")),
            Err(Error::SignInAgain(_)) => return None,
            Err(error) => tracing::info!(code = error.code(), "streaming waits for the org"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

type Landed = (RequestId, Result<Answer, NetworkFailure>);

struct Driver<'c> {
    client: &'c Client,
    http: Http,
    path: String,
    bayeux: Bayeux,
    started: Instant,
    flights: JoinSet<Landed>,
    open: Vec<RequestId>,
    /// What the newest request was sent with.
    sent_with: Option<Access>,
    /// There was no position to go on from, and nothing was listened to yet.
    is_fresh: bool,
    /// The reason that was told last, until it works again.
    told: Option<Stopped>,
}

impl Driver<'_> {
    /// Runs until the sign-in has ended; after a stop it goes on in so long, or not. Every wait in it can be
    /// cancelled and taken up again.
    async fn run(&mut self, retry: Option<Duration>, hear: &mut impl FnMut(Heard)) {
        let mut wakefulness = Wakefulness::new();
        loop {
            let wake = match self.bayeux.poll(self.now_ms()) {
                Poll::Post(post) => {
                    if !self.send(post) {
                        return;
                    }
                    continue;
                }
                Poll::RenewToken => {
                    if !self.renew().await {
                        return;
                    }
                    continue;
                }
                Poll::Stopped => {
                    let Some(retry) = retry else { return };
                    self.hang_up();
                    tokio::time::sleep(retry).await;
                    self.bayeux.start_again();
                    continue;
                }
                Poll::Wait => None,
                Poll::WaitUntil(at) => Some(self.started + Duration::from_millis(at)),
            };
            let look = Instant::now() + LOOK_EVERY;
            let until = wake.map_or(look, |at| at.min(look));
            tokio::select! {
                Some(landed) = self.flights.join_next() => {
                    if let Ok(landed) = landed {
                        self.land(landed, hear);
                    }
                }
                () = tokio::time::sleep_until(until) => {}
            }
            if wakefulness.slept() {
                self.wake_up(hear);
            }
        }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Sends it on a task of its own; `false` when the sign-in has ended.
    fn send(&mut self, post: Post) -> bool {
        let Ok(access) = self.client.session.access() else {
            return false;
        };
        let Some(url) = within(&access.instance_url, &self.path) else {
            return false;
        };
        let request = self
            .http
            .request(Method::POST, url)
            .header(CONTENT_TYPE, "application/json;charset=UTF-8")
            .bearer_auth(access.token.expose_secret())
            .timeout(Duration::from_millis(post.time_out_ms))
            .body(post.body)
            .build();
        self.sent_with = Some(access);
        let http = self.http.clone();
        let id = post.request;
        self.open.push(id);
        self.flights.spawn(async move {
            let answer = match request {
                Ok(request) => http.send(request).await,
                Err(_) => Err(NetworkFailure::Connect),
            };
            (id, answer)
        });
        true
    }

    fn land(&mut self, (id, answer): Landed, hear: &mut impl FnMut(Heard)) {
        self.open.retain(|open| *open != id);
        let now_ms = self.now_ms();
        let outputs = match &answer {
            Ok(answer) => {
                let retry_after = answer.retry_after().map(|pause| pause.as_millis());
                let retry_after_ms = retry_after.map(|ms| u64::try_from(ms).unwrap_or(u64::MAX));
                let status = answer.status.as_u16();
                self.bayeux
                    .answer(now_ms, id, status, retry_after_ms, &answer.body)
            }
            Err(_) => self.bayeux.failed(now_ms, id),
        };
        self.tell(&outputs, hear);
    }

    fn tell(&mut self, outputs: &[Output<'_>], hear: &mut impl FnMut(Heard)) {
        let rep = self.client.account().user;
        for mut heard in outputs.iter().filter_map(|output| Heard::of(output, rep)) {
            match &mut heard {
                Heard::Stopped(why) => {
                    tracing::warn!(?why, "Salesforce pushes nothing for now");
                    if self.told.replace(*why) == Some(*why) {
                        continue;
                    }
                }
                Heard::Listening { gap } => {
                    *gap |= std::mem::take(&mut self.is_fresh);
                    tracing::info!(gap, "listening to pushed changes");
                    self.told = None;
                }
                Heard::Message { .. } | Heard::SignInEnded => {}
            }
            hear(heard);
        }
    }

    /// `false` when the sign-in has ended.
    async fn renew(&mut self) -> bool {
        let Some(refused) = self.sent_with.clone() else {
            self.bayeux.token_renewed();
            return true;
        };
        match self.client.session.renew(&refused).await {
            Ok(()) => self.bayeux.token_renewed(),
            Err(Error::SignInAgain(_)) => return false,
            Err(error) => {
                tracing::info!(code = error.code(), "the stream's session was not renewed yet");
                self.bayeux.token_not_renewed(self.now_ms());
            }
        }
        true
    }

    /// What was held before the machine slept is held by nobody any more.
    fn wake_up(&mut self, hear: &mut impl FnMut(Heard)) {
        tracing::info!("the machine has slept: the stream begins anew");
        let open = std::mem::take(&mut self.open);
        self.hang_up();
        for id in open {
            let outputs = self.bayeux.failed(self.now_ms(), id);
            self.tell(&outputs, hear);
        }
    }

    fn hang_up(&mut self) {
        self.flights.abort_all();
        self.open.clear();
    }
}
