//! Why the keyring did not do it.

/// Why a token could not be kept, read or forgotten, each with its remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No keyring answers: on Linux, no Secret Service on the session bus.
    #[error("no keyring is running: start one (for example gnome-keyring) and try again")]
    Absent,
    /// The question to unlock was refused or dismissed, or the system denied access.
    #[error("access to the keyring was denied: try again and allow it")]
    Denied,
    /// The keyring failed in a way of its own, or holds what is no token.
    #[error("the keyring failed: restart it, or sign in again")]
    Failed,
    /// No answer in time: a prompt nobody answers, or a keyring that hangs.
    #[error("the keyring did not answer: look for its prompt, or restart it, and try again")]
    Hung,
    /// The keyring is locked and was not to be asked about.
    #[error("the keyring is locked: unlock it and try again")]
    Locked,
    /// No token is kept for this user.
    #[error("no sign-in is kept for this user: sign in")]
    NoEntry,
    /// The token is longer than any keyring of ours takes, in parts even (64 KiB).
    #[error("the token is too long for this system's keyring: report it")]
    TooLong,
}

impl StoreError {
    /// The stable code that texts are chosen by.
    pub fn code(self) -> &'static str {
        match self {
            Self::Absent => "keyring_absent",
            Self::Denied => "keyring_denied",
            Self::Failed => "keyring_failed",
            Self::Hung => "keyring_hung",
            Self::Locked => "keyring_locked",
            Self::NoEntry => "keyring_no_entry",
            Self::TooLong => "keyring_too_long",
        }
    }
}
