//! The tray's menu as data, and as a menu of the desktop.

use serde::{Deserialize, Serialize};
use tauri::AppHandle;
use tauri::menu::{IsMenuItem, Menu, MenuId, MenuItem, PredefinedMenuItem};
use wire::dispatch::Dispatch;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// Something to choose.
    Choice { text: String, choice: Choice },
    /// Something to read.
    Line { text: String },
    /// A rule.
    Separator,
}

/// What a line does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Choice {
    /// Posts a request.
    Dispatch(Dispatch),
    /// Shows the window.
    Show,
}

impl Choice {
    /// The request itself is the menu item's id, so that a click on a menu that was redrawn in the same
    /// moment still does what its line said.
    fn id(&self) -> MenuId {
        MenuId::new(serde_json::to_string(self).unwrap_or_default())
    }

    /// The choice of an item; `None` for a line that does nothing.
    pub(super) fn from_id(id: &MenuId) -> Option<Self> {
        serde_json::from_str(id.as_ref()).ok()
    }
}

/// The desktop's menu.
pub(super) fn build(app: &AppHandle, entries: &[Entry]) -> tauri::Result<Menu<tauri::Wry>> {
    let menu = Menu::new(app)?;
    for entry in entries {
        let item: Box<dyn IsMenuItem<tauri::Wry>> = match entry {
            Entry::Choice { text, choice } => {
                Box::new(MenuItem::with_id(app, choice.id(), literal(text), true, None::<&str>)?)
            }
            Entry::Line { text } => Box::new(MenuItem::new(app, literal(text), false, None::<&str>)?),
            Entry::Separator => Box::new(PredefinedMenuItem::separator(app)?),
        };
        menu.append(item.as_ref())?;
    }
    Ok(menu)
}

/// In a menu `&` marks the key of the next letter; a status may be called "R&D".
fn literal(text: &str) -> String {
    text.replace('&', "&&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_survives_its_menu_item() {
        let status = "0N5000000000001AAA".parse().unwrap();
        for choice in [
            Choice::Show,
            Choice::Dispatch(Dispatch::Cancel),
            Choice::Dispatch(Dispatch::RequestStatus { id: status }),
            Choice::Dispatch(Dispatch::SignIn { org: None }),
        ] {
            assert_eq!(Choice::from_id(&choice.id()), Some(choice));
        }
    }

    #[test]
    fn a_line_without_a_choice_does_nothing() {
        assert_eq!(Choice::from_id(&MenuId::new("17")), None);
    }
}
