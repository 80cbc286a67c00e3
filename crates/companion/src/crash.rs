//! A dead loop ends the process, with a crash file that names places and nothing else.

use std::fs;
use std::io::Write;
use std::panic::{self, PanicHookInfo};
use std::path::PathBuf;
use std::process;
use std::thread;

/// The name of the loop's thread: only its death ends the process.
pub const LOOP_THREAD: &str = "holdline-loop";

/// The exit code of a process whose loop has died (sysexits' EX_SOFTWARE).
pub const EXIT_CODE: i32 = 70;

/// From here on a panic on the loop's thread writes `crash.txt` into the folder and ends the process: a
/// Holdline that shows a call state it no longer follows would be worse than none.
///
/// The file holds version and place. The panic's own words stay out of it, because they may quote data.
pub fn end_process_when_loop_dies(folder: PathBuf) {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if thread::current().name() != Some(LOOP_THREAD) {
            return before(info);
        }
        let text = redacted(info);
        // Nothing is left to do about a crash file that can't be written.
        let _ = fs::write(folder.join("crash.txt"), &text);
        let _ = std::io::stderr().write_all(text.as_bytes());
        process::exit(EXIT_CODE);
    }));
}

fn redacted(info: &PanicHookInfo<'_>) -> String {
    let place = info
        .location()
        .map(|place| format!("{}:{}", place.file(), place.line()));
    format!(
        "Holdline {} stopped at {}. Presence was not changed; a held request is kept in state.json.\n",
        env!("CARGO_PKG_VERSION"),
        place.as_deref().unwrap_or("an unknown place"),
    )
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// Named in the environment of the process that is to die.
    const FOLDER: &str = "HOLDLINE_TEST_CRASH_FOLDER";
    const SECRET: &str = "00D000000000001!AQcAQH0dMHZfz972 of Pat Rivera";

    /// Dies as the loop would, where the test below asks for it; passes everywhere else.
    #[test]
    fn dies_where_it_is_told_to() {
        let Some(folder) = std::env::var_os(FOLDER) else {
            return;
        };
        end_process_when_loop_dies(folder.into());
        let loop_thread = thread::Builder::new().name(LOOP_THREAD.into());
        let _ = loop_thread.spawn(|| panic!("{SECRET}")).unwrap().join();
    }

    #[test]
    fn a_crash_file_names_a_place_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let died = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::tests::dies_where_it_is_told_to", "--nocapture"])
            .env(FOLDER, folder.path())
            .output()
            .unwrap();
        assert_eq!(died.status.code(), Some(EXIT_CODE), "{died:?}");
        let crash = fs::read_to_string(folder.path().join("crash.txt")).unwrap();
        assert!(crash.contains("crash.rs:"), "{crash}");
        for said in [
            &crash,
            &*String::from_utf8_lossy(&died.stderr),
            &*String::from_utf8_lossy(&died.stdout),
        ] {
            assert!(!said.contains("AQcAQH0d") && !said.contains("Rivera"), "{said}");
        }
    }
}
