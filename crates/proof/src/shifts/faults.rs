//! What goes wrong, how often and for how long. See the README's table.

use super::dice::Dice;
use super::due::Due;
use super::omni::By;
use super::plan::Weather;
use super::world::{SHIFT_MS, World, tell_story};

/// After the last fault this long, everything must be as it should be: longer than the longest pause between
/// two attempts and than the time between two snapshots together.
const SETTLES_MS: u64 = 180_000;

/// One kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    ClockJump,
    ConnectionError,
    ConsoleClosed,
    ConsoleFrozen,
    Crash,
    DataCentreSwitch,
    DiskFull,
    LossyNetwork,
    OrgOutage,
    PhoneRefuses,
    PhoneRestart,
    RequestLimit,
    SlowNetwork,
    Sleep,
    SupervisorLogout,
    ToolkitSaysNo,
}

/// In the proportions in which they come.
const MIX: [Fault; 25] = [
    Fault::ClockJump,
    Fault::ConnectionError,
    Fault::ConsoleClosed,
    Fault::ConsoleClosed,
    Fault::ConsoleClosed,
    Fault::ConsoleFrozen,
    Fault::Crash,
    Fault::Crash,
    Fault::Crash,
    Fault::DiskFull,
    Fault::LossyNetwork,
    Fault::LossyNetwork,
    Fault::LossyNetwork,
    Fault::OrgOutage,
    Fault::OrgOutage,
    Fault::PhoneRefuses,
    Fault::PhoneRestart,
    Fault::PhoneRestart,
    Fault::RequestLimit,
    Fault::SlowNetwork,
    Fault::SlowNetwork,
    Fault::Sleep,
    Fault::Sleep,
    Fault::SupervisorLogout,
    Fault::ToolkitSaysNo,
];

/// Until when each lasts.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    disk: u64,
    lossy: (u64, u64),
    slow: (u64, u64),
    outage: u64,
    limit: u64,
    phone: u64,
    refuses: u64,
    toolkit: u64,
    /// Until when any lasts.
    until: u64,
}

impl Faults {
    pub(crate) fn disk_is_full(&self, t: u64) -> bool {
        t < self.disk
    }

    pub(crate) fn cloud_is_down(&self, t: u64) -> bool {
        t < self.outage || t < self.limit
    }

    pub(crate) fn request_limit(&self, t: u64) -> bool {
        t < self.limit
    }

    pub(crate) fn phone_is_down(&self, t: u64) -> bool {
        t < self.phone
    }

    pub(crate) fn phone_refuses(&self, t: u64) -> bool {
        t < self.refuses
    }

    pub(crate) fn toolkit_says_no(&self, t: u64) -> bool {
        t < self.toolkit
    }

    /// Between page, phone and Holdline.
    pub(crate) fn delay(&self, t: u64, dice: &mut Dice) -> u64 {
        if t < self.slow.0 {
            dice.between(50, self.slow.1)
        } else {
            dice.between(1, 6)
        }
    }

    pub(crate) fn loses(&self, t: u64, dice: &mut Dice) -> bool {
        t < self.lossy.0 && dice.chance(self.lossy.1)
    }

    /// On top of an ordinary answer's time.
    pub(crate) fn cloud_delay(&self, t: u64, dice: &mut Dice) -> u64 {
        if t < self.slow.0 && dice.chance(300) {
            dice.between(2_000, 40_000)
        } else {
            0
        }
    }

    /// Nothing has gone wrong for long enough.
    pub(crate) fn is_calm(&self, t: u64) -> bool {
        t > self.until + SETTLES_MS
    }

    fn last(&mut self, until: u64) {
        self.until = self.until.max(until);
    }
}

impl World {
    pub(crate) fn first_faults(&mut self) {
        // The start of the day is no calm time.
        self.faults.last(180_000);
        if self.plan.weather != Weather::Calm {
            let first = self.fault_pause();
            self.agenda.put(first, Due::FaultComes);
        }
    }

    fn fault_pause(&mut self) -> u64 {
        match self.plan.weather {
            Weather::Calm => SHIFT_MS,
            Weather::Rough => self.dice.around(1_500_000),
            Weather::Stormy => self.dice.around(400_000),
        }
    }

    pub(crate) fn fault_comes(&mut self) {
        if self.t > SHIFT_MS {
            return;
        }
        let next = self.fault_pause();
        self.later(next, Due::FaultComes);
        let rare = self.dice.chance(10);
        let fault = if rare {
            Fault::DataCentreSwitch
        } else {
            self.dice.pick(&MIX)
        };
        let lasts = self.fault_begins(fault);
        tell_story!(self, "FAULT: {fault:?} for {lasts} ms");
        self.faults.last(self.t + lasts);
        if lasts > 0 {
            self.later(lasts, Due::FaultEnds(fault));
        }
    }

    /// How long it lasts, milliseconds.
    fn fault_begins(&mut self, fault: Fault) -> u64 {
        let t = self.t;
        let minutes = |dice: &mut Dice, from: u64, to: u64| dice.between(from * 60_000, to * 60_000);
        let dice = &mut self.dice;
        match fault {
            Fault::ClockJump => {
                let by = i64::try_from(dice.between(0, 14_400_000)).unwrap_or(0) - 7_200_000;
                let small = dice.chance(500);
                self.wall_offset_ms += if small { by / 1_000 } else { by };
                0
            }
            Fault::ConnectionError => {
                let lasts = dice.between(5_000, 40_000);
                self.page_loses_omni();
                lasts
            }
            Fault::ConsoleClosed => {
                let lasts = if dice.chance(600) {
                    dice.between(1_000, 6_000)
                } else {
                    minutes(dice, 1, 10)
                };
                self.page_closes();
                self.soon(lasts, Due::PageOpens);
                lasts
            }
            Fault::ConsoleFrozen => {
                let lasts = dice.between(5_000, 300_000);
                self.page.frozen_until = self.page.frozen_until.max(t + lasts);
                self.page_is_out_of_reach();
                lasts
            }
            Fault::Crash => {
                let lasts = if dice.chance(500) {
                    dice.between(1_000, 5_000)
                } else {
                    dice.between(5_000, 900_000)
                };
                self.holdline_dies();
                self.soon(lasts, Due::HoldlineStarts);
                lasts
            }
            Fault::DataCentreSwitch => {
                let lasts = minutes(dice, 1, 5);
                self.faults.outage = t + lasts;
                self.omni.instance += 1;
                self.log_out(By::Salesforce("MaintenanceLogout"));
                self.page_loses_omni();
                lasts
            }
            Fault::DiskFull => {
                let lasts = dice.between(5_000, 600_000);
                self.faults.disk = t + lasts;
                lasts
            }
            Fault::LossyNetwork => {
                let lasts = dice.between(30_000, 600_000);
                self.faults.lossy = (t + lasts, dice.between(20, 300));
                lasts
            }
            Fault::OrgOutage => {
                let lasts = dice.between(20_000, 1_800_000);
                self.faults.outage = t + lasts;
                lasts
            }
            Fault::PhoneRefuses => {
                let lasts = dice.between(5_000, 60_000);
                self.faults.refuses = t + lasts;
                lasts
            }
            Fault::PhoneRestart => {
                let lasts = dice.between(2_000, 120_000);
                self.faults.phone = t + lasts;
                self.phone_leaves();
                lasts
            }
            Fault::RequestLimit => {
                let lasts = minutes(dice, 5, 20);
                self.faults.limit = t + lasts;
                lasts
            }
            Fault::SlowNetwork => {
                let lasts = dice.between(30_000, 600_000);
                self.faults.slow = (t + lasts, dice.between(200, 3_000));
                lasts
            }
            Fault::Sleep => {
                let lasts = dice.between(2_000, 2_400_000);
                self.machine_sleeps(lasts);
                lasts
            }
            Fault::SupervisorLogout => {
                let reasons = ["OmniSupervisorLogout", "MaintenanceLogout", "DuplicateLogin"];
                let reason = dice.pick(&reasons);
                self.log_out(By::Salesforce(reason));
                0
            }
            Fault::ToolkitSaysNo => {
                let lasts = dice.between(5_000, 90_000);
                self.faults.toolkit = t + lasts;
                lasts
            }
        }
    }

    /// The monotonic clock stops; everything on the machine goes on later.
    fn machine_sleeps(&mut self, ms: u64) {
        if self.is_asleep() {
            return;
        }
        self.asleep_until = self.t + ms;
        self.slept_ms += ms;
        self.agenda.put_off(ms, Due::is_on_the_machine);
        if let Some(wake) = self.holdline_wake() {
            *wake = wake.saturating_add(ms);
        }
        self.page_is_out_of_reach();
    }

    pub(crate) fn fault_ends(&mut self, fault: Fault) {
        tell_story!(self, "FAULT ends: {fault:?}");
        match fault {
            Fault::ConnectionError => self.page_regains_omni(),
            Fault::DataCentreSwitch => {
                self.page_regains_omni();
                if self.signed_in_run().is_some() {
                    self.catalogue_arrives();
                }
            }
            Fault::PhoneRestart => {
                if let Some(run) = self.signed_in_run() {
                    self.soon(500, Due::PhoneJoins { run });
                }
            }
            Fault::Sleep => {
                // The toolkit finds its connection broken, and shows what is so.
                self.page_loses_omni();
                self.page_regains_omni();
            }
            _ => {}
        }
    }
}
