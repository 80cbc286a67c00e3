//! Finding the Holdline of this org and user among all ports.

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use wire::identity::{self, Identity};

use super::bridge::{Bridge, Me};
use super::{Absent, Timings};

/// The ports that answer as a Holdline of this org and user, the quickest first.
pub(super) async fn find(
    bridge: &Bridge,
    ports: &[u16],
    me: Me,
    timings: &Timings,
) -> Result<Vec<u16>, Absent> {
    let mut answers: FuturesUnordered<_> = ports
        .iter()
        .map(|&port| async move { (port, bridge.get(port, identity::PATH, timings.probe).await.ok()) })
        .collect();
    let mut mine = Vec::new();
    let mut absent = Absent::Nobody;
    loop {
        // A port that takes the connection and never answers must not keep us from one that has.
        let next = if mine.is_empty() {
            answers.next().await
        } else {
            tokio::time::timeout(timings.gather, answers.next())
                .await
                .unwrap_or(None)
        };
        let Some((port, identity)) = next else { break };
        match identity.map_or(Err(Absent::Nobody), |identity| is_mine(&identity, me)) {
            Ok(()) => mine.push(port),
            Err(other) => absent = absent.min(other),
        }
    }
    if mine.is_empty() { Err(absent) } else { Ok(mine) }
}

fn is_mine(identity: &Identity, me: Me) -> Result<(), Absent> {
    if identity.app != identity::APP {
        return Err(Absent::Nobody);
    }
    match (identity.org_id, identity.user_id) {
        (Some(org), _) if org != me.org_id => Err(Absent::OtherOrg),
        (Some(_), Some(user)) if user != me.user_id => Err(Absent::OtherUser),
        (Some(_), Some(_)) => Ok(()),
        _ => Err(Absent::NotSignedIn),
    }
}
