//! A phone that is Amazon Connect: the main job, and each complaint that reps have about such phones
//! (telephony.md), with the real library.

mod complaints;
mod floor;
mod main_job;
mod sessions;
mod softphone;

use floor::{Floor, SAYS};
