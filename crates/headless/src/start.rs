//! Starting: everything is put together here, and only here.

use std::io;
use std::sync::{Arc, Mutex};
use std::thread;

use companion::desk::Desk;
use companion::inbox::Inbox;
use companion::logging::LOG_FOLDER;
use companion::orgs::{KeptOrg, ORGS_FILE, Orgs};
use companion::ports::{ConsolePort, DesktopPort, PhonePort, TracePort};
use companion::profile::{Profile, ProfileError};
use companion::run::{Loop, Ports};
use companion::settings::{
    self, NetworkSettings, PhonePlace, PolicyError, PolicySource, ProxyChoice, USER_FILE,
};
use companion::store::{self, STATE_FILE, Store};
use companion::texts::Texts;
use companion::trace_files::TRACE_FOLDER;
use companion::trace_writer::{TraceThread, TraceWriter};
use companion::{crash, disk, view};
use loopback::{DoorError, Doors, PairingStore, PairingStoreError};
use presence::effect::{ConsoleAction, Notice};
use presence::engine::Engine;
use presence::event::{CommandId, CommandOutcome, ConsoleId, Event, PhoneOutcome};
use presence::problem::{Problem, ProblemCode};
use salesforce::{
    Account, BadOrgUrl, KeyringStore, Network, OrgConfig, Prompt, Proxy, SessionStore, TokenStore,
    parse_org_url,
};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::{oneshot, watch};
use wire::picture::{Picture, SessionState};
use wire::status_api::ACCESS_FILE;

use crate::cloud::Cloud;
use crate::dispatch::same_org;
use crate::doctor::{Live, Machine, Patient};
use crate::options::{KeyringChoice, Options};
use crate::phone_page;
use crate::running::{Ending, Running};
use crate::sign_in::SignIn;
use crate::signing_in::SigningIn;
use crate::stream::Stream;
use crate::support::Support;
use crate::telemetry::{self, Tee};

/// Why Holdline does not start. Each text names its remedy.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The org's address is none.
    #[error(transparent)]
    BadOrgUrl(#[from] BadOrgUrl),
    /// A file or thread could not be had.
    #[error("Holdline can't start: {what}: {source}. Check that you may write to the profile's folder.")]
    Io {
        /// What was tried.
        what: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// Another org is named than the policy's.
    #[error(
        "Your organisation has set the org to sign in to, {0}. Leave --org out, or ask your administrator."
    )]
    OrgOfPolicy(String),
    /// The pairings can't be read.
    #[error(transparent)]
    Pairings(#[from] PairingStoreError),
    /// The named policy may not or can't be used.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The profile is in use, or can't be used.
    #[error(transparent)]
    Profile(#[from] ProfileError),
}

/// Starts a Holdline on the runtime that calls.
///
/// # Errors
/// [`StartError`].
pub async fn start(options: Options) -> Result<Running, StartError> {
    let io = |what| move |source| StartError::Io { what, source };
    let policy = settings::choose_policy(settings::machine_policies(), options.policy)?;
    let profile = Profile::open(match options.profile {
        Some(folder) => folder,
        None => Profile::default_folder()?,
    })?;
    let loaded = settings::load(&profile.file(USER_FILE), &policy);
    let settings = loaded.settings;
    if let Some(logging) = &options.logging {
        let (level, bytes) = settings.log;
        logging.open(&profile.file(LOG_FOLDER), level, bytes);
    }
    if let (true, Some(ours), Some(named)) = (settings.org_is_policys, &settings.org_url, &options.org)
        && !same_org(ours, named)
    {
        return Err(StartError::OrgOfPolicy(ours.clone()));
    }
    let org = options.org.or_else(|| settings.org_url.clone());
    let login_url = org.as_deref().map(parse_org_url).transpose()?;
    let state = store::load(&profile.file(STATE_FILE)).map_err(io("reading the state file"))?;
    crash::end_process_when_loop_dies(profile.folder().to_owned());

    let (clock, texts) = (options.clock, Texts::english());
    // A kept sign-in is taken up again only in the org it belongs to.
    let session = state.saved.session.clone().filter(|session| {
        login_url
            .as_ref()
            .is_none_or(|url| url.as_str() == session.org_url)
    });
    let engine = Engine::restore(settings.engine.clone(), rand::random(), state.saved, clock.now());
    let (inbox, posts, pictures) = Inbox::new(engine.picture());
    for problem in loaded.problems.into_iter().chain(state.problem) {
        inbox.post(Event::ProblemRaised(problem));
    }

    // What is signed in to for this run only is listed for this run only.
    let kept = options.keyring == KeyringChoice::System;
    let (orgs, switches) = Orgs::open(kept.then(|| profile.file(ORGS_FILE)));
    let orgs = orgs.only(
        login_url
            .as_ref()
            .filter(|_| settings.org_is_policys)
            .map(ToString::to_string),
    );
    let desk = Desk::new(inbox.clone(), texts.clone(), clock, org.clone(), orgs.clone());
    let doors = open_doors(&settings, &profile, &inbox, &desk).await?;
    let has_page = settings.phone.amazon_connect.is_some();
    let access_file = profile.file(ACCESS_FILE);
    if let Some(doors) = &doors {
        let access = serde_json::to_vec(&doors.access()).map_err(io::Error::other);
        access
            .and_then(|access| disk::replace_file(&access_file, &access))
            .map_err(io("writing the status API's key"))?;
    }
    let cloud = Cloud::new(
        inbox.clone(),
        clock,
        doors.clone(),
        orgs.clone(),
        Stream::new(&settings.streaming, session.as_ref()),
        &settings.voice_channels,
    );
    cloud.follow_console();
    let (store, store_thread) =
        Store::start(profile.file(STATE_FILE), inbox.clone()).map_err(io("starting the store's thread"))?;
    let (trace, trace_thread) = start_trace(&settings, &profile, &inbox)?.unzip();
    let trace = trace.map(|trace| Box::new(trace) as Box<dyn TracePort>);
    let network = network(&settings.network);
    let (telemetry, trace) = match telemetry::start(&settings.telemetry, &network, cloud.api_calls.clone()) {
        Ok(Some((telemetry, instruments))) => (
            Some(telemetry),
            Some(Box::new(Tee::new(instruments, trace)) as Box<dyn TracePort>),
        ),
        Ok(None) => (None, trace),
        Err(reason) => {
            tracing::error!(reason, "no measurements are exported: check telemetry.endpoint");
            (None, trace)
        }
    };
    let (console, phone): (Box<dyn ConsolePort>, Box<dyn PhonePort>) = match &doors {
        Some(doors) => (Box::new(doors.console()), Box::new(doors.phone())),
        None => (Box::new(Closed(inbox.clone())), Box::new(Closed(inbox.clone()))),
    };
    let (shown, shows) = watch::channel(Arc::new(desk.picture()));
    let ports = Ports {
        console,
        desktop: Box::new(Shown {
            inner: options.desktop,
            pictures: shown,
            texts: texts.clone(),
            org: org.clone(),
            orgs,
            has_page,
        }),
        phone,
        salesforce: Box::new(cloud.clone()),
        store: Box::new(store),
        trace,
    };
    let ports = match options.interpose {
        Some(interpose) => interpose(ports, inbox.clone()),
        None => ports,
    };
    let (stop_loop, stopped) = oneshot::channel();
    let body = Loop::new(engine, clock, ports, posts, pictures);
    let loop_thread = run_loop(body, stopped).map_err(io("starting the loop's thread"))?;

    let browser = options.phone_browser;
    let sign_in = SignIn {
        browser: options.browser,
        cloud,
        desk: desk.clone(),
        network,
        oauth_ports: settings.oauth_ports.clone(),
        store: options.tokens.unwrap_or_else(|| token_store(options.keyring)),
    };
    desk.supported_by(Box::new(Support {
        patient: Patient {
            machine: Machine::this(),
            settings: settings.clone(),
            wrong: loaded.findings,
            policies: policy.iter().map(PolicySource::place).collect(),
            org: login_url,
            tokens: sign_in.store.clone(),
            live: Some(Live {
                cloud: sign_in.cloud.clone(),
                desk: desk.clone(),
                doors: doors.clone(),
            }),
        },
        profile: profile.folder().to_owned(),
        shown: loaded.shown,
        texts: texts.clone(),
        told: Mutex::default(),
    }));
    let kept_at = session.as_ref().map(|session| session.org_url.clone());
    let signing_in = SigningIn::new(org.or(kept_at));
    let client_id = settings.client_id.clone();
    let switching = take_up(switches, sign_in.clone(), signing_in.clone(), client_id);
    let running = Running {
        browser,
        access_file,
        desk,
        _logging: options.logging,
        doors,
        pictures: shows,
        profile,
        sign_in,
        signing_in,
        switching: tokio::spawn(switching).abort_handle(),
        ending: Mutex::new(Some(Ending {
            stop_loop,
            loop_thread,
            store_thread,
            trace_thread,
            telemetry,
        })),
        settings,
    };
    if let Some(page) = running.phone_page()
        && page.place() == PhonePlace::Browser
    {
        // Ends with the runtime, or when the doors are gone.
        tokio::spawn(page.keep_open());
    }
    if let Some(session) = session
        && let Ok(url) = parse_org_url(&session.org_url)
    {
        let config = OrgConfig::new(url, &running.settings.client_id);
        let account = Account {
            org: session.org,
            user: session.user,
        };
        // Nobody has asked for anything yet, so nobody is asked.
        let resuming = running.sign_in.clone().resume(config, account, Prompt::Never);
        running.signing_in.run(tokio::spawn(resuming).abort_handle());
    }
    Ok(running)
}

/// Takes up each org that is switched to, one after the other.
async fn take_up(
    mut switches: UnboundedReceiver<KeptOrg>,
    sign_in: SignIn,
    signing_in: SigningIn,
    client_id: String,
) {
    while let Some(KeptOrg {
        org, user, org_url, ..
    }) = switches.recv().await
    {
        let Ok(url) = parse_org_url(&org_url) else {
            tracing::error!("a kept org has no usable address: sign in to it again");
            continue;
        };
        signing_in.goes_to(org_url);
        let config = OrgConfig::new(url, &client_id);
        let resuming = sign_in
            .clone()
            .resume(config, Account { org, user }, Prompt::Allow);
        signing_in.run(tokio::spawn(resuming).abort_handle());
    }
}

/// The trace's writer, unless the settings have turned it off.
fn start_trace(
    settings: &settings::Settings,
    profile: &Profile,
    inbox: &Inbox,
) -> Result<Option<(TraceWriter, TraceThread)>, StartError> {
    let start = |bytes| TraceWriter::start(profile.file(TRACE_FOLDER), bytes, inbox.clone());
    let started = settings.trace_bytes.map(start).transpose();
    started.map_err(|source| StartError::Io {
        what: "starting the trace's thread",
        source,
    })
}

/// The doors, or, when every port is taken, none and the reason in the picture.
async fn open_doors(
    settings: &settings::Settings,
    profile: &Profile,
    inbox: &Inbox,
    desk: &Desk,
) -> Result<Option<Arc<Doors>>, StartError> {
    let options = loopback::Options {
        ports: settings.ports.clone(),
        inbox: inbox.clone(),
        desk: desk.clone(),
        pairings: PairingStore::open(profile.folder())?,
        connector: connector(&settings.connector),
        timings: loopback::Timings::default(),
        amazon_connect: phone_page::of_settings(&settings.phone),
    };
    match Doors::open(options).await {
        Ok(doors) => Ok(Some(Arc::new(doors))),
        Err(DoorError::PortsTaken(taken)) => {
            tracing::error!(%taken, "no console and no phone can connect");
            let about = taken.to_string();
            inbox.post(Event::ProblemRaised(Problem {
                code: ProblemCode::PortsTaken,
                about,
            }));
            Ok(None)
        }
    }
}

/// A line that is no token after all lets nobody in; the settings have checked its form.
fn connector(settings: &settings::ConnectorSettings) -> loopback::ConnectorOptions {
    loopback::ConnectorOptions {
        origins: settings.origins.clone(),
        pairing: settings.pairing,
        tokens: settings
            .tokens
            .iter()
            .filter_map(|line| line.parse().ok())
            .collect(),
    }
}

/// The loop has a thread and a small runtime of its own, so that nothing else can keep it waiting.
fn run_loop(body: Loop, stopped: oneshot::Receiver<()>) -> io::Result<thread::JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    thread::Builder::new()
        .name(crash::LOOP_THREAD.into())
        .spawn(move || runtime.block_on(body.run(stopped)))
}

pub(crate) fn network(settings: &NetworkSettings) -> Network {
    let proxy = match &settings.proxy {
        ProxyChoice::None => Proxy::None,
        ProxyChoice::System => Proxy::System,
        // The settings take only http and https; an address that is none all the same is refused at its first use.
        ProxyChoice::Url(text) => text.parse().map_or(Proxy::System, Proxy::Url),
    };
    Network {
        ca_certificates: settings.ca_certificates.clone(),
        proxy,
    }
}

/// Nobody is asked for anything unless they have asked first ([`Prompt::Allow`] is given per attempt).
fn token_store(keyring: KeyringChoice) -> TokenStore {
    match keyring {
        KeyringChoice::Session => TokenStore::Session(SessionStore::default()),
        KeyringChoice::System => {
            TokenStore::Keyring(KeyringStore::new(KeyringStore::TIME_OUT, Prompt::Never))
        }
    }
}

/// Renders each picture once, for all who draw it.
struct Shown {
    inner: Box<dyn DesktopPort>,
    pictures: watch::Sender<Arc<Picture>>,
    texts: Texts,
    org: Option<String>,
    orgs: Orgs,
    /// The phone is one of our own that can be shown.
    has_page: bool,
}

impl DesktopPort for Shown {
    fn notify(&self, notice: Notice) {
        self.inner.notify(notice);
    }

    fn show(&self, picture: &presence::picture::Picture) {
        let mut shown = view::render(picture, &self.texts, self.org.as_deref());
        self.orgs.show_in(&mut shown);
        shown.telephony.page = self.has_page && shown.session.state == SessionState::SignedIn;
        self.pictures.send_replace(Arc::new(shown));
        self.inner.show(picture);
    }

    fn quit(&self) {
        self.inner.quit();
    }

    fn restart(&self) {
        self.inner.restart();
    }
}

/// Stands where the doors would be when no port was free: everything is refused, so nothing seems done.
struct Closed(Inbox);

impl ConsolePort for Closed {
    fn send(&self, _: ConsoleId, command: CommandId, _: u64, _: ConsoleAction) {
        self.0.post(Event::CommandAnswered {
            command,
            outcome: CommandOutcome::Failed,
        });
    }

    fn withdraw(&self, _: CommandId) {}
}

impl PhonePort for Closed {
    fn set_state(&self, command: CommandId, _: String, _: bool) {
        self.0.post(Event::PhoneAnswered {
            command,
            outcome: PhoneOutcome::Refused,
        });
    }
}
