//! Random lives: everything that can happen around an engine, one small step at a time.

use presence::settings::{GuardPolicy, GuardedStatuses, Policy, Settings, WrapUpPolicy};
use proptest::prelude::*;

/// One step.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    Accept(u8),
    Call,
    Cancel,
    Close(u8),
    /// The rep asks Holdline to close an opened work.
    CloseWork(u8),
    ConnectConsole,
    ConnectionError,
    Contact(u8),
    Crash,
    Decline(u8),
    /// One report of the page reaches Holdline.
    Deliver,
    /// A later report overtakes; an old one comes again.
    DeliverLate(u8),
    DeliverAgain(u8),
    Disk,
    DiskFull(bool),
    Email,
    /// The rep lets a long hold go on.
    KeepHold,
    Freeze(bool),
    Garbage(u8),
    HangUp(u8),
    Heartbeat,
    JoinPhone,
    LoseConsole,
    LosePhone,
    OrgDown(bool),
    Page,
    Pass(u32),
    PhoneFault(u8),
    PhonePick(u8),
    PhoneStep,
    Pick(u8),
    /// The org works an answer out; it arrives later.
    ReadStep,
    ReadArrives(u8),
    Request(u8),
    SetClock(i32),
    /// The rep extends a wrap-up.
    Extend(u8),
    /// A data-centre switch.
    MoveOrg,
    /// A call of the org's other voice channel.
    OtherCall,
    /// The org works an answer out with an older version of a row in it.
    ReadOld(u8),
    /// Everybody does what is due.
    Settle,
    /// One streaming message arrives.
    Stream,
    /// A later one overtakes; an old one comes again.
    StreamLate(u8),
    StreamAgain(u8),
    Suspend(u32),
    Workload(u8),
}

/// Every policy of the guard, and what goes with it.
pub(crate) fn policies() -> impl Strategy<Value = Settings> {
    let policy = (any::<bool>(), any::<bool>(), prop::bool::weighted(0.2));
    let policy = policy.prop_map(|(allow, non_routable, block)| Policy {
        guard: if block {
            GuardPolicy::Block
        } else {
            GuardPolicy::Queue
        },
        guarded: match non_routable {
            true => GuardedStatuses::NonRoutable,
            false => GuardedStatuses::Offline,
        },
        wrap_up: if allow {
            WrapUpPolicy::Allow
        } else {
            WrapUpPolicy::Hold
        },
    });
    let longest = prop::option::of(10_000..600_000u64);
    (policy, any::<bool>(), longest).prop_map(|(policy, hold_as, longest_hold_ms)| Settings {
        policy,
        hold_as: hold_as.then(|| "Finishing".to_owned()),
        longest_hold_ms,
        ..Settings::default()
    })
}

/// Which steps a property wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Messages may overtake each other, come again or be invented.
    Hostile,
    /// The page's messages arrive once and in order, as the bridge promises.
    Ordered,
    /// Likewise, and Holdline does not crash, and there is no phone.
    Steady,
}

pub(crate) fn ops(kind: Kind, most: usize) -> impl Strategy<Value = Vec<Op>> {
    let daily = prop_oneof![
        3 => Just(Op::Call),
        4 => any::<u8>().prop_map(Op::Accept),
        1 => any::<u8>().prop_map(Op::Decline),
        3 => any::<u8>().prop_map(Op::HangUp),
        4 => any::<u8>().prop_map(Op::Close),
        2 => Just(Op::Email),
        1 => any::<u8>().prop_map(Op::Workload),
        1 => Just(Op::OtherCall),
        3 => Just(Op::Stream),
        2 => any::<u8>().prop_map(Op::Extend),
        6 => any::<u8>().prop_map(Op::Request),
        2 => Just(Op::Cancel),
        1 => any::<u8>().prop_map(Op::CloseWork),
        1 => Just(Op::KeepHold),
        2 => any::<u8>().prop_map(Op::Pick),
        8 => Just(Op::Deliver),
        8 => Just(Op::Page),
        6 => Just(Op::Disk),
        4 => Just(Op::ReadStep),
        4 => any::<u8>().prop_map(Op::ReadArrives),
        4 => (1..2_000u32).prop_map(Op::Pass),
        2 => (2_000..60_000u32).prop_map(Op::Pass),
        6 => Just(Op::Settle),
        3 => Just(Op::Heartbeat),
    ];
    let rough = prop_oneof![
        2 => Just(Op::ConnectConsole),
        1 => Just(Op::LoseConsole),
        1 => any::<bool>().prop_map(Op::DiskFull),
        1 => any::<bool>().prop_map(Op::OrgDown),
        1 => any::<bool>().prop_map(Op::Freeze),
        1 => Just(Op::ConnectionError),
        1 => (1_000..7_200_000u32).prop_map(Op::Suspend),
    ];
    let crashing = prop_oneof![
        2 => Just(Op::Crash),
        3 => any::<u8>().prop_map(Op::Contact),
        2 => Just(Op::PhoneStep),
        1 => Just(Op::JoinPhone),
        1 => Just(Op::LosePhone),
        2 => any::<u8>().prop_map(Op::PhonePick),
        1 => any::<u8>().prop_map(Op::PhoneFault),
        1 => Just(Op::MoveOrg),
    ];
    let hostile = prop_oneof![
        2 => any::<u8>().prop_map(Op::DeliverLate),
        2 => any::<u8>().prop_map(Op::DeliverAgain),
        2 => any::<u8>().prop_map(Op::Garbage),
        3 => any::<u8>().prop_map(Op::StreamLate),
        3 => any::<u8>().prop_map(Op::StreamAgain),
        2 => any::<u8>().prop_map(Op::ReadOld),
        1 => (-7_200_000..7_200_000i32).prop_map(Op::SetClock),
    ];
    let step = match kind {
        Kind::Hostile => prop_oneof![20 => daily, 3 => rough, 4 => crashing, 4 => hostile].boxed(),
        Kind::Ordered => prop_oneof![20 => daily, 3 => rough, 4 => crashing].boxed(),
        Kind::Steady => prop_oneof![20 => daily, 3 => rough].boxed(),
    };
    proptest::collection::vec(step, 1..most)
}
