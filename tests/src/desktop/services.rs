//! The processes that make a desktop, each started and waited for.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use zbus::blocking::fdo::DBusProxy;
use zbus::blocking::{Connection, connection::Builder};
use zbus::names::BusName;

use super::enter;
use crate::process::Guard;
use crate::wait;

type Environment = Vec<(&'static str, OsString)>;

/// Xvfb on a display of its own choice.
#[track_caller]
pub(super) fn start_x_server(
    environment: &mut Environment,
    services: &mut Vec<Guard>,
    folder: &Path,
) -> String {
    let number = folder.join("display");
    // The server writes its number to file descriptor 3 once it is ready.
    let mut server = Command::new("sh");
    server
        .args([
            "-c",
            "exec Xvfb -displayfd 3 -screen 0 1280x900x24 -nolisten tcp 3>\"$0\"",
        ])
        .arg(&number);
    enter(&mut server, environment);
    services.push(Guard::start("xvfb", &mut server, &folder.join("logs")));
    let number = wait::until("Xvfb's display number", || {
        let text = fs::read_to_string(&number).ok()?;
        text.ends_with('\n').then(|| text.trim().to_owned())
    });
    let display = format!(":{number}");
    environment.push(("DISPLAY", display.clone().into()));
    display
}

/// A session bus that starts nothing by itself, so that what is absent stays absent.
#[track_caller]
pub(super) fn start_bus(environment: &mut Environment, services: &mut Vec<Guard>, folder: &Path) -> String {
    let socket = folder.join("run/bus");
    let address = format!("unix:path={}", socket.display());
    let config = folder.join("bus.conf");
    let text = format!(
        "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
         \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n<busconfig><type>session</type>\
         <listen>{address}</listen><servicedir>{}</servicedir><policy context=\"default\">\
         <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/>\
         </policy></busconfig>\n",
        folder.join("services").display()
    );
    fs::write(&config, text).expect("our own folder can be written to");
    let mut bus = Command::new("dbus-daemon");
    bus.args(["--nofork", "--nopidfile", "--nosyslog"])
        .arg(format!("--config-file={}", config.display()));
    enter(&mut bus, environment);
    services.push(Guard::start("dbus-daemon", &mut bus, &folder.join("logs")));
    wait::until("the session bus", || {
        Builder::address(address.as_str()).ok()?.build().ok().map(drop)
    });
    environment.push(("DBUS_SESSION_BUS_ADDRESS", address.clone().into()));
    address
}

/// openbox, so that windows have focus and borders.
#[track_caller]
pub(super) fn start_window_manager(environment: &Environment, services: &mut Vec<Guard>, folder: &Path) {
    let mut manager = Command::new("openbox");
    manager.arg("--sm-disable");
    enter(&mut manager, environment);
    services.push(Guard::start("openbox", &mut manager, &folder.join("logs")));
    wait::until("the window manager", || {
        let mut question = Command::new("xprop");
        question.args(["-root", "_NET_SUPPORTING_WM_CHECK"]);
        enter(&mut question, environment);
        let answer = question.stderr(Stdio::null()).output().ok()?;
        String::from_utf8_lossy(&answer.stdout)
            .contains("window id")
            .then_some(())
    });
}

/// dunst, which shows notifications.
#[track_caller]
pub(super) fn start_notifications(
    environment: &Environment,
    services: &mut Vec<Guard>,
    folder: &Path,
    address: &str,
) {
    let config = folder.join("dunstrc");
    fs::write(
        &config,
        "[global]\nwidth = 320\norigin = top-right\nfont = DejaVu Sans 10\n",
    )
    .expect("our own folder");
    let mut daemon = Command::new("dunst");
    daemon.arg("-config").arg(config);
    enter(&mut daemon, environment);
    services.push(Guard::start("dunst", &mut daemon, &folder.join("logs")));
    wait_for_name(address, "org.freedesktop.Notifications");
}

/// gnome-keyring, with its login collection unlocked by a password that only this desktop knows.
#[track_caller]
pub(super) fn start_keyring(
    environment: &Environment,
    services: &mut Vec<Guard>,
    folder: &Path,
    address: &str,
) {
    let mut daemon = Command::new("sh");
    daemon.args([
        "-c",
        "printf journey | exec gnome-keyring-daemon --foreground --unlock --components=secrets --control-directory \"$0\"",
    ]);
    daemon.arg(folder.join("run/keyring"));
    enter(&mut daemon, environment);
    services.push(Guard::start("gnome-keyring", &mut daemon, &folder.join("logs")));
    wait_for_name(address, "org.freedesktop.secrets");
    let connection = connect(address);
    wait::until("the keyring's default collection", || {
        let answer = connection.call_method(
            Some("org.freedesktop.secrets"),
            "/org/freedesktop/secrets",
            Some("org.freedesktop.Secret.Service"),
            "ReadAlias",
            &"default",
        );
        let path: zbus::zvariant::OwnedObjectPath = answer.ok()?.body().deserialize().ok()?;
        (path.as_str() != "/").then_some(())
    });
}

/// What programs start to show a web page: it notes the address.
#[track_caller]
pub(super) fn install_browser(folder: &Path) {
    crate::programs::install_browser(&folder.join("bin"), &folder.join("opened"));
}

/// A connection to the desktop's bus.
#[track_caller]
pub(super) fn connect(address: &str) -> Connection {
    Builder::address(address)
        .and_then(Builder::build)
        .expect("the session bus answers")
}

#[track_caller]
pub(super) fn wait_for_name(address: &str, name: &str) {
    let connection = connect(address);
    let bus = DBusProxy::new(&connection).expect("every bus has itself");
    let name: BusName<'_> = name.try_into().expect("a bus name");
    wait::until(&format!("{name} on its bus"), || {
        bus.name_has_owner(name.clone()).ok()?.then_some(())
    });
}
