//! Records what programs ask the notification service to show, beside the service that shows it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use zbus::blocking::MessageIterator;
use zbus::blocking::fdo::MonitoringProxy;
use zbus::zvariant::Value;

use super::services::connect;

/// A request of `org.freedesktop.Notifications.Notify`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The program's name for itself.
    pub app: String,
    /// The title.
    pub summary: String,
    /// The text.
    pub body: String,
    /// The icon's name or path.
    pub icon: String,
    /// Pairs of key and label.
    pub actions: Vec<(String, String)>,
}

pub(super) struct Recorder {
    all: Arc<Mutex<Vec<Notification>>>,
}

impl Recorder {
    #[track_caller]
    pub(super) fn start(address: &str) -> Self {
        let connection = connect(address);
        // Iterating begins before monitoring does, so that nothing falls between the two.
        let messages = MessageIterator::from(&connection);
        let rule = "type='method_call',interface='org.freedesktop.Notifications',member='Notify'"
            .try_into()
            .expect("a match rule");
        MonitoringProxy::new(&connection)
            .and_then(|bus| Ok(bus.become_monitor(&[rule], 0)?))
            .expect("the bus can be monitored");
        let all = Arc::new(Mutex::new(Vec::new()));
        let recorded = Arc::clone(&all);
        thread::spawn(move || {
            for message in messages.map_while(Result::ok) {
                if let Some(notification) = parse(&message) {
                    recorded
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(notification);
                }
            }
        });
        Self { all }
    }

    pub(super) fn all(&self) -> Vec<Notification> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

type Notify<'a> = (
    String,
    u32,
    String,
    String,
    String,
    Vec<String>,
    HashMap<String, Value<'a>>,
    i32,
);

fn parse(message: &zbus::Message) -> Option<Notification> {
    if message.header().member()?.as_str() != "Notify" {
        return None;
    }
    let body = message.body();
    let (app, _, icon, summary, text, actions, _, _): Notify<'_> = body.deserialize().ok()?;
    let actions = actions
        .chunks_exact(2)
        .map(|pair| (pair[0].clone(), pair[1].clone()))
        .collect();
    Some(Notification {
        app,
        summary,
        body: text,
        icon,
        actions,
    })
}
