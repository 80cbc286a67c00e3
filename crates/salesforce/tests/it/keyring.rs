//! The keyring store against a real gnome-keyring-daemon on a bus of its own.
//!
//! Where the session bus is, is told by the environment, which a running process must not change: so each
//! test starts itself again, as a process whose environment names a private bus, home and runtime directory.

use std::fs;
use std::future::Future;
use std::io::{BufRead, BufReader, Write};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use salesforce::{KeyringStore, Prompt, StoreError, TokenStore};
use secrecy::{ExposeSecret, SecretString};

use crate::fake_org::{FakeOrg, account, expired, json, token_answer};

/// Set in the second process.
const INSIDE: &str = "HOLDLINE_TEST_PRIVATE_SESSION";
/// Far more than a keyring needs, so that only what truly hangs is hung.
const PATIENT: Duration = Duration::from_secs(30);

/// A child that does not outlive its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // A stopped process dies of this too.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([name, &self.0.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }
}

/// Whether there is a bus in the private session.
enum Bus {
    None,
    Running,
}

/// Runs the body in a private session: the first process prepares it and starts the second, which runs it.
fn in_private_session(test: &str, bus: Bus, body: impl Future<Output = ()>) {
    if std::env::var_os(INSIDE).is_some() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        let outcome = catch_unwind(AssertUnwindSafe(|| runtime.block_on(body)));
        // A keyring that hangs keeps its thread, also when the body has failed.
        runtime.shutdown_background();
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let (_bus, address) = match bus {
        Bus::None => (
            None,
            format!("unix:path={}", home.path().join("no-bus").display()),
        ),
        Bus::Running => {
            let (bus, address) = start_bus(home.path().join("bus"));
            (Some(bus), address)
        }
    };
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("keyring::{test}"), "--nocapture"])
        .env(INSIDE, "1")
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_RUNTIME_DIR", home.path())
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "inside: {}\n{said}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("1 passed"),
        "the second process ran no test"
    );
}

/// A bus that starts nobody: on the usual one, asking for a keyring starts it.
fn start_bus(socket: PathBuf) -> (Running, String) {
    let config = socket.with_extension("conf");
    let text = format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
            "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
           <busconfig><type>session</type><listen>unix:path={}</listen>
           <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
           <allow own="*"/></policy>
           </busconfig>"#,
        socket.display()
    );
    fs::write(&config, text).unwrap();
    let mut bus = Command::new("dbus-daemon")
        .arg(format!("--config-file={}", config.display()))
        .args(["--nofork", "--print-address"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("dbus-daemon is installed");
    let mut address = String::new();
    BufReader::new(bus.stdout.take().unwrap())
        .read_line(&mut address)
        .unwrap();
    (Running(bus), address.trim().to_owned())
}

/// Starts a keyring with its login collection unlocked, and waits until it answers.
async fn start_keyring() -> Running {
    let mut daemon = Command::new("gnome-keyring-daemon")
        .args(["--foreground", "--unlock", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("gnome-keyring-daemon is installed");
    daemon.stdin.take().unwrap().write_all(b"test").unwrap();
    let running = Running(daemon);
    let store = keyring(Prompt::Never);
    let answers = async {
        while store.load(account()).await == AnswersWith(StoreError::Absent) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENT, answers)
        .await
        .expect("the keyring answers");
    running
}

/// Compares an outcome without showing a token.
struct AnswersWith(StoreError);

impl PartialEq<AnswersWith> for Result<SecretString, StoreError> {
    fn eq(&self, other: &AnswersWith) -> bool {
        self.as_ref().err() == Some(&other.0)
    }
}

fn keyring(prompt: Prompt) -> TokenStore {
    TokenStore::Keyring(KeyringStore::new(PATIENT, prompt))
}

fn token(text: &str) -> SecretString {
    SecretString::from(text)
}

async fn kept(store: &TokenStore) -> Result<String, StoreError> {
    store
        .load(account())
        .await
        .map(|token| token.expose_secret().to_owned())
}

/// Locks the login collection as the desktop's own settings would.
async fn lock() {
    let service = secret_service::SecretService::connect(secret_service::EncryptionType::Plain)
        .await
        .unwrap();
    service
        .get_default_collection()
        .await
        .unwrap()
        .lock()
        .await
        .unwrap();
}

#[test]
fn a_token_is_kept_replaced_and_forgotten() {
    in_private_session("a_token_is_kept_replaced_and_forgotten", Bus::Running, async {
        let _daemon = start_keyring().await;
        let store = keyring(Prompt::Never);
        assert_eq!(kept(&store).await, Err(StoreError::NoEntry));
        store.save(account(), &token("first")).await.unwrap();
        store.save(account(), &token("second")).await.unwrap();
        assert_eq!(kept(&store).await.as_deref(), Ok("second"));
        // Whole, at what Windows takes, above it, and whole again.
        for length in [2_048, 2_049, 2_560, 2_561, 10_000, 60_000, 100] {
            let long: String = "5Aep~".chars().cycle().take(length).collect();
            store.save(account(), &token(&long)).await.unwrap();
            assert_eq!(kept(&store).await, Ok(long), "{length}");
        }
        let longest = token(&"x".repeat(100_000));
        assert_eq!(store.save(account(), &longest).await, Err(StoreError::TooLong));
        store.forget(account()).await.unwrap();
        assert_eq!(kept(&store).await, Err(StoreError::NoEntry));
        assert_eq!(store.forget(account()).await, Ok(()));
    });
}

#[test]
fn a_keyring_that_appears_later_is_found_and_one_that_returns_still_knows() {
    let name = "a_keyring_that_appears_later_is_found_and_one_that_returns_still_knows";
    in_private_session(name, Bus::Running, async {
        let store = keyring(Prompt::Never);
        assert_eq!(
            store.save(account(), &token("early")).await,
            Err(StoreError::Absent)
        );
        assert_eq!(kept(&store).await, Err(StoreError::Absent));
        let daemon = start_keyring().await;
        store.save(account(), &token("kept")).await.unwrap();
        assert_eq!(kept(&store).await.as_deref(), Ok("kept"));
        drop(daemon);
        assert_eq!(kept(&store).await, Err(StoreError::Absent));
        let _daemon = start_keyring().await;
        assert_eq!(kept(&store).await.as_deref(), Ok("kept"));
    });
}

#[test]
fn without_a_bus_the_keyring_is_absent() {
    in_private_session("without_a_bus_the_keyring_is_absent", Bus::None, async {
        let store = keyring(Prompt::Allow);
        assert_eq!(kept(&store).await, Err(StoreError::Absent));
        assert_eq!(store.save(account(), &token("x")).await, Err(StoreError::Absent));
        assert_eq!(store.forget(account()).await, Err(StoreError::Absent));
    });
}

#[test]
fn a_locked_keyring_is_neither_empty_nor_asked_about_unless_allowed() {
    let name = "a_locked_keyring_is_neither_empty_nor_asked_about_unless_allowed";
    in_private_session(name, Bus::Running, async {
        let _daemon = start_keyring().await;
        let quiet = keyring(Prompt::Never);
        quiet.save(account(), &token("kept")).await.unwrap();
        lock().await;
        assert_eq!(kept(&quiet).await, Err(StoreError::Locked));
        assert_eq!(
            quiet.save(account(), &token("newer")).await,
            Err(StoreError::Locked)
        );
        assert_eq!(quiet.forget(account()).await, Err(StoreError::Locked));
        // Nobody is there to show the prompt, which then counts as dismissed.
        assert_eq!(kept(&keyring(Prompt::Allow)).await, Err(StoreError::Denied));
    });
}

#[test]
fn a_keyring_that_hangs_is_left_in_time_and_writes_stay_in_order() {
    let name = "a_keyring_that_hangs_is_left_in_time_and_writes_stay_in_order";
    in_private_session(name, Bus::Running, async {
        let daemon = start_keyring().await;
        let store = keyring(Prompt::Never);
        store.save(account(), &token("before")).await.unwrap();
        daemon.signal("-STOP");
        let hasty = TokenStore::Keyring(KeyringStore::new(Duration::from_millis(300), Prompt::Never));
        assert_eq!(hasty.save(account(), &token("late")).await, Err(StoreError::Hung));
        assert_eq!(kept(&hasty).await, Err(StoreError::Hung));
        daemon.signal("-CONT");
        // The next attempt has its turn when the late one is through.
        let settled = async { while kept(&hasty).await == Err(StoreError::Hung) {} };
        tokio::time::timeout(PATIENT, settled)
            .await
            .expect("the keyring comes back");
        assert_eq!(kept(&hasty).await.as_deref(), Ok("late"));
    });
}

/// The keyring goes while the token rotates: the shift goes on, and the new token is kept when it is back.
#[test]
fn a_token_that_could_not_be_kept_is_kept_later() {
    let name = "a_token_that_could_not_be_kept_is_kept_later";
    in_private_session(name, Bus::Running, async {
        let org = FakeOrg::start(|asked| match asked.path.as_str() {
            "/services/oauth2/token" => json(token_answer("ORIGIN", "access-1", Some("refresh-1"))),
            _ if asked.bearer != "access-1" => expired(),
            "/services/data" => json(r#"[{"version":"67.0"}]"#),
            _ => json(r#"{"done":true,"records":[]}"#),
        })
        .await;
        let daemon = start_keyring().await;
        let store = keyring(Prompt::Never);
        let client = org.client(&store).await;
        drop(daemon);
        assert_eq!(client.presence(account().user).await, Ok(None));
        assert_eq!(client.unsaved(), Some(StoreError::Absent));
        assert_eq!(client.save(Prompt::Never).await, Err(StoreError::Absent));
        let _daemon = start_keyring().await;
        assert_eq!(kept(&store).await.as_deref(), Ok("refresh-0"));
        assert_eq!(client.save(Prompt::Never).await, Ok(()));
        assert_eq!(client.unsaved(), None);
        assert_eq!(kept(&store).await.as_deref(), Ok("refresh-1"));
    });
}
