//! The window with the phone's own page (Amazon Connect's panel), started by `holdline` as
//! `holdline-window phone`. It has no command and no capability: its page talks to Holdline through loopback,
//! like a page in a browser. Closed by the rep it is hidden, and goes on working.

use std::io;
use std::process::ExitCode;
use std::thread;

use holdline::protocol::ToPhoneWindow;
use tauri::utils::config::BackgroundThrottlingPolicy;
use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager as _, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};

/// Its label; no capability names it.
const LABEL: &str = "phone";

/// Width and height when it is first shown, logical pixels: what Amazon's own panel asks for, and a line above.
const SIZE: (f64, f64) = (400.0, 640.0);
/// The smallest in which the panel can be used, logical pixels.
const SMALLEST: (f64, f64) = (320.0, 500.0);

pub(crate) fn run() -> ExitCode {
    let mut first = String::new();
    let _ = io::stdin().read_line(&mut first);
    let Ok(open @ ToPhoneWindow::Open { .. }) = serde_json::from_str(&first) else {
        eprintln!("This is only the window of Holdline's phone. Start Holdline itself: holdline");
        return ExitCode::FAILURE;
    };
    let mut context = crate::context();
    // The vendor's library gives objects members that the prototypes have, too; frozen ones would not let it.
    // Nothing of this program can be reached from the page.
    context.config_mut().app.security.freeze_prototype = false;
    let ran = tauri::Builder::default()
        .setup(move |app| {
            build(app.handle(), open)?;
            let handle = app.handle().clone();
            thread::Builder::new()
                .name("host".into())
                .spawn(move || listen(&handle))?;
            Ok(())
        })
        .run(context);
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The phone's window could not open on this desktop: {error}.");
            ExitCode::FAILURE
        }
    }
}

fn build(app: &AppHandle, open: ToPhoneWindow) -> Result<(), Box<dyn std::error::Error>> {
    let ToPhoneWindow::Open { address, data, shown } = open else {
        return Err("the first message opens".into());
    };
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::External(address.expose().parse()?))
        .title("Amazon Connect · Holdline")
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(SMALLEST.0, SMALLEST.1)
        .data_directory(data)
        // Hidden, it has to hear of calls all the same.
        .background_throttling(BackgroundThrottlingPolicy::Disabled)
        // The sign-in, at whichever provider the instance sends the rep to.
        .on_new_window(|url, _| match url.scheme() {
            "https" => NewWindowResponse::Allow,
            "http" if url.host_str() == Some("localhost") => NewWindowResponse::Allow,
            _ => NewWindowResponse::Deny,
        })
        .on_navigation(|url| matches!(url.scheme(), "about" | "blob" | "http" | "https"))
        .visible(shown)
        .build()?;
    hide_when_closed(&window);
    Ok(())
}

fn hide_when_closed(window: &WebviewWindow) {
    let closing = window.clone();
    window.on_window_event(move |event| {
        if let WindowEvent::CloseRequested { api, .. } = event {
            api.prevent_close();
            let _ = closing.hide();
        }
    });
}

/// Hears what Holdline says, until it says no more; then the window ends too.
fn listen(app: &AppHandle) {
    for line in io::stdin().lines().map_while(Result::ok) {
        match serde_json::from_str(&line) {
            Ok(ToPhoneWindow::Show) => show(app),
            Ok(ToPhoneWindow::Open { .. }) => {}
            Err(error) => eprintln!("Holdline said something this window does not know: {error}"),
        }
    }
    app.exit(0);
}

fn show(app: &AppHandle) {
    let on_main = app.clone();
    let posted = app.run_on_main_thread(move || {
        let Some(window) = on_main.get_webview_window(LABEL) else {
            return;
        };
        let shown = window
            .unminimize()
            .and_then(|()| window.show())
            .and_then(|()| window.set_focus());
        if let Err(error) = shown {
            eprintln!("the phone's window could not be shown: {error}");
        }
    });
    if let Err(error) = posted {
        eprintln!("the phone's window could not be shown: {error}");
    }
}
