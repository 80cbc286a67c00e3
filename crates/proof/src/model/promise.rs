//! The promises that are checked (docs/architecture.md, "What the engine promises").

use std::fmt;

/// One promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Promise {
    /// Nothing that makes the rep Offline reaches a writer while a call is active.
    P1,
    /// A hold is on disk before it is acknowledged; never lost silently, applied twice or in a later call.
    P2,
    /// The last intent wins.
    P3,
    /// A hold is applied at the end of the last voice work.
    P4,
    /// The indicator is a function of AgentWork evidence alone.
    P5,
    /// One outside change causes at most one write to the other side.
    P6,
    /// Without pending events the two sides agree with rules and authority.
    P7,
}

impl Promise {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::P1,
        Self::P2,
        Self::P3,
        Self::P4,
        Self::P5,
        Self::P6,
        Self::P7,
    ];

    /// `P1` and so on.
    pub fn name(self) -> &'static str {
        match self {
            Self::P1 => "P1",
            Self::P2 => "P2",
            Self::P3 => "P3",
            Self::P4 => "P4",
            Self::P5 => "P5",
            Self::P6 => "P6",
            Self::P7 => "P7",
        }
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A promise and how it was broken, in plain words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Broken {
    /// Which.
    pub promise: Promise,
    /// How.
    pub how: &'static str,
}
