//! systemd-logind as others know it: python-dbusmock's, on a system bus of the desktop's own.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use zbus::blocking::{Connection, connection::Builder};

use super::enter;
use super::services::wait_for_name;
use crate::process::Guard;
use crate::wait;

const LOGIND: &str = "org.freedesktop.login1";
const MANAGER: &str = "/org/freedesktop/login1";
const SESSION: &str = "/org/freedesktop/login1/session/journey";

/// The rep's session.
pub struct LoginSession {
    connection: Connection,
}

impl LoginSession {
    #[track_caller]
    pub(super) fn start(
        environment: &mut Vec<(&'static str, OsString)>,
        services: &mut Vec<Guard>,
        folder: &Path,
    ) -> Self {
        let address = format!("unix:path={}", folder.join("run/system-bus").display());
        let config = folder.join("system-bus.conf");
        let text = format!(
            "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
             \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n<busconfig><type>session</type>\
             <listen>{address}</listen><policy context=\"default\"><allow user=\"*\"/>\
             <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/>\
             </policy></busconfig>\n"
        );
        fs::write(&config, text).expect("our own folder can be written to");
        let mut bus = Command::new("dbus-daemon");
        bus.args(["--nofork", "--nopidfile", "--nosyslog"])
            .arg(format!("--config-file={}", config.display()));
        enter(&mut bus, environment);
        services.push(Guard::start("system-bus", &mut bus, &folder.join("logs")));
        let connect = || Builder::address(address.as_str()).ok()?.build().ok();
        let connection = wait::until("the system bus", connect);
        environment.push(("DBUS_SYSTEM_BUS_ADDRESS", address.clone().into()));
        environment.push(("XDG_SESSION_ID", "journey".into()));

        // Debian's own Python, whose package this is.
        let mut logind = Command::new("/usr/bin/python3");
        logind.args(["-m", "dbusmock", "--system", "--template", "logind"]);
        enter(&mut logind, environment);
        services.push(Guard::start("logind", &mut logind, &folder.join("logs")));
        wait_for_name(&address, LOGIND);
        let session = Self { connection };
        session.tell(
            MANAGER,
            "org.freedesktop.DBus.Mock",
            "AddSession",
            &("journey", "seat0", 1000_u32, "pat", true),
        );
        session
    }

    /// The rep locks or unlocks the screen.
    #[track_caller]
    pub fn locks(&self, locked: bool) {
        self.tell(
            SESSION,
            "org.freedesktop.login1.Session",
            "SetLockedHint",
            &locked,
        );
    }

    /// What keeps the machine from what: `what who mode` of each inhibitor.
    #[track_caller]
    pub fn inhibitors(&self) -> Vec<String> {
        type Inhibitor = (String, String, String, String, u32, u32);
        let answer = self
            .connection
            .call_method(
                Some(LOGIND),
                MANAGER,
                Some("org.freedesktop.login1.Manager"),
                "ListInhibitors",
                &(),
            )
            .expect("logind answers");
        let inhibitors: Vec<Inhibitor> = answer.body().deserialize().expect("a list of inhibitors");
        let inhibitors = inhibitors.into_iter();
        inhibitors
            .map(|(what, who, _, mode, ..)| format!("{what} {who} {mode}"))
            .collect()
    }

    #[track_caller]
    fn tell<B: serde::Serialize + zbus::zvariant::DynamicType>(
        &self,
        path: &str,
        interface: &str,
        method: &str,
        body: &B,
    ) {
        self.connection
            .call_method(Some(LOGIND), path, Some(interface), method, body)
            .unwrap_or_else(|error| panic!("logind refused {method}: {error}"));
    }
}
