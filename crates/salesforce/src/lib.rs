//! Holdline's `salesforce`.
