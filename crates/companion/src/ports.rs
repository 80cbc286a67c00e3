//! What the loop can have done at the edges. Every method only starts something and returns at once; the
//! outcome comes back as an event.

use std::pin::Pin;

use presence::effect::{ConsoleAction, Notice};
use presence::event::{CommandId, ConsoleId};
use presence::ids::WorkId;
use presence::picture::Picture;
use presence::saved::Saved;
use trace::line::{Cause, Header};
use wire::support::{Ask, Told};

/// The partners inside the Salesforce console.
pub trait ConsolePort: Send {
    /// Queues a command for one partner; nothing happens when that connection is gone.
    fn send(&self, console: ConsoleId, command: CommandId, expires_in_ms: u64, action: ConsoleAction);
    /// Takes a command back: one not fetched yet is forgotten, for one fetched the partner is told.
    fn withdraw(&self, command: CommandId);
}

/// The phone.
pub trait PhonePort: Send {
    /// Asks for a state; nothing happens when no phone is joined.
    fn set_state(&self, command: CommandId, state: String, enqueue: bool);
}

/// Salesforce's cloud.
pub trait SalesforcePort: Send {
    /// Reads works and presence; answers with `Event::Rows` or `Event::ReadFailed`.
    fn read(&self, watch: Vec<WorkId>);
    /// Revokes and forgets the tokens; answers with `Event::SignedOut`.
    fn sign_out(&self);
}

/// The disk.
pub trait StorePort: Send {
    /// Writes the state; answers with `Event::Saved` or `Event::SaveFailed`. Later ones overtake earlier ones.
    fn save(&self, revision: u64, saved: Saved);
}

/// What the rep sees.
pub trait DesktopPort: Send {
    /// A notification.
    fn notify(&self, notice: Notice);
    /// A new picture.
    fn show(&self, picture: &Picture);
    /// The rep's quit has been let through.
    fn quit(&self);
    /// A restart has been let through: quit, and start again with the same arguments.
    fn restart(&self);
}

/// The trace.
pub trait TracePort: Send {
    /// A header is to come before the next cause: at the start, for a new file, after a gap.
    fn wants_header(&self) -> bool;
    /// What the engine is before the next cause.
    fn header(&self, header: Header);
    /// Something happened, and this came of it.
    fn cause(&self, cause: Cause);
}

/// What Holdline tells about itself. Not the loop's: whoever asks waits for the answer.
pub trait SupportPort: Send + Sync {
    /// Answers; looking at everything may take some seconds.
    fn ask(&self, ask: Ask) -> Pin<Box<dyn Future<Output = Told> + Send + '_>>;
}
