//! Holdline's `loopback`.
