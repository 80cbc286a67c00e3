//! Where work begins: a call comes in, other work is routed.

use jiff::Timestamp;
use presence::ids::{WorkId, WorkItemId};
use serde::Serialize;

use super::catalog::PHONE;
use super::mint::prefix;
use super::refusal::Refusal;
use super::{Call, Org, RepKey};

/// A call that was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewCall {
    /// The practice org's name for it.
    pub call_id: String,
    /// Its AgentWork, or the one it will have once the rep has capacity.
    pub agent_work_id: WorkId,
    /// Its VoiceCall.
    pub voice_call_id: WorkItemId,
    /// Whether it waits for capacity.
    pub queued: bool,
}

/// Other work that was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewWork {
    /// Its AgentWork.
    pub agent_work_id: WorkId,
    /// What was routed.
    pub work_item_id: WorkItemId,
}

impl Org {
    /// Starts a call for a rep. Without free capacity it waits, unless it is forced.
    pub fn start_call(
        &mut self,
        now: Timestamp,
        key: RepKey,
        from: &str,
        force: bool,
    ) -> Result<NewCall, Refusal> {
        self.reachable(key, PHONE)?;
        let place = self.calls.len();
        let call = Call {
            key: format!("{}-{}", self.call_prefix, place + 1),
            id: WorkItemId(self.mint.next(prefix::VOICE_CALL)),
            work_id: WorkId(self.mint.next(prefix::AGENT_WORK)),
            rep: key,
            from: from.to_owned(),
            started_at: now,
            connected_at: None,
            ended_at: None,
            work: None,
            modified_at: now,
        };
        let (call_id, agent_work_id, voice_call_id) = (call.key.clone(), call.work_id, call.id);
        self.calls.push(call);
        if force {
            self.assign_call(now, place);
        } else {
            self.queue.push(place);
            self.route(now, key);
        }
        Ok(NewCall {
            call_id,
            agent_work_id,
            voice_call_id,
            queued: self.calls[place].work.is_none(),
        })
    }

    /// Routes work of another channel than the phone to a rep who has capacity for it.
    pub fn start_work(&mut self, now: Timestamp, key: RepKey, channel: &str) -> Result<NewWork, Refusal> {
        let channel = match self.catalog.channel(channel) {
            Some(channel) if channel != PHONE => channel,
            _ => return Err(Refusal::UnknownChannel(channel.to_owned())),
        };
        self.reachable(key, channel)?;
        if !self.has_room(key, channel) {
            return Err(Refusal::AtCapacity {
                rep: self.rep(key).rep,
            });
        }
        let work_item_id = WorkItemId(self.mint.next(self.catalog.channels[channel].item_prefix));
        let agent_work_id = WorkId(self.mint.next(prefix::AGENT_WORK));
        self.assign(now, key, agent_work_id, work_item_id, channel, None);
        Ok(NewWork {
            agent_work_id,
            work_item_id,
        })
    }

    /// Whether work of a channel can reach the rep.
    fn reachable(&self, key: RepKey, channel: usize) -> Result<(), Refusal> {
        let rep = self.rep(key);
        let Some(status) = rep.status else {
            return Err(Refusal::NotLoggedIn { rep: rep.rep });
        };
        let status = &self.catalog.statuses[status];
        if status.channels.contains(&channel) {
            Ok(())
        } else {
            Err(Refusal::NoChannel {
                rep: rep.rep,
                status: status.label,
                channel: self.catalog.channels[channel].label,
            })
        }
    }
}
