//! What is wrong with a settings file or a policy.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The file, registry key or preferences that say it.
    pub place: String,
    /// The line in the file, from 1.
    pub line: Option<usize>,
    /// `section.key`, where it is about one.
    pub key: Option<String>,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

/// Place, line and reason, without the remedy.
impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.place)?;
        if let Some(line) = self.line {
            write!(formatter, ", line {line}")?;
        }
        if let (None, Some(key)) = (self.line, &self.key) {
            write!(formatter, ", {key}")?;
        }
        write!(formatter, ": {}", self.reason)
    }
}
