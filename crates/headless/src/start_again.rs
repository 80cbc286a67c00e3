//! A restart: a new run of the same program, with the same arguments.

use std::io;
use std::process::Command;

/// Puts a new run in this one's place (on Windows: beside it, and this one must end). Call it when everything
/// has been shut down: the profile's lock goes with the old run.
///
/// # Errors
/// The program could not be started; nothing has changed.
pub fn start_again() -> io::Result<()> {
    let mut program = Command::new(std::env::current_exe()?);
    program.args(std::env::args_os().skip(1));
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        Err(program.exec())
    }
    #[cfg(not(unix))]
    {
        program.spawn().map(drop)
    }
}
