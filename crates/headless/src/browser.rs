//! Where a sign-in's page is opened.

use std::io;

use url::Url;

/// Something that can show a page to the rep. It must not wait for the rep.
pub trait Browser: Send + Sync {
    /// Opens the page.
    ///
    /// # Errors
    /// There is nothing to open it with.
    fn open(&self, page: &Url) -> io::Result<()>;
}

/// The system's own browser.
#[derive(Clone, Copy, Debug)]
pub struct SystemBrowser;

impl Browser for SystemBrowser {
    fn open(&self, page: &Url) -> io::Result<()> {
        open::that_detached(page.as_str())
    }
}
