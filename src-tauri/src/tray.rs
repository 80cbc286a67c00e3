//! The tray: [`Model`] says what it shows, as data; [`Tray`] draws it, and only what has changed.

mod icon;
mod menu;
mod model;

use std::panic::{AssertUnwindSafe, catch_unwind};

use tauri::AppHandle;
use tauri::menu::MenuEvent;
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};

use self::menu::Choice;
pub(crate) use self::model::Model;
use crate::companion_handle::Companion;
use crate::{app, notify};

/// The icon in the desktop's tray.
pub(crate) struct Tray {
    /// `None` where the desktop has none: the window and a second start still work.
    icon: Option<TrayIcon>,
    shown: Model,
}

impl Tray {
    /// Puts it there. Must run on the main thread.
    pub(crate) fn new(app: &AppHandle, model: Model) -> Self {
        // Where libayatana-appindicator is missing, its loader panics.
        let built = catch_unwind(AssertUnwindSafe(|| build(app, &model)));
        let icon = match built {
            Ok(Ok(icon)) => Some(icon),
            Ok(Err(error)) => {
                tracing::error!(%error, "there is no tray icon");
                None
            }
            Err(_) => {
                tracing::error!("there is no tray icon: install libayatana-appindicator3");
                None
            }
        };
        Self { icon, shown: model }
    }

    /// Draws what differs from what is shown. From any thread; returns at once.
    pub(crate) fn draw(&mut self, model: Model) {
        let Some(icon) = &self.icon else { return };
        if model == self.shown {
            return;
        }
        let before = std::mem::replace(&mut self.shown, model.clone());
        let (on_main, icon) = (icon.app_handle().clone(), icon.clone());
        let posted = on_main.run_on_main_thread(move || {
            if let Err(error) = redraw(&icon, &before, &model) {
                tracing::error!(%error, "the tray could not be drawn");
            }
        });
        if let Err(error) = posted {
            tracing::error!(%error, "the tray could not be drawn");
        }
    }
}

fn build(app: &AppHandle, model: &Model) -> tauri::Result<TrayIcon> {
    TrayIconBuilder::with_id("holdline")
        .icon(icon::image(model.icon))
        .tooltip(&model.tooltip)
        .menu(&menu::build(app, &model.menu)?)
        .show_menu_on_left_click(cfg!(target_os = "macos"))
        .on_menu_event(chosen)
        .on_tray_icon_event(clicked)
        .build(app)
}

fn redraw(icon: &TrayIcon, before: &Model, now: &Model) -> tauri::Result<()> {
    if before.icon != now.icon {
        icon.set_icon(Some(icon::image(now.icon)))?;
    }
    if before.tooltip != now.tooltip {
        icon.set_tooltip(Some(&now.tooltip))?;
    }
    if before.menu != now.menu {
        icon.set_menu(Some(menu::build(icon.app_handle(), &now.menu)?))?;
    }
    Ok(())
}

fn chosen(app: &AppHandle, event: MenuEvent) {
    use tauri::Manager as _;

    match Choice::from_id(event.id()) {
        Some(Choice::Dispatch(request)) => {
            if let Err(error) = app.state::<Companion>().dispatch(request) {
                notify::request_failed(error.text);
                app::raise(app);
            }
        }
        Some(Choice::Show) => app::raise(app),
        None => {}
    }
}

fn clicked(icon: &TrayIcon, event: TrayIconEvent) {
    if let TrayIconEvent::Click {
        button: MouseButton::Left,
        button_state: MouseButtonState::Up,
        ..
    } = event
    {
        app::raise(icon.app_handle());
    }
}
