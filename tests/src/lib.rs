//! End-to-end journeys of the whole program.
