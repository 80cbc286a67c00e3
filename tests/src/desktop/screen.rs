//! What is to be seen: the windows of a desktop and whether they show anything.

use std::collections::BTreeSet;
use std::time::Duration;

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, ImageFormat, Window,
};
use x11rb::rust_connection::RustConnection;

use crate::wait;

/// Higher than any program's own title bar, pixels.
const TITLE: u16 = 64;

/// A connection to a desktop's X server.
pub struct Screen {
    connection: RustConnection,
    root: Window,
}

impl Screen {
    #[track_caller]
    pub(super) fn open(display: &str) -> Self {
        let (connection, number) = x11rb::connect(Some(display)).expect("the X server answers");
        let root = connection.setup().roots[number].root;
        Self { connection, root }
    }

    /// The windows that programs show, without the window manager's own.
    pub fn windows(&self) -> Vec<Window> {
        let Some(list) = self.atom("_NET_CLIENT_LIST") else {
            return Vec::new();
        };
        let reply = self
            .connection
            .get_property(false, self.root, list, AtomEnum::WINDOW, 0, 64);
        let reply = reply.ok().and_then(|cookie| cookie.reply().ok());
        reply
            .and_then(|reply| Some(reply.value32()?.collect()))
            .unwrap_or_default()
    }

    /// Waits for a window that shows text, and answers it.
    #[track_caller]
    pub fn wait_until_painted(&self) -> Window {
        let look = || self.windows().into_iter().find(|window| self.shows_text(*window));
        often("a window that shows text", look)
    }

    /// Waits until no window is left.
    #[track_caller]
    pub fn wait_until_empty(&self) {
        often("the end of all windows", || {
            self.windows().is_empty().then_some(())
        });
    }

    /// Closes a window as its close button does (`WM_DELETE_WINDOW`).
    #[track_caller]
    pub fn close(&self, window: Window) {
        let protocols = self.atom("WM_PROTOCOLS").expect("the X server answers");
        let delete = self.atom("WM_DELETE_WINDOW").expect("the X server answers");
        let message = ClientMessageEvent::new(32, window, protocols, [delete, x11rb::CURRENT_TIME, 0, 0, 0]);
        let sent = self
            .connection
            .send_event(false, window, EventMask::NO_EVENT, message);
        sent.expect("the X server answers")
            .check()
            .expect("the window is there");
    }

    /// Smoothed text has many colours, an empty page one. The top does not count: some programs draw their
    /// own title above their page, before the page is there.
    fn shows_text(&self, window: Window) -> bool {
        self.colours(window).is_some_and(|colours| colours.len() >= 8)
    }

    fn colours(&self, window: Window) -> Option<BTreeSet<[u8; 3]>> {
        let size = self.connection.get_geometry(window).ok()?.reply().ok()?;
        let top = i16::try_from(TITLE).ok()?;
        let height = size.height.checked_sub(TITLE)?;
        let image = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, window, 0, top, size.width, height, !0);
        let image = image.ok()?.reply().ok()?;
        Some(
            image
                .data
                .chunks_exact(4)
                .map(|pixel| [pixel[0], pixel[1], pixel[2]])
                .collect(),
        )
    }

    fn atom(&self, name: &str) -> Option<u32> {
        Some(
            self.connection
                .intern_atom(false, name.as_bytes())
                .ok()?
                .reply()
                .ok()?
                .atom,
        )
    }
}

/// [`wait::until`] with a closer look: what is waited for here is also measured.
#[track_caller]
fn often<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = std::time::Instant::now() + wait::PATIENCE;
    loop {
        if let Some(answer) = look() {
            return answer;
        }
        assert!(
            std::time::Instant::now() < end,
            "waited {:?} in vain for: {what}",
            wait::PATIENCE
        );
        std::thread::sleep(Duration::from_millis(4));
    }
}
