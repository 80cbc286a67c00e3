//! The window and the tray.
