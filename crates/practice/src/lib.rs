//! Holdline's `practice`.
