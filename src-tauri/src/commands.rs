//! The window's two commands.

use tauri::State;
use wire::dispatch::{Dispatch, DispatchError};
use wire::picture::Picture;

use crate::companion_handle::Companion;

/// Posts a request; its outcome is seen in a later picture.
#[tauri::command]
pub(crate) fn dispatch(request: Dispatch, companion: State<'_, Companion>) -> Result<(), DispatchError> {
    companion.dispatch(request)
}

/// The picture now, for the first paint.
#[tauri::command]
pub(crate) fn picture(companion: State<'_, Companion>) -> Picture {
    companion.picture()
}
