//! The practice org as one pure value: reps, presence, work, calls, phones and the log of writes.
//!
//! Time is always an argument (`now`), ids come from a seed. What a method made happen, in order, waits in
//! [`Org::drain`]. It knows Salesforce and telephony as the reference describes them, and nothing of what
//! Holdline decides.
//!
//! **The practice connector** passes presence on to a phone as Salesforce Voice does (telephony.md): logging
//! in with an online status sets Available; logging out sets Offline, with `enqueueNextState` passed on
//! ([`Connector::Honours`]) or ignored ([`Connector::Naive`]); a status that has a phone state of the same
//! name sets that. Omni-Channel's own changes after a decline or a push time-out are not passed on (seed
//! 004). It acts only while the phone is not joined to a Holdline: a phone has one connector at a time.

mod apex;
mod calls;
pub mod catalog;
mod change;
mod dial;
mod intake;
mod log;
mod mint;
mod phone;
mod presence_write;
mod push_topic;
mod refusal;
mod routing;
mod settings;
mod switch;
pub mod toolkit;
mod view;
mod work;

use jiff::Timestamp;
use presence::ids::{OrgId, RecordId, StatusId, UserId};
use wire::bridge::ConsoleEvent;

pub use apex::VoiceCallState;
pub use catalog::Catalog;
pub use change::Change;
pub use intake::{NewCall, NewWork};
pub use log::{Dropped, LogEntry, Side, Source};
pub use mint::prefix;
pub use phone::{Choice, MISSED, Phone, SetOutcome};
pub use push_topic::{NotifyForFields, PushTopic, Unwritable};
pub use refusal::{Kind, Problem, Refusal};
pub use settings::{Connector, OFFLINE, PhoneBy, Settings};
pub use view::{CallView, OrgView, RepView, StatusView, WorkView};
pub use work::{Call, CallPhase, Work, WorkStatus};

/// One of the org's reps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepKey(usize);

/// A service rep.
#[derive(Clone, Debug)]
pub struct Rep {
    /// `User.Id`
    pub user_id: UserId,
    /// The short name, which works everywhere.
    pub rep: &'static str,
    /// `User.FirstName`
    pub first_name: &'static str,
    /// `User.LastName`
    pub last_name: &'static str,
    /// The presence status, by its place in the catalogue; `None` = logged out of Omni-Channel.
    pub status: Option<usize>,
    /// Since when.
    pub since: Timestamp,
    /// The phone.
    pub phone: Phone,
    /// Open console sessions.
    pub consoles: usize,
}

impl Rep {
    /// `User.Username`
    pub fn username(&self) -> String {
        format!("{}@practice.example", self.rep)
    }

    /// `User.Name`
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

/// One row of UserServicePresence: a time in one status.
#[derive(Clone, Debug)]
pub struct PresenceRow {
    /// `Id`
    pub id: RecordId,
    /// What `Name` is made of: from 1.
    pub number: u64,
    /// Whose.
    pub rep: RepKey,
    /// `ServicePresenceStatusId`
    pub status_id: StatusId,
    /// `StatusStartDate`
    pub started_at: Timestamp,
    /// `StatusEndDate`; `None` is what makes `IsCurrentState` true.
    pub ended_at: Option<Timestamp>,
    /// `SystemModstamp`
    pub modified_at: Timestamp,
}

/// Something that happened in the org, for whoever shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// An Omni-Channel event in the rep's console.
    Console(RepKey, ConsoleEvent),
    /// The rep's phone changed.
    Phone(RepKey),
}

/// The practice org.
#[derive(Clone, Debug)]
pub struct Org {
    /// `Organization.Id`
    pub id: OrgId,
    /// When it was set up.
    pub created_at: Timestamp,
    /// `Organization.InstanceName`
    pub instance: String,
    /// What an administrator has set up.
    pub catalog: Catalog,
    settings: Settings,
    reps: Vec<Rep>,
    works: Vec<Work>,
    calls: Vec<Call>,
    queue: Vec<usize>,
    presences: Vec<PresenceRow>,
    last_presence: u64,
    push_topics: Vec<PushTopic>,
    changes: Vec<Change>,
    log: Vec<LogEntry>,
    dropped: Vec<Dropped>,
    happened: Vec<Happened>,
    mint: mint::Mint,
    call_prefix: String,
    last_dialed: u64,
}

/// Short name, first name, last name.
const REPS: [(&str, &str, &str); 4] = [
    ("pat", "Pat", "Morgan"),
    ("sam", "Sam", "Rivera"),
    ("kim", "Kim", "Larsen"),
    ("alex", "Alex", "Okafor"),
];

impl Org {
    /// A fresh org; the seed decides its ids.
    pub fn new(now: Timestamp, seed: u128, settings: Settings) -> Self {
        let mut mint = mint::Mint::new(seed);
        let catalog = Catalog::new(&mut mint);
        let reps = REPS
            .iter()
            .map(|&(rep, first_name, last_name)| Rep {
                user_id: UserId(mint.next(prefix::USER)),
                rep,
                first_name,
                last_name,
                status: None,
                since: now,
                phone: Phone::new(now),
                consoles: 0,
            })
            .collect();
        Self {
            id: OrgId(mint::org_id(seed)),
            created_at: now,
            instance: "PRACTICE1".to_owned(),
            catalog,
            settings,
            reps,
            works: Vec::new(),
            calls: Vec::new(),
            queue: Vec::new(),
            presences: Vec::new(),
            last_presence: 0,
            push_topics: Vec::new(),
            changes: Vec::new(),
            log: Vec::new(),
            dropped: Vec::new(),
            happened: Vec::new(),
            mint,
            call_prefix: format!("{:06x}", seed & 0xff_ffff),
            last_dialed: 0,
        }
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Changes settings: the members of a JSON object replace those of the same name. Durations that are
    /// already running keep their end.
    pub fn change_settings(&mut self, patch: &serde_json::Value) -> Result<(), Refusal> {
        let settings = self.settings.patched(patch)?;
        let labels = [&settings.status_on_decline, &settings.status_on_push_timeout];
        for label in labels.into_iter().flatten() {
            if !label.eq_ignore_ascii_case(OFFLINE) && self.catalog.status(label).is_none() {
                return Err(Refusal::UnknownStatus(label.clone()));
            }
        }
        self.settings = settings;
        // What a phone's panel does may have changed.
        for place in 0..self.reps.len() {
            self.phone_changed(RepKey(place));
        }
        Ok(())
    }

    /// The reps with their keys.
    pub fn reps(&self) -> impl Iterator<Item = (RepKey, &Rep)> {
        self.reps
            .iter()
            .enumerate()
            .map(|(place, rep)| (RepKey(place), rep))
    }

    /// The rep with this short name, username or user id (15 or 18 characters).
    pub fn find_rep(&self, name: &str) -> Result<RepKey, Refusal> {
        let id = name.parse::<UserId>().ok();
        self.reps()
            .find(|(_, rep)| {
                rep.rep.eq_ignore_ascii_case(name)
                    || rep.username().eq_ignore_ascii_case(name)
                    || Some(rep.user_id) == id
            })
            .map(|(key, _)| key)
            .ok_or_else(|| Refusal::UnknownRep(name.to_owned()))
    }

    /// A rep.
    pub fn rep(&self, key: RepKey) -> &Rep {
        &self.reps[key.0]
    }

    fn rep_mut(&mut self, key: RepKey) -> &mut Rep {
        &mut self.reps[key.0]
    }

    /// All AgentWorks, oldest first.
    pub fn works(&self) -> &[Work] {
        &self.works
    }

    /// All VoiceCalls, oldest first.
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// All UserServicePresence rows, oldest first.
    pub fn presences(&self) -> &[PresenceRow] {
        &self.presences
    }

    /// Every presence and telephony write, in order.
    pub fn log(&self) -> &[LogEntry] {
        &self.log
    }

    /// The calls that an Offline tore down.
    pub fn dropped(&self) -> &[Dropped] {
        &self.dropped
    }

    /// What has happened since the last drain, in order.
    pub fn drain(&mut self) -> Vec<Happened> {
        std::mem::take(&mut self.happened)
    }

    /// A console session was opened; the rep's phone is switched on with it.
    pub fn console_opened(&mut self, key: RepKey) {
        let rep = self.rep_mut(key);
        rep.consoles += 1;
        rep.phone.on = true;
    }

    /// A console session was closed. Omni-Channel keeps the presence: a page that is loaded anew finds it.
    pub fn console_closed(&mut self, key: RepKey) {
        let rep = self.rep_mut(key);
        rep.consoles = rep.consoles.saturating_sub(1);
    }

    fn emit(&mut self, key: RepKey, event: ConsoleEvent) {
        self.happened.push(Happened::Console(key, event));
    }

    fn phone_changed(&mut self, key: RepKey) {
        self.happened.push(Happened::Phone(key));
    }
}

#[cfg(test)]
mod tests;
