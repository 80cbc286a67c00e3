//! Carrying out Holdline's commands, in order, one at a time.

use std::convert::Infallible;

use presence::ids::WorkId;
use serde_json::json;
use tokio::sync::mpsc;
use wire::bridge::{Action, Outcome, Refusal, Snapshot};

use super::desk::{Order, Stop};
use super::page::Page;

pub(super) const DONE: Outcome = Outcome::Done { snapshot: None };

/// Carries out the queue.
pub(super) async fn run(page: &Page<'_>, mut orders: mpsc::UnboundedReceiver<Order>) -> Infallible {
    loop {
        match orders.recv().await {
            Some(order) => {
                let id = order.command.id.clone();
                if let Some(done) = carry_out(page, order).await.transpose() {
                    page.answer(&id, done);
                }
            }
            // The sender is the page itself, which outlives this loop.
            None => std::future::pending().await,
        }
    }
}

/// `None`: the answer comes later.
async fn carry_out(page: &Page<'_>, order: Order) -> Result<Option<Outcome>, Stop> {
    page.desk().may_begin(page.now(), &order)?;
    let tell = |method, arguments| page.org.tell(method, arguments);
    let told = match order.command.action.clone() {
        Action::AcceptAgentWork { work_id } => tell("acceptAgentWork", json!({ "workId": work_id })).await,
        Action::CloseAgentWork {
            work_id,
            voice_prefixes,
        } => return close(page, &order, work_id, &voice_prefixes).await.map(Some),
        Action::Arm { .. } => return arm(page, order).await.map(|()| None),
        Action::DeclineAgentWork {
            work_id,
            decline_reason: None,
        } => tell("declineAgentWork", json!({ "workId": work_id })).await,
        Action::DeclineAgentWork {
            work_id,
            decline_reason: Some(reason),
        } => {
            let arguments = json!({ "workId": work_id, "declineReason": reason });
            tell("declineAgentWork", arguments).await
        }
        Action::Login { status_id } => tell("login", json!({ "statusId": status_id })).await,
        Action::LowerAgentWorkFlag { work_id, message } => {
            tell("lowerAgentWorkFlag", flag(work_id, message)).await
        }
        Action::Logout {
            voice_prefixes,
            wrapping_up,
        } => {
            return log_out(page, &order, &voice_prefixes, &wrapping_up)
                .await
                .map(Some);
        }
        Action::RaiseAgentWorkFlag { work_id, message } => {
            tell("raiseAgentWorkFlag", flag(work_id, message)).await
        }
        Action::SetServicePresenceStatus { status_id, log_in } => {
            if !log_in {
                must_be_logged_in(page, &order).await?;
            }
            tell("setServicePresenceStatus", json!({ "statusId": status_id })).await
        }
        Action::Snapshot => return snapshot(page).await.map(Some),
    };
    told.map(|()| Some(DONE)).map_err(toolkit)
}

fn flag(work_id: WorkId, message: Option<String>) -> serde_json::Value {
    match message {
        Some(message) => json!({ "workId": work_id, "message": message }),
        None => json!({ "workId": work_id }),
    }
}

/// The last look at `getAgentWorks`, and the logout, with nothing but this check between them.
async fn log_out(
    page: &Page<'_>,
    order: &Order,
    voice_prefixes: &[String],
    wrapping_up: &[WorkId],
) -> Result<Outcome, Stop> {
    refuse_unknown_prefixes(voice_prefixes)?;
    let asked = page.desk().works.turn();
    let list = page.org.agent_works().await.map_err(toolkit)?;
    page.desk()
        .may_log_out(page.now(), order, asked, &list, voice_prefixes, wrapping_up)?;
    page.org.tell("logout", json!({})).await.map_err(toolkit)?;
    Ok(DONE)
}

/// Closes a work after a last look: a call only when its conversation has ended, because closing ends it.
async fn close(
    page: &Page<'_>,
    order: &Order,
    work_id: WorkId,
    voice_prefixes: &[String],
) -> Result<Outcome, Stop> {
    refuse_unknown_prefixes(voice_prefixes)?;
    let asked = page.desk().works.turn();
    let list = page.org.agent_works().await.map_err(toolkit)?;
    page.desk()
        .may_close(page.now(), order, asked, &list, work_id, voice_prefixes)?;
    let work = json!({ "workId": work_id });
    page.org.tell("closeAgentWork", work).await.map_err(toolkit)?;
    Ok(DONE)
}

/// The last look at the status: `setServicePresenceStatus` logs in first if needed, which only the rep may ask for.
async fn must_be_logged_in(page: &Page<'_>, order: &Order) -> Result<(), Stop> {
    let status = page.org.status_id().await.map_err(toolkit)?;
    page.desk().may_begin(page.now(), order)?;
    if status.is_none() {
        let detail = "The rep is logged out of Omni-Channel.";
        return Err(Stop::refused(Refusal::LoggedOut, detail));
    }
    Ok(())
}

async fn arm(page: &Page<'_>, order: Order) -> Result<(), Stop> {
    if let Action::Arm { voice_prefixes } = &order.command.action {
        refuse_unknown_prefixes(voice_prefixes)?;
    }
    let id = order.command.id.clone();
    page.desk().arm(order);
    // Which calls are open decides which WorkClosed is the last.
    if let Err(detail) = page.ask_works().await {
        // If it is no longer armed, it has fired or was withdrawn, and is answered there.
        if page.desk().disarm(&id) {
            return Err(toolkit(detail));
        }
    }
    Ok(())
}

async fn snapshot(page: &Page<'_>) -> Result<Outcome, Stop> {
    let asked = page.desk().works.turn();
    let works = page.org.agent_works().await.map_err(toolkit)?;
    let conversations_ended = {
        let mut desk = page.desk();
        desk.works.settle(asked, &works);
        desk.works.conversations_ended()
    };
    let snapshot = Snapshot {
        works,
        status_id: page.org.status_id().await.map_err(toolkit)?,
        workload: page.org.workload().await.ok(),
        conversations_ended,
    };
    Ok(Outcome::Done {
        snapshot: Some(snapshot),
    })
}

/// Without knowing what a call is, nobody can be logged out safely.
fn refuse_unknown_prefixes(voice_prefixes: &[String]) -> Result<(), Stop> {
    // An empty prefix would call everything a call, and no prefix nothing.
    if voice_prefixes.is_empty() || voice_prefixes.iter().any(String::is_empty) {
        let detail = "It does not say which work items are calls.";
        return Err(Stop::refused(Refusal::Unsupported, detail));
    }
    Ok(())
}

/// The toolkit said no.
pub(super) fn toolkit(detail: String) -> Stop {
    Stop::Refused(Refusal::Toolkit, detail)
}
