//! The companion's desktop port: what it wants shown becomes messages for the app's main loop.

use companion::ports::DesktopPort;
use presence::effect::Notice;
use presence::picture::Picture;
use tokio::sync::mpsc;

/// What the companion wants from the desktop.
#[derive(Debug)]
pub(crate) enum Message {
    /// A notification.
    Notify(Notice),
    /// The rep's quit has been let through.
    Quit,
    /// A restart has been let through.
    Restart,
}

/// The port, and where its messages come out.
pub(crate) fn port() -> (Box<dyn DesktopPort>, mpsc::UnboundedReceiver<Message>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    (Box::new(Desktop { sender }), receiver)
}

struct Desktop {
    sender: mpsc::UnboundedSender<Message>,
}

impl Desktop {
    /// Without effect once the app has ended.
    fn send(&self, message: Message) {
        let _ = self.sender.send(message);
    }
}

impl DesktopPort for Desktop {
    fn notify(&self, notice: Notice) {
        self.send(Message::Notify(notice));
    }

    /// The app follows the companion's pictures with their words filled in instead.
    fn show(&self, _picture: &Picture) {}

    fn quit(&self) {
        self.send(Message::Quit);
    }

    fn restart(&self) {
        self.send(Message::Restart);
    }
}
