//! A Debian system in a folder, as an administrator's desktop has it before Holdline comes: nothing of ours is there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{command, output, run_quietly};
use crate::paths;
use crate::setup;

/// The release that is installed; the oldest that the packages are for.
const RELEASE: &str = "bookworm";

/// Below it a process sees the whole machine's /dev, /proc and /tmp, so that it has displays and profiles, and
/// nothing else. The mounts go with the process.
const ENTER: &str = r#"
root=$1; shift
mount --rbind /dev "$root/dev" && mount -t proc proc "$root/proc" && mount --rbind /tmp "$root/tmp" || exit 125
exec chroot "$root" "$@"
"#;

/// A system in a folder.
pub(super) struct CleanRoot {
    folder: PathBuf,
}

impl CleanRoot {
    /// Why there can be none on this machine, if so.
    pub(super) fn impossible() -> Option<&'static str> {
        let root = output(command("id").arg("-u")).is_some_and(|id| id == "0");
        let mounts = || output(command("unshare").args(["--mount", "true"])).is_some();
        if !root {
            Some("a system in a folder needs root")
        } else if !mounts() {
            Some("this machine allows no mounts (unshare --mount)")
        } else {
            None
        }
    }

    /// A new one.
    pub(super) fn make(name: &str) -> Result<Self> {
        setup::clean_root()?;
        let base = base()?;
        let folder = paths::scratch().join("clean-root").join(name);
        let _ = fs::remove_dir_all(&folder);
        run_quietly(
            command("cp")
                .args(["--archive", "--reflink=auto"])
                .arg(&base)
                .arg(&folder),
            "clean-root-copy.log",
        )?;
        Ok(Self { folder })
    }

    /// A command in it.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut enter = command("unshare");
        enter
            .args(["--mount", "--propagation", "private", "sh", "-c", ENTER, "sh"])
            .arg(&self.folder)
            .args(["env", "-u", "CARGO", "LC_ALL=C.UTF-8"])
            .arg(program)
            .current_dir("/");
        enter
    }

    /// A program that can be started from outside and runs inside.
    pub(super) fn wrapper(&self, program: &str) -> Result<PathBuf> {
        let file = self.folder.with_extension(program);
        let text = format!(
            "#!/bin/sh\nexec unshare --mount --propagation private sh -c '{ENTER}' sh '{}' '/usr/bin/{program}' \"$@\"\n",
            self.folder.display()
        );
        fs::write(&file, text)?;
        #[cfg(unix)]
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
        Ok(file)
    }

    /// Installs a package with what it depends on, as `apt install ./FILE` does.
    pub(super) fn install(&self, package: &Path) -> Result<()> {
        // apt reads it as a user of its own, who may not enter every folder.
        let name = package.file_name().context("a package has a name")?;
        let inside = Path::new("/var/tmp").join(name);
        fs::copy(package, self.path(&inside))?;
        let mut install = self.command("apt-get");
        install
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["install", "--yes", "--no-install-recommends", "--quiet"])
            .args(["--option", "APT::Keep-Downloaded-Packages=true"])
            .arg(&inside);
        let installed = run_quietly(&mut install, "clean-root-install.log");
        fs::remove_file(self.path(&inside))?;
        // The next root need not download them again.
        let archives = "var/cache/apt/archives";
        let copied = run_quietly(
            command("sh").arg("-c").arg(format!(
                "cp --no-clobber '{}'/{archives}/*.deb '{}'/{archives}/ 2>/dev/null || true",
                self.folder.display(),
                base_folder().display()
            )),
            "clean-root-keep.log",
        );
        installed.and(copied)
    }

    /// A path in it, as seen from outside.
    pub(super) fn path(&self, inside: impl AsRef<Path>) -> PathBuf {
        let inside = inside.as_ref();
        self.folder.join(inside.strip_prefix("/").unwrap_or(inside))
    }

    /// Everything in it whose path names Holdline.
    pub(super) fn holdlines(&self) -> Result<Vec<String>> {
        let listed = output(
            command("find")
                .arg(&self.folder)
                .args(["-xdev", "-mindepth", "1", "-ipath"])
                .arg(format!("{}/*holdline*", self.folder.display()))
                .args(["-printf", "/%P\n"]),
        );
        let listed = listed.context("find failed")?;
        Ok(listed.lines().map(str::to_owned).collect())
    }
}

impl Drop for CleanRoot {
    fn drop(&mut self) {
        // Kept when something went wrong in it: the next run begins with another.
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.folder);
            for program in ["holdline", "holdlinectl"] {
                let _ = fs::remove_file(self.folder.with_extension(program));
            }
        }
    }
}

fn base_folder() -> PathBuf {
    paths::scratch().join("clean-root/base")
}

/// Made once and copied: Debian's smallest system, with the archive's updates.
fn base() -> Result<PathBuf> {
    let base = base_folder();
    let done = base.with_extension("done");
    if done.is_file() {
        return Ok(base);
    }
    println!("Installing a small Debian {RELEASE} in {}", base.display());
    let _ = fs::remove_dir_all(&base);
    fs::create_dir_all(&base)?;
    run_quietly(
        command("debootstrap")
            .args(["--variant=minbase", RELEASE])
            .arg(&base),
        "debootstrap.log",
    )?;
    let archive = "http://deb.debian.org/debian";
    fs::write(
        base.join("etc/apt/sources.list"),
        format!(
            "deb {archive} {RELEASE} main\ndeb {archive} {RELEASE}-updates main\ndeb {archive}-security \
             {RELEASE}-security main\n"
        ),
    )?;
    // An installed system has one; debootstrap leaves that to Debian's installer.
    fs::write(
        base.join("etc/hosts"),
        "127.0.0.1 localhost\n::1 localhost ip6-localhost\n",
    )?;
    let root = CleanRoot { folder: base.clone() };
    let updated = run_quietly(
        root.command("apt-get").args(["update", "--quiet"]),
        "clean-root-update.log",
    );
    let upgraded = updated.and_then(|()| {
        run_quietly(
            root.command("apt-get").args(["upgrade", "--yes", "--quiet"]),
            "clean-root-upgrade.log",
        )
    });
    // It is the base of others and stays.
    std::mem::forget(root);
    upgraded?;
    if !base.join("usr/bin/apt-get").exists() {
        bail!("debootstrap made no system in {}", base.display());
    }
    fs::write(done, "")?;
    Ok(base)
}
