//! A console partner without a console: it reports what it is told to and answers what Holdline asks.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use journeys::wait;
use presence::ids::StatusId;
use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::runtime::Runtime;
use wire::bridge::{
    Action, AgentWork, Command, CommandResult, Commands, ConsoleEvent, HELLO_PATH, Hello, KnownKey,
    NumberedEvent, Outcome, PAIR_PATH, POLL_PATH, PROTOCOL, PROVE_PATH, PairAnswer, PairPoll, Poll, Prove,
    Proved, REPORT_PATH, Report, Reported, Snapshot, Welcome,
};
use wire::identity::{self, Identity};
use wire::key::Key;
use wire::proof::{Credential, Transcript};

/// The status of a login for which any will do: the picture's label is not what is measured.
const STATUS: &str = "0N5000000000001";

pub(crate) struct Partner {
    door: Door,
    session: Key,
    seq: u64,
    toolkit: Arc<Mutex<Toolkit>>,
}

/// What the console's toolkit would answer from now on.
#[derive(Default)]
struct Toolkit {
    works: Vec<AgentWork>,
    status_id: Option<StatusId>,
}

/// One of Holdline's ports, as a page of the org reaches it.
#[derive(Clone)]
struct Door {
    client: reqwest::Client,
    runtime: Arc<Runtime>,
    port: u16,
    holdline: String,
    origin: String,
}

/// The ids of a made-up call, and of its AgentWork.
pub(crate) fn work(number: usize) -> (presence::ids::WorkId, presence::ids::WorkItemId) {
    (id(&format!("0Bz{number:012}")), id(&format!("0LQ{number:012}")))
}

impl Partner {
    /// Finds the Holdline of this session on its ports, and is paired with it.
    #[track_caller]
    pub(crate) fn join(org: &str, session: &Value) -> Self {
        let door = Door::find(org, session);
        let mut hello = Hello {
            protocol: PROTOCOL,
            org_id: id(session["org_id"].as_str().unwrap_or_default()),
            user_id: id(session["user_id"].as_str().unwrap_or_default()),
            instance: format!("bench-{}", std::process::id()),
            key: None,
        };
        let mut credential = None;
        let session = wait::until("a session of the console bridge", || {
            match door.post(HELLO_PATH, &hello)? {
                Welcome::Challenge { challenge } => {
                    let credential: &Credential = credential.as_ref()?;
                    let proof = credential.proof(&Transcript::of(door.port, &hello, &challenge)?);
                    let proved: Proved = door.post(PROVE_PATH, &Prove { challenge, proof })?;
                    Some(proved.session)
                }
                Welcome::Pairing { pairing, .. } => {
                    if let Some(PairAnswer::Confirmed { pairing_key }) =
                        door.post(PAIR_PATH, &PairPoll { pairing })
                    {
                        credential = Credential::parse(&pairing_key);
                        hello.key = credential.as_ref().map(|credential| KnownKey {
                            id: credential.id().to_owned(),
                            nonce: format!("bench-nonce-{:016}", std::process::id()),
                        });
                    }
                    None
                }
            }
        });
        let partner = Self {
            door,
            session,
            seq: 0,
            toolkit: Arc::default(),
        };
        partner.answer_commands();
        partner
    }

    /// The rep logs in to Omni-Channel.
    #[track_caller]
    pub(crate) fn login(&mut self) {
        self.report(ConsoleEvent::LoginSuccess {
            status_id: id(STATUS),
        });
    }

    /// The rep logs in to Omni-Channel with this status.
    #[track_caller]
    pub(crate) fn login_as(&mut self, status: &str) {
        self.report(ConsoleEvent::LoginSuccess {
            status_id: id(status),
        });
    }

    /// Reports an event, and answers once Holdline has taken it in.
    #[track_caller]
    pub(crate) fn report(&mut self, event: ConsoleEvent) {
        self.keep(&event);
        self.seq += 1;
        let events = vec![NumberedEvent { seq: self.seq, event }];
        let report = Report {
            session: self.session.clone(),
            events,
            results: Vec::new(),
            setup: None,
            leaving: false,
        };
        let reported: Option<Reported> = self.door.post(REPORT_PATH, &report);
        assert_eq!(
            reported.map(|reported| reported.events_taken),
            Some(self.seq),
            "the event was not taken"
        );
    }

    fn keep(&self, event: &ConsoleEvent) {
        let mut toolkit = self.toolkit.lock().unwrap_or_else(PoisonError::into_inner);
        let Toolkit { works, status_id } = &mut *toolkit;
        match *event {
            ConsoleEvent::LoginSuccess { status_id: now } => *status_id = Some(now),
            ConsoleEvent::WorkAssigned {
                work_id,
                work_item_id,
            } => {
                works.push(AgentWork {
                    work_id,
                    work_item_id,
                    is_engaged: false,
                });
            }
            ConsoleEvent::WorkAccepted { work_id, .. } => {
                works
                    .iter_mut()
                    .filter(|work| work.work_id == work_id)
                    .for_each(|work| work.is_engaged = true);
            }
            ConsoleEvent::WorkClosed { work_id, .. } => works.retain(|work| work.work_id != work_id),
            _ => {}
        }
    }

    /// Polls until Holdline is gone.
    fn answer_commands(&self) {
        let (door, session, toolkit) = (self.door.clone(), self.session.clone(), Arc::clone(&self.toolkit));
        thread::spawn(move || {
            while let Some(answer) = door.post::<Commands>(
                POLL_PATH,
                &Poll {
                    session: session.clone(),
                },
            ) {
                if answer.commands.is_empty() {
                    continue;
                }
                // What is armed is answered when it fires, and here it never does: the call goes on.
                let results = answer
                    .commands
                    .into_iter()
                    .filter(|command| !matches!(command.action, Action::Arm { .. }))
                    .map(|command| result(command, &toolkit))
                    .collect();
                let report = Report {
                    session: session.clone(),
                    events: Vec::new(),
                    results,
                    setup: None,
                    leaving: false,
                };
                let _: Option<Reported> = door.post(REPORT_PATH, &report);
            }
        });
    }
}

fn result(command: Command, toolkit: &Mutex<Toolkit>) -> CommandResult {
    let toolkit = toolkit.lock().unwrap_or_else(PoisonError::into_inner);
    let snapshot = (command.action == Action::Snapshot).then(|| Snapshot {
        works: toolkit.works.clone(),
        status_id: toolkit.status_id,
        workload: None,
        conversations_ended: Vec::new(),
    });
    CommandResult {
        id: command.id,
        outcome: Outcome::Done { snapshot },
    }
}

impl Door {
    #[track_caller]
    fn find(org: &str, session: &Value) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build();
        let client = reqwest::Client::builder()
            .no_proxy()
            .tcp_nodelay(true)
            .timeout(Duration::from_secs(60))
            .build();
        let mut door = Self {
            client: client.expect("a client without special wishes"),
            runtime: Arc::new(runtime.expect("a runtime can be made")),
            port: 0,
            holdline: String::new(),
            origin: org.to_owned(),
        };
        wait::until("Holdline on one of its ports", || {
            wire::DEFAULT_PORTS.into_iter().find(|port| {
                door.port = *port;
                door.holdline = format!("http://127.0.0.1:{port}");
                let found: Option<Identity> = door.ask(Method::GET, identity::PATH, None::<&()>);
                let user = found.and_then(|found| found.user_id).map(|user| user.to_string());
                user.as_deref() == session["user_id"].as_str() && user.is_some()
            })
        });
        door
    }

    fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Option<T> {
        self.ask(Method::POST, path, Some(body))
    }

    /// None: no answer, or not 200.
    fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
    ) -> Option<T> {
        let mut request = self.client.request(method, format!("{}{path}", self.holdline));
        request = request.header("Origin", &self.origin);
        if let Some(body) = body {
            request = request.json(body);
        }
        self.runtime.block_on(async {
            request
                .send()
                .await
                .ok()?
                .error_for_status()
                .ok()?
                .json()
                .await
                .ok()
        })
    }
}

#[track_caller]
fn id<T: std::str::FromStr>(text: &str) -> T {
    text.parse()
        .unwrap_or_else(|_| panic!("{text:?} is no record id"))
}
