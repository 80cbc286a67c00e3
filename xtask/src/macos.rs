//! macOS from a Debian machine, as far as a check goes: `cargo xtask check-macos`. Nothing is linked, and nothing runs.

use anyhow::Result;

use crate::command::run;
use crate::cross;
use crate::setup;

const TARGET: &str = "aarch64-apple-darwin";

/// Dependencies' C code would need Apple's SDK, which is not to be had here. A check links nothing, so that nobody
/// misses what a compiler that does nothing has not made.
const NO_COMPILER: &str = "true";

/// Checks the whole app for macOS, and all that the release workflow tests there.
pub(crate) fn check() -> Result<()> {
    setup::other_systems()?;
    let mut check = cross::cargo_for(TARGET, "macos", "check");
    for tool in ["CC", "CXX", "AR", "RANLIB"] {
        check.env(format!("{tool}_{}", TARGET.replace('-', "_")), NO_COMPILER);
    }
    // Where it is said, nobody looks for one.
    check.env("SDKROOT", "/");
    run(cross::everything(&mut check))
}
