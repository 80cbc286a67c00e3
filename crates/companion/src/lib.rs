//! The loop and its ports, and what a Holdline process needs around them: settings and policy, the profile,
//! the state file, the words.

pub mod bundle;
pub mod clock;
pub mod crash;
pub mod desk;
pub mod disk;
pub mod explain;
pub mod inbox;
pub mod logging;
pub mod orgs;
pub mod ports;
pub mod profile;
pub mod run;
pub mod scrub;
pub mod settings;
pub mod store;
pub mod texts;
pub mod trace_files;
pub mod trace_words;
pub mod trace_writer;
pub mod view;
