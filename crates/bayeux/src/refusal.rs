//! Why a server refuses, from its words.

/// What a `successful: false` means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// `503::Server is too busy`, which Salesforce puts into a handshake that it denies with 401.
    Busy,
    ClientLimit,
    /// Nothing that is known; the server's code, or 0.
    Denied(u16),
    EventLimit,
    /// The replay position is not retained any more, or never was.
    PositionGone,
    /// `401::Authentication invalid`
    Token,
    /// `402::Unknown client` (the cookie is missing), `403::Unknown client` (the session has ended).
    UnknownClient,
}

impl Refusal {
    /// `error` is `CODE:ARGUMENTS:TEXT` (Bayeux 1.0, "error"); `reason` is Salesforce's `ext.sfdc.failureReason`,
    /// which is of the same form and says why a handshake was denied.
    pub(crate) fn of(error: &str, reason: Option<&str>) -> Self {
        let texts = [reason.unwrap_or_default(), error];
        let says = |words: &[&str]| {
            texts.iter().any(|text| {
                let text = text.to_ascii_lowercase();
                words.iter().all(|word| text.contains(word))
            })
        };
        if says(&["limit exceeded"]) {
            return if says(&["daily"]) {
                Self::EventLimit
            } else {
                Self::ClientLimit
            };
        }
        if says(&["unknown client"]) {
            return Self::UnknownClient;
        }
        if says(&["replayid"]) {
            return Self::PositionGone;
        }
        match texts.into_iter().find_map(code).unwrap_or(0) {
            401 => Self::Token,
            402 => Self::UnknownClient,
            503 => Self::Busy,
            other => Self::Denied(other),
        }
    }
}

fn code(text: &str) -> Option<u16> {
    text.split_once(':')?.0.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_servers_are_told_apart() {
        for (error, reason, means) in [
            ("401::Authentication invalid", None, Refusal::Token),
            ("402::Unknown client", None, Refusal::UnknownClient),
            ("402::session_unknown", None, Refusal::UnknownClient),
            ("403::Unknown client", None, Refusal::UnknownClient),
            ("403::Handshake denied", None, Refusal::Denied(403)),
            (
                "403::Handshake denied",
                Some("401::Authentication invalid"),
                Refusal::Token,
            ),
            (
                "401::Request requires authentication",
                Some("503::Server is too busy"),
                Refusal::Busy,
            ),
            (
                "403::Organization concurrent user limit exceeded",
                None,
                Refusal::ClientLimit,
            ),
            (
                "403::Handshake denied",
                Some("403::Organization concurrent user limit exceeded"),
                Refusal::ClientLimit,
            ),
            (
                "403::Organization total events daily limit exceeded",
                None,
                Refusal::EventLimit,
            ),
            (
                "400::The replayId {13} you provided was invalid. Please provide a valid ID",
                None,
                Refusal::PositionGone,
            ),
            (
                "403:denied_by_security_policy:create_denied",
                None,
                Refusal::Denied(403),
            ),
            ("no", None, Refusal::Denied(0)),
            ("", None, Refusal::Denied(0)),
        ] {
            assert_eq!(Refusal::of(error, reason), means, "{error} {reason:?}");
        }
    }
}
