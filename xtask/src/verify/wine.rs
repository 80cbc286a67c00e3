//! A Windows of Wine's, in a folder: enough for installers, the registry and programs without a window.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{command, output, run_quietly};

/// Rust's standard library asks this function for random numbers; Wine 8 does not have the library it is in.
const RANDOM: &str = "\
#include <windows.h>
#include <ntsecapi.h>
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) { return RtlGenRandom(data, (ULONG)length); }
";

/// It, with 64-bit programs only.
pub(super) struct Wine {
    prefix: PathBuf,
}

impl Wine {
    /// A new one. What was in the folder is removed.
    pub(super) fn new(prefix: &Path) -> Result<Self> {
        let _ = fs::remove_dir_all(prefix);
        fs::create_dir_all(prefix)?;
        let it = Self {
            prefix: prefix.to_owned(),
        };
        let mut boot = command("wineboot");
        boot.arg("--init").envs(it.environment()).env_remove("DISPLAY");
        run_quietly(&mut boot, "wineboot.log")?;
        it.brings_random()?;
        Ok(it)
    }

    fn brings_random(&self) -> Result<()> {
        let library = self.drive().join("windows/system32/bcryptprimitives.dll");
        if library.exists() {
            return Ok(());
        }
        let source = self.prefix.join("random.c");
        fs::write(&source, RANDOM)?;
        let mut compile = command("x86_64-w64-mingw32-gcc");
        compile.args(["-shared", "-o"]).arg(&library).arg(&source);
        run_quietly(compile.arg("-ladvapi32"), "wine-random.log")
    }

    /// Its drive C.
    pub(super) fn drive(&self) -> PathBuf {
        self.prefix.join("drive_c")
    }

    /// Runs a program in it.
    ///
    /// # Errors
    /// It ends with an error.
    pub(super) fn run(&self, program: &str, arguments: &[&str]) -> Result<()> {
        run_quietly(&mut self.command(program, arguments), "wine.log")
    }

    /// What a program says, if it ends well.
    pub(super) fn says(&self, program: &str, arguments: &[&str]) -> Option<String> {
        output(&mut self.command(program, arguments))
    }

    /// Has cargo run its tests in it.
    pub(super) fn runner(&self) -> Vec<(&'static str, OsString)> {
        let mut environment = self.environment();
        environment.push(("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", "wine".into()));
        environment
    }

    /// A user's file, whoever the user is.
    pub(super) fn of_a_user(&self, file: &str) -> Result<PathBuf> {
        for user in fs::read_dir(self.drive().join("users")).context("Wine has no users")? {
            let file = user?.path().join(file);
            if file.is_file() {
                return Ok(file);
            }
        }
        bail!("no user has {file}")
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = command("wine");
        command.arg(program).args(arguments);
        command.envs(self.environment()).env_remove("DISPLAY");
        command
    }

    fn environment(&self) -> Vec<(&'static str, OsString)> {
        vec![
            ("WINEPREFIX", self.prefix.clone().into()),
            ("WINEARCH", "win64".into()),
            ("WINEDEBUG", "-all".into()),
            // Neither Mono nor Gecko is asked for.
            ("WINEDLLOVERRIDES", "mscoree,mshtml=".into()),
        ]
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        let _ = command("wineserver")
            .arg("--kill")
            .env("WINEPREFIX", &self.prefix)
            .status();
    }
}

/// Wine sees the machine's root as Z:.
pub(super) fn windows_path(path: &Path) -> String {
    format!("Z:{}", path.to_string_lossy().replace('/', "\\"))
}
