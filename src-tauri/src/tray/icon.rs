//! The pictures of the tray: by shape and colour for the call phase, with a mark while something is held.
//! Their sources are in `icons/svg`.

use presence::picture::CallPhase;
use tauri::image::Image;
use tauri::include_image;

/// Which picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    /// A call phase; `held`: with the mark.
    Call { phase: CallPhase, held: bool },
    /// Nobody is signed in.
    SignedOut,
}

/// Its pixels.
pub(super) fn image(icon: Icon) -> Image<'static> {
    use CallPhase::*;
    match icon {
        Icon::SignedOut => include_image!("icons/tray/signed_out.png"),
        Icon::Call { phase: Idle, held: false } => include_image!("icons/tray/idle.png"),
        Icon::Call { phase: Idle, held: true } => include_image!("icons/tray/idle-held.png"),
        Icon::Call { phase: OnCall, held: false } => include_image!("icons/tray/on_call.png"),
        Icon::Call { phase: OnCall, held: true } => include_image!("icons/tray/on_call-held.png"),
        Icon::Call { phase: Ringing, held: false } => include_image!("icons/tray/ringing.png"),
        Icon::Call { phase: Ringing, held: true } => include_image!("icons/tray/ringing-held.png"),
        Icon::Call { phase: Unknown, held: false } => include_image!("icons/tray/unknown.png"),
        Icon::Call { phase: Unknown, held: true } => include_image!("icons/tray/unknown-held.png"),
        Icon::Call { phase: WrapUp, held: false } => include_image!("icons/tray/wrap_up.png"),
        Icon::Call { phase: WrapUp, held: true } => include_image!("icons/tray/wrap_up-held.png"),
    }
}
