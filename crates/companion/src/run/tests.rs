//! The loop with recording fakes at every port.

use std::sync::Mutex;

use presence::effect::{Answer, ConsoleAction, Notice, RefusalReason};
use presence::event::{CommandId, ConsoleId, Origin, Target};
use presence::ids::WorkId;
use presence::problem::{Problem, ProblemCode};
use presence::saved::Saved;
use presence::settings::Settings;

use super::*;
use crate::inbox::Inbox;

/// What the edges were asked for, in order.
#[derive(Clone, Default)]
struct Record(Arc<Mutex<Vec<String>>>);

impl Record {
    fn add(&self, text: impl Into<String>) {
        self.0.lock().unwrap().push(text.into());
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl ConsolePort for Record {
    fn send(&self, _: ConsoleId, _: CommandId, _: u64, action: ConsoleAction) {
        self.add(format!("console {action:?}"));
    }

    fn withdraw(&self, command: CommandId) {
        self.add(format!("withdraw {command}"));
    }
}

impl PhonePort for Record {
    fn set_state(&self, _: CommandId, state: String, enqueue: bool) {
        self.add(format!("phone {state} {enqueue}"));
    }
}

impl SalesforcePort for Record {
    fn read(&self, _: Vec<WorkId>) {
        self.add("read");
    }

    fn sign_out(&self) {
        self.add("sign out");
    }
}

impl StorePort for Record {
    fn save(&self, revision: u64, _: Saved) {
        self.add(format!("save {revision}"));
    }
}

impl DesktopPort for Record {
    fn notify(&self, notice: Notice) {
        self.add(format!("notify {:?}", notice.code));
    }

    fn show(&self, _: &Picture) {
        self.add("show");
    }

    fn quit(&self) {
        self.add("quit");
    }

    fn restart(&self) {
        self.add("restart");
    }
}

struct Running {
    inbox: Inbox,
    record: Record,
    stop: oneshot::Sender<()>,
    task: tokio::task::JoinHandle<()>,
}

fn start() -> Running {
    let clock = Clock::start();
    let engine = Engine::new(Settings::default(), 1, clock.now());
    let (inbox, posts, pictures) = Inbox::new(engine.picture());
    let record = Record::default();
    let ports = Ports {
        console: Box::new(record.clone()),
        desktop: Box::new(record.clone()),
        phone: Box::new(record.clone()),
        salesforce: Box::new(record.clone()),
        store: Box::new(record.clone()),
        trace: None,
    };
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(Loop::new(engine, clock, ports, posts, pictures).run(stopped));
    Running {
        inbox,
        record,
        stop,
        task,
    }
}

#[tokio::test]
async fn a_requester_is_answered_and_the_picture_follows() {
    let running = start();
    let answer = running
        .inbox
        .ask(|ticket| Event::Request {
            ticket,
            origin: Origin::Window,
            target: Target::Offline,
        })
        .await;
    assert_eq!(answer, Ok(Answer::Refused(RefusalReason::NotSignedIn)));

    running.inbox.post(Event::ProblemRaised(Problem {
        code: ProblemCode::PortsTaken,
        about: String::new(),
    }));
    let mut pictures = running.inbox.pictures();
    pictures
        .wait_for(|picture| !picture.problems.is_empty())
        .await
        .unwrap();
    assert_eq!(
        running.record.all(),
        ["show", "show"],
        "an event that changes nothing redraws nothing"
    );
}

#[tokio::test]
async fn nothing_changed_means_no_redraw() {
    let running = start();
    for _ in 0..100 {
        running.inbox.post(Event::Tick);
    }
    running.stop.send(()).unwrap();
    running.task.await.unwrap();
    assert_eq!(running.record.all(), ["show"]);
}

#[tokio::test]
async fn what_was_posted_before_the_stop_is_taken_in_and_late_askers_learn_that_nobody_answers() {
    let running = start();
    running.inbox.post(Event::Request {
        ticket: Ticket(99),
        origin: Origin::Tray,
        target: Target::Quit,
    });
    running.stop.send(()).unwrap();
    running.task.await.unwrap();
    assert_eq!(running.record.all(), ["show", "quit"]);
    let late = running.inbox.ask(|ticket| Event::Cancel { ticket }).await;
    assert!(late.is_err());
}
