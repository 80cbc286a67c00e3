//! A simulated Contact Control Panel: the practice phone as Amazon Connect shows it, at `/ccp-v2/`.
//!
//! Its page speaks with the page that embeds it as Amazon's does (telephony.md), so that the real
//! `amazon-connect-streams` works with it. What it shows and does is the practice phone's.

mod api;
mod pages;
mod sessions;
mod snapshot;

use std::sync::Arc;

use axum::Router;

use crate::server::Shared;
pub(crate) use sessions::Sessions;

/// Everything below `/ccp-v2/`, and the sign-in.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    pages::routes().merge(api::routes())
}
