//! Holdline's `companion`.
