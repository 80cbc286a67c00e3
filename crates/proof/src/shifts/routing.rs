//! Calls and other work: routed, offered, accepted, turned down, ended, closed.

use presence::event::WorkStage;
use presence::phone::ContactPhase;

use super::due::Due;
use super::omni::{By, Call, Channel, Word, Work};
use super::plan::{AVAILABLE, OutboundWork, id};
use super::rep::Act;
use super::world::{SHIFT_MS, World, tell_story};

impl World {
    pub(crate) fn call_comes(&mut self) {
        if self.t > SHIFT_MS {
            return;
        }
        let next = self.dice.around(self.plan.call_every_ms);
        self.later(next, Due::CallComes);
        let callback = self.dice.chance(80);
        let call = self.new_call(callback);
        if self.plan.voice_routed {
            self.omni.queue.push(call);
            let patience = self.dice.between(20_000, 300_000);
            self.later(patience, Due::CallerGivesUp { call });
            self.route();
        } else if self.telephony.takes_calls() {
            // The adapter's own routing: Omni-Channel never hears of it.
            self.omni.calls[call].callback = false;
            self.contact_begins(call, ContactPhase::Ringing);
            self.later(25_000, Due::CallerGivesUp { call });
            self.rep_hears_ringing(call);
        }
    }

    fn new_call(&mut self, callback: bool) -> usize {
        let number = self.omni.calls.len() as u64 + 1;
        self.omni.calls.push(Call {
            contact: number,
            work: None,
            item: id("0LQ", number),
            callback,
            over: None,
            connected: false,
        });
        self.omni.calls.len() - 1
    }

    /// Assigns what waits, as far as status and capacity allow.
    pub(crate) fn route(&mut self) {
        let takes_calls = self.omni.presence == Some(AVAILABLE)
            && self.omni.load_milli() == 0
            && self.page.hears_omni().is_some()
            && self.telephony.takes_calls();
        if !takes_calls || self.omni.queue.is_empty() {
            return;
        }
        let call = self.omni.queue.remove(0);
        let item = self.omni.calls[call].item;
        let work = self.new_work(Channel::Voice, item, Some(call), WorkStage::Assigned);
        self.omni.calls[call].work = Some(work);
        if !self.omni.calls[call].callback {
            self.contact_begins(call, ContactPhase::Ringing);
        }
        self.work_changed(work, false);
        let timeout = self.plan.push_timeout_ms;
        self.later(timeout, Due::PushTimeout { work });
        self.rep_hears_ringing(call);
    }

    fn new_work(
        &mut self,
        channel: Channel,
        item: presence::ids::WorkItemId,
        call: Option<usize>,
        stage: WorkStage,
    ) -> usize {
        let place = self.omni.works.len();
        self.omni.works.push(Work {
            id: id("0Bz", place as u64 + 1),
            item,
            channel,
            call,
            stage,
            created: self.t,
            since: self.t,
            closed: None,
            modified: self.t,
            extensions: 0,
            wrap_up_ends: None,
        });
        self.omni.open.push(place);
        place
    }

    /// Accepted by the rep, or by itself.
    pub(crate) fn accept(&mut self, call: usize) {
        if self.omni.calls[call].over.is_some() || self.omni.calls[call].connected {
            return;
        }
        if let Some(work) = self.omni.calls[call].work {
            if self.omni.works[work].stage != WorkStage::Assigned {
                return;
            }
            self.omni.works[work].stage = WorkStage::Opened;
            self.omni.works[work].since = self.t;
            self.work_changed(work, false);
        }
        self.omni.calls[call].connected = true;
        if self.omni.calls[call].callback {
            self.contact_begins(call, ContactPhase::Connected);
        } else {
            self.contact_moves(call, ContactPhase::Connected);
        }
        let talk = match self.dice.below(10) {
            0 => self.dice.between(2_000, 20_000),
            1 => self.dice.between(600_000, 2_400_000),
            _ => self.dice.between(30_000, 480_000),
        };
        self.later(talk, Due::TalkEnds { call });
        self.rep_talks(talk);
    }

    /// The rep says no, or did not answer in time: the caller goes to somebody else.
    pub(crate) fn turn_down(&mut self, work: usize, in_time: bool) {
        if self.omni.works[work].stage != WorkStage::Assigned {
            return;
        }
        let call = self.omni.works[work].call;
        self.end_work(work, true);
        if let Some(call) = call {
            self.omni.calls[call].over = Some(self.t);
            self.contact_is_missed(call);
        }
        let next = if in_time {
            self.plan.on_decline
        } else {
            self.plan.on_push_timeout
        };
        match next {
            None => self.log_out(By::Omni),
            Some(status) => self.set_presence(status, By::Omni),
        }
        self.route();
    }

    pub(crate) fn push_times_out(&mut self, work: usize) {
        self.turn_down(work, false);
    }

    /// A caller in the queue or ringing hangs up.
    pub(crate) fn caller_gives_up(&mut self, call: usize) {
        if self.omni.calls[call].connected || self.omni.calls[call].over.is_some() {
            return;
        }
        self.omni.calls[call].over = Some(self.t);
        self.omni.queue.retain(|queued| *queued != call);
        self.contact_is_missed(call);
        if let Some(work) = self.omni.calls[call].work {
            // Canceled.
            self.end_work(work, false);
        }
        self.route();
    }

    /// The conversation is over, for whichever reason.
    pub(crate) fn talk_ends(&mut self, call: usize) {
        if self.omni.calls[call].over.is_some() {
            return;
        }
        tell_story!(
            self,
            "org: the conversation of contact {} ends",
            self.omni.calls[call].contact
        );
        self.omni.calls[call].over = Some(self.t);
        self.omni.changed = self.t;
        self.verdict.something_else_happened();
        let work = self.omni.calls[call].work;
        let open = work.filter(|work| self.omni.works[*work].stage == WorkStage::Opened);
        self.contact_ends(call, open.is_some());
        let Some(work) = open else { return };
        let item = self.omni.calls[call].item;
        if self.plan.tells_call_end {
            self.push(Word::CallEnded { item });
        }
        self.omni.works[work].modified = self.t;
        let transferred = self.dice.chance(80);
        match self.plan.wrap_up.filter(|_| !transferred) {
            Some(wrap_up) => {
                let due = self.t + wrap_up.ms;
                self.omni.works[work].wrap_up_ends = Some(due);
                self.agenda.put(due, Due::WrapUpEnds { work, due });
                self.rep_wraps_up(work, wrap_up.ms);
            }
            None if transferred || self.dice.chance(700) => self.close_work(work),
            // No timer: the rep closes the tab when they are done.
            None => {
                let done = self.dice.between(2_000, 90_000);
                self.later(done, Due::RepActs(Act::CloseTab(work)));
            }
        }
    }

    pub(crate) fn wrap_up_ends(&mut self, work: usize, due: u64) {
        if self.omni.works[work].wrap_up_ends == Some(due) {
            self.close_work(work);
        }
    }

    /// The rep takes more time.
    pub(crate) fn extend_wrap_up(&mut self, work: usize) {
        let Some((ends, by)) = self.omni.works[work].wrap_up_ends.zip(self.plan.wrap_up) else {
            return;
        };
        if by.extension_ms == 0 || self.omni.presence.is_none() {
            return;
        }
        let due = ends + by.extension_ms;
        self.omni.works[work].extensions += 1;
        self.omni.works[work].modified = self.t;
        self.omni.works[work].wrap_up_ends = Some(due);
        self.agenda.put(due, Due::WrapUpEnds { work, due });
    }

    /// Closed: by All Done, by the tab, by time. A conversation that still goes on ends with it.
    pub(crate) fn close_work(&mut self, work: usize) {
        if self.omni.works[work].stage != WorkStage::Opened {
            return;
        }
        if let Some(call) = self.omni.works[work].call {
            if self.omni.calls[call].over.is_none() {
                self.omni.calls[call].over = Some(self.t);
                self.contact_ends(call, false);
            }
            self.contact_is_cleared(call);
        }
        self.end_work(work, false);
        // Back to back: the next caller may be assigned at the same moment.
        self.route();
    }

    /// Closed, declined, unavailable, canceled, transferred.
    pub(crate) fn end_work(&mut self, work: usize, declined: bool) {
        if self.omni.works[work].stage == WorkStage::Ended {
            return;
        }
        self.omni.works[work].stage = WorkStage::Ended;
        self.omni.works[work].closed = Some(self.t);
        self.omni.works[work].wrap_up_ends = None;
        self.omni.open.retain(|open| *open != work);
        self.work_changed(work, declined);
    }

    // The rep's own calls

    /// The rep dials. It closes what is in wrap-up.
    pub(crate) fn dial(&mut self) {
        self.close_wrap_ups();
        let call = self.new_call(false);
        self.omni.calls[call].connected = true;
        self.contact_begins(call, ContactPhase::Connected);
        let talk = self.dice.between(5_000, 400_000);
        self.later(talk, Due::OutboundEnds { call });
        if !self.plan.voice_routed {
            return;
        }
        match self.plan.outbound_work {
            OutboundWork::Early => self.outbound_work(call),
            OutboundWork::Late => {
                let late = self.dice.between(500, 20_000);
                self.later(late, Due::OutboundWork { call });
            }
            OutboundWork::Never => {}
        }
    }

    pub(crate) fn outbound_work(&mut self, call: usize) {
        if self.omni.calls[call].over.is_some() || self.omni.presence.is_none() {
            return;
        }
        let item = self.omni.calls[call].item;
        let work = self.new_work(Channel::Voice, item, Some(call), WorkStage::Opened);
        self.omni.calls[call].work = Some(work);
        self.work_changed(work, false);
    }

    // Other work

    pub(crate) fn case_comes(&mut self) {
        if self.t > SHIFT_MS {
            return;
        }
        let next = self.dice.around(self.plan.case_every_ms);
        self.later(next, Due::CaseComes);
        let online = self
            .omni
            .presence
            .is_some_and(|status| self.plan.is_online(status));
        if !online || self.omni.load_milli() > 4_000 || self.page.hears_omni().is_none() {
            return;
        }
        let (channel, prefix) = self
            .dice
            .pick(&[(Channel::Case, "500"), (Channel::Messaging, "0Mw")]);
        let number = self.omni.works.len() as u64 + 1;
        let work = self.new_work(channel, id(prefix, number), None, WorkStage::Assigned);
        self.work_changed(work, false);
        let done = self.dice.between(60_000, 900_000);
        self.later(4_000, Due::RepActs(Act::AcceptWork(work)));
        self.later(done, Due::CaseIsDone { work });
    }

    pub(crate) fn case_is_done(&mut self, work: usize) {
        self.end_work(work, false);
        self.route();
    }
}
