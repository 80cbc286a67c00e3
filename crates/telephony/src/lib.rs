//! Holdline's `telephony`.
