//! What must be true at the end of every journey, read from the practice org's own records.

use journeys::http::{PracticeOrg, Write};

/// No call was dropped, and nothing was written that could have dropped one (P1): Offline during a call only
/// ever goes to the phone, to be applied after the contact. What the rep does in the console is the rep's own.
#[track_caller]
pub(crate) fn nothing_was_dropped(org: &PracticeOrg) {
    harmless(org, |write| write.source != "console");
    assert_eq!(org.dropped(), Vec::<serde_json::Value>::new(), "dropped calls");
}

/// The same, of what Holdline wrote.
#[track_caller]
pub(crate) fn holdline_did_no_harm(org: &PracticeOrg) {
    harmless(org, |write| {
        ["bridge", "holdline"].contains(&write.source.as_str())
    });
}

#[track_caller]
fn harmless(org: &PracticeOrg, counts: impl Fn(&Write) -> bool) {
    let harmful = |write: &Write| {
        let enqueued = write.side == "telephony" && write.enqueue == Some(true);
        write.status == "Offline" && write.call_active && !enqueued && counts(write)
    };
    let harmful: Vec<_> = org.log().into_iter().filter(harmful).collect();
    assert!(harmful.is_empty(), "written during a call: {harmful:#?}");
}

/// Through the console, Holdline wrote exactly these statuses, each once, in this order.
#[track_caller]
pub(crate) fn presence_was_written(org: &PracticeOrg, expected: &[&str]) {
    let log = org.log();
    let written: Vec<_> = log
        .iter()
        .filter(|write| write.side == "presence" && write.source == "bridge")
        .map(|write| write.status.as_str())
        .collect();
    assert_eq!(written, expected, "presence writes in {log:#?}");
}

/// For whoever looks for the reason of a failure.
pub(crate) fn tell(org: &PracticeOrg) {
    let asked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (org.state(), org.log())));
    let Ok((state, log)) = asked else {
        return eprintln!("── the practice org does not answer any more");
    };
    let pat = super::pat(&state);
    eprintln!("── pat in the practice org: {pat:#}");
    for write in log {
        eprintln!("── {write:?}");
    }
}
