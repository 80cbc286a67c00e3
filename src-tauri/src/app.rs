//! The app's life: one loop over everything that happens around the companion.

use std::process::ExitCode;
use std::sync::Arc;

use holdline::protocol::{Answer, Request, ToWindow, Wish};
use presence::event::Origin;
use tokio::sync::mpsc;
use update::Next;
use wire::dispatch::Dispatch;
use wire::picture::Picture;

use crate::companion_handle::Companion;
use crate::desktop::Message;
use crate::notify::{self, Notifier};
use crate::phone_window::PhoneWindow;
use crate::session::{Session, Word};
use crate::shortcut::{Pressed, Shortcuts};
use crate::signals;
use crate::texts;
use crate::tray::{Choice, Model, Tray};
use crate::updates::Updates;
use crate::window_process::{self, Window};

/// What the loop works with.
pub(crate) struct App {
    companion: Arc<Companion>,
    messages: mpsc::UnboundedReceiver<Message>,
    notifier: Arc<Notifier>,
    session: Session,
    /// What the session has said, told to the companion in its order.
    session_words: mpsc::UnboundedSender<Word>,
    shortcuts: Shortcuts,
    tray: Tray,
    updates: Updates,
    window: Window,
    window_events: mpsc::UnboundedReceiver<window_process::Event>,
    phone: Option<PhoneWindow>,
    hidden: bool,
}

impl App {
    pub(crate) fn new(
        companion: Arc<Companion>,
        messages: mpsc::UnboundedReceiver<Message>,
        tray: Tray,
        hidden: bool,
    ) -> Self {
        let (events, window_events) = mpsc::unbounded_channel();
        let settings = companion.settings();
        let session = Session::start(settings.away.clone());
        let (shortcuts, wrong) = Shortcuts::start(&settings.shortcuts);
        if let Some(wrong) = wrong {
            companion.report_bad_setting(wrong);
        }
        let notifier = Arc::new(Notifier::start());
        let (updates, wrong) = Updates::start(&companion, &notifier);
        if let Some(wrong) = wrong {
            companion.report_bad_setting(wrong);
        }
        let phone = PhoneWindow::of(&companion);
        let session_words = tell_in_order(Arc::clone(&companion));
        Self {
            companion,
            messages,
            notifier,
            session,
            session_words,
            shortcuts,
            tray,
            updates,
            window: Window::new(events),
            window_events,
            phone,
            hidden,
        }
    }

    /// Lives until the rep's quit is let through, the system asks to end, or the companion's loop has died.
    pub(crate) async fn run(mut self) -> ExitCode {
        if !self.hidden {
            self.show_window();
        }
        let mut pictures = self.companion.pictures();
        let mut shows = self.companion.shows();
        let end = signals::asked_to_end();
        tokio::pin!(end);
        let mut restart = false;
        let code = loop {
            tokio::select! {
                changed = pictures.changed() => match changed {
                    Ok(()) => self.draw(&pictures.borrow_and_update().clone()),
                    // The companion has said why.
                    Err(_) => break ExitCode::FAILURE,
                },
                Some(message) = self.messages.recv() => match message {
                    Message::Notify(notice) => self.notifier.notify(self.companion.notice(&notice)),
                    Message::Quit => break ExitCode::SUCCESS,
                    Message::Restart => {
                        restart = true;
                        break ExitCode::SUCCESS;
                    }
                },
                Some(choice) = self.tray.chosen() => match choice {
                    Choice::Dispatch(request) => self.dispatch(Origin::Tray, request),
                    Choice::Show => self.show_window(),
                },
                Some(event) = self.window_events.recv() => match event {
                    window_process::Event::Gone { run } => self.window.gone(run),
                    window_process::Event::Request { request, answers } => {
                        self.wish_of_window(request, answers);
                    }
                },
                // The task that takes it lives as long as this loop.
                word = self.session.word() => drop(self.session_words.send(word)),
                pressed = self.shortcuts.pressed() => match pressed {
                    Pressed::Offline => self.dispatch(Origin::Shortcut, Dispatch::RequestOffline),
                    Pressed::Show => self.show_window(),
                },
                () = keep(&mut self.phone) => {}
                Ok(()) = shows.changed() => self.show_window(),
                () = &mut end => break ExitCode::SUCCESS,
            }
        };
        self.window.close();
        self.companion.shutdown().await;
        if restart { self.start_again() } else { code }
    }

    /// With what is ready to be installed, if anything is. A refused update leaves the version before in place.
    fn start_again(&self) -> ExitCode {
        let next = self.updates.install(self.companion.profile_folder().to_owned());
        match next {
            Ok(Next::End) => return ExitCode::SUCCESS,
            Ok(Next::StartAgain) => {}
            Err(reason) => {
                tracing::error!(reason, "an update was not installed");
                // The queue's thread would die with this run.
                notify::now(&texts::text("update-failed", &[]), &reason);
            }
        }
        match headless::start_again() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                tracing::error!(%error, "Holdline could not start again");
                notify::now(&texts::text("request-failed", &[]), &error.to_string());
                ExitCode::FAILURE
            }
        }
    }

    fn draw(&mut self, picture: &Arc<Picture>) {
        self.window.draw(picture);
        self.tray.draw(Model::of(picture));
        self.session.draw(picture);
    }

    fn show_window(&mut self) {
        if let Err(error) = self.window.show(&self.companion.picture()) {
            tracing::error!(%error, "the window could not be opened");
            self.notifier.request_failed(error.to_string());
        }
    }

    /// Whether a request was one that this desktop itself carries out: to show the phone's window.
    fn showed_phone(&self, request: &Dispatch) -> bool {
        match &self.phone {
            Some(phone) if *request == Dispatch::ShowPhone => {
                phone.show();
                true
            }
            _ => false,
        }
    }

    /// The answer to the window, when it comes; the loop does not wait for it.
    fn wish_of_window(&self, Request { id, wish }: Request, answers: mpsc::UnboundedSender<ToWindow>) {
        if matches!(&wish, Wish::Dispatch(request) if self.showed_phone(request)) {
            let (error, told) = (None, None);
            let _ = answers.send(ToWindow::Answer(Answer { id, error, told }));
            return;
        }
        let companion = Arc::clone(&self.companion);
        tokio::spawn(async move {
            let (error, told) = match wish {
                Wish::Ask(ask) => (None, Some(companion.support(ask).await)),
                Wish::Dispatch(request) => (companion.dispatch(Origin::Window, request).await.err(), None),
            };
            // A window that is gone wants no answer.
            let _ = answers.send(ToWindow::Answer(Answer { id, error, told }));
        });
    }

    /// A tray or a shortcut has no place for an answer: a refusal becomes a notification.
    fn dispatch(&self, origin: Origin, request: Dispatch) {
        if self.showed_phone(&request) {
            return;
        }
        let companion = Arc::clone(&self.companion);
        let notifier = Arc::clone(&self.notifier);
        let needs_window = matches!(request, Dispatch::SignIn { .. });
        let show = self.tray.chooser();
        tokio::spawn(async move {
            if let Err(error) = companion.dispatch(origin, request).await {
                notifier.request_failed(error.text);
                if needs_window {
                    // Where the org's address can be typed.
                    let _ = show.send(Choice::Show);
                }
            }
        });
    }
}

/// Keeps the phone's window alive, where there is one; never ends.
async fn keep(phone: &mut Option<PhoneWindow>) {
    match phone {
        Some(phone) => phone.keep().await,
        None => std::future::pending().await,
    }
}

/// One task tells the companion what the session says, one word after the other: the rep's return must not
/// overtake what their absence has asked for.
fn tell_in_order(companion: Arc<Companion>) -> mpsc::UnboundedSender<Word> {
    let (words, mut said) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(word) = said.recv().await {
            match word {
                Word::Away { origin, status } => companion.request_in_absence(origin, &status).await,
                Word::Back { from } => companion.rep_is_back(from),
            }
        }
    });
    words
}
