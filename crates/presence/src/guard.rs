//! The guard: may this go out now? (DESIGN P1). The whole decision is one pure function; `docs/guard.md` has
//! it as a table that a test runs row by row.

use crate::effect::HoldReason;
use crate::event::Target;
use crate::phone::ContactPhase;
use crate::picture::CallPhase;
use crate::settings::{GuardedStatuses, Policy, WrapUpPolicy};

/// What the guard looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Situation {
    /// The call phase; Unknown stands for "no fresh evidence".
    pub phase: CallPhase,
    /// The most active contact the phone reports, or had when it left.
    pub contact: Option<ContactPhase>,
    /// The phone has a live contact that none of the open works accounts for.
    pub contact_without_work: bool,
    /// A voice work is offered, also beside a call that goes on.
    pub ringing: bool,
    /// A voice work is in wrap-up, also beside a call that goes on.
    pub wrapping_up: bool,
    /// The phone honours `enqueueNextState`; `false` without a phone.
    pub phone_enqueues: bool,
}

/// What is about to go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ask {
    /// The console partner logs out by itself at the last WorkClosed.
    Arm,
    /// A status that gets no work, while policy guards those too.
    Busy,
    /// Closing one voice work, as the rep's own word that its wrap-up is done. Here the situation's phase and
    /// contact are that work's own.
    CloseWork,
    /// A Busy status in the place of a held Offline, so that no new work is routed (`hold_as`).
    HoldAs,
    /// Quit, sign-out, update: the call would be left unguarded.
    Leave,
    /// Leaving again, after the rep was told that nothing is known of calls; or with nobody signed in.
    LeaveAgain,
    /// Log out of Omni-Channel.
    Logout,
    /// The phone's Offline.
    PhoneOffline,
    /// Any other state of the phone.
    PhoneState,
}

/// What the guard says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It may go out.
    Go,
    /// To the phone, with `enqueueNextState`.
    Enqueue,
    /// Not now.
    Hold(HoldReason),
}

/// A guard. The engine's own is [`decide`]; proofs put in wrong ones and see them found out.
pub type Guard = fn(Situation, Policy, Ask) -> Verdict;

/// Decides.
///
/// Telephony evidence makes the guard more careful, never the indicator bolder: a contact the phone reports
/// holds even when no AgentWork is known. Offline to the phone always carries `enqueueNextState`, whatever we
/// believe about contacts, because one may be arriving; while a call rings nothing is sent (telephony.md).
pub fn decide(situation: Situation, policy: Policy, ask: Ask) -> Verdict {
    let Situation { phase, contact, .. } = situation;
    let on_the_line = contact.is_some_and(ContactPhase::is_live);
    match ask {
        // Leaving writes no presence: where nobody can know, the rep's second word is taken for it.
        Ask::LeaveAgain if phase == CallPhase::Unknown && !on_the_line => Verdict::Go,
        Ask::Busy | Ask::Leave | Ask::LeaveAgain | Ask::Logout => {
            reason_to_hold(situation, policy.wrap_up).map_or(Verdict::Go, Verdict::Hold)
        }
        // It ends the wrap-up, so it does not wait for its end.
        Ask::CloseWork => reason_to_hold(situation, WrapUpPolicy::Allow).map_or(Verdict::Go, Verdict::Hold),
        Ask::HoldAs => may_hold_as(situation),
        // The page does not see contacts: one that no work accounts for must not be there when it fires.
        Ask::Arm if situation.contact_without_work => Verdict::Hold(HoldReason::PhoneContact),
        Ask::Arm => Verdict::Go,
        Ask::PhoneOffline | Ask::PhoneState
            if contact == Some(ContactPhase::Ringing) || phase == CallPhase::Ringing =>
        {
            Verdict::Hold(HoldReason::CallRinging)
        }
        Ask::PhoneOffline | Ask::PhoneState => {
            let active = contact.is_some() || phase == CallPhase::OnCall;
            match (active, ask) {
                // Where the phone can't queue, Holdline does.
                (true, _) if !situation.phone_enqueues && contact.is_some() => {
                    Verdict::Hold(HoldReason::PhoneContact)
                }
                (true, _) if !situation.phone_enqueues => Verdict::Hold(HoldReason::CallActive),
                (true, _) | (false, Ask::PhoneOffline) => Verdict::Enqueue,
                (false, _) => Verdict::Go,
            }
        }
    }
}

/// Only in a call that goes on, alone: a status change would close a work in wrap-up (salesforce.md), and
/// what it does to an offered one is for the rep to choose.
fn may_hold_as(situation: Situation) -> Verdict {
    let Situation { phase, contact, .. } = situation;
    match phase {
        CallPhase::Unknown => Verdict::Hold(HoldReason::NoEvidence),
        CallPhase::Ringing => Verdict::Hold(HoldReason::CallRinging),
        CallPhase::WrapUp => Verdict::Hold(HoldReason::WrapUp),
        CallPhase::Idle => Verdict::Hold(HoldReason::PhoneContact),
        CallPhase::OnCall if situation.ringing || contact == Some(ContactPhase::Ringing) => {
            Verdict::Hold(HoldReason::CallRinging)
        }
        CallPhase::OnCall if situation.wrapping_up || contact == Some(ContactPhase::AfterCallWork) => {
            Verdict::Hold(HoldReason::WrapUp)
        }
        CallPhase::OnCall => Verdict::Go,
    }
}

/// What a request for this target asks of the guard; `None`: it does not go through the guard. `online`:
/// whether a status gets work.
pub fn ask_of(target: Target, online: bool, guarded: GuardedStatuses) -> Option<Ask> {
    match target {
        Target::Offline => Some(Ask::Logout),
        Target::Quit | Target::SignOut | Target::Restart => Some(Ask::Leave),
        Target::CloseWork(_) => Some(Ask::CloseWork),
        Target::Status(_) => (guarded == GuardedStatuses::NonRoutable && !online).then_some(Ask::Busy),
    }
}

fn reason_to_hold(situation: Situation, wrap_up: WrapUpPolicy) -> Option<HoldReason> {
    match situation.phase {
        CallPhase::Unknown => return Some(HoldReason::NoEvidence),
        CallPhase::Ringing => return Some(HoldReason::CallRinging),
        CallPhase::OnCall => return Some(HoldReason::CallActive),
        CallPhase::Idle | CallPhase::WrapUp => {}
    }
    if situation.contact.is_some_and(ContactPhase::is_live) {
        return Some(HoldReason::PhoneContact);
    }
    let wrapping_up = situation.phase == CallPhase::WrapUp || situation.contact.is_some();
    (wrapping_up && wrap_up == WrapUpPolicy::Hold).then_some(HoldReason::WrapUp)
}
