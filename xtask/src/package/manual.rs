//! The man page of `holdline`, from the definition of its command line.

use anyhow::Result;
use clap::CommandFactory as _;

#[allow(dead_code, reason = "only its definition is read here")]
#[path = "../../../src-tauri/src/arguments.rs"]
mod arguments;

/// `holdline.1`.
pub(super) fn holdline() -> Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(arguments::Arguments::command()).render(&mut page)?;
    Ok(page)
}
