//! `run`: Holdline without a window.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;

use companion::logging::Logging;
use companion::ports::DesktopPort;
use companion::texts::Texts;
use companion::view;
use headless::{KeyringChoice, Options, Running};
use presence::effect::Notice;
use presence::event::Origin;
use tokio::sync::{mpsc, watch};
use wire::dispatch::Dispatch;
use wire::picture::Picture;

use crate::arguments::{KeyringArgument, RunArguments};
use crate::output;
use crate::practice_browser::PracticeBrowser;

pub(crate) async fn run(arguments: RunArguments, logging: Logging) -> anyhow::Result<ExitCode> {
    let texts = Texts::english();
    let (endings, mut ended) = mpsc::unbounded_channel();
    let terminal = Terminal {
        texts: texts.clone(),
        endings,
        json: arguments.json,
    };
    let mut options = Options::new(Box::new(terminal));
    options.org = arguments.org.clone();
    options.profile = arguments.profile.profile;
    options.policy = arguments.policy;
    options.logging = Some(logging);
    if arguments.keyring == KeyringArgument::Session {
        options.keyring = KeyringChoice::Session;
        eprintln!("holdlinectl: tokens are kept in memory only; you are signed out when Holdline ends");
    }
    if let (Some(org), Some(rep)) = (&arguments.org, &arguments.sign_in_as) {
        let url = salesforce::parse_org_url(org)?;
        options.browser = Arc::new(PracticeBrowser::at(&url, rep.clone()).await?);
    }

    let ending = ending_signal()?;
    let running = headless::start(options).await?;
    let pictures = running.pictures();
    let printing = tokio::spawn(print(pictures.clone(), arguments.json, texts));
    if arguments.sign_in_as.is_some()
        && let Err(error) = running.begin_sign_in(None)
    {
        anyhow::bail!(error.text);
    }
    let pairing = arguments.sign_in_as.is_some();
    let mut restart = false;
    tokio::select! {
        () = ending => {}
        Some(ending) = ended.recv() => restart = ending == Ending::Restart,
        // Whoever read the pictures has gone: there is nobody left to run for.
        _ = printing => {}
        () = confirm_pairings(&running, pictures), if pairing => {}
    }
    running.shutdown().await;
    if restart {
        headless::start_again()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// SIGINT or SIGTERM. Asked for before the start, so that none of them is lost.
#[cfg(unix)]
fn ending_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn ending_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// Prints each new picture until nobody reads any more.
async fn print(mut pictures: watch::Receiver<Arc<Picture>>, json: bool, texts: Texts) {
    let mut before = String::new();
    loop {
        let picture = pictures.borrow_and_update().clone();
        let text = if json {
            output::json_of(&picture)
        } else {
            output::words_of(&picture, &texts)
        };
        if text != before && output::line(&text).is_err() {
            return;
        }
        before = text;
        if pictures.changed().await.is_err() {
            return;
        }
    }
}

/// In a practice org the partners that ask are the practice org's own.
async fn confirm_pairings(running: &Running, mut pictures: watch::Receiver<Arc<Picture>>) {
    let mut confirmed = BTreeSet::new();
    loop {
        let asking: Vec<String> = pictures
            .borrow_and_update()
            .pairings
            .iter()
            .map(|pairing| pairing.id.clone())
            .collect();
        for id in asking {
            if confirmed.insert(id.clone()) {
                // Confirming is never refused.
                let _ = running
                    .dispatch(Origin::StatusApi, Dispatch::ConfirmPairing { id })
                    .await;
            }
        }
        if pictures.changed().await.is_err() {
            return std::future::pending().await;
        }
    }
}

/// Notifications go to standard error.
struct Terminal {
    texts: Texts,
    endings: mpsc::UnboundedSender<Ending>,
    json: bool,
}

/// What the rep's word has let through.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Quit,
    Restart,
}

impl DesktopPort for Terminal {
    fn notify(&self, notice: Notice) {
        if !self.json {
            let (title, body) = view::notice(&notice, &self.texts);
            eprintln!("{title}. {body}");
        }
    }

    fn show(&self, _: &presence::picture::Picture) {}

    fn quit(&self) {
        let _ = self.endings.send(Ending::Quit);
    }

    fn restart(&self) {
        let _ = self.endings.send(Ending::Restart);
    }
}
