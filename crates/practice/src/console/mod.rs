//! The practice console: its page, the partner script and a headless console session.

mod page;
pub mod session;

use std::sync::Arc;

use crate::server::Shared;

/// The console's pages, merged into the practice org's router.
pub(crate) fn routes() -> axum::Router<Arc<Shared>> {
    page::routes()
}
