//! Salesforce's and the keyring's errors become the problems a rep is told.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
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
        Error::SignInAgain(reason) => (ProblemCode::SignInAgain, reason.to_string(), None),
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
            (
                code,
                format!("{reason}, until {}", clock_time(*until)),
                Some(pause),
            )
        }
    };
    (Problem { code, about }, pause)
}

/// As the clock on the wall says it, with the day where it is not today's.
fn clock_time(at: Timestamp) -> String {
    let at = at.to_zoned(TimeZone::system());
    let today = at.date() == Timestamp::now().to_zoned(TimeZone::system()).date();
    let form = if today { "%H:%M" } else { "%Y-%m-%d %H:%M" };
    at.strftime(form).to_string()
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

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use salesforce::SignInReason;

    use super::*;

    #[test]
    fn who_has_to_wait_is_told_until_when() {
        for (hours, length) in [(0, "12:34".len()), (48, "2026-01-31 12:34".len())] {
            let until =
                Timestamp::now() + SignedDuration::from_hours(hours) + SignedDuration::from_millis(400);
            let (problem, pause) = of_error(&Error::WaitUntil {
                until,
                reason: WaitReason::RequestLimit,
            });
            assert_eq!(problem.code, ProblemCode::RequestLimit);
            let (what, when) = problem.about.split_once(", until ").unwrap();
            assert_eq!(
                (what, when.len()),
                ("the org's daily API calls are used up", length)
            );
            assert!(when.ends_with(&until.to_zoned(TimeZone::system()).strftime("%H:%M").to_string()));
            assert!(
                pause.unwrap() <= Duration::from_hours(hours.unsigned_abs()) + Duration::from_millis(400)
            );
        }
    }

    #[test]
    fn a_lost_rotation_is_explained() {
        let (problem, pause) = of_error(&Error::SignInAgain(SignInReason::GrantRefused));
        assert_eq!((problem.code, pause), (ProblemCode::SignInAgain, None));
        assert!(problem.about.contains("revoked or replaced"), "{}", problem.about);
    }
}
