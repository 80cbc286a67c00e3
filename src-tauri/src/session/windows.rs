//! Windows' session: while a request is held for a call, shutting down waits with a reason shown (Windows shows it
//! under the program's name and leaves the last word to the rep), and the machine does not fall asleep.
//!
//! Windows asks a window, so there is one that is never shown, on a thread of its own, which alone may set the reason.
//! Documented behaviour: "Shutdown Changes for Windows Vista" (a top-level window answers WM_QUERYENDSESSION),
//! ShutdownBlockReasonCreate, SetThreadExecutionState.
#![allow(
    unsafe_code,
    reason = "the system's own functions; each block says why its call is sound"
)]

use std::cell::Cell;
use std::thread;

use tokio::sync::{oneshot, watch};
use windows::Win32::Foundation::{HWND, LPARAM, LRESULT, WPARAM};
use windows::Win32::System::Power::{ES_CONTINUOUS, ES_SYSTEM_REQUIRED, SetThreadExecutionState};
use windows::Win32::System::Shutdown::{ShutdownBlockReasonCreate, ShutdownBlockReasonDestroy};
use windows::Win32::UI::WindowsAndMessaging::{
    CW_USEDEFAULT, CreateWindowExW, DefWindowProcW, DispatchMessageW, GetMessageW, MSG, PostMessageW,
    RegisterClassW, WINDOW_EX_STYLE, WM_APP, WM_QUERYENDSESSION, WNDCLASSW, WS_OVERLAPPED,
};
use windows::core::{HSTRING, Result, w};

use super::Watching;

/// Our own message: its first parameter says whether something is held.
const HELD: u32 = WM_APP + 1;

thread_local! {
    /// Whether the window of this thread refuses the end of the session.
    static REFUSES: Cell<bool> = const { Cell::new(false) };
}

/// A window's handle on its way to another thread.
#[derive(Clone, Copy, Debug)]
struct Handle(isize);

impl Handle {
    fn window(self) -> HWND {
        HWND(self.0 as *mut _)
    }

    /// Something is held now, or nothing is.
    fn hold(self, held: bool) -> Result<()> {
        // SAFETY: a message to a window that is gone fails, and this one carries no pointer.
        unsafe { PostMessageW(Some(self.window()), HELD, WPARAM(usize::from(held)), LPARAM(0)) }
    }
}

/// Starts the window's thread and follows what is held.
pub(super) fn start(watching: Watching) {
    let Watching { away, keep_awake, .. } = watching;
    if away.on_lock.is_some() || away.on_idle.is_some() {
        tracing::warn!("[away] has no effect on Windows");
    }
    let (ready, window) = oneshot::channel();
    let started = thread::Builder::new()
        .name("session".into())
        .spawn(move || live(ready));
    if let Err(error) = started {
        tracing::error!(%error, "shutting down will not wait for calls");
        return;
    }
    tokio::spawn(async move {
        // The thread has said why there is none.
        let Ok(window) = window.await else { return };
        if let Err(error) = follow(keep_awake, window).await {
            tracing::error!(%error, "shutting down does not wait for calls any more");
        }
    });
}

async fn follow(mut wanted: watch::Receiver<bool>, window: Handle) -> Result<()> {
    loop {
        window.hold(*wanted.borrow_and_update())?;
        if wanted.changed().await.is_err() {
            return Ok(());
        }
    }
}

/// The window's thread, for as long as the process lives.
fn live(ready: oneshot::Sender<Handle>) {
    match open() {
        Ok(window) => {
            let _ = ready.send(Handle(window.0 as isize));
        }
        Err(error) => {
            tracing::error!(%error, "shutting down will not wait for calls");
            return;
        }
    }
    let mut message = MSG::default();
    // SAFETY: the message is ours and outlives both calls.
    while unsafe { GetMessageW(&raw mut message, None, 0, 0) }.as_bool() {
        // SAFETY: as above; the message was just filled in.
        unsafe { DispatchMessageW(&raw const message) };
    }
}

/// A top-level window that is never shown: only such a one is asked.
fn open() -> Result<HWND> {
    let class = w!("HoldlineSession");
    let described = WNDCLASSW {
        lpfnWndProc: Some(answer),
        lpszClassName: class,
        ..WNDCLASSW::default()
    };
    // SAFETY: the class and its name are constants; a second registration fails and changes nothing.
    unsafe { RegisterClassW(&raw const described) };
    // SAFETY: the class is registered and the names are constants.
    unsafe {
        CreateWindowExW(
            WINDOW_EX_STYLE::default(),
            class,
            w!("Holdline"),
            WS_OVERLAPPED,
            CW_USEDEFAULT,
            CW_USEDEFAULT,
            CW_USEDEFAULT,
            CW_USEDEFAULT,
            None,
            None,
            None,
            None,
        )
    }
}

extern "system" fn answer(window: HWND, message: u32, first: WPARAM, second: LPARAM) -> LRESULT {
    match message {
        HELD => {
            hold(window, first.0 != 0);
            LRESULT(0)
        }
        // Zero: not now. Windows then shows the reason and asks the rep.
        WM_QUERYENDSESSION => LRESULT(isize::from(!REFUSES.get())),
        // SAFETY: what Windows has given us goes back to it.
        _ => unsafe { DefWindowProcW(window, message, first, second) },
    }
}

/// Only on the window's own thread.
fn hold(window: HWND, held: bool) {
    if REFUSES.replace(held) == held {
        return;
    }
    let told = if held {
        let why = HSTRING::from(crate::texts::text("inhibit-why", &[]));
        // SAFETY: the window is this thread's, and Windows copies the text.
        unsafe { ShutdownBlockReasonCreate(window, &why) }
    } else {
        // SAFETY: the window is this thread's.
        unsafe { ShutdownBlockReasonDestroy(window) }
    };
    if let Err(error) = told {
        tracing::warn!(%error, "Windows shows no reason why it waits");
    }
    let state = if held {
        ES_CONTINUOUS | ES_SYSTEM_REQUIRED
    } else {
        ES_CONTINUOUS
    };
    // SAFETY: it takes a number and sets a state of this thread's.
    unsafe { SetThreadExecutionState(state) };
}

#[cfg(test)]
mod tests {
    use windows::Win32::UI::WindowsAndMessaging::SendMessageW;

    use super::*;

    /// Windows' own question, whose answer comes from the window's thread.
    fn may_end(window: Handle) -> bool {
        // SAFETY: the message carries no pointer.
        unsafe { SendMessageW(window.window(), WM_QUERYENDSESSION, None, None) }.0 != 0
    }

    #[test]
    fn the_session_may_end_only_while_nothing_is_held() {
        let (ready, window) = oneshot::channel();
        thread::spawn(move || live(ready));
        let window = window.blocking_recv().unwrap();
        assert!(may_end(window));
        // Posted messages come before sent ones are answered only in order: ask until it is so.
        for held in [true, false, true] {
            window.hold(held).unwrap();
            while may_end(window) == held {
                thread::yield_now();
            }
        }
    }
}
