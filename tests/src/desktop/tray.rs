//! The place where programs put their status icons: a StatusNotifierWatcher with its host, which reads the
//! icons and their menus as a panel does.

mod menu;

use std::sync::{Arc, Mutex, PoisonError};

use zbus::blocking::{Connection, Proxy, connection::Builder, fdo::DBusProxy};
use zbus::message::Header;
use zbus::names::BusName;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedValue, Structure, Value};

pub use menu::MenuEntry;

use super::services::connect;
use crate::wait;

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";

/// The tray.
pub struct Tray {
    connection: Connection,
    items: Arc<Mutex<Vec<Place>>>,
    _watcher: Connection,
}

/// A registered status icon.
pub struct TrayItem {
    connection: Connection,
    place: Place,
}

/// The owner's bus name and the object's path.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    owner: String,
    path: String,
}

impl Tray {
    #[track_caller]
    pub(super) fn start(address: &str) -> Self {
        let items = Arc::new(Mutex::new(Vec::new()));
        let watcher = Builder::address(address)
            .and_then(|builder| {
                builder.serve_at(
                    "/StatusNotifierWatcher",
                    Watcher {
                        items: Arc::clone(&items),
                    },
                )
            })
            .and_then(|builder| builder.name(WATCHER))
            .and_then(Builder::build)
            .expect("the session bus answers");
        Self {
            connection: connect(address),
            items,
            _watcher: watcher,
        }
    }

    /// The icons whose programs are still running.
    pub fn items(&self) -> Vec<TrayItem> {
        let places = self.items.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let bus = DBusProxy::new(&self.connection).expect("every bus has itself");
        let alive = |place: &Place| {
            BusName::try_from(place.owner.as_str())
                .is_ok_and(|name| bus.name_has_owner(name).unwrap_or(false))
        };
        let items = places.into_iter().filter(alive);
        items
            .map(|place| TrayItem {
                connection: self.connection.clone(),
                place,
            })
            .collect()
    }

    /// Waits for an icon and answers the newest.
    #[track_caller]
    pub fn wait_for_item(&self) -> TrayItem {
        wait::until("an icon in the tray", || self.items().pop())
    }
}

impl TrayItem {
    /// The icon's name, or the path of its file.
    #[track_caller]
    pub fn icon(&self) -> String {
        self.property("IconName").unwrap_or_default()
    }

    /// The icon's pixels where the program draws it itself: width, height, and ARGB bytes in network order.
    pub fn pixels(&self) -> Vec<(i32, i32, Vec<u8>)> {
        self.proxy(ITEM, &self.place.path)
            .get_property("IconPixmap")
            .unwrap_or_default()
    }

    /// Clicks the icon itself.
    #[track_caller]
    pub fn click(&self) {
        let answer = self
            .proxy(ITEM, &self.place.path)
            .call_method("Activate", &(0_i32, 0_i32));
        answer.unwrap_or_else(|error| panic!("the icon cannot be clicked: {error}"));
    }

    /// The title and the tooltip's lines, whichever the program gives.
    #[track_caller]
    pub fn texts(&self) -> Vec<String> {
        let mut texts: Vec<String> = self.property("Title").into_iter().collect();
        if let Ok(tip) = self
            .proxy(ITEM, &self.place.path)
            .get_property::<OwnedValue>("ToolTip")
            && let Ok(tip) = Structure::try_from(tip)
        {
            texts.extend(
                tip.fields()
                    .iter()
                    .filter_map(|field| String::try_from(field.clone()).ok()),
            );
        }
        // libayatana-appindicator has no tooltip; its label and accessible description say it.
        for name in ["XAyatanaLabel", "IconAccessibleDesc"] {
            texts.extend(self.property(name));
        }
        texts.retain(|text| !text.is_empty());
        texts
    }

    /// `Active`, `Passive` or `NeedsAttention`.
    #[track_caller]
    pub fn status(&self) -> String {
        self.property("Status").unwrap_or_default()
    }

    /// The menu as it is now.
    #[track_caller]
    pub fn menu(&self) -> Vec<MenuEntry> {
        let menu = self.menu_proxy();
        // Programs may fill their menus only when they are about to be shown.
        let _ = menu.call_method("AboutToShow", &0_i32);
        let answer = menu
            .call_method("GetLayout", &(0_i32, -1_i32, Vec::<String>::new()))
            .unwrap_or_else(|error| panic!("the tray's menu cannot be read: {error}"));
        let body = answer.body();
        let answer: Structure<'_> = body.deserialize().expect("a dbusmenu layout");
        let root = answer
            .fields()
            .get(1)
            .and_then(menu::structure)
            .and_then(|root| menu::entry(&root));
        root.map(|root| root.entries).unwrap_or_default()
    }

    /// Waits for an entry with this label, anywhere in the menu.
    #[track_caller]
    pub fn wait_for_entry(&self, label: &str) -> MenuEntry {
        wait::until(&format!("the tray menu's entry {label:?}"), || {
            menu::find(&self.menu(), label)
        })
    }

    /// Clicks an entry.
    #[track_caller]
    pub fn activate(&self, entry: &MenuEntry) {
        let click = (entry.id, "clicked", Value::from(0_i32), 0_u32);
        let answer = self.menu_proxy().call_method("Event", &click);
        answer.unwrap_or_else(|error| panic!("{:?} cannot be clicked: {error}", entry.label));
    }

    fn property(&self, name: &str) -> Option<String> {
        self.proxy(ITEM, &self.place.path).get_property(name).ok()
    }

    #[track_caller]
    fn menu_proxy(&self) -> Proxy<'static> {
        let path: zbus::zvariant::OwnedObjectPath = self
            .proxy(ITEM, &self.place.path)
            .get_property("Menu")
            .unwrap_or_else(|error| panic!("the icon has no menu: {error}"));
        self.proxy(MENU, path.as_str())
    }

    fn proxy(&self, interface: &str, path: &str) -> Proxy<'static> {
        zbus::blocking::proxy::Builder::new(&self.connection)
            .destination(self.place.owner.clone())
            .and_then(|builder| builder.path(path.to_owned()))
            .and_then(|builder| builder.interface(interface.to_owned()))
            // What a program said once is not what it says now.
            .map(|builder| builder.cache_properties(zbus::proxy::CacheProperties::No))
            .and_then(|builder| builder.build())
            .expect("a place that was registered")
    }
}

struct Watcher {
    items: Arc<Mutex<Vec<Place>>>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    async fn register_status_notifier_item(
        &self,
        service: &str,
        #[zbus(header)] header: Header<'_>,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> zbus::fdo::Result<()> {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        // Either a path of the sender's (Ayatana) or a bus name (KDE).
        let place = if service.starts_with('/') {
            Place {
                owner: sender,
                path: service.to_owned(),
            }
        } else {
            Place {
                owner: service.to_owned(),
                path: "/StatusNotifierItem".to_owned(),
            }
        };
        let registered = format!("{}{}", place.owner, place.path);
        self.items
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(place);
        Self::status_notifier_item_registered(&emitter, &registered).await?;
        Ok(())
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        let items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        items
            .iter()
            .map(|place| format!("{}{}", place.owner, place.path))
            .collect()
    }

    #[zbus(signal)]
    async fn status_notifier_item_registered(emitter: &SignalEmitter<'_>, service: &str) -> zbus::Result<()>;
}
