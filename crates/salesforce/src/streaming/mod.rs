//! What Salesforce pushes: the rep's UserServicePresence rows by PushTopic (Streaming API, "PushTopic Events").

mod heard;
mod listen;
mod pushed;
mod sleep;

pub use heard::{Heard, Stopped};
pub use listen::{Listening, listen};
pub use pushed::{Pushed, PushedPresence};
