//! Desktop notifications, off every other thread: a notification service may be slow or hang.

use std::sync::mpsc;
use std::thread;

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

    /// Queues a notification's title and body.
    pub(crate) fn notify(&self, (title, body): (String, String)) {
        // Fails only when the thread could not be started, which has been logged.
        let _ = self.queue.send(Words { title, body });
    }

    /// Tells that a request did not work, and why.
    pub(crate) fn request_failed(&self, reason: String) {
        self.notify((texts::text("request-failed", &[]), reason));
    }
}

/// Tells why Holdline could not start, where standard error is not seen.
pub(crate) fn last_words(reason: &str) {
    now("Holdline", reason);
}

/// On this thread, when there is no time to wait for another.
pub(crate) fn now(title: &str, body: &str) {
    show(&Words {
        title: title.into(),
        body: body.into(),
    });
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
        body.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    } else {
        body.to_owned()
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_no_markup() {
        assert_eq!(plain("<b>R&D</b>"), "&lt;b&gt;R&amp;D&lt;/b&gt;");
    }
}
