//! A restart: a new run of the same program, with the same arguments.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Puts a new run in this one's place (on Windows: beside it, and this one must end). Call it when everything
/// has been shut down: the profile's lock goes with the old run.
///
/// # Errors
/// The program could not be started; nothing has changed.
pub fn start_again() -> io::Result<()> {
    let mut program = Command::new(program()?);
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

/// Where this program lies, also when an update has put a newer one in its place: Linux then says "(deleted)".
///
/// # Errors
/// The system does not tell.
pub fn program() -> io::Result<PathBuf> {
    std::env::current_exe().map(|path| in_place(&path))
}

fn in_place(path: &Path) -> PathBuf {
    let without = path.to_str().and_then(|path| path.strip_suffix(" (deleted)"));
    match without.map(PathBuf::from) {
        Some(newer) if !path.exists() => newer,
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_was_replaced_is_found_by_its_name() {
        assert_eq!(
            in_place(Path::new("/nowhere/holdline (deleted)")),
            Path::new("/nowhere/holdline")
        );
        assert_eq!(
            in_place(Path::new("/nowhere/holdline")),
            Path::new("/nowhere/holdline")
        );
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join("holdline (deleted)");
        std::fs::write(&odd, "").unwrap();
        assert_eq!(in_place(&odd), odd, "a file may really be called so");
    }
}
