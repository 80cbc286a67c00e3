//! A Windows of Wine's, in a folder: enough for installers, the registry and programs without a window.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::command::{command, output, run_quietly};

/// Rust's standard library asks this function for random numbers; Wine 8 does not have the library it is in.
const RANDOM: &str = "\
#include <windows.h>
#include <ntsecapi.h>
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) { return RtlGenRandom(data, (ULONG)length); }
";

/// It, with 64-bit programs only, and a screen that nobody sees.
pub(super) struct Wine {
    prefix: PathBuf,
    screen: Screen,
}

impl Wine {
    /// A new one. What was in the folder is removed.
    pub(super) fn new(prefix: &Path) -> Result<Self> {
        let _ = fs::remove_dir_all(prefix);
        fs::create_dir_all(prefix)?;
        let it = Self {
            prefix: prefix.to_owned(),
            screen: Screen::start()?,
        };
        let mut boot = command("wineboot");
        boot.arg("--init").envs(it.environment());
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

    /// A script that runs a program in it, with these arguments before its own: for tests that start programs by
    /// their path.
    pub(super) fn script(&self, name: &str, program: &str, arguments: &[&str]) -> Result<PathBuf> {
        let mut text = "#!/bin/sh\n".to_owned();
        for (name, value) in self.environment() {
            let value = value.to_string_lossy();
            writeln!(text, "export {name}={}", quoted(&value))?;
        }
        // A path like /tmp is on Wine's drive Z.
        write!(text, "cd /\nexec wine {}", quoted(program))?;
        for argument in arguments {
            write!(text, " {}", quoted(argument))?;
        }
        text += " \"$@\"\n";
        let file = self.prefix.join(name);
        fs::write(&file, text)?;
        #[cfg(unix)]
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        Ok(file)
    }

    /// What it calls `%LOCALAPPDATA%`, as seen from outside.
    pub(super) fn local_app_data(&self) -> Result<PathBuf> {
        let said = self.says("cmd", &["/c", "echo %LOCALAPPDATA%"]);
        let said = said.context("cmd.exe says nothing")?;
        let below = said.trim().strip_prefix(r"C:\");
        let below = below.with_context(|| format!("%LOCALAPPDATA% is {said:?}"))?;
        Ok(self.drive().join(below.replace('\\', "/")))
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = command("wine");
        command.arg(program).args(arguments);
        command.envs(self.environment());
        command
    }

    fn environment(&self) -> Vec<(&'static str, OsString)> {
        vec![
            ("DISPLAY", self.screen.name.clone().into()),
            ("WINEPREFIX", self.prefix.clone().into()),
            ("WINEARCH", "win64".into()),
            ("WINEDEBUG", "-all".into()),
            // Neither Mono nor Gecko is asked for.
            ("WINEDLLOVERRIDES", "mscoree,mshtml=".into()),
        ]
    }
}

/// In single quotes, for a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// An X server whose picture nobody sees. Dropped, it ends.
struct Screen {
    server: Child,
    name: String,
}

impl Screen {
    fn start() -> Result<Self> {
        let mut start = command("Xvfb");
        start.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1280x800x24",
            "-nolisten",
            "tcp",
        ]);
        let mut server = start
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("Xvfb does not start")?;
        let said = server.stdout.take().context("its output is piped")?;
        let mut number = String::new();
        BufReader::new(said).read_line(&mut number)?;
        let name = format!(":{}", number.trim());
        Ok(Self { server, name })
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
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
