//! What is wrong with a file, where, and what to do about it.

use serde::Serialize;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The file can't be used, or a rule can never do what it says.
    Error,
    /// Good to know; nothing to be done.
    Info,
    /// Probably not what was meant.
    Warning,
}

impl Severity {
    /// As it is printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Info => "info",
            Self::Warning => "warning",
        }
    }
}

/// Every kind of finding. Stable: scripts may read them (`rules check --json`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// A name is the label of one status and the developer name of another.
    AmbiguousName,
    /// A value that is not among those allowed.
    BadValue,
    /// The criteria of one rule can't all hold.
    Contradiction,
    /// The two sides would chase each other for ever.
    Cycle,
    /// A developer name, which not every rep may read.
    DeveloperName,
    /// Two rules of the same name: explanations can't tell them apart.
    DuplicateName,
    /// A label and the developer name of the same status are both used.
    LabelAndDeveloperName,
    /// A rule would log a rep in, which rules never do.
    LogsIn,
    /// A logout rule lacks the exact "Offline" (seed 001: it never fires).
    LogoutWithoutOffline,
    /// A key that must be there is not.
    MissingKey,
    /// An operand has no value at that event: the criterion never holds.
    NeverGiven,
    /// Something of an export can't be carried over.
    NotCarriedOver,
    /// Not everything could be proven or ruled out within the bounds.
    NotAllChecked,
    /// A number is compared with text that is none.
    NotANumber,
    /// The file has no rule and does not go by name.
    NothingToDo,
    /// A rule reaches Offline: the guard holds it while a call is active.
    ReachesOffline,
    /// One earlier rule matches whenever this one does.
    Shadowed,
    /// A state change compared with "Offline": no logout (seed 001), only a status of that name.
    StateChangeOffline,
    /// Not TOML (or not JSON).
    Syntax,
    /// A state that the phone system sets by itself is a destination (seed 001).
    SystemState,
    /// Text compared with greater or less.
    TextOrder,
    /// A key nobody knows.
    UnknownKey,
    /// The phone has no such state.
    UnknownPhoneState,
    /// The org has no such status.
    UnknownStatus,
    /// Earlier rules together match whenever this one does.
    Unreachable,
    /// A value of the wrong type.
    WrongType,
}

impl Code {
    /// As scripts read it.
    pub fn name(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default()
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Finding {
    /// Where, counted from 1.
    pub line: usize,
    /// How bad.
    pub severity: Severity,
    /// Which kind.
    pub code: Code,
    /// What is wrong, one sentence or two.
    pub reason: String,
    /// What to do.
    pub remedy: String,
}

impl Finding {
    pub(crate) fn error(line: usize, code: Code, reason: String, remedy: impl Into<String>) -> Self {
        Self::new(Severity::Error, line, code, reason, remedy.into())
    }

    pub(crate) fn info(line: usize, code: Code, reason: String, remedy: impl Into<String>) -> Self {
        Self::new(Severity::Info, line, code, reason, remedy.into())
    }

    pub(crate) fn warning(line: usize, code: Code, reason: String, remedy: impl Into<String>) -> Self {
        Self::new(Severity::Warning, line, code, reason, remedy.into())
    }

    fn new(severity: Severity, line: usize, code: Code, reason: String, remedy: String) -> Self {
        Self {
            line,
            severity,
            code,
            reason,
            remedy,
        }
    }
}
