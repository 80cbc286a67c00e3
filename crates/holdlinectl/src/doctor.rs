//! `doctor`: everything that can be wrong, with a remedy each.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use companion::profile::Profile;
use companion::settings;
use headless::doctor::{self, Machine};
use headless::status_client::{StatusClient, StatusError};
use wire::support::{Ask, Finding, Health, Told};

use crate::arguments::ProfileArgument;
use crate::output;

#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    #[command(flatten)]
    profile: ProfileArgument,
    /// A policy file, on machines that have none of their own; only where no Holdline runs
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn examine(arguments: DoctorArguments) -> anyhow::Result<ExitCode> {
    let folder = match arguments.profile.profile {
        Some(folder) => folder,
        None => Profile::default_folder()?,
    };
    let (is_running, findings) = match running(&folder).await? {
        Some(findings) => (true, findings),
        None => {
            let policy = settings::choose_policy(settings::machine_policies(), arguments.policy)?;
            (false, doctor::resting(&folder, &policy, Machine::this()).await)
        }
    };
    if arguments.json {
        let json = serde_json::json!({ "running": is_running, "findings": findings });
        output::line(&json.to_string())?;
    } else {
        if !is_running {
            output::line("No Holdline runs on this profile: only what can be seen without it is looked at.")?;
        }
        for finding in &findings {
            output::line(&in_words(finding))?;
        }
    }
    Ok(ExitCode::from(doctor::exit_code(&findings)))
}

/// What the running Holdline finds; `None` where none runs.
async fn running(profile: &Path) -> anyhow::Result<Option<Vec<Finding>>> {
    let told = match StatusClient::open(profile) {
        Ok(client) => client.support(&Ask::Doctor).await,
        Err(StatusError::NotRunning(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    match told {
        Ok(Told::Doctor { findings }) => Ok(Some(findings)),
        Ok(Told::Refused { text }) => anyhow::bail!(text),
        Ok(_) => anyhow::bail!("The running Holdline is of another version. Restart it."),
        // A key file without a listener: it has been killed.
        Err(error) => {
            eprintln!("holdlinectl: {error}");
            Ok(None)
        }
    }
}

fn in_words(finding: &Finding) -> String {
    let mark = match finding.health {
        Health::Good => "ok     ",
        Health::Unknown => "?      ",
        Health::Warning => "warning",
        Health::Error => "ERROR  ",
    };
    let text = finding.text.replace('\n', "\n           ");
    let mut words = format!("{mark}  {}: {text}", finding.title);
    if let Some(remedy) = &finding.remedy {
        words.push_str(&format!("\n           → {remedy}"));
    }
    words
}
