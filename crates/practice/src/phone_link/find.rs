//! Which of the loopback ports is this rep's Holdline on?

use std::sync::Arc;
use std::time::Duration;

use presence::ids::{OrgId, UserId};
use wire::identity::{APP, Identity};

use crate::org::RepKey;
use crate::server::Shared;

/// A Holdline on loopback answers in milliseconds; whoever takes longer is none.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);

pub(super) struct Finder {
    http: reqwest::Client,
    ports: Vec<u16>,
    org_id: OrgId,
    user_id: UserId,
}

impl Finder {
    pub(super) fn new(shared: &Arc<Shared>, key: RepKey) -> Self {
        let (org_id, user_id) = shared.read(|org| (org.id, org.rep(key).user_id));
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(ANSWER_WITHIN)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap_or_default();
        Self {
            http,
            ports: shared.holdline_ports.clone(),
            org_id,
            user_id,
        }
    }

    /// The first port that serves this phone's org and rep.
    pub(super) async fn find(&mut self) -> Option<u16> {
        for &port in &self.ports {
            if self.is_ours(port).await {
                return Some(port);
            }
        }
        None
    }

    async fn is_ours(&self, port: u16) -> bool {
        let url = format!("http://127.0.0.1:{port}{}", wire::identity::PATH);
        let Ok(answer) = self.http.get(url).send().await else {
            return false;
        };
        let Ok(identity) = answer.json::<Identity>().await else {
            return false;
        };
        identity.app == APP
            && identity.org_id == Some(self.org_id)
            && identity.user_id == Some(self.user_id)
            && identity
                .protocols
                .connector
                .agree(wire::connector::PROTOCOL)
                .is_some()
    }
}
