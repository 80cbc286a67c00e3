//! How large each small world is: its settings, its calls and how often anything may go wrong.

use presence::guard::{Guard, decide};
use presence::settings::Settings;

use super::names::{PhoneChoice, Status};

/// How often each thing that need not happen may happen. Deliveries and answers have no bound: they happen
/// until there is nothing to deliver.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Budget {
    /// Requests and cancels of the rep at Holdline.
    pub asks: u8,
    /// Statuses chosen in Salesforce, by the rep or others.
    pub picks: u8,
    /// States chosen at the phone.
    pub phone_picks: u8,
    /// Contacts without a work: a call that rings early, or an outbound call.
    pub contacts: u8,
    /// Declined calls.
    pub declines: u8,
    /// Crashes of Holdline.
    pub crashes: u8,
    /// Crashes after which it is started again ten minutes later.
    pub long_crashes: u8,
    /// Losses: a page loaded anew with what it had not told, a connection of console or phone, a command, a
    /// read, a save, a frozen tab.
    pub losses: u8,
    /// Console words told again later.
    pub repeats: u8,
    /// Times at which a moment passes while everything is under way.
    pub moments: u8,
    /// Deadlines of the engine that come.
    pub deadlines: u8,
    /// Sleeps of the machine for an hour.
    pub sleeps: u8,
}

/// What the rep may ask of Holdline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ask {
    /// Cancel.
    Cancel,
    /// Close the work of this call: its wrap-up is done.
    Close(u8),
    /// Log out of Omni-Channel.
    Offline,
    /// Quit Holdline.
    Quit,
    /// Restart Holdline.
    Restart,
    /// Have sync go on after the breaker has opened.
    Resume,
    /// Sign out of Holdline.
    SignOut,
    /// A status.
    Status(Status),
}

/// Where the world begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// Signed in, everybody connected, no call.
    #[default]
    Idle,
    /// The same, and the first call goes on.
    OnCall,
    /// The same, and the rep has asked for Offline: it is held.
    Held,
    /// No call, and somebody has set the phone to and fro so often that rules have written as often as they may.
    Storm,
}

/// One small world.
#[derive(Clone, Debug)]
pub struct Scope {
    /// What people call it.
    pub name: &'static str,
    /// The engine's settings.
    pub settings: Settings,
    /// The engine's guard.
    pub guard: Guard,
    /// Calls that may come, one after the other; 0 to 2.
    pub calls: u8,
    /// Calls that may be open at the same time.
    pub at_once: u8,
    /// Whether there is a phone.
    pub phone: bool,
    /// Whether it honours `enqueueNextState`.
    pub phone_enqueues: bool,
    /// What the rep may ask for.
    pub asks: Vec<Ask>,
    /// Where it begins.
    pub start: Start,
    /// Whether presence (`None`: logged out) and phone agree with what rules and authority say.
    pub in_step: fn(Option<Status>, PhoneChoice) -> bool,
    /// How often anything may happen.
    pub budget: Budget,
}

impl Default for Scope {
    fn default() -> Self {
        Self {
            name: "",
            settings: Settings::default(),
            guard: decide,
            calls: 1,
            at_once: 1,
            phone: false,
            phone_enqueues: true,
            asks: vec![Ask::Offline],
            start: Start::Idle,
            in_step: |presence, phone| phone == PhoneChoice::by_name(presence),
            budget: Budget::default(),
        }
    }
}
