//! Linux: systemd-logind (or elogind) on the system bus.

use std::time::{Duration, SystemTime};

use presence::event::Origin;
use tokio::sync::watch;
use zbus::zvariant::{OwnedFd, OwnedObjectPath};

use super::{Watching, Word};

#[zbus::proxy(
    interface = "org.freedesktop.login1.Manager",
    default_service = "org.freedesktop.login1",
    default_path = "/org/freedesktop/login1"
)]
trait Manager {
    fn get_session(&self, id: &str) -> zbus::Result<OwnedObjectPath>;
    #[zbus(name = "GetSessionByPID")]
    fn get_session_by_pid(&self, pid: u32) -> zbus::Result<OwnedObjectPath>;
    fn inhibit(&self, what: &str, who: &str, why: &str, mode: &str) -> zbus::Result<OwnedFd>;
}

#[zbus::proxy(
    interface = "org.freedesktop.login1.Session",
    default_service = "org.freedesktop.login1"
)]
trait LoginSession {
    #[zbus(property)]
    fn idle_hint(&self) -> zbus::Result<bool>;
    /// Microseconds since 1970.
    #[zbus(property)]
    fn idle_since_hint(&self) -> zbus::Result<u64>;
    #[zbus(property)]
    fn locked_hint(&self) -> zbus::Result<bool>;
}

/// Starts the tasks. Without logind Holdline runs on: what is lost is in the log.
pub(super) fn start(watching: Watching) {
    tokio::spawn(async move {
        if let Err(error) = watch(watching).await {
            tracing::warn!(%error, "the desktop session can't be watched: no sleep inhibitor, no lock or idle rule");
        }
    });
}

async fn watch(watching: Watching) -> zbus::Result<()> {
    let connection = zbus::Connection::system().await?;
    let manager = ManagerProxy::new(&connection).await?;
    let Watching {
        away,
        keep_awake,
        asking,
    } = watching;
    let mut watchers = tokio::task::JoinSet::new();
    if away.on_lock.is_some() || away.on_idle.is_some() {
        let session = LoginSessionProxy::builder(&connection)
            .path(session_path(&manager).await?)?
            .build()
            .await?;
        if let Some(status) = away.on_lock {
            let (session, asking) = (session.clone(), asking.clone());
            watchers.spawn(async move {
                follow_lock(&session, |locked| {
                    // Without effect once the app has ended.
                    let _ = asking.send(Word::of(locked, Origin::ScreenLock, &status));
                })
                .await
            });
        }
        if let Some((after, status)) = away.on_idle {
            watchers.spawn(async move {
                follow_idle(&session, after, |idle| {
                    let _ = asking.send(Word::of(idle, Origin::Idle, &status));
                })
                .await
            });
        }
    }
    watchers.spawn(async move { follow_holds(&manager, keep_awake).await });
    while let Some(ended) = watchers.join_next().await {
        if let Ok(Err(error)) = ended {
            tracing::warn!(%error, "a part of the desktop session is not watched any more");
        }
    }
    Ok(())
}

async fn session_path(manager: &ManagerProxy<'_>) -> zbus::Result<OwnedObjectPath> {
    match std::env::var("XDG_SESSION_ID") {
        Ok(id) => manager.get_session(&id).await,
        Err(_) => manager.get_session_by_pid(std::process::id()).await,
    }
}

/// Holds the inhibitor while something is held for a call; logind lets go of it when the file is closed,
/// whichever way Holdline ends.
async fn follow_holds(manager: &ManagerProxy<'_>, mut wanted: watch::Receiver<bool>) -> zbus::Result<()> {
    let mut inhibitor: Option<OwnedFd> = None;
    loop {
        if !*wanted.borrow_and_update() {
            inhibitor = None;
        } else if inhibitor.is_none() {
            let why = crate::texts::text("inhibit-why", &[]);
            match manager.inhibit("sleep:shutdown", "Holdline", &why, "block").await {
                Ok(taken) => inhibitor = Some(taken),
                Err(error) => {
                    tracing::warn!(%error, "the machine can't be kept from sleeping during the call");
                }
            }
        }
        if wanted.changed().await.is_err() {
            return Ok(());
        }
    }
}

/// Tells each time the screen is locked, or unlocked.
async fn follow_lock(session: &LoginSessionProxy<'_>, locked: impl Fn(bool)) -> zbus::Result<()> {
    use futures_util::StreamExt as _;

    let mut changes = session.receive_locked_hint_changed().await;
    let mut before = session.locked_hint().await?;
    while let Some(change) = changes.next().await {
        let now = change.get().await?;
        if now != before {
            locked(now);
        }
        before = now;
    }
    Ok(())
}

/// Tells once each time the rep has been idle for so long, and then when they are back.
async fn follow_idle(
    session: &LoginSessionProxy<'_>,
    after: Duration,
    idle: impl Fn(bool),
) -> zbus::Result<()> {
    use futures_util::StreamExt as _;

    let mut changes = session.receive_idle_hint_changed().await;
    loop {
        // The desktop gives the hint a while after the last key; that while counts.
        let due_in = if session.idle_hint().await? {
            let since = Duration::from_micros(session.idle_since_hint().await?);
            let due = SystemTime::UNIX_EPOCH + since + after;
            Some(due.duration_since(SystemTime::now()).unwrap_or_default())
        } else {
            None
        };
        let due = async {
            match due_in {
                Some(left) => tokio::time::sleep(left).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            change = changes.next() => if change.is_none() { return Ok(()) },
            () = due => {
                idle(true);
                // Once: the next time is after the rep has been back.
                while session.idle_hint().await? {
                    if changes.next().await.is_none() {
                        return Ok(());
                    }
                }
                idle(false);
            }
        }
    }
}
