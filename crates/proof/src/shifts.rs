//! Whole shifts in virtual time, with faults.
