//! The armed logout: at the last call's end, within 100 ms of it, ahead of the next call.

use std::convert::Infallible;

use serde_json::json;
use tokio::sync::mpsc;
use wire::bridge::{Action, Outcome};

use super::commands::{DONE, toolkit};
use super::desk::{Order, Stop};
use super::page::Page;

/// Carries out what fires.
pub(super) async fn run(page: &Page<'_>, mut fired: mpsc::UnboundedReceiver<Order>) -> Infallible {
    loop {
        match fired.recv().await {
            Some(order) => {
                let done = fire(page, &order).await;
                page.answer(&order.command.id, done);
            }
            // The sender is the page itself, which outlives this loop.
            None => std::future::pending().await,
        }
    }
}

async fn fire(page: &Page<'_>, order: &Order) -> Result<Outcome, Stop> {
    let Action::Arm { voice_prefixes } = &order.command.action else {
        return Err(Stop::Withdrawn);
    };
    page.desk().may_fire(page.now(), order)?;
    let asked = page.desk().works.turn();
    let list = page.org.agent_works().await.map_err(toolkit)?;
    page.desk()
        .may_log_out_armed(page.now(), order, asked, &list, voice_prefixes)?;
    page.org.tell("logout", json!({})).await.map_err(toolkit)?;
    Ok(DONE)
}
