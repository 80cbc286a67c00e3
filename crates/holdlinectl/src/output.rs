//! What is printed: lines on standard output, each flushed, so that whoever reads along sees them at once.

use std::io::{self, Write};

use companion::texts::{Texts, code_of};
use wire::picture::{Picture, SessionState};

/// Prints one line.
///
/// # Errors
/// Nobody reads any more.
pub(crate) fn line(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// A picture as JSON on one line.
pub(crate) fn json_of(picture: &Picture) -> String {
    // Strings, numbers and lists only: this can't fail.
    serde_json::to_string(picture).unwrap_or_default()
}

/// A picture in words, for terminals.
pub(crate) fn words_of(picture: &Picture, texts: &Texts) -> String {
    if picture.session.state != SessionState::SignedIn {
        let mut words = texts.text("signed_out", &[]);
        for problem in &picture.problems {
            words.push_str(&format!("\n  {} {}", problem.text, problem.remedy));
        }
        return words;
    }
    let call = match picture.call.is_out_of_sight() {
        true => "call-not_routed".to_owned(),
        false => format!("call-{}", code_of(&picture.call.phase)),
    };
    let call = texts.text(&call, &[]);
    let presence = picture
        .presence
        .status
        .clone()
        .unwrap_or_else(|| texts.text("presence-unknown", &[]));
    let mut words = format!("{call} · {presence}");
    match &picture.telephony.state {
        Some(state) => words.push_str(&format!(" · {}: {state}", texts.text("telephony-title", &[]))),
        None => words.push_str(&format!(" · {}", texts.text("telephony-none", &[]))),
    }
    if let Some(next) = &picture.telephony.next_state {
        words.push_str(&format!(", {}", texts.text("telephony-next", &[("state", next)])));
    }
    if let Some(held) = &picture.held {
        words.push_str(&format!("\n  {}", held.text));
    }
    if let Some(pending) = &picture.pending {
        words.push_str(&format!(
            "\n  {}",
            texts.text("pending-text", &[("status", &pending.status)])
        ));
    }
    for pairing in &picture.pairings {
        let title = texts.text(
            &format!("pairing-title-{}", code_of(&pairing.kind)),
            &[("name", &pairing.name)],
        );
        words.push_str(&format!(
            "\n  {title}: {}",
            texts.text("pairing-code", &[("code", &pairing.code)])
        ));
    }
    for problem in &picture.problems {
        words.push_str(&format!("\n  {} {}", problem.text, problem.remedy));
    }
    words
}
