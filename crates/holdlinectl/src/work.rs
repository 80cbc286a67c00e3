//! `work`: what the rep has open in the console.

use std::process::ExitCode;

use companion::desk::work_label;
use companion::texts::Texts;
use presence::event::WorkAction;
use wire::picture::{Picture, Work};
use wire::status_api::{Answer, WorkRequest};

use crate::arguments::{ProfileArgument, WorkCommand};
use crate::{ask, output};

pub(crate) async fn run(what: WorkCommand, profile: ProfileArgument) -> anyhow::Result<ExitCode> {
    let (work, action) = match what {
        WorkCommand::List => return list(profile).await,
        WorkCommand::Accept { id } => (id, WorkAction::Accept),
        WorkCommand::Close { id } => (id, WorkAction::Close),
        WorkCommand::Decline { id, reason } => (id, WorkAction::Decline { reason }),
        WorkCommand::Flag { id, message } => (id, WorkAction::RaiseFlag { message }),
        WorkCommand::Unflag { id } => (id, WorkAction::LowerFlag),
    };
    let what = Texts::english().text(work_label(&action), &[]);
    let answer = ask::client(profile)?.work(&WorkRequest { work, action }).await?;
    if let Answer::Applying = answer {
        output::line(&Texts::english().text("answer-accepted", &[("what", &what)]))?;
        return Ok(ExitCode::SUCCESS);
    }
    ask::tell(&answer, &what)
}

/// One line a work: id, what it is, and what may be done with it.
async fn list(profile: ProfileArgument) -> anyhow::Result<ExitCode> {
    let picture: Picture = serde_json::from_value(ask::client(profile)?.picture().await?)?;
    if picture.works.is_empty() {
        output::line(&Texts::english().text("works-none", &[]))?;
    }
    for work in &picture.works {
        let may = may(work).join(", ");
        output::line(&format!("{}  {}  {may}", work.id, work.label))?;
    }
    if !picture.decline_reasons.is_empty() {
        output::line(&format!("--reason: {}", picture.decline_reasons.join(" | ")))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn may(work: &Work) -> Vec<&'static str> {
    let all = [
        (work.may_accept, "accept"),
        (work.may_decline, "decline"),
        (work.may_close, "close"),
        (work.may_flag && !work.flagged, "flag"),
        (work.may_flag && work.flagged, "unflag"),
    ];
    all.into_iter()
        .filter_map(|(may, what)| may.then_some(what))
        .collect()
}
