//! One fault at one moment: it comes, is seen, goes, and the shift goes on to its end.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use presence::picture::CallPhase;
use presence::problem::ProblemCode;
use reqwest::Method;
use serde_json::{Value, json};
use wire::dispatch::Dispatch;
use wire::picture::Picture;

use crate::fault::{Ends, Fault, What};
use crate::house::{House, PERCENT};
use crate::moment::Moment;

/// What the machine itself may take, however busy.
const BUSY: Duration = Duration::from_secs(30);

/// Most of the hour.
const SLEPT: SignedDuration = SignedDuration::from_mins(55);

/// What came of it.
pub(crate) struct Played {
    /// The problem, as a code.
    pub(crate) told: Option<ProblemCode>,
    /// The call's phase.
    pub(crate) phase: CallPhase,
    /// What has become of the rep's wish.
    pub(crate) kept: &'static str,
}

pub(crate) async fn play(fault: Fault, moment: Moment) -> Played {
    let name = format!("{}: {}", fault.name, moment.name());
    let house = match fault.what {
        #[cfg(target_os = "linux")]
        What::Real(_) => House::behind_a_front(name).await,
        _ => House::open(name).await,
    };
    let call = comes_to(&house, moment).await;
    let known = evidence_at(&house.holdline.picture());
    breaks(&house, &fault).await;
    if moment == Moment::Applying {
        let call = call.as_deref().unwrap();
        house.step(call, "hangup").await;
        house.step(call, "finish").await;
    }
    asks_more(&house, &fault, moment).await;
    if matches!(fault.what, What::Sleep) {
        // What was known before the sleep is not taken for what is so after it.
        let awake = |seen: &Picture| evidence_at(seen).duration_since(known) > SLEPT;
        house.sees("evidence from after the sleep", awake).await;
    }
    let seen = is_seen(&house, &fault, moment).await;

    let mended = Instant::now();
    mends(&house, &fault).await;
    is_well(&house, &fault, moment).await;
    let bound = fault.ends.within() * PERCENT / 100 + BUSY;
    let took = mended.elapsed();
    assert!(took < bound, "{}: {}: {took:?}", fault.name, moment.name());

    let kept = goes_on(&house, moment, call).await;
    house.ends().await;
    Played {
        told: fault.tells.filter(|code| has(&seen, *code)),
        phase: seen.call.phase,
        kept,
    }
}

/// The moment, and its call.
async fn comes_to(house: &House, moment: Moment) -> Option<String> {
    if !moment.has_call() {
        return None;
    }
    let call = house.post("calls", json!({ "rep": "pat" })).await;
    let call = call["callId"].as_str().unwrap().to_owned();
    house
        .sees("the ring", |seen| seen.call.phase == CallPhase::Ringing)
        .await;
    if moment == Moment::Ringing {
        return Some(call);
    }
    house.step(&call, "accept").await;
    house
        .sees("the call", |seen| seen.call.phase == CallPhase::OnCall)
        .await;
    if moment.wants_offline() {
        house.asks(Dispatch::RequestOffline).await.unwrap();
        house.sees("Offline held", is_held).await;
    }
    Some(call)
}

async fn breaks(house: &House, fault: &Fault) {
    if fault.closes_console {
        house.closes_console();
        house
            .sees("the console gone", |seen| !seen.console.connected)
            .await;
    }
    match &fault.what {
        What::Org(faults) => {
            for fault in faults {
                house.post("faults", fault.clone()).await;
            }
        }
        What::Network(failure) => house.broken.set_network(Some(*failure)),
        What::Sleep => house.sleeps_an_hour(),
        What::Keyring => {
            let rotation = Some(json!({ "rotation": true }));
            house.practice(Method::PUT, "settings", rotation).await;
            house.tokens.set_locked(true);
            let expire = json!({ "where": "rest", "what": { "kind": "expire_sessions" }, "times": 1 });
            house.post("faults", expire).await;
        }
        #[cfg(target_os = "linux")]
        What::Real(breaks) => house.front().breaks(*breaks),
        What::Disk => house.broken.set_disk_full(true),
        What::Console => {}
    }
}

/// What cannot be saved is refused, and leaves what is held as it is.
async fn asks_more(house: &House, fault: &Fault, moment: Moment) {
    if !matches!(fault.what, What::Disk) || moment == Moment::Applying {
        return;
    }
    let request = if moment == Moment::Held {
        Dispatch::Quit
    } else {
        Dispatch::RequestOffline
    };
    assert!(house.asks(request).await.is_err(), "a wish that is not on disk");
}

async fn is_seen(house: &House, fault: &Fault, moment: Moment) -> Picture {
    let fired = |faults: &Value| {
        let faults = faults.as_array().or_else(|| faults["faults"].as_array());
        faults.is_some_and(|faults| faults.iter().any(|fault| fault["fired"].as_u64() > Some(0)))
    };
    // What passes unnoticed has to have come all the same.
    if fault.tells.is_none() && fault.closes_console {
        house.org_tells("the fault", "faults", fired).await;
    }
    let phase = if fault.blinds {
        CallPhase::Unknown
    } else {
        moment.phase()
    };
    let what = format!("{:?} with the call {phase:?}", fault.tells);
    let seen = house.sees(&what, |seen| {
        seen.call.phase == phase && fault.tells.is_none_or(|code| has(seen, code)) && says(seen, &fault.what)
    });
    let seen = seen.await;
    if moment == Moment::Held {
        assert!(is_held(&seen), "{}: {seen:?}", fault.name);
    }
    seen
}

async fn mends(house: &House, fault: &Fault) {
    #[cfg(target_os = "linux")]
    if let What::Real(breaks) = fault.what {
        house.front().mends(breaks);
    }
    house.practice(Method::DELETE, "faults", None).await;
    house.broken.set_network(None);
    house.broken.set_disk_full(false);
    house.tokens.set_locked(false);
    if fault.ends == Ends::SignIn {
        house.signs_in().await;
    }
    if fault.closes_console {
        house.opens_console();
    }
}

async fn is_well(house: &House, fault: &Fault, moment: Moment) {
    let told = fault.tells.filter(|_| fault.ends != Ends::MessageStays);
    house
        .sees("all well again", |seen| {
            seen.call.phase == moment.phase()
                && seen.console.connected
                && told.is_none_or(|code| !has(seen, code))
                && (moment != Moment::Held || is_held(seen))
        })
        .await;
}

/// The call is taken and ends as any other, and what was held is done.
async fn goes_on(house: &House, moment: Moment, call: Option<String>) -> &'static str {
    if let Some(call) = call.filter(|_| moment != Moment::Applying) {
        if moment == Moment::Ringing {
            house.step(&call, "accept").await;
            house
                .sees("the call", |seen| seen.call.phase == CallPhase::OnCall)
                .await;
        }
        house.step(&call, "hangup").await;
        house.step(&call, "finish").await;
    }
    let status = if moment.wants_offline() {
        "Offline"
    } else {
        "Available"
    };
    house
        .sees("the end of the call, and its status", |seen| {
            seen.call.phase == CallPhase::Idle
                && seen.held.is_none()
                && seen.pending.is_none()
                && seen.presence.status.as_deref() == Some(status)
        })
        .await;
    let dropped = house.practice(Method::GET, "dropped", None).await;
    assert_eq!(dropped, json!([]), "dropped calls");
    let log = house.practice(Method::GET, "log", None).await;
    let written = log
        .as_array()
        .unwrap()
        .iter()
        .filter(|write| write["source"] == "bridge" && write["side"] == "presence");
    let written: Vec<_> = written.map(|write| &write["status"]).collect();
    let wanted: &[&str] = if moment.wants_offline() { &["Offline"] } else { &[] };
    assert_eq!(written, wanted, "presence writes");
    match moment {
        Moment::Idle => "nothing",
        Moment::Ringing | Moment::OnCall => "nothing: the call went on",
        Moment::Held => "nothing: the call went on, Offline stayed held and came after it",
        Moment::Applying => "nothing: Offline came, once",
    }
}

/// What is really broken is told as what it is.
#[cfg_attr(
    not(target_os = "linux"),
    expect(unused_variables, reason = "only Linux really breaks anything")
)]
fn says(seen: &Picture, what: &What) -> bool {
    match what {
        #[cfg(target_os = "linux")]
        What::Real(breaks) => crate::real_network::told_as(*breaks).iter().any(|failure| {
            seen.problems
                .iter()
                .any(|problem| problem.text.contains(&failure.to_string()))
        }),
        _ => true,
    }
}

pub(crate) fn has(seen: &Picture, code: ProblemCode) -> bool {
    seen.problems.iter().any(|problem| problem.code == code)
}

fn is_held(seen: &Picture) -> bool {
    seen.held.as_ref().is_some_and(|held| held.status == "Offline")
}

fn evidence_at(seen: &Picture) -> Timestamp {
    let at = seen.call.evidence_at.as_deref();
    at.and_then(|at| at.parse().ok()).expect("the call is known")
}
