//! What every answer says besides its content: API calls used, and the server's time.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// The org's API calls of the last 24 hours (`Sforce-Limit-Info: api-usage=18/5000`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiUsage {
    /// Calls used by the whole org.
    pub used: u64,
    /// Calls the org may make.
    pub limit: u64,
}

/// The newest facts of this kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServerFacts {
    /// Absent until an answer carried the header.
    pub api_usage: Option<ApiUsage>,
    /// How far the server's clock is ahead of ours, in milliseconds; negative when it is behind.
    ///
    /// The `Date` header has whole seconds and is taken as the middle of its second, so that this is right
    /// to half a second plus half the way there and back.
    pub skew_ms: Option<i64>,
}

impl ServerFacts {
    /// Takes over what a newer answer says, and keeps what it doesn't say.
    pub(crate) fn update(&mut self, newer: ServerFacts) {
        self.api_usage = newer.api_usage.or(self.api_usage);
        self.skew_ms = newer.skew_ms.or(self.skew_ms);
    }
}

/// Reads `Sforce-Limit-Info`, which may carry further entries after a `;`.
pub(crate) fn api_usage(header: &str) -> Option<ApiUsage> {
    header.split([';', ',']).find_map(|entry| {
        let (used, limit) = entry.trim().strip_prefix("api-usage=")?.split_once('/')?;
        Some(ApiUsage {
            used: used.trim().parse().ok()?,
            limit: limit.trim().parse().ok()?,
        })
    })
}

/// Reads an HTTP date (RFC 9110's preferred form).
pub(crate) fn http_date(header: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(header.trim()).ok()
}

/// The skew of a server that answered `date` to a question sent and answered at these times.
pub(crate) fn skew_ms(date: Timestamp, sent: Timestamp, answered: Timestamp) -> i64 {
    let middle = sent.as_millisecond() + (answered.as_millisecond() - sent.as_millisecond()) / 2;
    date.as_millisecond() + 500 - middle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usage_is_found_among_other_entries() {
        let usage = Some(ApiUsage {
            used: 18,
            limit: 5000,
        });
        assert_eq!(api_usage("api-usage=18/5000"), usage);
        assert_eq!(
            api_usage("per-app-api-usage=1/2(appName=x); api-usage=18/5000"),
            usage
        );
        assert_eq!(api_usage("api-usage=many/5000"), None);
        assert_eq!(api_usage(""), None);
    }

    #[test]
    fn a_server_ahead_has_a_positive_skew() {
        let date = http_date("Tue, 15 Nov 1994 08:12:31 GMT").unwrap();
        assert_eq!(date, "1994-11-15T08:12:31Z".parse().unwrap());
        let sent = "1994-11-15T08:12:30.000Z".parse().unwrap();
        let answered = "1994-11-15T08:12:30.200Z".parse().unwrap();
        assert_eq!(skew_ms(date, sent, answered), 1_400);
        assert_eq!(http_date("yesterday"), None);
    }
}
