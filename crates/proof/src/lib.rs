//! Shows that the engine keeps its promises: by a model check of a small world, exhausted, and by simulated
//! shifts of a large one. Both run the real engine; their orgs and phones have rules of their own, which know
//! nothing of it.
#![forbid(unsafe_code)]

pub mod model;
pub mod shifts;
