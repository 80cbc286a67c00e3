//! `diagnose`: a file for support, shown before it is saved.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use companion::bundle;
use companion::profile::Profile;
use companion::settings;
use headless::diagnose;
use headless::doctor::Machine;
use headless::status_client::{StatusClient, StatusError};
use wire::support::{Ask, Bundle, Told};

use crate::arguments::ProfileArgument;
use crate::output;

#[derive(Debug, Args)]
pub(crate) struct DiagnoseArguments {
    /// Save it as this zip archive, which must not be there yet; without it, show what would be saved
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    profile: ProfileArgument,
    /// A policy file, on machines that have none of their own; only where no Holdline runs
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

pub(crate) async fn collect(arguments: DiagnoseArguments) -> anyhow::Result<ExitCode> {
    let folder = match arguments.profile.profile {
        Some(folder) => folder,
        None => Profile::default_folder()?,
    };
    let bundle = match running(&folder).await? {
        Some(bundle) => bundle,
        None => {
            let policy = settings::choose_policy(settings::machine_policies(), arguments.policy)?;
            diagnose::resting(&folder, &policy, Machine::this()).await
        }
    };
    let Some(out) = arguments.out else {
        for file in &bundle.files {
            output::line(&format!("── {}\n{}", file.name, file.text.trim_end()))?;
        }
        output::line("\nNothing is saved yet. Save it with --out FILE.")?;
        return Ok(ExitCode::SUCCESS);
    };
    if let Err(error) = bundle::save(&bundle, &out) {
        anyhow::bail!("{} can't be written: {error}. Name another file.", out.display());
    }
    let names: Vec<&str> = bundle.files.iter().map(|file| file.name.as_str()).collect();
    output::line(&format!("Saved {} with {}.", out.display(), names.join(", ")))?;
    Ok(ExitCode::SUCCESS)
}

/// What the running Holdline puts together; `None` where none runs.
async fn running(profile: &Path) -> anyhow::Result<Option<Bundle>> {
    let told = match StatusClient::open(profile) {
        Ok(client) => client.support(&Ask::Bundle).await,
        Err(StatusError::NotRunning(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    match told {
        Ok(Told::Bundle { bundle }) => Ok(Some(bundle)),
        Ok(Told::Refused { text }) => anyhow::bail!(text),
        Ok(_) => anyhow::bail!("The running Holdline is of another version. Restart it."),
        // A key file without a listener: it has been killed, and its files are what matters.
        Err(error) => {
            eprintln!("holdlinectl: {error}");
            Ok(None)
        }
    }
}
