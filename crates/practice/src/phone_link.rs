//! The practice phone's side of Holdline's connector API.

use std::sync::Arc;

use crate::org::RepKey;
use crate::server::Shared;

/// Keeps one rep's phone joined to that rep's Holdline, until the server stops.
pub(crate) async fn run(_shared: Arc<Shared>, _key: RepKey) {}
