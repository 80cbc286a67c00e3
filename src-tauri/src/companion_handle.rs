//! The one place that knows how the companion is started and spoken to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use companion::logging::Logging;
use companion::ports::DesktopPort;
use companion::profile::ProfileError;
use companion::settings::Settings;
use headless::status_client::StatusClient;
use headless::{PhonePage, StartError};
use presence::effect::Notice;
use presence::event::{Origin, Target};
use presence::problem::{Problem, ProblemCode};
use tokio::sync::watch;
use wire::dispatch::{Dispatch, DispatchError};
use wire::picture::Picture;
use wire::status_api::Answer;
use wire::support::{Ask, Told};

use crate::arguments::Arguments;

/// The running companion.
pub(crate) struct Companion {
    running: headless::Running,
}

/// What became of a start.
pub(crate) enum Started {
    /// Another Holdline has this profile; it has been asked to show its window.
    Elsewhere,
    /// It runs.
    Here(Arc<Companion>),
}

impl Companion {
    /// Starts it.
    ///
    /// # Errors
    /// What went wrong and what to do, for people.
    pub(crate) async fn start(
        arguments: &Arguments,
        desktop: Box<dyn DesktopPort>,
        logging: Logging,
    ) -> Result<Started, String> {
        let mut options = headless::Options::new(desktop);
        options.org.clone_from(&arguments.org);
        options.policy.clone_from(&arguments.policy);
        options.profile.clone_from(&arguments.profile);
        options.logging = Some(logging);
        match headless::start(options).await {
            Ok(running) => Ok(Started::Here(Arc::new(Self { running }))),
            Err(StartError::Profile(ProfileError::InUse(folder))) => {
                let shown = async { StatusClient::open(&folder)?.show().await };
                match shown.await {
                    Ok(()) => Ok(Started::Elsewhere),
                    Err(error) => {
                        tracing::warn!(%error, "the other Holdline does not answer");
                        Err(ProfileError::InUse(folder).to_string())
                    }
                }
            }
            Err(error) => Err(error.to_string()),
        }
    }

    /// Takes a request; comes back once it is durably accepted, never waiting for Salesforce.
    pub(crate) async fn dispatch(&self, origin: Origin, request: Dispatch) -> Result<(), DispatchError> {
        self.running.dispatch(origin, request).await
    }

    /// Answers a question about Holdline itself.
    pub(crate) async fn support(&self, ask: Ask) -> Told {
        self.running.desk().support(ask).await
    }

    /// Asks for a status by its label; a refusal is only logged, because nobody is there to read it.
    pub(crate) async fn request_in_absence(&self, origin: Origin, status: &str) {
        let answer = self.running.desk().request(origin, status).await;
        tracing::info!(?origin, ?answer, "asked for a status in the rep's absence");
    }

    /// Asks for a target that is known.
    pub(crate) async fn request_target(&self, origin: Origin, target: Target) -> Answer {
        self.running.desk().request_target(origin, target).await
    }

    /// Comes back when nothing is held.
    pub(crate) async fn nothing_held(&self) {
        let mut pictures = self.running.pictures();
        // An error is the end of the companion's loop, which the app's loop sees too.
        let _ = pictures.wait_for(|picture| picture.held.is_none()).await;
    }

    /// A client for something else than Salesforce, on this machine or not.
    pub(crate) fn http_client(&self, on_this_machine: bool) -> Result<reqwest::Client, String> {
        let client = self.running.http_client(on_this_machine);
        client.map_err(|_| "network.proxy or network.ca_certificates can't be used".to_owned())
    }

    /// The profile's folder.
    pub(crate) fn profile_folder(&self) -> &Path {
        self.running.profile().folder()
    }

    /// What an absence has asked for, and is not so yet, is withdrawn.
    pub(crate) fn rep_is_back(&self, from: Origin) {
        self.running.desk().rep_is_back(from);
    }

    /// The page of the phone that Holdline reaches by itself, where there is one.
    pub(crate) fn phone_page(&self) -> Option<PhonePage> {
        self.running.phone_page()
    }

    /// Where the phone's window keeps its cookies.
    pub(crate) fn phone_window_folder(&self) -> PathBuf {
        self.running.profile().file("phone-window")
    }

    /// The settings in force.
    pub(crate) fn settings(&self) -> &Settings {
        self.running.settings()
    }

    /// A setting that only the desktop could find out to be wrong.
    pub(crate) fn report_bad_setting(&self, about: String) {
        let code = ProblemCode::SettingsInvalid;
        self.running.report(Problem { code, about });
    }

    /// Title and body of a notification.
    pub(crate) fn notice(&self, notice: &Notice) -> (String, String) {
        self.running.notice(notice)
    }

    /// The picture now.
    pub(crate) fn picture(&self) -> Picture {
        Picture::clone(&self.running.pictures().borrow())
    }

    /// The picture now and word of each newer one.
    pub(crate) fn pictures(&self) -> watch::Receiver<Arc<Picture>> {
        self.running.pictures()
    }

    /// Word of each request to bring the window to the front, as a second start makes.
    pub(crate) fn shows(&self) -> watch::Receiver<u64> {
        self.running.desk().shows()
    }

    /// Stops intake, saves, and ends; presence is not written.
    pub(crate) async fn shutdown(&self) {
        self.running.shutdown().await;
    }
}
