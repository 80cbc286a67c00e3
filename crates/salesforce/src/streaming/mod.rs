//! What Salesforce pushes: the rep's UserServicePresence rows by PushTopic (salesforce.md, "Push").

mod pushed;

pub use pushed::{Pushed, PushedPresence};
