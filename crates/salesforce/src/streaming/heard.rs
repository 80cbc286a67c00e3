//! What a listener is told.

use bayeux::{Output, Stop};
use presence::ids::UserId;

use crate::streaming::pushed::Pushed;

/// Something the stream has told, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It has begun, or goes on after a pause. With `gap`, what happened before is not known from it: a snapshot
    /// that is taken from now on is joined without a hole.
    Listening {
        /// Something may be missing.
        gap: bool,
    },
    /// A message.
    Message {
        /// What it says. One that cannot be read says that something ended.
        pushed: Pushed,
        /// Its replay position.
        replay: Option<i64>,
    },
    /// The session has ended for good: somebody has to sign in again.
    SignInEnded,
    /// Nothing is pushed for now. It is tried again in many minutes, and told again only after it has worked.
    Stopped(Stopped),
}

/// Why nothing is pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stopped {
    /// The org's CometD clients at a time, or its events of 24 hours, are used up.
    Limit,
    /// The org does not let this user listen, or has no such topic.
    Refused,
    /// It is too busy, or something else answers in its place.
    Unavailable,
}

impl Heard {
    /// `None` for what is no news to a listener.
    pub(crate) fn of(output: &Output<'_>, rep: UserId) -> Option<Self> {
        match output {
            Output::Delivered { data, replay, .. } => {
                let pushed = Pushed::read(data, rep).unwrap_or_else(|_| {
                    // Its text may quote the row.
                    tracing::warn!("a pushed message could not be read");
                    Pushed::Ended
                });
                let replay = *replay;
                Some(Self::Message { pushed, replay })
            }
            Output::Gap { .. } => Some(Self::Listening { gap: true }),
            Output::Subscribed { .. } => Some(Self::Listening { gap: false }),
            Output::Stopped(why) => Some(Self::Stopped(match why {
                Stop::ClientLimit | Stop::EventLimit => Stopped::Limit,
                Stop::Refused => Stopped::Refused,
                Stop::Unavailable => Stopped::Unavailable,
                Stop::Disconnected => return None,
            })),
            Output::SubscriptionRefused { code, .. } => {
                tracing::warn!(code, "the topic could not be subscribed to");
                None
            }
        }
    }
}
