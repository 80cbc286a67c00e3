//! A second phone of the same rep, that takes the place.

use reqwest::Client;
use wire::connector::rest::{Joined, SESSION_PATH, SESSIONS_PATH};
use wire::connector::{AgentState, AgentStateKind, Capabilities, PROTOCOL, Profile, Registration};
use wire::key::Key;

use crate::{BREAK, Holdline};

pub(crate) struct OtherPhone {
    http: Client,
    base: String,
    session: Key,
}

impl OtherPhone {
    pub(crate) const NAME: &str = "The other phone";

    pub(crate) async fn joins(holdline: &Holdline) -> Self {
        let registration = Registration {
            protocol: PROTOCOL,
            name: Self::NAME.to_owned(),
            user: None,
            token: Some(holdline.token().into()),
            rights: None,
            capabilities: Capabilities {
                enqueue_next_state: true,
            },
            profile: Profile::Connector,
            states: vec![AgentState {
                name: BREAK.to_owned(),
                kind: AgentStateKind::NotRoutable,
            }],
        };
        let http = Client::builder().no_proxy().build().expect("a client");
        let base = format!("http://127.0.0.1:{}", holdline.port());
        let asked = http.post(format!("{base}{SESSIONS_PATH}")).json(&registration);
        let answer = asked.send().await.expect("an answer").json().await;
        let Ok(Joined::Registered { session, .. }) = answer else {
            panic!("the other phone did not join: {answer:?}");
        };
        Self { http, base, session }
    }

    pub(crate) async fn leaves(self) {
        let asked = self.http.delete(format!("{}{SESSION_PATH}", self.base));
        let answer = asked.bearer_auth(self.session.expose()).send().await;
        assert!(answer.is_ok_and(|answer| answer.status().is_success()));
    }
}
