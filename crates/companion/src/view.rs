//! The engine's picture, with the words filled in.

use jiff::Timestamp;
use presence::effect::{Answer, HoldReason, Notice, RefusalReason};
use presence::event::{Origin, Target, WorkStage};
use presence::picture::{HeldView, PresenceView, SessionView, TelephonyView, WorkView};
use presence::problem::{Problem, ProblemCode};
use wire::picture::{
    Action, AgentState, Call, Console, Contact, Held, Pairing, Pending, Picture, Presence, PresenceKind,
    SCHEMA, Session, SessionState, Status, Telephony, Work,
};
use wire::status_api;

use crate::texts::{Texts, code_of};

/// What logging out of Omni-Channel is called, everywhere.
pub const OFFLINE: &str = "Offline";

/// Fills in the words. `org` is the address a sign-in would go to, shown while nobody is signed in. The kept
/// sign-ins are not in it yet ([`crate::orgs::Orgs::show_in`]).
pub fn render(picture: &presence::picture::Picture, texts: &Texts, org: Option<&str>) -> Picture {
    let mut problems: Vec<&Problem> = picture.problems.iter().collect();
    problems.sort_by_key(|problem| rank(problem.code));
    Picture {
        schema: SCHEMA,
        session: session(&picture.session, org),
        call: Call {
            phase: picture.call.phase,
            since: time(picture.call.since_ms),
            evidence_at: picture.call.evidence_ms.map(time),
            evidence_age_ms: None,
            wrap_up_ends_at: picture.call.wrap_up_ends_ms.map(time),
            wrapping_up: picture.call.wrapping_up.clone(),
            voice_routed: picture.call.voice_routed,
        },
        presence: presence(&picture.presence),
        telephony: telephony(picture.telephony.as_ref()),
        console: Console {
            connected: picture.console,
        },
        held: picture.held.as_ref().map(|view| held(view, texts)),
        pending: picture.pending.as_ref().map(|pending| Pending {
            status: target_label(pending.target, &pending.label, texts),
            since: time(pending.since_ms),
        }),
        statuses: picture.statuses.iter().map(status).collect(),
        works: picture.works.iter().map(|view| work(view, texts)).collect(),
        decline_reasons: picture.decline_reasons.clone(),
        pairings: picture
            .pairings
            .iter()
            .map(|pairing| Pairing {
                id: pairing.id.clone(),
                kind: pairing.kind,
                code: pairing.code.clone(),
                name: pairing.name.clone(),
            })
            .collect(),
        problems: problems.into_iter().map(|found| problem(found, texts)).collect(),
        profile: picture.profile,
        observing: picture.observing,
        sync_paused: picture.sync_paused,
        guarding: picture.guarding,
    }
}

/// Title and body of a notification.
pub fn notice(notice: &Notice, texts: &Texts) -> (String, String) {
    let code = format!("notice-{}", code_of(&notice.code));
    let args = [("status", notice.status.as_str())];
    (texts.text(&code, &args), texts.attribute(&code, "body", &args))
}

/// What a requester is told.
pub fn answer(answer: Answer, label: &str, texts: &Texts) -> status_api::Answer {
    match answer {
        Answer::Applying => status_api::Answer::Applying,
        Answer::Cancelled => status_api::Answer::Cancelled,
        Answer::Held(reason) => status_api::Answer::Held {
            reason: code_of(&reason),
        },
        Answer::Nothing => status_api::Answer::Nothing,
        Answer::Refused(reason) => refused(refusal_code(reason), label, texts),
    }
}

/// A refusal with its words.
pub fn refused(code: &str, label: &str, texts: &Texts) -> status_api::Answer {
    refused_with(code, &[("status", label)], texts)
}

/// A refusal whose words are about something else than a status.
pub fn refused_with(code: &str, about: &[(&str, &str)], texts: &Texts) -> status_api::Answer {
    let text = texts.text(&format!("refused-{code}"), about);
    status_api::Answer::Refused {
        code: code.to_owned(),
        text,
    }
}

/// RFC 3339 in UTC, to the millisecond.
pub fn time(ms: i64) -> String {
    Timestamp::from_millisecond(ms)
        .map(|at| format!("{at:.3}"))
        .unwrap_or_default()
}

fn refusal_code(reason: RefusalReason) -> &'static str {
    match reason {
        RefusalReason::Blocked(_) => "blocked",
        RefusalReason::NotAllowed => "not_allowed",
        RefusalReason::NotCarriedOut => "not_carried_out",
        RefusalReason::ReasonNeeded => "reason_needed",
        RefusalReason::NotSaved => "not_saved",
        RefusalReason::NotSignedIn => "not_signed_in",
        RefusalReason::Observing => "observing",
        RefusalReason::RepHasSpoken => "rep_has_spoken",
        RefusalReason::UnknownWork => "unknown_work",
        RefusalReason::Replaced => "replaced",
        RefusalReason::UnknownStatus => "unknown_status",
    }
}

fn session(view: &SessionView, org: Option<&str>) -> Session {
    let empty = |state| Session {
        state,
        name: None,
        user_id: None,
        org_id: None,
        org_url: org.map(ToOwned::to_owned),
        orgs: Vec::new(),
    };
    match view {
        SessionView::SignedOut => empty(SessionState::SignedOut),
        SessionView::SigningIn => empty(SessionState::SigningIn),
        SessionView::SignedIn {
            org,
            user,
            name,
            org_url,
        } => Session {
            state: SessionState::SignedIn,
            name: Some(name.clone()),
            user_id: Some(*user),
            org_id: Some(*org),
            org_url: Some(org_url.clone()),
            orgs: Vec::new(),
        },
    }
}

fn presence(view: &PresenceView) -> Presence {
    match view {
        PresenceView::LoggedOut { since_ms } => Presence {
            status: Some(OFFLINE.to_owned()),
            status_id: None,
            kind: PresenceKind::LoggedOut,
            online: false,
            since: Some(time(*since_ms)),
        },
        PresenceView::Status {
            id,
            label,
            online,
            since_ms,
        } => Presence {
            status: Some(label.clone()),
            status_id: Some(*id),
            kind: if *online {
                PresenceKind::Online
            } else {
                PresenceKind::Busy
            },
            online: true,
            since: Some(time(*since_ms)),
        },
        PresenceView::Unknown => Presence {
            status: None,
            status_id: None,
            kind: PresenceKind::Unknown,
            online: false,
            since: None,
        },
    }
}

fn telephony(view: Option<&TelephonyView>) -> Telephony {
    let state = view.and_then(|view| view.state.as_ref());
    Telephony {
        connected: view.is_some(),
        name: view.map(|view| view.name.clone()),
        state: state.map(|state| state.name.clone()),
        kind: state.map(|state| state.kind),
        states: view
            .into_iter()
            .flat_map(|view| &view.states)
            .map(phone_state)
            .collect(),
        next_state: view.and_then(|view| view.next_state.clone()),
        contacts: view
            .into_iter()
            .flat_map(|view| &view.contacts)
            .map(|contact| Contact {
                id: contact.id.clone(),
                phase: contact.phase,
            })
            .collect(),
        page: false,
    }
}

fn phone_state(state: &presence::phone::AgentState) -> AgentState {
    AgentState {
        name: state.name.clone(),
        kind: state.kind,
    }
}

fn held(view: &HeldView, texts: &Texts) -> Held {
    let reason = code_of(&view.reason);
    let is_update = view.target == Target::Restart && view.origin == Origin::Updater;
    let (status, code) = if is_update {
        // What waits is not a restart for its own sake.
        let code = match view.reason {
            HoldReason::NoEvidence => "held-update-no_evidence".to_owned(),
            _ => "held-update".to_owned(),
        };
        (texts.text("target-update", &[]), code)
    } else {
        let label = target_label(view.target, &view.label, texts);
        (label, format!("held-{reason}"))
    };
    Held {
        text: texts.text(&code, &[("status", &status)]),
        status,
        reason: view.reason,
        since: time(view.since_ms),
        lasts_long: view.lasts_long,
        held_as: view.held_as.clone(),
    }
}

fn target_label(target: Target, label: &str, texts: &Texts) -> String {
    match target {
        Target::Offline => OFFLINE.to_owned(),
        Target::CloseWork(_) => texts.text("target-close_work", &[]),
        Target::Quit => texts.text("target-quit", &[]),
        Target::Restart => texts.text("target-restart", &[]),
        Target::SignOut => texts.text("target-sign_out", &[]),
        Target::Status(_) => label.to_owned(),
    }
}

fn status(status: &presence::event::PresenceStatus) -> Status {
    Status {
        id: status.id,
        label: status.label.clone(),
        developer_name: status.developer_name.clone(),
        kind: if status.online {
            PresenceKind::Online
        } else {
            PresenceKind::Busy
        },
    }
}

fn work(view: &WorkView, texts: &Texts) -> Work {
    let call = || texts.text("work-call", &[]);
    let other = || texts.text("work-other", &[]);
    Work {
        id: view.work,
        label: match (view.voice, &view.channel) {
            (true, _) => call(),
            (false, channel) => channel.clone().unwrap_or_else(other),
        },
        voice: view.voice,
        offered: view.stage == WorkStage::Assigned,
        flagged: view.flagged,
        may_accept: view.may_accept,
        may_close: view.may_close,
        may_decline: view.may_decline,
        may_flag: view.may_flag,
    }
}

fn problem(problem: &Problem, texts: &Texts) -> wire::picture::Problem {
    let code = format!("problem-{}", code_of(&problem.code));
    let args = [("about", problem.about.as_str())];
    wire::picture::Problem {
        code: problem.code,
        text: texts.text(&code, &args),
        remedy: texts.attribute(&code, "remedy", &args),
        action: action(problem.code),
    }
}

fn action(code: ProblemCode) -> Option<Action> {
    use ProblemCode as P;
    match code {
        P::LoggedOutAfterMiss | P::LoggedOutBy | P::LoggedOutDuringCall => Some(Action::Return),
        P::KeyringAbsent
        | P::KeyringDenied
        | P::KeyringHung
        | P::KeyringLocked
        | P::SignInAgain
        | P::SignInFailed => Some(Action::SignIn),
        P::AnotherCall
        | P::HoldAsUnknown
        | P::HoldLapsed
        | P::OrgMoved
        | P::PermissionMissing
        | P::PhoneRefused
        | P::PresenceRefused
        | P::StateCorrupt
        | P::StreamStopped => Some(Action::Dismiss),
        P::ConnectPageClosed | P::ConnectSignIn => Some(Action::ShowPhone),
        P::HoldLasts => Some(Action::KeepHolding),
        P::SyncPaused => Some(Action::ResumeSync),
        P::ConnectNotApproved
        | P::ConsoleConnectionError
        | P::ConsoleMissing
        | P::OrgUnreachable
        | P::PolicyInvalid
        | P::PortsTaken
        | P::RequestLimit
        | P::RequestLimitNear
        | P::SettingsInvalid
        | P::StateNotSaved
        | P::TraceNotWritten
        | P::WriteNotConfirmed => None,
    }
}

/// Worst first: what touches the call now, then what takes the guard's eyes or hands, then the rest.
fn rank(code: ProblemCode) -> u8 {
    use ProblemCode as P;
    match code {
        P::LoggedOutDuringCall | P::AnotherCall | P::HoldLasts | P::WriteNotConfirmed => 0,
        P::ConnectNotApproved
        | P::ConnectPageClosed
        | P::ConnectSignIn
        | P::ConsoleConnectionError
        | P::ConsoleMissing
        | P::OrgUnreachable
        | P::SignInAgain => 1,
        P::LoggedOutBy
        | P::LoggedOutAfterMiss
        | P::HoldLapsed
        | P::OrgMoved
        | P::PhoneRefused
        | P::PresenceRefused
        | P::SyncPaused => 2,
        P::StateNotSaved
        | P::PolicyInvalid
        | P::PortsTaken
        | P::SettingsInvalid
        | P::StateCorrupt
        | P::HoldAsUnknown
        | P::TraceNotWritten => 3,
        P::SignInFailed
        | P::KeyringAbsent
        | P::KeyringDenied
        | P::KeyringHung
        | P::KeyringLocked
        | P::PermissionMissing
        | P::RequestLimit
        | P::RequestLimitNear
        | P::StreamStopped => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rfc_3339_in_utc() {
        assert_eq!(time(1_700_000_000_123), "2023-11-14T22:13:20.123Z");
    }

    #[test]
    fn every_code_has_its_words() {
        use presence::effect::{HoldReason, NoticeCode};
        let texts = Texts::english();
        let problems = [
            ProblemCode::AnotherCall,
            ProblemCode::ConnectNotApproved,
            ProblemCode::ConnectPageClosed,
            ProblemCode::ConnectSignIn,
            ProblemCode::ConsoleConnectionError,
            ProblemCode::ConsoleMissing,
            ProblemCode::HoldAsUnknown,
            ProblemCode::HoldLapsed,
            ProblemCode::HoldLasts,
            ProblemCode::KeyringAbsent,
            ProblemCode::KeyringDenied,
            ProblemCode::KeyringHung,
            ProblemCode::KeyringLocked,
            ProblemCode::LoggedOutAfterMiss,
            ProblemCode::LoggedOutBy,
            ProblemCode::LoggedOutDuringCall,
            ProblemCode::OrgMoved,
            ProblemCode::OrgUnreachable,
            ProblemCode::PermissionMissing,
            ProblemCode::PhoneRefused,
            ProblemCode::PolicyInvalid,
            ProblemCode::PortsTaken,
            ProblemCode::PresenceRefused,
            ProblemCode::RequestLimit,
            ProblemCode::RequestLimitNear,
            ProblemCode::SettingsInvalid,
            ProblemCode::SignInAgain,
            ProblemCode::SignInFailed,
            ProblemCode::StateCorrupt,
            ProblemCode::StateNotSaved,
            ProblemCode::StreamStopped,
            ProblemCode::SyncPaused,
            ProblemCode::TraceNotWritten,
            ProblemCode::WriteNotConfirmed,
        ];
        for code in problems {
            let shown = problem(
                &Problem {
                    code,
                    about: "X".to_owned(),
                },
                &texts,
            );
            assert!(!shown.text.starts_with("problem-"), "{code:?} has no text");
            assert!(!shown.remedy.starts_with("problem-"), "{code:?} has no remedy");
        }
        use HoldReason as H;
        for reason in [
            H::CallActive,
            H::CallRinging,
            H::NoEvidence,
            H::PhoneContact,
            H::WrapUp,
        ] {
            let text = texts.text(&format!("held-{}", code_of(&reason)), &[("status", "Offline")]);
            assert!(text.starts_with("Offline"), "{text}");
        }
        use NoticeCode as N;
        for code in [
            N::AnotherCall,
            N::Applied,
            N::Cancelled,
            N::Failed,
            N::Held,
            N::HoldLasts,
            N::Lapsed,
            N::LoggedOut,
            N::LoggedOutDuringCall,
            N::SyncPaused,
        ] {
            let (title, body) = notice(
                &Notice {
                    code,
                    status: "Break".to_owned(),
                },
                &texts,
            );
            assert!(
                !title.starts_with("notice-") && !body.starts_with("notice-"),
                "{code:?}"
            );
        }
        for code in [
            "blocked",
            "not_carried_out",
            "not_saved",
            "not_signed_in",
            "observing",
            "rep_has_spoken",
            "replaced",
            "unknown_work",
            "unknown_status",
        ] {
            let status_api::Answer::Refused { text, .. } = refused(code, "Break", &texts) else {
                unreachable!("refused makes a refusal")
            };
            assert!(!text.starts_with("refused-"), "{text}");
        }
    }
}
