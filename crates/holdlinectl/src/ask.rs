//! `request`, `cancel`, `status` and the other short words: talking to the Holdline that runs.

use std::process::ExitCode;

use companion::profile::Profile;
use companion::texts::Texts;
use headless::status_client::StatusClient;
use wire::picture::Picture;
use wire::status_api::{Action, Answer};

use crate::arguments::ProfileArgument;
use crate::output;

pub(crate) async fn request(status: &str, profile: ProfileArgument) -> anyhow::Result<ExitCode> {
    let answer = client(profile)?.request(status).await?;
    tell(&answer, status)
}

pub(crate) async fn act(action: Action, profile: ProfileArgument) -> anyhow::Result<ExitCode> {
    let answer = client(profile)?.act(action).await?;
    let texts = Texts::english();
    let what = match action {
        Action::EndWrapUp => "target-close_work",
        Action::KeepHolding => "target-keep_holding",
        Action::Quit => "target-quit",
        Action::Restart => "target-restart",
        Action::ResumeSync => "target-resume_sync",
        Action::SignOut => "target-sign_out",
    };
    let what = texts.text(what, &[]);
    if let Answer::Applying = answer {
        output::line(&texts.text("answer-accepted", &[("what", &what)]))?;
        return Ok(ExitCode::SUCCESS);
    }
    tell(&answer, &what)
}

/// The orgs one is signed in to; the active one has a star.
pub(crate) async fn orgs(profile: ProfileArgument) -> anyhow::Result<ExitCode> {
    let picture: Picture = serde_json::from_value(client(profile)?.picture().await?)?;
    if picture.session.orgs.is_empty() {
        output::line(&Texts::english().text("orgs-none", &[]))?;
    }
    for org in picture.session.orgs {
        let star = if org.active { '*' } else { ' ' };
        output::line(&format!("{star} {}  {}  {}", org.org_url, org.name, org.id))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn use_org(org: &str, profile: ProfileArgument) -> anyhow::Result<ExitCode> {
    let answer = client(profile)?.use_org(org).await?;
    let what = Texts::english().text("target-use_org", &[]);
    if let Answer::Applying = answer {
        output::line(&Texts::english().text("answer-accepted", &[("what", &what)]))?;
        return Ok(ExitCode::SUCCESS);
    }
    tell(&answer, &what)
}

pub(crate) async fn cancel(profile: ProfileArgument) -> anyhow::Result<ExitCode> {
    let answer = client(profile)?.cancel().await?;
    tell(&answer, "")
}

pub(crate) async fn status(json: bool, profile: ProfileArgument) -> anyhow::Result<ExitCode> {
    let picture = client(profile)?.picture().await?;
    if json {
        output::line(&picture.to_string())?;
    } else {
        let picture: Picture = serde_json::from_value(picture)?;
        output::line(&output::words_of(&picture, &Texts::english()))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn client(profile: ProfileArgument) -> anyhow::Result<StatusClient> {
    let folder = match profile.profile {
        Some(folder) => folder,
        None => Profile::default_folder()?,
    };
    Ok(StatusClient::open(&folder)?)
}

/// Accepted is success; a refusal says why, on standard error.
pub(crate) fn tell(answer: &Answer, status: &str) -> anyhow::Result<ExitCode> {
    let texts = Texts::english();
    let text = match answer {
        Answer::Applying => texts.text("answer-applying", &[("status", status)]),
        Answer::Cancelled => texts.text("answer-cancelled", &[]),
        Answer::Held { reason } => {
            let reason = texts.text(&format!("held-{reason}"), &[("status", status)]);
            texts.text("answer-held", &[("reason", &reason)])
        }
        Answer::Nothing => texts.text("answer-nothing", &[]),
        Answer::Refused { text, .. } => {
            eprintln!("holdlinectl: {text}");
            return Ok(ExitCode::FAILURE);
        }
    };
    output::line(&text)?;
    Ok(ExitCode::SUCCESS)
}
