//! A desktop without a screen, of a test's own: X server, session bus, window manager, keyring,
//! notifications, tray and browser, in a private home.

mod login;
mod notifications;
mod processes;
mod screen;
mod services;
mod tray;

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

pub use login::LoginSession;
pub use notifications::Notification;
pub use processes::tree;
pub use screen::Screen;
pub use tray::{MenuEntry, Tray, TrayItem};

use crate::process::Guard;
use crate::wait;

/// Marks every process of a desktop in its environment, so that all of them can be ended with it.
const MARK: &str = "HOLDLINE_JOURNEY_DESKTOP";

/// How many desktops may run at once on one machine; more only slow each other down.
const AT_ONCE: usize = 2;

/// What keeps secrets on a desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyring {
    /// Nothing does.
    Absent,
    /// A Secret Service whose default collection is open.
    Unlocked,
}

/// A running desktop. Dropped, every process in it is killed.
pub struct Desktop {
    environment: Vec<(&'static str, OsString)>,
    notifications: notifications::Recorder,
    screen: Screen,
    tray: Tray,
    services: Vec<Guard>,
    folder: TempDir,
    _slot: File,
}

impl Desktop {
    /// With an unlocked keyring.
    #[track_caller]
    pub fn start() -> Self {
        Self::with(Keyring::Unlocked)
    }

    /// With this keyring.
    #[track_caller]
    pub fn with(keyring: Keyring) -> Self {
        let slot = slot();
        let folder = tempfile::Builder::new()
            .prefix("holdline-desktop-")
            .tempdir()
            .expect("a temporary folder");
        for name in [
            "home", "run", "config", "data", "cache", "state", "bin", "logs", "services",
        ] {
            fs::create_dir(folder.path().join(name)).expect("our own folder can be written to");
        }
        private(&folder.path().join("run"));
        let mut services = Vec::new();
        let mut environment = environment(folder.path());
        let display = services::start_x_server(&mut environment, &mut services, folder.path());
        let screen = Screen::open(&display);
        let address = services::start_bus(&mut environment, &mut services, folder.path());
        services::start_window_manager(&environment, &mut services, folder.path());
        let notifications = notifications::Recorder::start(&address);
        services::start_notifications(&environment, &mut services, folder.path(), &address);
        if keyring == Keyring::Unlocked {
            services::start_keyring(&environment, &mut services, folder.path(), &address);
        }
        let tray = Tray::start(&address);
        services::install_browser(folder.path());
        Self {
            environment,
            notifications,
            screen,
            tray,
            services,
            folder,
            _slot: slot,
        }
    }

    /// A login session, for the programs that are started from now on.
    #[track_caller]
    pub fn start_login_session(&mut self) -> LoginSession {
        LoginSession::start(&mut self.environment, &mut self.services, self.folder.path())
    }

    /// A command that runs on this desktop.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        enter(&mut command, &self.environment);
        command
    }

    /// Starts a program on this desktop.
    #[track_caller]
    pub fn spawn(&self, name: &str, command: &mut Command) -> Guard {
        enter(command, &self.environment);
        Guard::start(name, command, &self.logs())
    }

    /// Scratch space that lives as long as the desktop; its folder `home` is HOME.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where the programs' output is kept.
    pub fn logs(&self) -> PathBuf {
        self.folder.path().join("logs")
    }

    /// The status icons.
    pub fn tray(&self) -> &Tray {
        &self.tray
    }

    /// Every notification so far.
    pub fn notifications(&self) -> Vec<Notification> {
        self.notifications.all()
    }

    /// Waits for a notification.
    #[track_caller]
    pub fn wait_for_notification(&self, what: &str, holds: impl Fn(&Notification) -> bool) -> Notification {
        let seen = || {
            self.notifications()
                .into_iter()
                .map(|n| format!("  {n:?}\n"))
                .collect::<String>()
        };
        let end = std::time::Instant::now() + wait::PATIENCE;
        loop {
            if let Some(found) = self
                .notifications()
                .into_iter()
                .find(|notification| holds(notification))
            {
                return found;
            }
            assert!(
                std::time::Instant::now() < end,
                "no notification: {what}; there were:\n{}",
                seen()
            );
            std::thread::sleep(wait::GLANCE);
        }
    }

    /// Does what a click on a button of the newest notification does.
    #[track_caller]
    pub fn invoke_newest_notification(&self) {
        let done = self.command("dunstctl").args(["action", "0"]).status();
        assert!(
            done.is_ok_and(|status| status.success()),
            "dunst did not carry out the notification's action"
        );
    }

    /// The addresses that programs have opened in the browser, in order. The browser itself is a script that
    /// writes them down: a journey opens them as it likes.
    pub fn opened(&self) -> Vec<String> {
        let text = fs::read_to_string(self.folder.path().join("opened")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// The windows.
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// The whole screen as a PNG.
    #[track_caller]
    pub fn screenshot(&self, path: &Path) {
        let taken = self
            .command("scrot")
            .arg("--overwrite")
            .arg(path)
            .output()
            .expect("scrot is installed");
        assert!(
            taken.status.success(),
            "no screenshot: {}",
            String::from_utf8_lossy(&taken.stderr)
        );
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // Better than nothing for whoever looks for the reason; best effort, the desktop may be broken.
            let picture = std::env::temp_dir().join(format!("holdline-failed-{}.png", std::process::id()));
            let taken = self.command("scrot").arg("--overwrite").arg(&picture).status();
            if taken.is_ok_and(|status| status.success()) {
                eprintln!("── the screen at that moment: {}", picture.display());
            }
            for notification in self.notifications() {
                eprintln!("── notification: {notification:?}");
            }
        }
        processes::kill_all(MARK, self.folder.path());
        self.services.clear();
    }
}

fn enter(command: &mut Command, environment: &[(&str, OsString)]) {
    for foreign in [
        "WAYLAND_DISPLAY",
        "XAUTHORITY",
        "DESKTOP_SESSION",
        "GNOME_KEYRING_CONTROL",
        "SSH_AUTH_SOCK",
    ] {
        command.env_remove(foreign);
    }
    command.envs(environment.iter().map(|(name, value)| (name, value)));
}

fn environment(folder: &Path) -> Vec<(&'static str, OsString)> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(folder.join("bin")).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(path).expect("a path without a colon");
    vec![
        (MARK, folder.into()),
        ("PATH", path),
        ("HOME", folder.join("home").into()),
        ("XDG_RUNTIME_DIR", folder.join("run").into()),
        ("XDG_CONFIG_HOME", folder.join("config").into()),
        ("XDG_DATA_HOME", folder.join("data").into()),
        ("XDG_CACHE_HOME", folder.join("cache").into()),
        ("XDG_STATE_HOME", folder.join("state").into()),
        ("XDG_SESSION_TYPE", "x11".into()),
        ("XDG_CURRENT_DESKTOP", "Journey".into()),
        ("BROWSER", folder.join("bin/xdg-open").into()),
        ("GDK_BACKEND", "x11".into()),
        ("GSETTINGS_BACKEND", "memory".into()),
        ("GIO_USE_VFS", "local".into()),
        ("LANG", "C.UTF-8".into()),
        ("NO_AT_BRIDGE", "1".into()),
        ("TZ", "UTC".into()),
    ]
}

fn private(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).expect("our own folder");
}

fn slot() -> File {
    let open = |number: usize| {
        let path = std::env::temp_dir().join(format!("holdline-desktop-slot-{number}"));
        File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .expect("the temporary folder")
    };
    // Longer than any journey: a slot that does not come free is a hung test, and that one should report.
    wait::within(
        std::time::Duration::from_secs(600),
        "a free slot for a desktop",
        || (0..AT_ONCE).map(open).find(|file| file.try_lock().is_ok()),
    )
}
