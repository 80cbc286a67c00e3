//! The call phase, obviously right and slow: every word of console and org is kept, and the phase is worked
//! out from all of them each time.

use std::collections::{BTreeMap, BTreeSet};

use presence::event::{Catalogue, ConsoleId, Event, PresenceRow, WorkRow, WorkSeen, WorkStage, WrapUpTime};
use presence::ids::{RecordId, StatusId, WorkId, WorkItemId};
use presence::phone::{Contact, ContactPhase};
use presence::picture::CallPhase;
use presence::saved::Saved;
use presence::settings::Timings;
use presence::time::Now;

/// A word about works. `asked`: it answers a question of then; without, it is of the moment it was heard.
#[derive(Clone, Debug)]
enum Word {
    /// The console showed how far a work has come.
    Seen {
        seen: WorkSeen,
        asked: Option<Now>,
    },
    /// The org told a row.
    Row {
        row: WorkRow,
        asked: Option<Now>,
    },
    /// A complete list was asked for then, and shows these.
    Complete {
        asked: Now,
        shown: Vec<WorkId>,
    },
    ConversationEnded(WorkItemId),
    /// It is not known any more which open works are calls.
    OtherChannels,
    /// A data-centre switch: nothing said before counts.
    Moved,
}

/// What was said, when, and whether anybody may be believed now.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reference {
    words: Vec<(Now, Word)>,
    contacts: Vec<Contact>,
    /// Since when each work in wrap-up has been there by the phone's word alone.
    by_phone: BTreeMap<WorkId, i64>,
    console: Option<ConsoleId>,
    heard: Option<Now>,
    told_by_console: bool,
    /// The outer `None`: not known; the inner: logged out.
    presence: Option<Option<StatusId>>,
    presence_seen: Option<Now>,
    /// Every version of a presence row that was taken in.
    versions: Vec<(Option<RecordId>, i64)>,
    answered: Option<Now>,
    answers_from: Option<Now>,
    signed_in: Option<Now>,
    instance: Option<String>,
    catalogue: Catalogue,
}

impl Reference {
    /// Of a run that goes on from what is on disk.
    pub(crate) fn restored(stored: &Saved) -> Self {
        let session = stored.session.as_ref();
        Self {
            instance: session.and_then(|session| session.instance.clone()),
            ..Self::default()
        }
    }

    fn console_is_live(&self, now: Now, timings: &Timings) -> bool {
        let heard = |heard: Now| now.since(heard) < timings.console_stale_ms;
        self.console.is_some() && self.told_by_console && self.heard.is_some_and(heard)
    }

    pub(crate) fn console(&self) -> Option<ConsoleId> {
        self.console
    }

    pub(crate) fn told_by_console(&self) -> bool {
        self.told_by_console
    }

    /// The console has been silent for too long.
    pub(crate) fn gap(&self, now: Now, timings: &Timings) -> bool {
        self.heard
            .is_some_and(|heard| now.since(heard) >= timings.console_stale_ms)
    }

    pub(crate) fn is_fresh(&self, now: Now, timings: &Timings) -> bool {
        let answer = self
            .answered
            .is_some_and(|asked| now.since(asked) < 2 * timings.read_fast_ms);
        self.signed_in.is_some() && (self.console_is_live(now, timings) || answer)
    }

    /// `asked` gives, for a snapshot the engine is waiting for, when it was asked for.
    pub(crate) fn hear(&mut self, now: Now, event: &Event, asked: Option<Now>, timings: &Timings) {
        if self.gap(now, timings) {
            self.told_by_console = false;
        }
        self.take_in(now, event, asked, timings);
        self.time_contacts(now);
    }

    fn take_in(&mut self, now: Now, event: &Event, asked: Option<Now>, timings: &Timings) {
        match event {
            Event::SignedIn { .. } if self.signed_in.is_none() => self.signed_in = Some(now),
            Event::Catalogue(catalogue) => self.catalogue(now, catalogue),
            Event::ConsoleConnected { console } if self.console < Some(*console) => {
                self.console = Some(*console);
                self.heard = Some(now);
                self.told_by_console = false;
            }
            Event::ConsoleGone { console } if self.console == Some(*console) => self.console = None,
            Event::ConsoleHeard { console } if self.console == Some(*console) => self.heard = Some(now),
            Event::ConnectionError => self.told_by_console = false,
            Event::ConversationEnded { item } => self.say(now, Word::ConversationEnded(*item)),
            Event::OmniLogout { .. } => self.presence(now, None, None, None),
            Event::StatusChanged { status } => self.presence(now, None, Some(*status), None),
            Event::Work { seen, .. } => self.see(now, *seen, None),
            Event::PhoneState(report) => self.contacts.clone_from(&report.contacts),
            Event::PhoneGone | Event::PhoneJoined(_) => self.contacts.clear(),
            Event::ConsoleSnapshot {
                works,
                status,
                conversations_ended,
                ..
            } => {
                let Some(asked) = asked else {
                    return;
                };
                self.heard = Some(now);
                self.told_by_console = true;
                works.iter().for_each(|seen| self.see(now, *seen, Some(asked)));
                if status.is_some() {
                    let shown = works.iter().map(|seen| seen.work).collect();
                    self.say(now, Word::Complete { asked, shown });
                }
                for item in conversations_ended {
                    self.say(now, Word::ConversationEnded(*item));
                }
                self.presence(now, Some(asked), *status, None);
            }
            Event::Rows {
                asked,
                works,
                presence,
            } => {
                let ours = self.signed_in.is_some_and(|since| *asked >= since) && *asked <= now;
                let late = self.answered.is_some_and(|last| last >= *asked)
                    || self.answers_from.is_some_and(|from| *asked < from);
                if !ours || late {
                    return;
                }
                self.answered = Some(*asked);
                let logged_in = matches!(self.presence, Some(Some(_)));
                if !(self.console_is_live(now, timings) && logged_in) {
                    let shown = works.iter().map(|row| row.work).collect();
                    self.say(now, Word::Complete { asked: *asked, shown });
                }
                self.rows(now, works, Some(*asked));
                self.presence(now, Some(*asked), presence.status, Some(presence));
            }
            Event::Streamed { works, presence, .. } if self.signed_in.is_some() => {
                self.rows(now, works, None);
                let Some(row) = presence else {
                    return;
                };
                // A page that lives and says otherwise is asked instead.
                let page_differs = self.presence != Some(row.status) && self.console_is_live(now, timings);
                if !self.is_known_version(row) && !page_differs {
                    self.presence(now, None, row.status, Some(row));
                }
            }
            _ => {}
        }
    }

    /// The engine has been told by a partner that what it believes is wrong.
    pub(crate) fn contradicted(&mut self, now: Now) {
        self.told_by_console = false;
        self.answered = None;
        self.answers_from = Some(now);
    }

    fn say(&mut self, now: Now, word: Word) {
        self.words.push((now, word));
    }

    fn catalogue(&mut self, now: Now, catalogue: &Catalogue) {
        let before = self.voice_prefixes();
        self.catalogue = catalogue.clone();
        if before != self.voice_prefixes() {
            self.contradicted(now);
            self.say(now, Word::OtherChannels);
        }
        if catalogue.instance.is_none() || catalogue.instance == self.instance || self.signed_in.is_none() {
            return;
        }
        if std::mem::replace(&mut self.instance, catalogue.instance.clone()).is_some() {
            self.contradicted(now);
            self.say(now, Word::Moved);
            self.presence = None;
            self.presence_seen = None;
            self.versions.clear();
        }
    }

    fn voice_prefixes(&self) -> Vec<String> {
        let voice = self.catalogue.channels.iter().filter(|channel| channel.voice);
        let told: Vec<String> = voice.map(|channel| channel.item_prefix.clone()).collect();
        if told.is_empty() {
            vec!["0LQ".to_owned()]
        } else {
            told
        }
    }

    fn is_call(&self, item: WorkItemId) -> bool {
        self.voice_prefixes()
            .iter()
            .any(|prefix| item.0.has_prefix(prefix))
    }

    fn see(&mut self, now: Now, seen: WorkSeen, asked: Option<Now>) {
        // An event also moves a work that only the org has called a call.
        if self.is_call(seen.item) || (asked.is_none() && self.follow(seen.work).is_some()) {
            self.say(now, Word::Seen { seen, asked });
        }
    }

    fn rows(&mut self, now: Now, works: &[WorkRow], asked: Option<Now>) {
        for row in works {
            if row.voice || self.is_call(row.item) {
                let row = row.clone();
                self.say(now, Word::Row { row, asked });
            }
        }
    }

    fn presence(
        &mut self,
        now: Now,
        asked: Option<Now>,
        status: Option<StatusId>,
        row: Option<&PresenceRow>,
    ) {
        let yields = |asked: Now| {
            self.presence_seen
                .is_some_and(|seen| asked.mono_ms <= seen.mono_ms)
        };
        let version = row.and_then(|row| Some((row.row, row.modstamp_ms?)));
        let is_old = |(row, ms): (Option<RecordId>, i64)| {
            row.is_some()
                && self
                    .newest_version()
                    .is_some_and(|(r, newest)| r == row && ms < newest)
        };
        if asked.is_some_and(yields) || version.is_some_and(is_old) {
            return;
        }
        self.presence = Some(status);
        self.presence_seen = Some(now);
        self.versions.extend(version);
    }

    fn newest_version(&self) -> Option<(Option<RecordId>, i64)> {
        self.versions.iter().copied().max_by_key(|(_, ms)| *ms)
    }

    fn is_known_version(&self, row: &PresenceRow) -> bool {
        match (self.newest_version(), row.modstamp_ms) {
            (Some((known, newest)), Some(ms)) => ms < newest || (ms == newest && known == row.row),
            _ => false,
        }
    }

    /// The phase a careful person would work out.
    pub(crate) fn phase(&self, now: Now, timings: &Timings) -> CallPhase {
        if !self.is_fresh(now, timings) {
            return CallPhase::Unknown;
        }
        let open = self.open();
        let phase_of = |work: &Open| match work.stage {
            WorkStage::Opened if self.in_wrap_up(work, &open) => CallPhase::WrapUp,
            WorkStage::Opened => CallPhase::OnCall,
            WorkStage::Assigned | WorkStage::Ended => CallPhase::Ringing,
        };
        let phases: Vec<CallPhase> = open.iter().map(phase_of).collect();
        [CallPhase::OnCall, CallPhase::Ringing, CallPhase::WrapUp]
            .into_iter()
            .find(|phase| phases.contains(phase))
            .unwrap_or(CallPhase::Idle)
    }

    /// When the last wrap-up's time is over; only while there is nothing but wrap-up.
    pub(crate) fn wrap_up_ends_ms(&self, now: Now, timings: &Timings) -> Option<i64> {
        let WrapUpTime { ms, extension_ms } = self.catalogue.wrap_up?;
        if self.phase(now, timings) != CallPhase::WrapUp {
            return None;
        }
        let ends_ms = |work: &Open| {
            let ended_ms = work.ended_ms.or(self.by_phone.get(&work.id).copied())?;
            let time_ms = ms + u64::from(work.extensions) * extension_ms;
            Some(ended_ms + i64::try_from(time_ms).unwrap())
        };
        self.open().iter().filter_map(ends_ms).max()
    }

    fn time_contacts(&mut self, now: Now) {
        let open = self.open();
        let by_phone = open
            .iter()
            .filter(|work| work.ended_ms.is_none() && self.in_wrap_up(work, &open));
        let since = |work: &Open| {
            (
                work.id,
                self.by_phone.get(&work.id).copied().unwrap_or(now.wall_ms),
            )
        };
        self.by_phone = by_phone.map(since).collect();
    }

    fn open(&self) -> Vec<Open> {
        let of = |word: &Word| match word {
            Word::Seen { seen, .. } => Some(seen.work),
            Word::Row { row, .. } => Some(row.work),
            _ => None,
        };
        let all: BTreeSet<WorkId> = self.words.iter().filter_map(|(_, word)| of(word)).collect();
        all.into_iter().filter_map(|work| self.follow(work)).collect()
    }

    /// One work's life from its first word to its last; `None`: not open.
    fn follow(&self, id: WorkId) -> Option<Open> {
        let mut life = Life::default();
        for (at, word) in &self.words {
            match word {
                Word::Seen { seen, asked } if seen.work == id => {
                    if life.may_count(*asked) {
                        life.advance(*at, *seen);
                    }
                }
                Word::Row { row, asked } if row.work == id => life.read(*at, row, *asked),
                Word::Complete { asked, shown } if !shown.contains(&id) => life.miss(*asked),
                Word::ConversationEnded(item) => {
                    if let Some(work) = life.open.as_mut().filter(|work| work.item == *item) {
                        work.ended_ms = work.ended_ms.or(Some(at.wall_ms));
                    }
                }
                Word::OtherChannels => {
                    if life.open.take().is_some() {
                        life.version = None;
                    }
                }
                Word::Moved => life = Life::default(),
                Word::Complete { .. } | Word::Seen { .. } | Word::Row { .. } => {}
            }
        }
        life.open
    }

    fn in_wrap_up(&self, work: &Open, open: &[Open]) -> bool {
        let own = |c: &&Contact| c.vendor_call_key.is_some() && c.vendor_call_key == work.key;
        let acw = |c: &Contact| c.phase == ContactPhase::AfterCallWork;
        let of_another = |c: &Contact| {
            c.vendor_call_key.is_some() && open.iter().any(|o| o.id != work.id && o.key == c.vendor_call_key)
        };
        let over = work.ended_ms.is_some() || self.contacts.iter().filter(own).any(acw);
        let opened = work.stage == WorkStage::Opened;
        opened && over && !self.contacts.iter().any(|c| !acw(c) && !of_another(c))
    }
}

/// What is known of one work.
#[derive(Default)]
struct Life {
    open: Option<Open>,
    /// It was seen over.
    over: bool,
    /// A question of then did not find it any more.
    gone: Option<Now>,
    /// The newest version of its row that was told.
    version: Option<i64>,
}

impl Life {
    fn may_count(&self, asked: Option<Now>) -> bool {
        let later = |gone: Now| asked.is_none_or(|asked| asked.mono_ms > gone.mono_ms);
        !self.over && self.gone.is_none_or(later)
    }

    fn advance(&mut self, at: Now, seen: WorkSeen) {
        if seen.stage == WorkStage::Ended {
            self.over = true;
            self.open = None;
            return;
        }
        self.gone = None;
        let new = || Open {
            id: seen.work,
            item: seen.item,
            stage: seen.stage,
            seen: at,
            ended_ms: None,
            extensions: 0,
            key: None,
        };
        let work = self.open.get_or_insert_with(new);
        work.stage = work.stage.max(seen.stage);
        work.seen = at;
    }

    fn read(&mut self, at: Now, row: &WorkRow, asked: Option<Now>) {
        let known = self.version.zip(row.modstamp_ms);
        let (older, same) = (
            known.is_some_and(|(known, ms)| ms < known),
            known.is_some_and(|(known, ms)| ms == known),
        );
        if !self.may_count(asked) || older {
            return;
        }
        // A message that comes again is no new sight of the work.
        if !(same && asked.is_none()) {
            let (work, item, stage) = (row.work, row.item, row.stage);
            self.advance(at, WorkSeen { work, item, stage });
        }
        let Some(work) = &mut self.open else {
            return;
        };
        self.version = self.version.max(row.modstamp_ms);
        if row.conversation_ended {
            let told = row.conversation_ended_ms.or(work.ended_ms);
            work.ended_ms = told.or(Some(at.wall_ms));
        }
        work.extensions = work.extensions.max(row.acw_extensions);
        work.key = row.vendor_call_key.clone().or(work.key.take());
    }

    fn miss(&mut self, asked: Now) {
        if self
            .open
            .take_if(|work| asked.mono_ms > work.seen.mono_ms)
            .is_some()
        {
            self.gone = Some(asked);
        }
    }
}

struct Open {
    id: WorkId,
    item: WorkItemId,
    stage: WorkStage,
    seen: Now,
    ended_ms: Option<i64>,
    extensions: u32,
    key: Option<String>,
}
