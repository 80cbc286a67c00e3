//! Everything that can happen, in words people can read.

use std::fmt;

use super::names::{PhoneChoice, Presence};
use super::scope::Ask;

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    // Network, page, phone and disk
    /// The org works out its answer to the read of this place in the queue.
    Answer(u8),
    /// A new console session.
    Connect,
    /// The disk has the next revision.
    DiskWrites,
    /// The disk refuses the next revision.
    DiskFails,
    /// The armed page looks once more.
    Fire,
    /// The tab freezes.
    Freeze,
    /// The phone joins.
    JoinPhone,
    /// The next command is lost.
    LoseCommand,
    /// The console's connection ends.
    LoseConsole,
    /// The phone's connection ends.
    LosePhone,
    /// The page takes the next command or withdrawal.
    PageActs,
    /// The page's next word reaches Holdline.
    PageSpeaks,
    /// The same, and it will come once more.
    PageSpeaksTwice,
    /// A word comes once more.
    PageRepeats,
    /// The phone takes the next request.
    PhoneActs,
    /// The phone's next word reaches Holdline.
    PhoneSpeaks,
    /// The read of this place in the queue has failed.
    ReadFails(u8),
    /// The page is loaded anew.
    Reload,
    /// The org's answer reaches Holdline.
    Rows(u8),
    /// Holdline, started again, has resumed its session; or the rep has signed in anew.
    SignIn,
    /// The tokens are revoked, as was asked for.
    SignedOut,
    /// Holdline, restarted as it was asked to, is back.
    StartAgain,
    /// The tab thaws.
    Thaw,

    // Calls
    /// The rep accepts.
    Accept(u8),
    /// Omni-Channel offers the call.
    Assign(u8),
    /// The rep closes the work.
    Close(u8),
    /// A contact without work ends.
    ContactEnds(u8),
    /// The rep declines.
    Decline(u8),
    /// The rep dials: a contact without a work.
    Dial(u8),
    /// The caller gives up.
    GiveUp(u8),
    /// The conversation ends.
    HangUp(u8),
    /// The phone rings before Omni-Channel knows.
    Ring(u8),

    // The rep
    /// At Holdline.
    Ask(Ask),
    /// At the phone.
    PhonePick(PhoneChoice),
    /// In Salesforce.
    Pick(Presence),

    // Time, and the end of it
    /// Holdline crashes and is started again at once.
    Crash,
    /// Holdline crashes and is started again ten minutes later.
    CrashLong,
    /// The engine's next deadline comes.
    Deadline,
    /// A tenth of a second passes.
    Moment,
    /// The machine sleeps for an hour.
    Sleep,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer(at) => write!(f, "the org answers read {at}"),
            Self::Connect => f.write_str("the console connects"),
            Self::DiskWrites => f.write_str("the disk confirms a save"),
            Self::DiskFails => f.write_str("the disk refuses a save"),
            Self::Fire => f.write_str("the armed page looks once more"),
            Self::Freeze => f.write_str("the tab freezes"),
            Self::JoinPhone => f.write_str("the phone joins"),
            Self::LoseCommand => f.write_str("a command to the console is lost"),
            Self::LoseConsole => f.write_str("the console's connection ends"),
            Self::LosePhone => f.write_str("the phone's connection ends"),
            Self::PageActs => f.write_str("the page takes its next command"),
            Self::PageSpeaks => f.write_str("the page's next word reaches Holdline"),
            Self::PageSpeaksTwice => f.write_str("the page's next word reaches Holdline, to come again"),
            Self::PageRepeats => f.write_str("a word of the page comes again"),
            Self::PhoneActs => f.write_str("the phone takes its next request"),
            Self::PhoneSpeaks => f.write_str("the phone's next word reaches Holdline"),
            Self::ReadFails(at) => write!(f, "read {at} fails"),
            Self::Reload => f.write_str("the page is loaded anew; what it had not told is lost"),
            Self::Rows(at) => write!(f, "the org's answer to read {at} reaches Holdline"),
            Self::SignIn => f.write_str("Holdline resumes its session"),
            Self::SignedOut => f.write_str("the sign-in is forgotten"),
            Self::StartAgain => f.write_str("Holdline is back from its restart"),
            Self::Thaw => f.write_str("the tab thaws"),
            Self::Accept(call) => write!(f, "the rep accepts call {call}"),
            Self::Assign(call) => write!(f, "Omni-Channel assigns call {call}"),
            Self::Close(call) => write!(f, "the rep closes call {call}"),
            Self::ContactEnds(call) => write!(f, "contact {call} ends"),
            Self::Decline(call) => write!(f, "the rep declines call {call}; Omni-Channel logs the rep out"),
            Self::Dial(call) => write!(f, "the rep dials: contact {call}, without a work"),
            Self::GiveUp(call) => write!(f, "the caller of call {call} gives up"),
            Self::HangUp(call) => write!(f, "the conversation of call {call} ends"),
            Self::Ring(call) => write!(
                f,
                "the phone rings for call {call}, Omni-Channel does not know yet"
            ),
            Self::Ask(Ask::Cancel) => f.write_str("the rep cancels at Holdline"),
            Self::Ask(Ask::Close(call)) => write!(f, "the rep has Holdline close the work of call {call}"),
            Self::Ask(Ask::Offline) => f.write_str("the rep asks Holdline for Offline"),
            Self::Ask(Ask::Quit) => f.write_str("the rep asks Holdline to quit"),
            Self::Ask(Ask::Restart) => f.write_str("the rep asks Holdline to restart"),
            Self::Ask(Ask::Resume) => f.write_str("the rep has sync go on"),
            Self::Ask(Ask::SignOut) => f.write_str("the rep asks Holdline to sign out"),
            Self::Ask(Ask::Status(status)) => write!(f, "the rep asks Holdline for {}", status.label()),
            Self::PhonePick(choice) => write!(f, "the rep chooses {} at the phone", choice.name()),
            Self::Pick(None) => f.write_str("the rep chooses Offline in Salesforce"),
            Self::Pick(Some(status)) => write!(f, "the rep chooses {} in Salesforce", status.label()),
            Self::Crash => f.write_str("Holdline crashes and is started again"),
            Self::CrashLong => f.write_str("Holdline crashes and is started again ten minutes later"),
            Self::Deadline => f.write_str("the engine's next deadline comes"),
            Self::Moment => f.write_str("a moment passes"),
            Self::Sleep => f.write_str("the machine sleeps for an hour"),
        }
    }
}
