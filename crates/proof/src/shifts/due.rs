//! Everything that can be due, and who does it.

use presence::event::{CommandId, Event, PhoneOutcome, PresenceRow, WorkRow};
use presence::ids::WorkId;
use presence::phone::PhoneState;
use presence::time::Now;

use super::bridge::Handout;
use super::faults::Fault;
use super::omni::Word;
use super::page::Order;
use super::rep::Act;

/// Something to come. Names in brackets are the lives it belongs to: of a run of Holdline, of a page, of a
/// phone's connection. If that life is over, so is it.
#[derive(Clone, Debug)]
pub(crate) enum Due {
    // The org, the phone, the rep
    CallComes,
    CallerGivesUp {
        call: usize,
    },
    CaseComes,
    CaseIsDone {
        work: usize,
    },
    OutboundWork {
        call: usize,
    },
    OutboundEnds {
        call: usize,
    },
    PushTimeout {
        work: usize,
    },
    SecondContactEnds {
        contact: u64,
    },
    TalkEnds {
        call: usize,
    },
    WrapUpEnds {
        work: usize,
        due: u64,
    },
    RepActs(Act),
    RepThinks,
    ConnectionLost,

    // Faults
    FaultComes,
    FaultEnds(Fault),

    // The page
    PageOpens,
    PageHears {
        instance: u64,
        connection: u64,
        word: Word,
    },
    PageLoadsOmni {
        instance: u64,
    },
    PageSaysHello {
        instance: u64,
    },
    PageBegins {
        instance: u64,
    },
    PageLooked {
        instance: u64,
        order: Order,
        armed: bool,
    },
    OrgIsTold {
        instance: u64,
        order: Order,
        armed: bool,
    },
    PageIsAnswered {
        instance: u64,
        order: Order,
        outcome: presence::event::CommandOutcome,
    },
    PageShowsState {
        instance: u64,
        order: Order,
        works: Vec<presence::event::WorkSeen>,
    },
    PagePolls {
        instance: u64,
        session: u64,
    },
    PollArrives {
        instance: u64,
        session: u64,
    },
    PollFails {
        instance: u64,
        session: u64,
        by_holdline: bool,
    },
    PollAnswered {
        instance: u64,
        session: u64,
        handout: Handout,
    },
    ReportArrives {
        instance: u64,
        session: u64,
        events_to: u64,
        results: usize,
    },
    ReportFails {
        instance: u64,
        session: u64,
    },
    ReportTaken {
        instance: u64,
        session: u64,
        events_to: u64,
        results: usize,
    },

    // Holdline
    HoldlineStarts,
    HoldlineExits {
        run: u64,
    },
    DiskWrites {
        run: u64,
    },
    HelloArrives {
        run: u64,
        instance: u64,
    },
    PollHoldEnds {
        run: u64,
        session: u64,
        poll: u64,
    },
    PollDropped {
        run: u64,
        session: u64,
    },
    ReadWorks {
        run: u64,
        asked: Now,
        watch: Vec<WorkId>,
    },
    ReadPresence {
        run: u64,
        asked: Now,
        works: Vec<WorkRow>,
    },
    ReadArrives {
        run: u64,
        asked: Now,
        works: Vec<WorkRow>,
        presence: PresenceRow,
    },
    ReadFails {
        run: u64,
    },
    SignsIn {
        run: u64,
    },
    SignsOut {
        run: u64,
    },
    Streamed {
        run: u64,
        event: Event,
    },
    Wakes {
        run: u64,
        number: u64,
    },

    // The phone's connection
    PhoneJoins {
        run: u64,
    },
    PhoneReports {
        link: u64,
        state: PhoneState,
    },
    PhoneSets {
        link: u64,
        command: CommandId,
        state: String,
        enqueue: bool,
    },
    PhoneAnswers {
        link: u64,
        command: CommandId,
        outcome: PhoneOutcome,
    },

    // The watcher
    Look,
}

impl Due {
    /// Stands still while the machine sleeps.
    pub(crate) fn is_on_the_machine(&self) -> bool {
        use Due::{
            CallComes, CallerGivesUp, CaseComes, CaseIsDone, ConnectionLost, FaultComes, FaultEnds, Look,
            OrgIsTold, OutboundEnds, OutboundWork, PushTimeout, RepActs, RepThinks, SecondContactEnds,
            TalkEnds, WrapUpEnds,
        };
        !matches!(
            self,
            CallComes
                | CallerGivesUp { .. }
                | CaseComes
                | CaseIsDone { .. }
                | ConnectionLost
                | FaultComes
                | FaultEnds(_)
                | Look
                | OrgIsTold { .. }
                | OutboundEnds { .. }
                | OutboundWork { .. }
                | PushTimeout { .. }
                | RepActs(_)
                | RepThinks
                | SecondContactEnds { .. }
                | TalkEnds { .. }
                | WrapUpEnds { .. }
        )
    }

    /// Of a page, which may be frozen by its browser.
    pub(crate) fn page(&self) -> Option<u64> {
        match self {
            Due::PageHears { instance, .. }
            | Due::PageLoadsOmni { instance }
            | Due::PageSaysHello { instance }
            | Due::PageBegins { instance }
            | Due::PageLooked { instance, .. }
            | Due::PageIsAnswered { instance, .. }
            | Due::PageShowsState { instance, .. }
            | Due::PagePolls { instance, .. }
            | Due::PollFails { instance, .. }
            | Due::PollAnswered { instance, .. }
            | Due::ReportFails { instance, .. }
            | Due::ReportTaken { instance, .. } => Some(*instance),
            _ => None,
        }
    }

    pub(crate) fn run(&self) -> Option<u64> {
        match self {
            Due::DiskWrites { run }
            | Due::HoldlineExits { run }
            | Due::HelloArrives { run, .. }
            | Due::PollHoldEnds { run, .. }
            | Due::PollDropped { run, .. }
            | Due::ReadWorks { run, .. }
            | Due::ReadPresence { run, .. }
            | Due::ReadArrives { run, .. }
            | Due::ReadFails { run }
            | Due::SignsIn { run }
            | Due::SignsOut { run }
            | Due::Streamed { run, .. }
            | Due::Wakes { run, .. }
            | Due::PhoneJoins { run } => Some(*run),
            _ => None,
        }
    }

    pub(crate) fn link(&self) -> Option<u64> {
        match self {
            Due::PhoneReports { link, .. } | Due::PhoneSets { link, .. } | Due::PhoneAnswers { link, .. } => {
                Some(*link)
            }
            _ => None,
        }
    }
}
