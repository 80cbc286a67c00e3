//! The page's commands.

use tauri::State;
use wire::dispatch::{Dispatch, DispatchError};
use wire::picture::Picture;
use wire::support::{Ask, Told};

use crate::host::Host;

/// Passes a request on; comes back once it is durably accepted or refused. Its outcome is seen in a later
/// picture.
#[tauri::command]
pub(crate) async fn dispatch(request: Dispatch, host: State<'_, Host>) -> Result<(), DispatchError> {
    host.dispatch(request).await
}

/// The picture now, for the first paint.
#[tauri::command]
pub(crate) fn picture(host: State<'_, Host>) -> Picture {
    host.picture()
}

/// Asks about Holdline itself: settings, health, the diagnostic file.
#[tauri::command]
pub(crate) async fn support(ask: Ask, host: State<'_, Host>) -> Result<Told, DispatchError> {
    host.ask(ask).await
}
