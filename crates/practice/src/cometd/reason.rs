//! Why a message is refused, in the words of Salesforce's Bayeux server.

/// A refusal: its text and what the client should do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The access token is missing, unknown, revoked or too old.
    Authentication,
    /// Too many clients in the org.
    ConcurrentClients,
    /// The org has had its events of the day.
    DailyEvents,
    /// The cookie BAYEUX_BROWSER is missing or is another client's.
    NoBrowser,
    /// There is no long polling among what the client can do.
    NoLongPolling,
    /// `ext.replay` does not name the channel that is subscribed to.
    NotInReplayMap { channel: String, given: String },
    /// A position that no retained event has.
    ReplayId(i64),
    /// No such channel.
    UnknownChannel(String),
    /// The session has ended, or never was.
    UnknownClient,
    /// A filter on a field that the topic's query does not select.
    UnknownField(String),
    /// No PushTopic of this name that is active.
    UnknownTopic(String),
}

impl Reason {
    /// `error` of the answer.
    pub(crate) fn error(&self) -> String {
        match self {
            Self::Authentication => "401::Authentication invalid".to_owned(),
            Self::ConcurrentClients => "403::Organization concurrent user limit exceeded".to_owned(),
            Self::DailyEvents => "403::Organization total events daily limit exceeded".to_owned(),
            Self::NoBrowser => "402::Unknown client".to_owned(),
            Self::NoLongPolling => "400::Unsupported connection type, use long-polling".to_owned(),
            Self::NotInReplayMap { channel, given } => format!(
                "400::The replayId for channel {{{channel}}} wasn't found using the provided replay ID map \
                 {{{given}}}. Ensure that the channel name you provided in the replay map is valid and \
                 matches the channel name used for subscribing."
            ),
            Self::ReplayId(position) => format!(
                "400::The replayId {{{position}}} you provided was invalid. Please provide a valid ID, -2 to \
                 replay all events, or -1 to replay only new events."
            ),
            Self::UnknownChannel(channel) => {
                format!("400::The channel {{{channel}}} is not supported; the practice org has /topic/NAME")
            }
            Self::UnknownClient => "403::Unknown client".to_owned(),
            Self::UnknownField(field) => {
                format!("400::The filter's field {{{field}}} is not in the query of the PushTopic")
            }
            Self::UnknownTopic(channel) => {
                format!("400::The channel you requested to subscribe to does not exist {{{channel}}}")
            }
        }
    }

    /// `advice.reconnect` of the answer; `None` where there is no advice: the session goes on.
    pub(crate) fn reconnect(&self) -> Option<&'static str> {
        match self {
            Self::Authentication | Self::ConcurrentClients | Self::DailyEvents | Self::NoLongPolling => {
                Some("none")
            }
            Self::NoBrowser | Self::UnknownClient => Some("handshake"),
            Self::NotInReplayMap { .. }
            | Self::ReplayId(_)
            | Self::UnknownChannel(_)
            | Self::UnknownField(_)
            | Self::UnknownTopic(_) => None,
        }
    }
}
