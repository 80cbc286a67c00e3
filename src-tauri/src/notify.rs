//! Desktop notifications, off every other thread: a notification service may be slow or hang.

use std::sync::mpsc;
use std::thread;

use presence::effect::Notice;

use crate::texts;

/// One notification's words.
#[derive(Debug, PartialEq, Eq)]
struct Words {
    title: String,
    body: String,
}

/// Shows notifications in order, on a thread of its own.
pub(crate) struct Notifier {
    queue: mpsc::Sender<Words>,
}

impl Notifier {
    pub(crate) fn start() -> Self {
        let (queue, words) = mpsc::channel();
        let started = thread::Builder::new()
            .name("notifications".into())
            .spawn(move || words.iter().for_each(|words| show(&words)));
        if let Err(error) = started {
            tracing::error!(%error, "there will be no notifications");
        }
        Self { queue }
    }

    /// Queues a notice.
    pub(crate) fn notify(&self, notice: &Notice) {
        // Fails only when the thread could not be started, which has been logged.
        let _ = self.queue.send(words(notice));
    }
}

/// Tells why Holdline could not start, where standard error is not seen.
pub(crate) fn last_words(reason: &str) {
    show(&Words { title: "Holdline".into(), body: reason.into() });
}

/// Tells that a request of the tray did not work, without waiting.
pub(crate) fn request_failed(reason: String) {
    let words = Words { title: texts::text("request-failed", &[]), body: reason };
    // Without a thread there is no notification, and the log has the reason.
    let _ = thread::Builder::new().name("notification".into()).spawn(move || show(&words));
}

fn words(notice: &Notice) -> Words {
    let id = format!("notice-{}", texts::code(&notice.code));
    let arguments = [("status", notice.status.as_str())];
    Words {
        title: texts::text(&id, &arguments),
        body: texts::attribute(&id, "body", &arguments),
    }
}

fn show(words: &Words) {
    let shown = notify_rust::Notification::new()
        .appname("Holdline")
        .icon("holdline")
        .summary(&words.title)
        .body(&plain(&words.body))
        .show();
    if let Err(error) = shown {
        tracing::warn!(%error, "a notification could not be shown");
    }
}

/// On Linux a body is markup, and an org may put anything into a status' label.
fn plain(body: &str) -> String {
    if cfg!(all(unix, not(target_os = "macos"))) {
        body.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    } else {
        body.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use presence::effect::NoticeCode;

    #[test]
    fn every_notice_has_a_title_and_a_body_that_names_its_status() {
        use NoticeCode::*;
        for code in [AnotherCall, Applied, Cancelled, Failed, Held, Lapsed, LoggedOutDuringCall, LoggedOut] {
            let words = words(&Notice { code, status: "Lunch".into() });
            assert!(!words.title.is_empty() && !words.title.starts_with("notice-"), "{code:?}");
            assert!(!words.body.is_empty() && !words.body.starts_with("notice-"), "{code:?}");
            if !matches!(code, LoggedOutDuringCall | LoggedOut) {
                assert!(words.body.contains("Lunch"), "{code:?}: {}", words.body);
            }
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_label_is_no_markup() {
        assert_eq!(plain("<b>R&D</b>"), "&lt;b&gt;R&amp;D&lt;/b&gt;");
    }
}
