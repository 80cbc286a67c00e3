//! A running Holdline.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use companion::desk::Desk;
use companion::logging::Logging;
use companion::profile::Profile;
use companion::settings::Settings;
use companion::store::StoreThread;
use companion::trace_writer::TraceThread;
use loopback::Doors;
use tokio::sync::{oneshot, watch};
use tokio::task::AbortHandle;
use wire::picture::Picture;

use crate::browser::Browser;
use crate::phone_page::PhonePage;
use crate::sign_in::SignIn;
use crate::signing_in::SigningIn;
use crate::start::network;
use crate::telemetry::Telemetry;

/// A running Holdline; see [`crate::start`].
pub struct Running {
    pub(crate) browser: Arc<dyn Browser>,
    pub(crate) access_file: PathBuf,
    pub(crate) desk: Desk,
    pub(crate) doors: Option<Arc<Doors>>,
    /// Ends, with everything written, when this value does.
    pub(crate) _logging: Option<Logging>,
    pub(crate) pictures: watch::Receiver<Arc<Picture>>,
    pub(crate) profile: Profile,
    pub(crate) settings: Settings,
    pub(crate) sign_in: SignIn,
    pub(crate) signing_in: SigningIn,
    /// Takes up the orgs that are switched to.
    pub(crate) switching: AbortHandle,
    pub(crate) ending: Mutex<Option<Ending>>,
}

/// What a shutdown has to end, in order.
pub(crate) struct Ending {
    pub(crate) stop_loop: oneshot::Sender<()>,
    pub(crate) loop_thread: thread::JoinHandle<()>,
    pub(crate) store_thread: StoreThread,
    pub(crate) trace_thread: Option<TraceThread>,
    pub(crate) telemetry: Option<Telemetry>,
}

impl Running {
    /// The desk, for requests in words.
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// The picture now, with the evidence's age.
    pub fn picture(&self) -> Picture {
        self.desk.picture()
    }

    /// The picture now, and word of each newer one.
    pub fn pictures(&self) -> watch::Receiver<Arc<Picture>> {
        self.pictures.clone()
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A client for something else than Salesforce, set up for this machine's network.
    ///
    /// # Errors
    /// A certificate or the proxy of the settings can't be used.
    pub fn http_client(&self, on_this_machine: bool) -> Result<reqwest::Client, salesforce::NetworkFailure> {
        network(&self.settings.network).download_client(on_this_machine)
    }

    /// The page of the phone that Holdline reaches by itself, where the settings name one.
    pub fn phone_page(&self) -> Option<PhonePage> {
        let doors = self.doors.as_ref()?;
        let linked = doors.phone_page_linked()?;
        let (browser, inbox) = (Arc::clone(&self.browser), self.desk.inbox().clone());
        let (place, softphone) = (self.settings.phone.place, self.settings.phone.softphone);
        Some(PhonePage::new(
            Arc::downgrade(doors),
            linked,
            browser,
            inbox,
            place,
            softphone,
        ))
    }

    /// Something is wrong at an edge that the caller looks after.
    pub fn report(&self, problem: presence::problem::Problem) {
        self.desk
            .inbox()
            .post(presence::event::Event::ProblemRaised(problem));
    }

    /// Whether measurements go to a collector.
    pub fn exports_telemetry(&self) -> bool {
        let ending = self.ending.lock().unwrap_or_else(PoisonError::into_inner);
        ending.as_ref().is_some_and(|ending| ending.telemetry.is_some())
    }

    /// The profile.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Ends: takes nothing in any more, takes commands back, saves, and leaves. Presence is not written. A
    /// second call does nothing.
    pub async fn shutdown(&self) {
        self.switching.abort();
        self.signing_in.stop();
        if let Some(doors) = &self.doors {
            doors.shutdown().await;
        }
        let ending = self.ending.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Ending {
            stop_loop,
            loop_thread,
            store_thread,
            trace_thread,
            telemetry,
        }) = ending
        else {
            return;
        };
        let stream = self.sign_in.cloud.stream.end();
        let _ = stop_loop.send(());
        let ended = tokio::task::spawn_blocking(move || {
            // The threads of store and trace end when the loop, which owns their senders, is gone.
            let _ = loop_thread.join();
            store_thread.join();
            if let Some(trace_thread) = trace_thread {
                trace_thread.join();
            }
            if let Some(telemetry) = telemetry {
                telemetry.end();
            }
        });
        let _ = ended.await;
        if let Some(stream) = stream {
            let _ = stream.await;
        }
        // A file that names a port nobody serves any more would only mislead.
        let _ = std::fs::remove_file(&self.access_file);
    }
}
