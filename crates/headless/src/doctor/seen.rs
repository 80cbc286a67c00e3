//! What a check has seen, as a code with its arguments; the words are the text catalogue's.

use companion::texts::{Texts, code_of};
use wire::support::{Check, Finding, Health};

/// Every code of every check, and how bad it is.
#[rustfmt::skip]
pub(super) const CODES: &[(Check, &str, Health)] = &[
    (Check::Adapter, "apart", Health::Good),
    (Check::Adapter, "not_asked", Health::Unknown),
    (Check::Adapter, "org_rules", Health::Warning),
    (Check::Adapter, "two_writers", Health::Warning),
    (Check::Browser, "found", Health::Good),
    (Check::Browser, "no_default", Health::Warning),
    (Check::Browser, "none", Health::Error),
    (Check::Clock, "far_off", Health::Error),
    (Check::Clock, "not_told", Health::Unknown),
    (Check::Clock, "off", Health::Warning),
    (Check::Clock, "right", Health::Good),
    (Check::Console, "connected", Health::Good),
    (Check::Console, "missing", Health::Warning),
    (Check::Console, "not_running", Health::Unknown),
    (Check::Console, "signed_out", Health::Unknown),
    (Check::ConsoleHost, "elsewhere", Health::Error),
    (Check::ConsoleHost, "here", Health::Good),
    (Check::ConsoleHost, "not_told", Health::Unknown),
    (Check::ConsoleHost, "remote_session", Health::Warning),
    (Check::Keyring, "absent", Health::Error),
    (Check::Keyring, "denied", Health::Error),
    (Check::Keyring, "failed", Health::Error),
    (Check::Keyring, "hung", Health::Error),
    (Check::Keyring, "locked", Health::Error),
    (Check::Keyring, "memory", Health::Warning),
    (Check::Keyring, "open", Health::Good),
    (Check::Network, "certificates", Health::Error),
    (Check::Network, "connect", Health::Error),
    (Check::Network, "cut", Health::Error),
    (Check::Network, "dns", Health::Error),
    (Check::Network, "no_org", Health::Unknown),
    (Check::Network, "not_salesforce", Health::Error),
    (Check::Network, "proxy", Health::Error),
    (Check::Network, "reached", Health::Good),
    (Check::Network, "refused", Health::Warning),
    (Check::Network, "time_out", Health::Error),
    (Check::Network, "tls", Health::Error),
    (Check::OauthPorts, "free", Health::Good),
    (Check::OauthPorts, "taken", Health::Error),
    (Check::Permissions, "all", Health::Good),
    (Check::Permissions, "missing", Health::Warning),
    (Check::Permissions, "not_asked", Health::Unknown),
    (Check::Policy, "invalid", Health::Error),
    (Check::Policy, "none", Health::Good),
    (Check::Policy, "valid", Health::Good),
    (Check::Ports, "free", Health::Good),
    (Check::Ports, "serving", Health::Good),
    (Check::Ports, "taken", Health::Error),
    (Check::Streaming, "limit", Health::Warning),
    (Check::Streaming, "listening", Health::Good),
    (Check::Streaming, "no_permission", Health::Warning),
    (Check::Streaming, "no_topic", Health::Warning),
    (Check::Streaming, "not_asked", Health::Unknown),
    (Check::Streaming, "off", Health::Good),
    (Check::Streaming, "refused", Health::Warning),
    (Check::Streaming, "unavailable", Health::Warning),
    (Check::Streaming, "waiting", Health::Unknown),
    (Check::Webview, "broken", Health::Error),
    (Check::Webview, "found", Health::Good),
    (Check::Webview, "no_window", Health::Unknown),
    (Check::Webview, "old", Health::Error),
];

/// What a check has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) check: Check,
    pub(super) code: &'static str,
    pub(super) health: Health,
    args: Vec<(&'static str, String)>,
}

impl Seen {
    /// A code of [`CODES`].
    pub(super) fn of(check: Check, code: &'static str) -> Self {
        let known = CODES.iter().find(|(of, known, _)| (*of, *known) == (check, code));
        debug_assert!(known.is_some(), "{check:?} has no code {code}");
        Self {
            check,
            code,
            health: known.map_or(Health::Unknown, |(_, _, health)| *health),
            args: Vec::new(),
        }
    }

    /// Something that the text names.
    pub(super) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    pub(super) fn told(&self, texts: &Texts) -> Finding {
        let args: Vec<(&str, &str)> = self
            .args
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let check = code_of(&self.check);
        let id = format!("doctor-{check}-{}", self.code);
        let remedy = texts.attribute(&id, "remedy", &args);
        Finding {
            check: self.check,
            health: self.health,
            code: self.code.to_owned(),
            title: texts.text(&format!("doctor-{check}"), &[]),
            text: texts.text(&id, &args),
            // Where there is none, the catalogue says the code.
            remedy: (remedy != id).then_some(remedy),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_words_and_every_fault_its_remedy() {
        let texts = Texts::english();
        for (check, code, health) in CODES {
            let told = Seen::of(*check, code).told(&texts);
            assert!(!told.title.starts_with("doctor-"), "{check:?} has no title");
            assert!(!told.text.starts_with("doctor-"), "{check:?} {code} has no text");
            assert!(
                *health == Health::Good || told.remedy.is_some(),
                "{check:?} {code} has no remedy"
            );
        }
    }
}
