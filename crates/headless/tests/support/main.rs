//! What a running Holdline tells about itself, over real sockets: doctor, the diagnostic bundle, telemetry.

mod doctor;
mod house;
mod receiver;
mod telemetry;
mod told;
