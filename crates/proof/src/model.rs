//! The model check: a small rep, every order of everything, until nothing new is found.
