//! The app's life: tray and window up, messages and pictures in, one way out.

use tauri::{AppHandle, Emitter as _, Manager as _, RunEvent};
use tokio::sync::mpsc;

use crate::companion_handle::Companion;
use crate::desktop::Message;
use crate::notify::Notifier;
use crate::tray::{Model, Tray};
use crate::{commands, signals, window};

/// Runs until Holdline is quit.
///
/// # Errors
/// When there is no display, or the web view's library does not start.
pub(crate) fn run(
    companion: Companion,
    messages: mpsc::UnboundedReceiver<Message>,
    hidden: bool,
) -> tauri::Result<()> {
    let app = tauri::Builder::default()
        .manage(companion)
        .invoke_handler(tauri::generate_handler![commands::dispatch, commands::picture])
        .setup(move |app| {
            let handle = app.handle();
            let first = Model::of(&handle.state::<Companion>().picture());
            let tray = Tray::new(handle, first);
            tauri::async_runtime::spawn(follow_pictures(handle.clone(), tray));
            tauri::async_runtime::spawn(follow_messages(handle.clone(), messages));
            tauri::async_runtime::spawn(end_on_signal(handle.clone()));
            if !hidden {
                window::show(handle)?;
            }
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|app, event| match event {
        // The last window has closed: Holdline stays in the tray. Only `exit` has a code.
        RunEvent::ExitRequested { code: None, api, .. } => api.prevent_exit(),
        RunEvent::Exit => tauri::async_runtime::block_on(app.state::<Companion>().shutdown()),
        _ => {}
    });
    Ok(())
}

/// Each new picture goes to the window, if there is one, and to the tray.
async fn follow_pictures(app: AppHandle, mut tray: Tray) {
    let mut pictures = app.state::<Companion>().pictures();
    loop {
        let picture = pictures.borrow_and_update().clone();
        if let Err(error) = app.emit_to(window::LABEL, "picture", &*picture) {
            tracing::warn!(%error, "the window did not get a picture");
        }
        tray.draw(Model::of(&picture));
        if pictures.changed().await.is_err() {
            // The loop has ended; the companion has said why.
            return app.exit(1);
        }
    }
}

async fn follow_messages(app: AppHandle, mut messages: mpsc::UnboundedReceiver<Message>) {
    let notifier = Notifier::start();
    while let Some(message) = messages.recv().await {
        match message {
            Message::Notify(notice) => notifier.notify(&notice),
            Message::Quit => app.exit(0),
            Message::Raise => raise(&app),
        }
    }
}

/// Shows the window from any thread.
pub(crate) fn raise(app: &AppHandle) {
    let on_main = app.clone();
    let posted = app.run_on_main_thread(move || {
        if let Err(error) = window::show(&on_main) {
            tracing::error!(%error, "the window could not be shown");
        }
    });
    if let Err(error) = posted {
        tracing::error!(%error, "the window could not be shown");
    }
}

async fn end_on_signal(app: AppHandle) {
    signals::asked_to_end().await;
    app.exit(0);
}
