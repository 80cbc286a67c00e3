//! What is due is done.

use presence::event::Event;

use super::due::Due;
use super::world::World;

impl World {
    /// The browser does not let its page run.
    pub(crate) fn waits_for_thaw(&self, due: &Due) -> bool {
        due.page().is_some_and(|instance| self.page.is(instance)) && self.t < self.page.frozen_until
    }

    pub(crate) fn happen(&mut self, due: Due) {
        if due.page().is_some_and(|instance| !self.page.is(instance)) {
            return;
        }
        if due.run().is_some_and(|run| !self.runs_as(run)) {
            return;
        }
        if due.link().is_some_and(|link| self.telephony.link != Some(link)) {
            return;
        }
        match due {
            Due::CallComes => self.call_comes(),
            Due::CallerGivesUp { call } => self.caller_gives_up(call),
            Due::CaseComes => self.case_comes(),
            Due::CaseIsDone { work } => self.case_is_done(work),
            Due::OutboundWork { call } => self.outbound_work(call),
            Due::OutboundEnds { call } | Due::TalkEnds { call } => self.talk_ends(call),
            Due::PushTimeout { work } => self.push_times_out(work),
            Due::SecondContactEnds { contact } => self.second_contact_ends(contact),
            Due::WrapUpEnds { work, due } => self.wrap_up_ends(work, due),
            Due::RepActs(act) => self.rep_acts(act),
            Due::RepThinks => self.rep_thinks(),
            Due::ConnectionLost => self.connection_lost(),

            Due::FaultComes => self.fault_comes(),
            Due::FaultEnds(fault) => self.fault_ends(fault),

            Due::PageOpens => self.page_opens(),
            Due::PageHears { connection, word, .. } => self.page_hears(connection, word),
            Due::PageLoadsOmni { .. } => self.page_loads_omni(),
            Due::PageSaysHello { .. } => self.page_says_hello(),
            Due::PageBegins { .. } => self.page_begins(),
            Due::PageLooked { order, armed, .. } => self.page_looked(order, armed),
            Due::OrgIsTold {
                instance,
                order,
                armed,
            } => self.org_is_told(instance, order, armed),
            Due::PageIsAnswered { order, outcome, .. } => self.page_is_answered(&order, outcome),
            Due::PageShowsState { order, works, .. } => self.page_shows_state(&order, works),
            Due::PagePolls { session, .. } => self.page_polls(session),
            Due::PollArrives { instance, session } => self.poll_arrives(instance, session),
            Due::PollFails {
                session, by_holdline, ..
            } => self.poll_fails(session, by_holdline),
            Due::PollAnswered { session, handout, .. } => self.poll_answered(session, handout),
            Due::ReportArrives {
                instance,
                session,
                events_to,
                results,
            } => {
                self.report_arrives(instance, session, events_to, results);
            }
            Due::ReportFails { session, .. } => self.report_fails(session),
            Due::ReportTaken {
                session,
                events_to,
                results,
                ..
            } => {
                self.report_taken(session, events_to, results);
            }

            Due::HoldlineStarts => self.holdline_starts(),
            Due::HoldlineExits { .. } => self.holdline_exits(),
            Due::DiskWrites { .. } => self.disk_writes(),
            Due::HelloArrives { instance, .. } => self.hello_arrives(instance),
            Due::PollHoldEnds { session, poll, .. } => self.poll_hold_ends(session, poll),
            Due::PollDropped { session, .. } => self.poll_dropped(session),
            Due::ReadWorks { asked, watch, .. } => self.read_works(asked, &watch),
            Due::ReadPresence { asked, works, .. } => self.read_presence(asked, works),
            Due::ReadArrives {
                asked,
                works,
                presence,
                ..
            } => self.read_arrives(asked, works, presence),
            Due::ReadFails { .. } => self.read_fails(),
            Due::SignsIn { .. } => self.signs_in(),
            Due::SignsOut { .. } => self.signs_out(),
            Due::Streamed { event, .. } => self.tell(event),
            Due::Wakes { number, .. } => self.wakes(number),

            Due::PhoneJoins { .. } => self.phone_joins(),
            Due::PhoneReports { state, .. } => self.phone_reports(state),
            Due::PhoneSets {
                command,
                state,
                enqueue,
                ..
            } => self.phone_sets(command, &state, enqueue),
            Due::PhoneAnswers { command, outcome, .. } => {
                self.tell(Event::PhoneAnswered { command, outcome });
            }

            Due::Look => self.look(),
        }
    }
}
