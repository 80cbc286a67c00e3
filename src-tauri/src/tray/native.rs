//! The tray of macOS and Windows, drawn by Tauri, whose event loop needs the main thread.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;

use tauri::image::Image;
use tauri::menu::{IsMenuItem, Menu, MenuEvent, MenuId, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, RunEvent};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;

use super::entry::{Choice, Entry};
use super::icon::Icon;
use super::{Drawing, Model, Tray};

/// Runs the app's life on the runtime and the tray on this, the main thread.
pub(crate) fn with_tray<F>(
    runtime: &Runtime,
    first: Model,
    life: impl FnOnce(Tray) -> F + Send + 'static,
) -> ExitCode
where
    F: Future<Output = ExitCode> + Send + 'static,
{
    let (tray, drawing) = Tray::new(first.clone());
    let failed = Arc::new(AtomicU8::new(0));
    let outcome = Arc::clone(&failed);
    tauri::async_runtime::set(runtime.handle().clone());
    let built = tauri::Builder::default()
        .setup(move |app| {
            match build(app.handle(), &first, drawing.choices.clone()) {
                Ok(icon) => {
                    thread::Builder::new()
                        .name("tray".into())
                        .spawn(move || draw(&icon, first, &drawing))?;
                }
                // Calls are guarded without one too.
                Err(error) => tracing::error!(%error, "there is no tray on this desktop"),
            }
            let handle = app.handle().clone();
            tauri::async_runtime::spawn(async move {
                let code = life(tray).await;
                outcome.store(u8::from(code != ExitCode::SUCCESS), Ordering::SeqCst);
                handle.exit(0);
            });
            Ok(())
        })
        .build(tauri::generate_context!());
    let app = match built {
        Ok(app) => app,
        Err(error) => {
            tracing::error!(%error, "Holdline could not open on this desktop");
            return ExitCode::FAILURE;
        }
    };
    app.run_return(|_, event| {
        // There is no window here to wait for; only `exit` has a code.
        if let RunEvent::ExitRequested { code: None, api, .. } = event {
            api.prevent_exit();
        }
    });
    ExitCode::from(failed.load(Ordering::SeqCst))
}

fn draw(icon: &TrayIcon, mut shown: Model, drawing: &Drawing) {
    while let Some(model) = drawing.next() {
        if let Err(error) = redraw(icon, &shown, &model) {
            tracing::error!(%error, "the tray could not be drawn");
        }
        shown = model;
    }
}

fn build(app: &AppHandle, model: &Model, choices: mpsc::UnboundedSender<Choice>) -> tauri::Result<TrayIcon> {
    let clicks = choices.clone();
    let mut builder = TrayIconBuilder::with_id("holdline")
        .tooltip(&model.tooltip)
        .menu(&menu(app, &model.menu)?)
        .show_menu_on_left_click(cfg!(target_os = "macos"))
        .on_menu_event(move |_, event: MenuEvent| {
            if let Ok(choice) = serde_json::from_str(event.id().as_ref()) {
                let _ = choices.send(choice);
            }
        })
        .on_tray_icon_event(move |_, event| {
            let left = matches!(
                event,
                TrayIconEvent::Click {
                    button: MouseButton::Left,
                    button_state: MouseButtonState::Up,
                    ..
                }
            );
            if left && !cfg!(target_os = "macos") {
                let _ = clicks.send(Choice::Show);
            }
        });
    if let Some(image) = image(model.icon) {
        builder = builder.icon(image);
    }
    builder.build(app)
}

fn redraw(icon: &TrayIcon, before: &Model, now: &Model) -> tauri::Result<()> {
    if before.icon != now.icon {
        icon.set_icon(image(now.icon))?;
    }
    if before.tooltip != now.tooltip {
        icon.set_tooltip(Some(&now.tooltip))?;
    }
    if before.menu != now.menu {
        icon.set_menu(Some(menu(icon.app_handle(), &now.menu)?))?;
    }
    Ok(())
}

fn image(icon: Icon) -> Option<Image<'static>> {
    let pixels = icon.pixels()?;
    Some(Image::new_owned(pixels.rgba, pixels.width, pixels.height))
}

fn menu(app: &AppHandle, entries: &[Entry]) -> tauri::Result<Menu<tauri::Wry>> {
    let menu = Menu::new(app)?;
    for entry in entries {
        let item: Box<dyn IsMenuItem<tauri::Wry>> = match entry {
            Entry::Choice { text, choice } => Box::new(MenuItem::with_id(
                app,
                id(choice),
                literal(text),
                true,
                None::<&str>,
            )?),
            Entry::Line { text } => Box::new(MenuItem::new(app, literal(text), false, None::<&str>)?),
            Entry::Separator => Box::new(PredefinedMenuItem::separator(app)?),
        };
        menu.append(item.as_ref())?;
    }
    Ok(menu)
}

/// The choice itself is the item's id, so that a click on a menu that was redrawn in the same moment still
/// does what its line said.
fn id(choice: &Choice) -> MenuId {
    MenuId::new(serde_json::to_string(choice).unwrap_or_default())
}

/// In a menu `&` marks the key of the next letter; a status may be called "R&D".
fn literal(text: &str) -> String {
    text.replace('&', "&&")
}
