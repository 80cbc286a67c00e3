//! The practice console: its pages, the partner script and a headless console session.

pub mod session;

/// The console's pages, merged into the practice org's router.
pub fn routes() -> axum::Router {
    axum::Router::new()
}
