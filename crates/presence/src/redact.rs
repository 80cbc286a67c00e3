//! Redaction: what is written down names no person and no secret, and still decides the same.
//!
//! Every value is taken apart completely and put together again, each field by one of three words:
//! [`plain`] (a type that can't hold a text), [`kept`] (a text of the org's or the phone's configuration, which
//! an administrator needs to read), or a pseudonym. A new field or variant therefore does not compile here
//! until somebody has decided. Pseudonyms are stable, so that what was equal stays equal.

mod checkpoint;
mod event;
mod outcome;

use crate::event::{LogoutReason, Pairing};
use crate::problem::{Problem, ProblemCode};

/// The reasons Omni-Channel gives for a logout (salesforce.md, B): its own words, so they may be told.
const LOGOUT_REASONS: [&str; 4] = [
    "DuplicateLogin",
    "DuplicateLoginInSameBrowser",
    "MaintenanceLogout",
    "OmniSupervisorLogout",
];

/// Makes pseudonyms.
pub trait Pseudonyms {
    /// The same for the same text, different for different ones, and nothing of the text can be read from it.
    fn pseudonym(&self, text: &str) -> String;
}

/// Can be told to others.
pub trait Redact: Sized {
    /// The same with every personal or secret text replaced by its pseudonym.
    #[must_use]
    fn redacted(self, by: &dyn Pseudonyms) -> Self;
}

/// A value that can't hold a text: whatever owns one is not `Copy`.
fn plain<T: Copy + 'static>(value: T) -> T {
    value
}

/// A list of such values.
fn plains<T: Copy + 'static>(values: Vec<T>) -> Vec<T> {
    values
}

/// Such a value in a box.
fn plain_box<T: Copy + 'static>(value: Option<Box<T>>) -> Option<Box<T>> {
    value
}

/// A text that stays readable: a label, a developer name, a state's name, a rule's name.
fn kept<T: Configured>(text: T) -> T {
    text
}

/// Texts that can be kept.
trait Configured {}
impl Configured for String {}
impl Configured for Option<String> {}
impl Configured for Vec<String> {}

/// A text that may name a person, a place in the file system or a secret. Nothing stays nothing.
fn secret(text: String, by: &dyn Pseudonyms) -> String {
    if text.is_empty() {
        text
    } else {
        by.pseudonym(&text)
    }
}

/// Omni-Channel's own words are kept; anything else in their place is not.
fn reason(text: String, by: &dyn Pseudonyms) -> String {
    if LOGOUT_REASONS.contains(&text.as_str()) {
        text
    } else {
        secret(text, by)
    }
}

/// What a problem is about: a system's words, with paths and hosts in them.
fn about(code: ProblemCode, text: String, by: &dyn Pseudonyms) -> String {
    match code {
        ProblemCode::LoggedOutBy => reason(text, by),
        _ => secret(text, by),
    }
}

impl<T: Redact> Redact for Option<T> {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        self.map(|value| value.redacted(by))
    }
}

impl<T: Redact> Redact for Vec<T> {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        self.into_iter().map(|value| value.redacted(by)).collect()
    }
}

impl<T: Redact> Redact for Box<T> {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        Self::new((*self).redacted(by))
    }
}

impl Redact for LogoutReason {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self(text) = self;
        Self(reason(text, by))
    }
}

impl Redact for Pairing {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self { id, kind, code, name } = self;
        Self {
            id: secret(id, by),
            kind: plain(kind),
            code: secret(code, by),
            name: secret(name, by),
        }
    }
}

impl Redact for Problem {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self { code, about: text } = self;
        Self {
            code: plain(code),
            about: about(code, text, by),
        }
    }
}
