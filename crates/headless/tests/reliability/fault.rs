//! The faults, how they come, and what is expected of them.

use std::time::Duration;

use presence::problem::ProblemCode;
use salesforce::NetworkFailure;
use serde_json::{Value, json};

/// One fault.
#[derive(Clone)]
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    /// How it comes about, in a sentence.
    pub(crate) how: &'static str,
    pub(crate) what: What,
    /// The console is closed meanwhile; otherwise it tells all there is to know.
    pub(crate) closes_console: bool,
    /// What the rep is told.
    pub(crate) tells: Option<ProblemCode>,
    /// The call's phase cannot be known any more.
    pub(crate) blinds: bool,
    pub(crate) ends: Ends,
}

/// What breaks.
#[derive(Clone)]
pub(crate) enum What {
    /// The practice org misbehaves so.
    Org(Vec<Value>),
    /// The way there does not exist.
    Network(NetworkFailure),
    /// The machine sleeps for an hour.
    Sleep,
    /// The keyring locks, and then the session expires in an org that rotates tokens.
    Keyring,
    /// The way there is really broken, in namespaces of this process' own.
    #[cfg(target_os = "linux")]
    Real(crate::front::Breaks),
    /// The disk takes no more.
    Disk,
    /// Nothing but the console.
    Console,
}

/// How it is over.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ends {
    /// The fault goes, and its message with it.
    ByItself,
    /// The fault goes; the message stays until the rep has read it, or until the org takes calls again.
    MessageStays,
    /// The rep signs in again.
    SignIn,
}

impl Ends {
    /// What the rep has to do, and how long it takes at most, at work's own durations.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::ByItself => "by itself, within 60 s",
            Self::MessageStays => "by itself, within 60 s; the message stays longer",
            Self::SignIn => "within 60 s of signing in again",
        }
    }

    pub(crate) fn within(self) -> Duration {
        Duration::from_secs(60)
    }
}

impl Fault {
    /// One of the org's, noticed because there is no console to tell better.
    fn of_org(name: &'static str, how: &'static str, what: &[Value], tells: ProblemCode) -> Self {
        Self {
            name,
            how,
            what: What::Org(what.to_vec()),
            closes_console: true,
            tells: Some(tells),
            blinds: true,
            ends: Ends::ByItself,
        }
    }

    fn status(name: &'static str, how: &'static str, what: Value) -> Self {
        Self::of_org(name, how, &everywhere(&what), ProblemCode::OrgUnreachable)
    }

    fn network(name: &'static str, how: &'static str, failure: NetworkFailure) -> Self {
        Self {
            what: What::Network(failure),
            ..Self::of_org(name, how, &[], ProblemCode::OrgUnreachable)
        }
    }

    fn unnoticed(self) -> Self {
        Self {
            tells: None,
            blinds: false,
            ..self
        }
    }
}

fn everywhere(what: &Value) -> Vec<Value> {
    ["rest", "oauth"]
        .map(|place| json!({ "where": place, "what": what }))
        .to_vec()
}

fn once(what: &Value) -> Vec<Value> {
    vec![json!({ "where": "rest", "what": what, "times": 1 })]
}

/// All of them, in the order of the document.
pub(crate) fn all() -> Vec<Fault> {
    use ProblemCode as P;
    let kind = |kind: &str| json!({ "kind": kind });
    let status = |status: u16, code: &str| json!({ "kind": "status", "status": status, "errorCode": code });
    let paused = |status: u16| json!({ "kind": "status", "status": status, "errorCode": "SERVER_UNAVAILABLE", "retryAfterS": 1 });
    vec![
        Fault::status(
            "Network cut and back",
            "Every connection to Salesforce is cut before it is answered.",
            kind("cut_before"),
        ),
        Fault::network(
            "DNS failure",
            "The org's name is not resolved.",
            NetworkFailure::Dns,
        ),
        Fault::network(
            "TLS failure",
            "The org's certificate is not accepted.",
            NetworkFailure::Tls,
        ),
        Fault::of_org(
            "HTTP 401",
            "One request is refused as not signed in: the session is renewed, once.",
            &once(&status(401, "INVALID_SESSION_ID")),
            P::SignInAgain,
        )
        .unnoticed(),
        Fault {
            ends: Ends::MessageStays,
            ..Fault::of_org(
                "HTTP 403",
                "Every request is refused for want of a permission.",
                &[json!({ "where": "rest", "what": status(403, "API_DISABLED_FOR_ORG") })],
                P::PermissionMissing,
            )
        },
        Fault::status(
            "HTTP 429 with Retry-After",
            "Every request is put off by a second.",
            paused(429),
        ),
        Fault::status(
            "HTTP 500",
            "Every request fails inside Salesforce.",
            status(500, "UNKNOWN_EXCEPTION"),
        ),
        Fault::status(
            "HTTP 503 with Retry-After",
            "Salesforce is not available.",
            paused(503),
        ),
        Fault::status(
            "A web page instead of an answer",
            "A proxy's sign-in page answers, with HTTP 200.",
            json!({ "kind": "html", "status": 200 }),
        ),
        Fault::of_org(
            "Expired session",
            "All access tokens end: the session is renewed with the refresh token.",
            &once(&kind("expire_sessions")),
            P::SignInAgain,
        )
        .unnoticed(),
        Fault {
            ends: Ends::SignIn,
            ..Fault::of_org(
                "Revoked grant",
                "An administrator revokes the rep's grant, and its tokens with it.",
                &once(&kind("revoke_grants")),
                P::SignInAgain,
            )
        },
        Fault {
            ends: Ends::MessageStays,
            ..Fault::of_org(
                "Request limit",
                "The org's API calls of the day are used up.",
                &[json!({ "where": "rest", "what": kind("request_limit") })],
                P::RequestLimit,
            )
        },
        Fault {
            closes_console: false,
            ..Fault::status(
                "Salesforce not available, console open",
                "Only the APIs are away (HTTP 503); the console tells calls and presence as ever.",
                paused(503),
            )
            .unnoticed()
        },
        Fault {
            what: What::Sleep,
            closes_console: false,
            ..Fault::network(
                "Suspended machine",
                "The machine sleeps for an hour: the wall clock leaps, the other one stands still.",
                NetworkFailure::Cut,
            )
            .unnoticed()
        },
        Fault {
            what: What::Keyring,
            blinds: false,
            ..Fault::of_org(
                "Keyring locked meanwhile",
                "The keyring locks, and then the session expires in an org that rotates refresh tokens.",
                &[],
                P::KeyringLocked,
            )
        },
        Fault {
            what: What::Disk,
            closes_console: false,
            blinds: false,
            ..Fault::of_org(
                "Disk full at the state file",
                "Nothing can be saved. The rep asks for one thing more, which is refused, because it would not \
                 outlive a crash.",
                &[],
                P::StateNotSaved,
            )
        },
        Fault {
            what: What::Console,
            blinds: false,
            ..Fault::of_org(
                "Console cut and back",
                "The console is closed and opened again; Salesforce is asked instead.",
                &[],
                P::ConsoleMissing,
            )
        },
    ]
}
