//! The tray of Linux desktops: a StatusNotifierItem over D-Bus.

use std::process::ExitCode;
use std::thread;

use ksni::blocking::TrayMethods as _;
use ksni::menu::StandardItem;
use ksni::{Category, MenuItem, ToolTip};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

use super::entry::{Choice, Entry};
use super::{Drawing, Model, Tray};

/// Puts the tray on its own thread (a bus may be slow) and runs the app's life on this one.
pub(crate) fn with_tray<F>(runtime: &Runtime, first: Model, life: impl FnOnce(Tray) -> F) -> ExitCode
where
    F: Future<Output = ExitCode>,
{
    let (tray, drawing) = Tray::new(first.clone());
    let started = thread::Builder::new()
        .name("tray".into())
        .spawn(move || draw(first, &drawing));
    if let Err(error) = started {
        tracing::error!(%error, "there is no tray icon");
    }
    runtime.block_on(life(tray))
}

fn draw(first: Model, drawing: &Drawing) {
    let item = Item {
        model: first,
        choices: drawing.choices.clone(),
    };
    // A panel that is not there yet finds it when it comes.
    let handle = match item.assume_sni_available(true).spawn() {
        Ok(handle) => handle,
        Err(error) => {
            tracing::error!(%error, "there is no tray icon: the desktop has no session bus");
            return;
        }
    };
    while let Some(model) = drawing.next() {
        handle.update(|item| item.model = model);
    }
    handle.shutdown().wait();
}

struct Item {
    model: Model,
    choices: mpsc::UnboundedSender<Choice>,
}

impl Item {
    /// Without effect once the app's life is over.
    fn choose(&self, choice: Choice) {
        let _ = self.choices.send(choice);
    }
}

impl ksni::Tray for Item {
    fn id(&self) -> String {
        "holdline".into()
    }

    fn category(&self) -> Category {
        Category::Communications
    }

    fn title(&self) -> String {
        self.model.tooltip.clone()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip {
            title: self.model.tooltip.clone(),
            ..ToolTip::default()
        }
    }

    fn icon_pixmap(&self) -> Vec<ksni::Icon> {
        let Some(pixels) = self.model.icon.pixels() else {
            return Vec::new();
        };
        let (Ok(width), Ok(height)) = (pixels.width.try_into(), pixels.height.try_into()) else {
            return Vec::new();
        };
        let mut data = pixels.rgba;
        // The bus wants alpha first.
        data.chunks_exact_mut(4).for_each(|pixel| pixel.rotate_right(1));
        vec![ksni::Icon { width, height, data }]
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.choose(Choice::Show);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        self.model.menu.iter().map(item).collect()
    }
}

fn item(entry: &Entry) -> MenuItem<Item> {
    match entry {
        Entry::Choice { text, choice } => {
            let choice = choice.clone();
            StandardItem {
                label: literal(text),
                activate: Box::new(move |item: &mut Item| item.choose(choice.clone())),
                ..StandardItem::default()
            }
            .into()
        }
        Entry::Line { text } => StandardItem {
            label: literal(text),
            enabled: false,
            ..StandardItem::default()
        }
        .into(),
        Entry::Separator => MenuItem::Separator,
    }
}

/// In a menu `_` marks the key of the next letter; a status may be called "On_Break".
fn literal(text: &str) -> String {
    text.replace('_', "__")
}
