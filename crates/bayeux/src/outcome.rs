//! What a client wants done, and what it has to tell.

use std::borrow::Cow;

/// Names a request until it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub(crate) u64);

/// A request, to be sent with the session's cookies and token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// To be given back with its answer.
    pub request: RequestId,
    /// JSON.
    pub body: String,
    /// Without a complete answer for this long, it has failed.
    pub time_out_ms: u64,
}

/// What to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Poll {
    /// Send this, and ask again. At most two are under way at a time: a held connect, and one other.
    Post(Post),
    /// The server does not accept the token. Renew it, then say so: [`crate::Client::token_renewed`] or
    /// [`crate::Client::token_not_renewed`].
    RenewToken,
    /// It is over, or paused until [`crate::Client::start_again`].
    Stopped,
    /// Nothing until something is answered or asked for.
    Wait,
    /// Nothing before this time, unless something is answered or asked for.
    WaitUntil(u64),
}

/// What has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output<'b> {
    /// A message on a channel that is subscribed to. None comes twice.
    Delivered {
        /// Its channel, as the server names it.
        channel: Cow<'b, str>,
        /// Its `data`, as JSON text; `null` where it has none.
        data: &'b str,
        /// Its replay position (`data.event.replayId`), where the server has the replay extension.
        replay: Option<i64>,
    },
    /// Messages of this subscription may have been missed; from here on none is.
    Gap {
        /// As it was subscribed to.
        channel: String,
    },
    /// It is over: [`Poll::Stopped`].
    Stopped(Stop),
    /// From here on, or from the position it was asked for, messages come.
    Subscribed {
        /// As it was subscribed to.
        channel: String,
    },
    /// The server does not let this client subscribe, and is not asked again.
    SubscriptionRefused {
        /// As it was asked for.
        channel: String,
        /// The server's code, `403` say; 0 where it gave none.
        code: u16,
    },
}

/// Why it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Too many clients at a time (Salesforce: "concurrent user limit exceeded").
    ClientLimit,
    /// The caller has asked for it.
    Disconnected,
    /// The events of 24 hours are used up (Salesforce: "total events daily limit exceeded").
    EventLimit,
    /// The server denies the handshake, or every subscription, or a renewed token as well.
    Refused,
    /// It is too busy for too long, or is no Bayeux server.
    Unavailable,
}
