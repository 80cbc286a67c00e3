use presence::effect::HoldReason;
use presence::picture::CallPhase;
use wire::picture::{Call, Console, Held, Presence, PresenceKind, Session, Status, Telephony};

use super::*;

pub(crate) fn picture() -> Picture {
    let available = "0N5000000000001".parse().unwrap();
    Picture {
        schema: wire::picture::SCHEMA,
        session: Session {
            state: SessionState::SignedIn,
            name: Some("Pat Rivera".into()),
            user_id: None,
            org_id: None,
            org_url: None,
            orgs: Vec::new(),
        },
        call: Call {
            phase: CallPhase::OnCall,
            since: "2026-01-01T10:00:00Z".into(),
            evidence_at: None,
            evidence_age_ms: None,
            wrap_up_ends_at: None,
            wrapping_up: Vec::new(),
            voice_routed: Some(true),
        },
        presence: Presence {
            status: Some("Available".into()),
            status_id: Some(available),
            kind: PresenceKind::Online,
            online: true,
            since: None,
        },
        telephony: Telephony {
            connected: false,
            name: None,
            state: None,
            kind: None,
            states: Vec::new(),
            next_state: None,
            contacts: Vec::new(),
            page: false,
        },
        console: Console { connected: true },
        held: None,
        pending: None,
        statuses: vec![
            Status {
                id: available,
                label: "Available".into(),
                developer_name: None,
                kind: PresenceKind::Online,
            },
            Status {
                id: "0N5000000000002".parse().unwrap(),
                label: "Break".into(),
                developer_name: None,
                kind: PresenceKind::Busy,
            },
        ],
        works: Vec::new(),
        decline_reasons: Vec::new(),
        pairings: Vec::new(),
        problems: Vec::new(),
        profile: presence::settings::Profile::Connector,
        observing: false,
        sync_paused: false,
        guarding: true,
    }
}

fn held(mut picture: Picture) -> Picture {
    picture.held = Some(Held {
        status: "Offline".into(),
        reason: HoldReason::CallActive,
        text: String::new(),
        since: "2026-01-01T10:01:00Z".into(),
        lasts_long: false,
        held_as: None,
    });
    picture
}

fn choices(model: &Model) -> Vec<Choice> {
    model
        .menu
        .iter()
        .filter_map(|entry| match entry {
            Entry::Choice { choice, .. } => Some(choice.clone()),
            Entry::Line { .. } | Entry::Separator => None,
        })
        .collect()
}

#[test]
fn on_call_is_said_beside_available() {
    let model = Model::of(&picture());
    assert_eq!(
        model.icon,
        Icon::Call {
            phase: CallPhase::OnCall,
            held: false
        }
    );
    assert_eq!(model.tooltip, "Holdline: On call · Available");
    assert_eq!(
        model.menu[0],
        Entry::Line {
            text: "On call · Available".into()
        }
    );
}

#[test]
fn a_hold_is_marked_and_can_be_cancelled() {
    let before = Model::of(&picture());
    assert!(!choices(&before).contains(&Choice::Dispatch(Dispatch::Cancel)));

    let model = Model::of(&held(picture()));
    assert_eq!(
        model.icon,
        Icon::Call {
            phase: CallPhase::OnCall,
            held: true
        }
    );
    assert_eq!(model.tooltip, "Holdline: On call · Available · Offline held");
    assert!(choices(&model).contains(&Choice::Dispatch(Dispatch::Cancel)));
}

#[test]
fn every_status_and_offline_can_be_asked_for() {
    let picture = picture();
    let choices = choices(&Model::of(&picture));
    for status in &picture.statuses {
        assert!(choices.contains(&Choice::Dispatch(Dispatch::RequestStatus { id: status.id })));
    }
    assert!(choices.contains(&Choice::Dispatch(Dispatch::RequestOffline)));
    assert!(choices.contains(&Choice::Dispatch(Dispatch::SignOut)));
    assert!(!choices.contains(&Choice::Dispatch(Dispatch::SignIn { org: None })));
}

#[test]
fn a_status_named_offline_is_still_a_status() {
    let mut picture = picture();
    picture.statuses[1].label = "Offline".into();
    let id = picture.statuses[1].id;
    let choices = choices(&Model::of(&picture));
    assert!(choices.contains(&Choice::Dispatch(Dispatch::RequestStatus { id })));
    assert!(choices.contains(&Choice::Dispatch(Dispatch::RequestOffline)));
}

#[test]
fn signed_out_offers_signing_in_and_nothing_of_a_call() {
    let mut picture = held(picture());
    picture.session.state = SessionState::SignedOut;
    let model = Model::of(&picture);
    assert_eq!(model.icon, Icon::SignedOut);
    let choices = choices(&model);
    assert!(choices.contains(&Choice::Dispatch(Dispatch::SignIn { org: None })));
    assert!(!choices.contains(&Choice::Dispatch(Dispatch::RequestOffline)));
}

#[test]
fn what_the_tray_does_not_show_redraws_nothing() {
    let mut later = picture();
    later.call.evidence_at = Some("2026-01-01T10:00:20Z".into());
    later.console.connected = false;
    assert_eq!(Model::of(&later), Model::of(&picture()));
}

#[test]
fn an_observing_holdline_offers_no_status() {
    let observing = Picture {
        observing: true,
        ..picture()
    };
    let offered = |choice: &Choice| matches!(choice, Choice::Dispatch(Dispatch::RequestOffline));
    assert!(choices(&Model::of(&picture())).iter().any(offered));
    assert!(!choices(&Model::of(&observing)).iter().any(offered));
}

#[test]
fn a_finished_call_can_be_closed_from_the_tray() {
    let work = "0Bz000000000001".parse().unwrap();
    let mut picture = picture();
    picture.call.wrapping_up = vec![work];
    let done = Choice::Dispatch(Dispatch::CloseWork { id: work });
    assert!(choices(&Model::of(&picture)).contains(&done));
}

#[test]
fn an_org_without_calls_in_omni_channel_is_not_said_to_have_none_going_on() {
    let mut picture = picture();
    picture.call.phase = CallPhase::Idle;
    picture.call.voice_routed = Some(false);
    assert!(Model::of(&picture).tooltip.contains("Calls not shown"));
}
