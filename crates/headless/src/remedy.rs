//! Salesforce's and the keyring's errors become the problems a rep is told.

use std::time::Duration;

use jiff::Timestamp;
use presence::problem::{Problem, ProblemCode};
use salesforce::{Error, StoreError, WaitReason};

/// The problem, and how long to wait at least before asking again.
pub(crate) fn of_error(error: &Error) -> (Problem, Option<Duration>) {
    let (code, about, pause) = match error {
        Error::AskAdmin(missing) => (ProblemCode::PermissionMissing, missing.name().to_owned(), None),
        Error::CheckNetwork(failure) => (ProblemCode::OrgUnreachable, failure.to_string(), None),
        Error::NotSalesforce => (
            ProblemCode::OrgUnreachable,
            "a web page answered instead of Salesforce".to_owned(),
            None,
        ),
        Error::SignInAgain(_) => (ProblemCode::SignInAgain, String::new(), None),
        Error::Unexpected { code, status } => (
            ProblemCode::OrgUnreachable,
            format!("{code}, HTTP {status}"),
            None,
        ),
        Error::WaitUntil { until, reason } => {
            let wait_ms = until.as_millisecond() - Timestamp::now().as_millisecond();
            let pause = Duration::from_millis(u64::try_from(wait_ms).unwrap_or(0));
            let code = match reason {
                WaitReason::RequestLimit => ProblemCode::RequestLimit,
                WaitReason::ServerBusy => ProblemCode::OrgUnreachable,
            };
            (code, reason.to_string(), Some(pause))
        }
    };
    (Problem { code, about }, pause)
}

/// The keyring's states by name. That nothing is kept is a matter of signing in, not of the keyring.
pub(crate) fn of_store(error: StoreError) -> Problem {
    let code = match error {
        StoreError::Absent | StoreError::Failed | StoreError::TooLong => ProblemCode::KeyringAbsent,
        StoreError::Denied => ProblemCode::KeyringDenied,
        StoreError::Hung => ProblemCode::KeyringHung,
        StoreError::Locked => ProblemCode::KeyringLocked,
        StoreError::NoEntry => ProblemCode::SignInAgain,
    };
    Problem {
        code,
        about: error.to_string(),
    }
}
