//! The guard: may something that makes the rep Offline go out now? (DESIGN P1)

use crate::effect::HoldReason;
use crate::event::Target;
use crate::phone::ContactPhase;
use crate::picture::CallPhase;
use crate::settings::WrapUpPolicy;

/// What the guard looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Situation {
    /// The call phase; Unknown stands for "no fresh evidence".
    pub phase: CallPhase,
    /// The most active contact the phone reports.
    pub contact: Option<ContactPhase>,
}

/// Whether requests for this target go through the guard at all.
pub fn is_guarded(target: Target) -> bool {
    match target {
        Target::Offline | Target::Quit | Target::SignOut => true,
        Target::Status(_) => false,
    }
}

/// The reason to hold a guarded request, or `None` to let it through.
///
/// Telephony evidence makes the guard more careful, never the indicator bolder: a contact the phone reports
/// holds even when no AgentWork is known.
pub fn reason_to_hold(situation: Situation, wrap_up: WrapUpPolicy) -> Option<HoldReason> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_live_contact_holds_whatever_the_indicator_says() {
        let situation = Situation {
            phase: CallPhase::Idle,
            contact: Some(ContactPhase::Connected),
        };
        assert_eq!(
            reason_to_hold(situation, WrapUpPolicy::Allow),
            Some(HoldReason::PhoneContact)
        );
    }

    #[test]
    fn wrap_up_follows_policy() {
        for (phase, contact) in [
            (CallPhase::WrapUp, None),
            (CallPhase::Idle, Some(ContactPhase::AfterCallWork)),
        ] {
            let situation = Situation { phase, contact };
            assert_eq!(
                reason_to_hold(situation, WrapUpPolicy::Hold),
                Some(HoldReason::WrapUp)
            );
            assert_eq!(reason_to_hold(situation, WrapUpPolicy::Allow), None);
        }
    }
}
