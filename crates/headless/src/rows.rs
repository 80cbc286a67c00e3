//! A complete answer about works and presence becomes the engine's event.

use std::collections::BTreeMap;

use jiff::Timestamp;
use presence::event::{Event, PresenceRow, WorkRow, WorkStage};
use presence::time::Now;
use salesforce::{Situation, VOICE_CALL, Work, WorkStatus};

use crate::catalogue::Known;

/// `skew_ms`: how far the server's clock is ahead of ours. It is taken off the times that are compared with ours,
/// not off SystemModstamps, which are only compared with each other.
pub(crate) fn event(asked: Now, situation: &Situation, known: &Known, skew_ms: i64) -> Event {
    let ours = |at: Timestamp| at.as_millisecond().saturating_sub(skew_ms);
    let calls: BTreeMap<_, _> = situation.calls.iter().map(|call| (call.id, call)).collect();
    let work_row = |work: &Work| {
        let item = work.item_id?;
        let call = calls.get(&item.0);
        Some(WorkRow {
            work: work.id,
            item,
            stage: stage(work.status),
            voice: work.related_entity.as_deref() == Some(VOICE_CALL) || known.is_voice(work.channel_id),
            conversation_ended: call.is_some_and(|call| call.ended_at.is_some()),
            vendor_call_key: call.and_then(|call| call.vendor_call_key.clone()),
            since_ms: work.accepted_at.or(work.assigned_at).map(ours),
            closed_ms: work.closed_at.map(ours),
            conversation_ended_ms: call.and_then(|call| call.ended_at).map(ours),
            acw_extensions: work.acw_extensions,
            modstamp_ms: work.modified_at.map(Timestamp::as_millisecond),
        })
    };
    let presence = situation.presence.as_ref();
    Event::Rows {
        asked,
        works: situation.works.iter().filter_map(work_row).collect(),
        presence: PresenceRow {
            row: presence.map(|row| row.id),
            status: presence.map(|row| row.status_id),
            since_ms: presence.and_then(|row| row.status_start_date).map(ours),
            modstamp_ms: presence
                .and_then(|row| row.system_modstamp)
                .map(Timestamp::as_millisecond),
        },
    }
}

fn stage(status: WorkStatus) -> WorkStage {
    match status {
        WorkStatus::Assigned => WorkStage::Assigned,
        WorkStatus::Opened => WorkStage::Opened,
        WorkStatus::Canceled
        | WorkStatus::Closed
        | WorkStatus::Declined
        | WorkStatus::DeclinedOnPushTimeout
        | WorkStatus::Transferred
        | WorkStatus::Unavailable => WorkStage::Ended,
    }
}
