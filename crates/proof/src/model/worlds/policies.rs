//! Worlds of one setting, one kind of phone or one kind of request each.

use presence::settings::{Authority, GuardPolicy, GuardedStatuses, Mode, Policy, Settings};

use super::super::names::Status::Break;
use super::super::scope::{Ask, Budget, Scope, Start};
use super::NOTHING;

/// With a budget small enough for every test run.
pub(super) fn small() -> Vec<Scope> {
    let one_ask = Budget { asks: 1, ..NOTHING };
    let choices = Budget {
        picks: 1,
        phone_picks: 1,
        crashes: 1,
        ..NOTHING
    };
    vec![
        hold_as(Budget { picks: 1, ..one_ask }),
        observe(Budget { picks: 1, ..one_ask }),
        block(one_ask),
        non_routable(one_ask),
        authority(
            "authority = telephony, and a crash",
            Authority::Telephony,
            choices,
        ),
        authority(
            "authority = last, and a crash",
            Authority::Last,
            Budget {
                deadlines: 1,
                phone_picks: 1,
                crashes: 1,
                ..NOTHING
            },
        ),
        no_queue(Budget {
            picks: 1,
            contacts: 1,
            ..NOTHING
        }),
        storm(Budget {
            asks: 1,
            picks: 1,
            phone_picks: 2,
            ..NOTHING
        }),
        leaving(one_ask),
        closing(one_ask),
    ]
}

/// The same worlds, in which more happens.
pub(super) fn large() -> Vec<Scope> {
    let two_asks = Budget { asks: 2, ..NOTHING };
    vec![
        hold_as(Budget {
            asks: 1,
            moments: 1,
            deadlines: 2,
            ..NOTHING
        }),
        Scope {
            name: "hold_as, two asks and a loss",
            ..hold_as(Budget {
                moments: 1,
                losses: 1,
                ..two_asks
            })
        },
        Scope {
            name: "hold_as, two asks and a crash",
            ..hold_as(Budget {
                moments: 1,
                crashes: 1,
                ..two_asks
            })
        },
        observe(Budget {
            picks: 1,
            phone_picks: 1,
            contacts: 1,
            ..two_asks
        }),
        block(Budget {
            deadlines: 1,
            ..two_asks
        }),
        non_routable(Budget {
            moments: 1,
            ..two_asks
        }),
        Scope {
            name: "guarded = non_routable, and a loss",
            ..non_routable(Budget {
                losses: 1,
                ..two_asks
            })
        },
        authority(
            "authority = telephony, and a crash",
            Authority::Telephony,
            Budget {
                picks: 1,
                phone_picks: 1,
                crashes: 1,
                deadlines: 1,
                ..NOTHING
            },
        ),
        authority(
            "authority = last, and a crash",
            Authority::Last,
            Budget {
                picks: 1,
                phone_picks: 1,
                crashes: 1,
                deadlines: 2,
                ..NOTHING
            },
        ),
        no_queue(Budget {
            asks: 1,
            contacts: 1,
            ..NOTHING
        }),
        storm(Budget {
            asks: 1,
            picks: 1,
            phone_picks: 2,
            deadlines: 1,
            ..NOTHING
        }),
        leaving(Budget {
            moments: 1,
            ..two_asks
        }),
        closing(two_asks),
    ]
}

fn hold_as(budget: Budget) -> Scope {
    Scope {
        name: "hold_as",
        settings: Settings {
            hold_as: Some(Break.label().to_owned()),
            ..Settings::default()
        },
        start: Start::OnCall,
        asks: vec![Ask::Offline, Ask::Cancel],
        budget,
        ..Scope::default()
    }
}

/// The sides may be as they like: nothing is written.
fn observe(budget: Budget) -> Scope {
    Scope {
        name: "mode = observe",
        settings: Settings {
            mode: Mode::Observe,
            ..Settings::default()
        },
        phone: true,
        asks: vec![Ask::Offline, Ask::Quit, Ask::Status(Break)],
        in_step: |_, _| true,
        budget,
        ..Scope::default()
    }
}

fn block(budget: Budget) -> Scope {
    Scope {
        name: "guard = block",
        settings: super::with(Policy {
            guard: GuardPolicy::Block,
            ..Policy::default()
        }),
        asks: vec![Ask::Offline],
        budget,
        ..Scope::default()
    }
}

fn non_routable(budget: Budget) -> Scope {
    Scope {
        name: "guarded = non_routable",
        settings: super::with(Policy {
            guarded: GuardedStatuses::NonRoutable,
            ..Policy::default()
        }),
        asks: vec![Ask::Status(Break), Ask::Cancel],
        budget,
        ..Scope::default()
    }
}

fn authority(name: &'static str, authority: Authority, budget: Budget) -> Scope {
    Scope {
        name,
        settings: Settings {
            authority,
            ..Settings::default()
        },
        calls: 0,
        phone: true,
        asks: Vec::new(),
        budget,
        ..Scope::default()
    }
}

fn no_queue(budget: Budget) -> Scope {
    Scope {
        name: "a phone that cannot queue",
        phone: true,
        phone_enqueues: false,
        asks: vec![Ask::Offline],
        budget,
        ..Scope::default()
    }
}

fn storm(budget: Budget) -> Scope {
    Scope {
        name: "a storm of writes",
        calls: 0,
        phone: true,
        start: Start::Storm,
        asks: vec![Ask::Resume],
        budget,
        ..Scope::default()
    }
}

fn leaving(budget: Budget) -> Scope {
    Scope {
        name: "leaving in every way",
        start: Start::OnCall,
        asks: vec![Ask::Offline, Ask::Quit, Ask::Restart, Ask::SignOut],
        budget,
        ..Scope::default()
    }
}

fn closing(budget: Budget) -> Scope {
    Scope {
        name: "closing a work in wrap-up",
        start: Start::OnCall,
        calls: 2,
        at_once: 2,
        asks: vec![Ask::Close(0), Ask::Offline],
        budget,
        ..Scope::default()
    }
}
