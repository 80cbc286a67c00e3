//! What a rep is in the middle of when something breaks.

use presence::picture::CallPhase;

/// The moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Moment {
    Idle,
    Ringing,
    OnCall,
    Held,
    Applying,
}

/// All of them, in the order of the document.
pub(crate) const ALL: [Moment; 5] = [
    Moment::Idle,
    Moment::Ringing,
    Moment::OnCall,
    Moment::Held,
    Moment::Applying,
];

impl Moment {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Ringing => "ringing",
            Self::OnCall => "on call",
            Self::Held => "Offline held",
            Self::Applying => "the call ends, Offline is due",
        }
    }

    /// What is so once the fault is there.
    pub(crate) fn phase(self) -> CallPhase {
        match self {
            // Its call has ended meanwhile.
            Self::Idle | Self::Applying => CallPhase::Idle,
            Self::Ringing => CallPhase::Ringing,
            Self::OnCall | Self::Held => CallPhase::OnCall,
        }
    }

    pub(crate) fn has_call(self) -> bool {
        self != Self::Idle
    }

    pub(crate) fn wants_offline(self) -> bool {
        matches!(self, Self::Held | Self::Applying)
    }
}
