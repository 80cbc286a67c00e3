//! The trace of random lives: it can be replayed from any place, and tells no secret.

use presence::checkpoint::Checkpoint;
use presence::engine::Engine;
use presence::event::{Event, LogoutReason, Pairing, PairingKind};
use presence::phone::{AgentState, AgentStateKind, Contact, ContactPhase, PhoneState};
use presence::problem::{Problem, ProblemCode};
use presence::redact::Redact as _;
use presence::settings::Settings;
use presence::time::Now;
use proptest::prelude::*;
use proptest::sample::Index;
use trace::line::{Cause, Header, Line};
use trace::pseudonym::{KEY_BYTES, KeyedHash};
use trace::replay::{Outcome, Player, ReplayError, Replayed, replay};

use crate::life::Life;
use crate::ops::{Kind, ops};

/// Everything in the lives below that must never be told.
const SECRETS: [&str; 10] = [
    "Pat",
    "practice.example",
    "Practice phone",
    "key-1",
    "482913",
    "attempt-77",
    "/home/pat",
    "+1 555 0142",
    "contact-of",
    "said the supervisor",
];

/// Things at the edges that no life has by itself, full of secrets.
fn edges() -> Vec<Event> {
    let problem = |code| Problem {
        code,
        about: "/home/pat/.local said the supervisor".to_owned(),
    };
    vec![
        Event::PairingOffered(Pairing {
            id: "attempt-77".to_owned(),
            kind: PairingKind::Phone,
            code: "482913".to_owned(),
            name: "Pat's Practice phone".to_owned(),
        }),
        Event::PairingEnded {
            id: "attempt-77".to_owned(),
        },
        Event::ProblemRaised(problem(ProblemCode::StateCorrupt)),
        // A code that only the engine raises: not even that lets an outside text through.
        Event::ProblemRaised(problem(ProblemCode::WriteNotConfirmed)),
        Event::ReadFailed {
            problem: problem(ProblemCode::OrgUnreachable),
            retry_after_ms: Some(1_000),
        },
        Event::OmniLogout {
            reason: Some(LogoutReason("said the supervisor".to_owned())),
        },
        Event::OmniLogout {
            reason: Some(LogoutReason("DuplicateLogin".to_owned())),
        },
        Event::PhoneState(PhoneState {
            state: AgentState {
                name: "Busy".to_owned(),
                kind: AgentStateKind::System,
            },
            next_state: None,
            contacts: vec![Contact {
                id: "contact-of +1 555 0142".to_owned(),
                phase: ContactPhase::Connected,
                vendor_call_key: Some("key-1".to_owned()),
            }],
            since_ms: None,
        }),
    ]
}

/// A life's last run with some of [`edges`] put in, and the engine it began with.
pub(crate) fn told(
    kind: Kind,
    ops: &[crate::ops::Op],
    put_in: &[(Index, Index)],
) -> (Engine, Vec<(Now, Event)>) {
    let mut life = Life::new(kind, Settings::default());
    life.world.hostile = true;
    life.lead(ops);
    let mut history = std::mem::take(&mut life.world.history);
    let edges = edges();
    for (place, edge) in put_in {
        let at = place.index(history.len() + 1);
        let now = match history.get(at) {
            Some((now, _)) => *now,
            None => life.world.now,
        };
        history.insert(at, (now, edge.get(&edges).clone()));
    }
    (life.world.began, history)
}

/// The trace of it, with headers where files would begin.
pub(crate) fn trace_of(began: &Engine, history: &[(Now, Event)], files_begin: &[usize]) -> String {
    let by = KeyedHash::new(&[7; KEY_BYTES]);
    let mut player = Player::new(began.clone());
    let mut lines = Vec::new();
    for (at, (now, event)) in history.iter().enumerate() {
        let n = at as u64 + 1;
        if at == 0 || files_begin.contains(&at) {
            let header = Header {
                holdline: "0.0.0".to_owned(),
                n,
                checkpoint: player.engine().checkpoint(),
            };
            lines.push(Line::Header(Box::new(header.redacted(&by))));
        }
        let Outcome {
            notes,
            effects,
            changed,
        } = player.play(*now, event.clone());
        let cause = Cause {
            n,
            at: *now,
            event: event.clone(),
            notes,
            effects,
            changed,
            decided_us: 1,
        };
        lines.push(Line::Cause(Box::new(cause.redacted(&by))));
    }
    lines.iter().map(|line| line.to_text().unwrap() + "\n").collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// What an engine decides on pseudonyms is what it decided on the real texts, from any checkpoint on;
    /// and none of those texts can be read.
    #[test]
    fn p8_a_redacted_trace_is_decided_the_same_from_anywhere(
        ops in ops(Kind::Hostile, 50),
        put_in in proptest::collection::vec(any::<(Index, Index)>(), 0..12),
        rotated in proptest::collection::vec(any::<Index>(), 0..4),
    ) {
        let (began, history) = told(Kind::Hostile, &ops, &put_in);
        prop_assume!(!history.is_empty());
        let files_begin: Vec<usize> = rotated.iter().map(|at| at.index(history.len())).collect();
        let text = trace_of(&began, &history, &files_begin);
        let replayed = replay(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(replayed.causes, history.len() as u64);
        for secret in SECRETS {
            prop_assert!(!text.contains(secret), "{secret:?} in {text}");
        }
    }

    /// An engine made of a checkpoint that went through the disk is the same engine.
    #[test]
    fn a_checkpoint_comes_back_from_the_disk_as_it_was(ops in ops(Kind::Hostile, 50)) {
        let mut life = Life::new(Kind::Hostile, Settings::default());
        life.world.hostile = true;
        life.lead(&ops);
        let checkpoint = life.world.engine.checkpoint();
        let text = serde_json::to_string(&checkpoint).unwrap();
        let read: Checkpoint = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&read, &checkpoint);
        let again = Engine::from_checkpoint(read);
        prop_assert_eq!(again.checkpoint(), checkpoint);
        prop_assert_eq!(again.picture(), life.world.engine.picture());
    }
}

#[test]
fn every_edge_reaches_the_trace_under_a_pseudonym() {
    let mut life = Life::new(Kind::Ordered, Settings::default());
    life.world.contact(Some(ContactPhase::Connected), Some("key-1"));
    let mut history = std::mem::take(&mut life.world.history);
    let now = life.world.now;
    history.extend(edges().into_iter().map(|event| (now, event)));
    let last = history.len() - 1;
    let text = trace_of(&life.world.began, &history, &[last]);
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret:?} in {text}");
    }
    assert!(
        text.contains("DuplicateLogin"),
        "Omni-Channel's own words are told"
    );
    assert!(text.contains("Available"), "labels are told");
    let again = Replayed {
        causes: history.len() as u64,
        headers: 2,
        lost: 0,
    };
    assert_eq!(replay(&text), Ok(again));
}

#[test]
fn a_trace_that_was_changed_is_found_out_with_its_cause() {
    let life = Life::new(Kind::Ordered, Settings::default());
    let text = trace_of(&life.world.began, &life.world.history, &[]);
    let changed = text.replacen("\"expires_in_ms\":5000", "\"expires_in_ms\":5001", 1);
    assert_ne!(text, changed, "there is a command in it");
    let Err(ReplayError::Differs(difference)) = replay(&changed) else {
        panic!("not found out: {:?}", replay(&changed));
    };
    assert!(difference.expected.contains("5001") && difference.got.contains("5000"));
    assert_eq!(difference.number as u64, difference.n + 1);

    let mut lines: Vec<&str> = text.lines().collect();
    lines.remove(2);
    assert!(matches!(
        replay(&lines.join("\n")),
        Err(ReplayError::Missing {
            expected: 2,
            found: 3,
            ..
        })
    ));
    lines.remove(0);
    assert!(matches!(replay(&lines.join("\n")), Err(ReplayError::NoHeader(1))));
    for no_trace in ["", "0123456789abcdef"] {
        assert_eq!(replay(no_trace), Err(ReplayError::Empty));
    }
}
