//! Journeys are written without `async`; what needs a runtime shares this one.

use std::future::Future;
use std::sync::LazyLock;

use tokio::runtime::{Builder, Runtime};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime can be made")
});

/// Waits for what cannot be had without a runtime.
pub fn wait_on<T>(work: impl Future<Output = T>) -> T {
    RUNTIME.block_on(work)
}

/// Has something done meanwhile.
pub fn spawn(work: impl Future<Output = ()> + Send + 'static) {
    RUNTIME.spawn(work);
}
