//! What the tray shows of a picture, as comparable data: equal means nothing is redrawn.

use wire::dispatch::Dispatch;
use wire::picture::{Picture, SessionState};

use super::entry::{Choice, Entry};
use super::icon::Icon;
use crate::texts::{code, text};

/// Icon, tooltip and menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Model {
    pub(super) icon: Icon,
    pub(super) tooltip: String,
    pub(super) menu: Vec<Entry>,
}

impl Model {
    /// The tray of a picture.
    pub(crate) fn of(picture: &Picture) -> Self {
        Self {
            icon: icon(picture),
            tooltip: tooltip(picture),
            menu: menu(picture),
        }
    }
}

fn icon(picture: &Picture) -> Icon {
    match picture.session.state {
        SessionState::SignedIn => Icon::Call {
            phase: picture.call.phase,
            held: picture.held.is_some(),
        },
        SessionState::SignedOut | SessionState::SigningIn => Icon::SignedOut,
    }
}

fn tooltip(picture: &Picture) -> String {
    if picture.session.state != SessionState::SignedIn {
        return text("tray-tooltip-signed_out", &[]);
    }
    let (call, presence) = (call(picture), presence(picture));
    match &picture.held {
        Some(held) => text(
            "tray-tooltip-held",
            &[("call", &call), ("presence", &presence), ("held", &held.status)],
        ),
        None => text("tray-tooltip", &[("call", &call), ("presence", &presence)]),
    }
}

fn call(picture: &Picture) -> String {
    if picture.call.is_out_of_sight() {
        return text("call-not_routed", &[]);
    }
    text(&format!("call-{}", code(&picture.call.phase)), &[])
}

fn presence(picture: &Picture) -> String {
    picture
        .presence
        .status
        .clone()
        .unwrap_or_else(|| text("presence-unknown", &[]))
}

fn menu(picture: &Picture) -> Vec<Entry> {
    let mut menu = Vec::new();
    match picture.session.state {
        SessionState::SignedIn => {
            let status = text(
                "tray-status",
                &[("call", &call(picture)), ("presence", &presence(picture))],
            );
            menu.extend([Entry::Line { text: status }, Entry::Separator]);
            if picture.observing {
                menu.push(Entry::Line {
                    text: text("observing", &[]),
                });
            } else {
                menu.extend(statuses(picture));
            }
            menu.push(Entry::Separator);
            for work in &picture.call.wrapping_up {
                let done = text("call-wrap_up-done", &[]);
                menu.extend([request(done, Dispatch::CloseWork { id: *work }), Entry::Separator]);
            }
            if let Some(held) = &picture.held {
                let cancel = text("tray-cancel", &[("status", &held.status)]);
                menu.extend([request(cancel, Dispatch::Cancel), Entry::Separator]);
            }
            menu.push(show());
            if picture.telephony.page {
                menu.push(request(text("tray-phone", &[]), Dispatch::ShowPhone));
            }
            menu.push(request(text("tray-sign_out", &[]), Dispatch::SignOut));
        }
        SessionState::SignedOut => {
            menu.extend([
                Entry::Line {
                    text: text("signed_out", &[]),
                },
                Entry::Separator,
                show(),
            ]);
            menu.push(request(text("tray-sign_in", &[]), Dispatch::SignIn { org: None }));
        }
        SessionState::SigningIn => {
            menu.extend([
                Entry::Line {
                    text: text("sign_in-waiting", &[]),
                },
                Entry::Separator,
                show(),
            ]);
            menu.push(request(text("tray-sign_in-cancel", &[]), Dispatch::CancelSignIn));
        }
    }
    menu.push(Entry::Separator);
    menu.push(request(text("tray-quit", &[]), Dispatch::Quit));
    menu
}

/// The statuses in the org's order, then Offline, which is no status but logging out of Omni-Channel.
fn statuses(picture: &Picture) -> Vec<Entry> {
    let current = picture.presence.status_id;
    let mut entries: Vec<_> = picture
        .statuses
        .iter()
        .map(|status| {
            let mark = if current == Some(status.id) {
                "tray-current"
            } else {
                "tray-other"
            };
            let text = text(mark, &[("status", &status.label)]);
            request(text, Dispatch::RequestStatus { id: status.id })
        })
        .collect();
    let offline = text("tray-offline", &[]);
    let logged_out = picture.presence.kind == wire::picture::PresenceKind::LoggedOut;
    let mark = match &picture.held {
        Some(held) if held.status == offline => "tray-held",
        _ if logged_out => "tray-current",
        _ => "tray-other",
    };
    entries.push(request(
        text(mark, &[("status", &offline)]),
        Dispatch::RequestOffline,
    ));
    entries
}

fn show() -> Entry {
    Entry::Choice {
        text: text("tray-show", &[]),
        choice: Choice::Show,
    }
}

fn request(text: String, request: Dispatch) -> Entry {
    Entry::Choice {
        text,
        choice: Choice::Dispatch(request),
    }
}

#[cfg(test)]
pub(crate) mod tests;
