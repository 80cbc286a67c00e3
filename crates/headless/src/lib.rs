//! Holdline's `headless`.
