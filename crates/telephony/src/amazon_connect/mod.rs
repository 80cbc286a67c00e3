//! Amazon Connect, through a page that embeds the rep's Contact Control Panel.
//!
//! Offline always carries `enqueueNextState`, whatever is believed about contacts, and every other state does
//! while there is a contact of any medium: without the flag a request is only valid off-contact, and in
//! after-contact work it would close the contact. While a contact rings nothing is sent.

mod adapter;
mod frame;
mod instance;

pub use adapter::{Adapter, Heard};
pub use frame::{AgentState, Contact, FromPage, PROTOCOL, PageOutcome, Snapshot, ToPage, Trouble};
pub use instance::{Instance, NoInstance};
