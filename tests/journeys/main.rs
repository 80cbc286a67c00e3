//! The journeys: each plays one story through the whole program. One file a story; in each, `windowed` is
//! played through a real window and `headless` by `holdlinectl`.

mod harness;
