//! Global shortcuts: what the settings name goes through the guard like any other request.

#[cfg(target_os = "linux")]
use std::collections::BTreeMap;

use companion::settings::ShortcutSettings;
use tokio::sync::mpsc;

/// What a shortcut asks for.
#[cfg_attr(
    not(target_os = "linux"),
    expect(dead_code, reason = "keys are taken on Linux only")
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pressed {
    /// Log out of Omni-Channel.
    Offline,
    /// Bring the window to the front.
    Show,
}

/// The shortcuts as the app's loop sees them.
pub(crate) struct Shortcuts {
    pressed: mpsc::UnboundedReceiver<Pressed>,
    /// Lets go of the keys when it is dropped.
    #[cfg(target_os = "linux")]
    _manager: Option<global_hotkey::GlobalHotKeyManager>,
}

impl Shortcuts {
    /// Takes the keys that the settings name, where this platform lets it.
    ///
    /// # Errors
    /// With shortcuts that work without the bad ones: what is wrong with those, for people.
    #[cfg(target_os = "linux")]
    pub(crate) fn start(settings: &ShortcutSettings) -> (Self, Option<String>) {
        use global_hotkey::{GlobalHotKeyEvent, GlobalHotKeyManager, HotKeyState, hotkey::HotKey};

        let (presses, pressed) = mpsc::unbounded_channel();
        let mut wrong = Vec::new();
        let mut keys = BTreeMap::new();
        let named = [
            ("shortcut.offline", &settings.offline, Pressed::Offline),
            ("shortcut.show", &settings.show, Pressed::Show),
        ];
        for (setting, keys_named, meaning) in named {
            match keys_named.as_deref().map(str::parse::<HotKey>) {
                None => {}
                Some(Ok(key)) => {
                    keys.insert(key.id(), (key, meaning));
                }
                Some(Err(error)) => wrong.push(format!("{setting}: {error} (write it like Ctrl+Alt+O)")),
            }
        }
        let mut manager = None;
        if !keys.is_empty() {
            match GlobalHotKeyManager::new() {
                Ok(made) => {
                    for (key, _) in keys.values() {
                        if let Err(error) = made.register(*key) {
                            wrong.push(format!("shortcut {key}: {error} (another program may have it)"));
                        }
                    }
                    manager = Some(made);
                }
                Err(error) => wrong.push(format!("shortcut: {error}")),
            }
            GlobalHotKeyEvent::set_event_handler(Some(move |event: GlobalHotKeyEvent| {
                let key = keys
                    .get(&event.id())
                    .filter(|_| event.state() == HotKeyState::Pressed);
                if let Some((_, meaning)) = key {
                    // Without effect once the app has ended.
                    let _ = presses.send(*meaning);
                }
            }));
        }
        let shortcuts = Self {
            pressed,
            _manager: manager,
        };
        (shortcuts, (!wrong.is_empty()).then(|| wrong.join("; ")))
    }

    /// Elsewhere there are none yet: a shortcut there has to live on the thread of the window system's loop.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn start(settings: &ShortcutSettings) -> (Self, Option<String>) {
        let wanted = settings.offline.is_some() || settings.show.is_some();
        let (_, pressed) = mpsc::unbounded_channel();
        let wrong = wanted.then(|| "shortcut: not available on this platform".to_owned());
        (Self { pressed }, wrong)
    }

    /// The next press; never, where there are no shortcuts.
    pub(crate) async fn pressed(&mut self) -> Pressed {
        match self.pressed.recv().await {
            Some(pressed) => pressed,
            None => std::future::pending().await,
        }
    }
}
