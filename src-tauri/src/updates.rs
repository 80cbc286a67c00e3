//! Updates: looked for now and then, and installed only when the engine has let a restart by the updater through.
//!
//! What is downloaded waits in the profile until then, and the rep is told so. The rep's own wish comes first: while
//! one stands, the engine refuses the updater, which asks again later.

use std::collections::hash_map::RandomState;
use std::fs;
use std::hash::{BuildHasher as _, Hasher as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use companion::settings::UpdateSettings;
use presence::event::{Origin, Target};
use semver::Version;
use update::{Fetch, Key, Next, Ready, Source};
use wire::status_api::Answer;

use crate::arguments::VERSION;
use crate::companion_handle::Companion;
use crate::notify::Notifier;
use crate::texts;

/// After a start the first look waits so long at most: a thousand desktops start in the same minutes.
const FIRST_LOOK: Duration = Duration::from_secs(10 * 60);
/// Before the updater asks again, when it was refused.
const ASK_AGAIN: Duration = Duration::from_secs(10 * 60);
/// Remembers a version that its installer refused, below the folder of downloads' parent.
const REFUSED_FILE: &str = "update-refused";
/// Downloads, in the profile.
const FOLDER: &str = "updates";

/// What is ready to be installed.
#[derive(Clone, Default)]
pub(crate) struct Updates {
    ready: Arc<Mutex<Option<Ready>>>,
}

impl Updates {
    /// Begins to look for updates, where the settings say so; `Err` names a setting that is wrong.
    pub(crate) fn start(companion: &Arc<Companion>, notifier: &Arc<Notifier>) -> (Self, Option<String>) {
        let updates = Self::default();
        let settings = companion.settings().updates.clone();
        if !settings.enabled {
            return (updates, None);
        }
        match search(companion, &settings) {
            Ok(Some(fetch)) => {
                let search = Search {
                    companion: Arc::clone(companion),
                    fetch,
                    notifier: Arc::clone(notifier),
                    updates: updates.clone(),
                };
                tokio::spawn(search.go_on(settings.every));
                (updates, None)
            }
            // Built here, or unpacked by hand: no installer knows it.
            Ok(None) => {
                tracing::warn!(
                    "updates are on, but this Holdline was not installed from a package: none are looked for"
                );
                (updates, None)
            }
            Err(wrong) => (updates, Some(wrong)),
        }
    }

    /// Installs what is ready; what to do next. Everything has been shut down before.
    pub(crate) fn install(&self, profile: PathBuf) -> Result<Next, String> {
        let Some(ready) = self.ready().take() else {
            return Ok(Next::StartAgain);
        };
        tracing::info!(version = %ready.version, "installing an update");
        update::install(&ready).map_err(|error| {
            // Not tried again before there is a newer one.
            let refused = profile.join(REFUSED_FILE);
            if let Err(error) = fs::write(&refused, ready.version.to_string()) {
                tracing::warn!(kind = ?error.kind(), "a refused update can't be noted");
            }
            error.to_string()
        })
    }

    fn ready(&self) -> MutexGuard<'_, Option<Ready>> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How to look for updates of this program; `None` when no installer knows it.
fn search(companion: &Companion, settings: &UpdateSettings) -> Result<Option<Fetch>, String> {
    let missing =
        |key: &str| format!("updates.enabled is set and updates.{key} is not; set both, or neither");
    let url = settings.url.as_deref().ok_or_else(|| missing("url"))?;
    let key = settings
        .public_key
        .as_deref()
        .ok_or_else(|| missing("public_key"))?;
    let source = Source::new(url, &settings.channel).map_err(|error| error.to_string())?;
    let key = Key::read(key).map_err(|error| error.to_string())?;
    let client = companion.http_client(source.is_on_this_machine())?;
    let program = headless::program().map_err(|error| error.to_string())?;
    let Some(target) = update::Target::of_program(&program) else {
        return Ok(None);
    };
    Ok(Some(Fetch {
        client,
        folder: companion.profile_folder().join(FOLDER),
        key,
        running: Version::parse(VERSION).map_err(|error| error.to_string())?,
        source,
        target,
    }))
}

struct Search {
    companion: Arc<Companion>,
    fetch: Fetch,
    notifier: Arc<Notifier>,
    updates: Updates,
}

impl Search {
    async fn go_on(self, every: Duration) {
        tokio::time::sleep(jittered(every.min(FIRST_LOOK))).await;
        loop {
            match self.fetch.newer().await {
                Ok(Some(ready)) if self.was_refused(&ready.version) => {}
                Ok(Some(ready)) => self.offer(ready).await,
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "no update"),
            }
            tokio::time::sleep(jittered(every)).await;
        }
    }

    /// Asks the guard until it takes the request in; what happens then is the engine's word.
    async fn offer(&self, ready: Ready) {
        let version = ready.version.to_string();
        tracing::info!(version, "an update is ready");
        *self.updates.ready() = Some(ready);
        loop {
            match self
                .companion
                .request_target(Origin::Updater, Target::Restart)
                .await
            {
                Answer::Held { .. } => {
                    let words = [("version", version.as_str())];
                    self.notifier.notify((
                        texts::text("update-waits", &words),
                        texts::TEXTS.attribute("update-waits", "body", &words),
                    ));
                    return self.companion.nothing_held().await;
                }
                Answer::Refused { code, .. } => {
                    tracing::info!(code, "the update waits");
                    tokio::time::sleep(ASK_AGAIN).await;
                }
                Answer::Applying | Answer::Cancelled | Answer::Nothing => return,
            }
        }
    }

    fn was_refused(&self, version: &Version) -> bool {
        let refused = fs::read_to_string(self.companion.profile_folder().join(REFUSED_FILE));
        refused.is_ok_and(|refused| refused.trim() == version.to_string())
    }
}

/// Between half of a duration and the whole: chance is a hasher's key, which the standard library draws.
fn jittered(duration: Duration) -> Duration {
    let share = RandomState::new().build_hasher().finish() % 500;
    duration * u32::try_from(500 + share).unwrap_or(1000) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_spread() {
        let spread: std::collections::BTreeSet<_> =
            (0..50).map(|_| jittered(Duration::from_secs(1000))).collect();
        assert!(spread.len() > 10, "{spread:?}");
        assert!(
            spread.iter().all(|one| (500..=1000).contains(&one.as_secs())),
            "{spread:?}"
        );
    }
}
