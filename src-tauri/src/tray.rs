//! The tray: [`Model`] says what it shows, as data; [`Tray`] has it drawn, and only what has changed.
//!
//! On Linux it is a StatusNotifierItem spoken over D-Bus ([`sni`]), which needs no window library and has a
//! tooltip; elsewhere Tauri draws it ([`native`]; the feature `native-tray` builds that on Linux too).

mod entry;
mod icon;
mod model;
#[cfg(any(not(target_os = "linux"), feature = "native-tray"))]
mod native;
#[cfg(all(target_os = "linux", not(feature = "native-tray")))]
mod sni;

use std::sync::mpsc as blocking;

use tokio::sync::mpsc;

pub(crate) use self::entry::Choice;
pub(crate) use self::model::Model;
#[cfg(test)]
pub(crate) use self::model::tests::picture as a_picture;
#[cfg(any(not(target_os = "linux"), feature = "native-tray"))]
pub(crate) use self::native::with_tray;
#[cfg(all(target_os = "linux", not(feature = "native-tray")))]
pub(crate) use self::sni::with_tray;

/// The tray as the app's loop sees it.
pub(crate) struct Tray {
    shown: Model,
    models: blocking::Sender<Model>,
    choices: mpsc::UnboundedReceiver<Choice>,
    chooser: mpsc::UnboundedSender<Choice>,
}

/// The other end: what is to be drawn, and where the rep's choices go.
struct Drawing {
    models: blocking::Receiver<Model>,
    choices: mpsc::UnboundedSender<Choice>,
}

impl Tray {
    fn new(first: Model) -> (Self, Drawing) {
        let (models, to_draw) = blocking::channel();
        let (chooser, choices) = mpsc::unbounded_channel();
        let drawing = Drawing {
            models: to_draw,
            choices: chooser.clone(),
        };
        (
            Self {
                shown: first,
                models,
                choices,
                chooser,
            },
            drawing,
        )
    }

    /// Draws a model, if it is another than the one shown. Never waits.
    pub(crate) fn draw(&mut self, model: Model) {
        if model != self.shown {
            self.shown = model.clone();
            // Where there is no tray there is nothing to draw on, which has been logged.
            let _ = self.models.send(model);
        }
    }

    /// What the rep chooses next.
    pub(crate) async fn chosen(&mut self) -> Option<Choice> {
        self.choices.recv().await
    }

    /// Puts a choice in the rep's place.
    pub(crate) fn chooser(&self) -> mpsc::UnboundedSender<Choice> {
        self.chooser.clone()
    }
}

impl Drawing {
    /// Waits for the next model and skips to the newest; `None` when Holdline ends.
    fn next(&self) -> Option<Model> {
        let next = self.models.recv().ok()?;
        Some(self.models.try_iter().last().unwrap_or(next))
    }
}
