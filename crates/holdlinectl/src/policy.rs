//! `policy`: what an organisation sets, checked, shown and described.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use companion::profile::Profile;
use companion::settings::{self, Finding, PolicySource, USER_FILE};
use companion::texts::Texts;
use headless::status_client::{StatusClient, StatusError};
use wire::support::{Ask, SetBy, Setting, Told};

use crate::arguments::ProfileArgument;
use crate::output;

/// Something is wrong with the policy.
const FINDINGS: u8 = 1;
/// A file can't be read.
const UNUSABLE: u8 = 2;

/// What to do with a policy.
#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Say everything that is wrong with a policy or settings file
    ///
    /// Exits 0 if it is valid, 1 if it is not, 2 if it can't be read.
    Check(CheckArguments),
    /// Print the JSON Schema of a policy file, for editors
    Schema,
    /// Show what holds and where each value comes from
    ///
    /// Of the running Holdline, if one runs; else what the next one would read. Exits 0, or 1 if something that was
    /// read is not valid.
    Show(ShowArguments),
}

#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// A policy.toml or holdline.toml, or a .plist or .mobileconfig
    file: PathBuf,
    /// Print each finding as one JSON line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    #[command(flatten)]
    profile: ProfileArgument,
    /// As it would be with this policy, on machines that have none of their own; asks no running Holdline
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Only what somebody has set
    #[arg(long)]
    set: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn carry_out(command: PolicyCommand) -> anyhow::Result<ExitCode> {
    match command {
        PolicyCommand::Check(arguments) => check(&arguments),
        PolicyCommand::Schema => {
            output::line(&serde_json::to_string_pretty(&settings::schema())?)?;
            Ok(ExitCode::SUCCESS)
        }
        PolicyCommand::Show(arguments) => show(arguments).await,
    }
}

fn check(CheckArguments { file, json }: &CheckArguments) -> anyhow::Result<ExitCode> {
    if let Err(error) = std::fs::File::open(file) {
        eprintln!(
            "holdlinectl: {} can't be read: {error}. Check the path.",
            file.display()
        );
        return Ok(ExitCode::from(UNUSABLE));
    }
    let findings = settings::check(source(file));
    for finding in &findings {
        output::line(&if *json {
            serde_json::to_string(finding)?
        } else {
            in_words(finding)
        })?;
    }
    if !json {
        output::line(&match findings.len() {
            0 => "Valid.".to_owned(),
            1 => "Not valid: 1 error.".to_owned(),
            count => format!("Not valid: {count} errors."),
        })?;
    }
    Ok(code(&findings))
}

fn source(file: &Path) -> PolicySource {
    let ending = file.extension().unwrap_or_default();
    if ending == "plist" || ending == "mobileconfig" {
        PolicySource::ManagedPreferences(file.to_owned())
    } else {
        PolicySource::File(file.to_owned())
    }
}

async fn show(arguments: ShowArguments) -> anyhow::Result<ExitCode> {
    let folder = match arguments.profile.profile {
        Some(folder) => folder,
        None => Profile::default_folder()?,
    };
    let running = match &arguments.policy {
        Some(_) => None,
        None => running(&folder).await?,
    };
    let is_running = running.is_some();
    let (shown, findings) = match running {
        Some(shown) => (shown, Vec::new()),
        None => {
            let policy = settings::choose_policy(settings::machine_policies(), arguments.policy)?;
            let loaded = settings::load(&folder.join(USER_FILE), &policy);
            let texts = Texts::english();
            let shown = loaded.shown.iter().map(|shown| shown.told(&texts)).collect();
            (shown, loaded.findings)
        }
    };
    let shown: Vec<Setting> = shown
        .into_iter()
        .filter(|setting| !arguments.set || setting.set_by != SetBy::BuiltIn)
        .collect();
    if arguments.json {
        output::line(&serde_json::to_string(&serde_json::json!({
            "running": is_running,
            "settings": shown,
            "findings": findings,
        }))?)?;
        return Ok(code(&findings));
    }
    output::line(if is_running {
        "In force in the running Holdline:"
    } else {
        "What the next Holdline on this profile would read:"
    })?;
    let width = shown.iter().map(|setting| setting.key.len()).max().unwrap_or(0);
    for setting in &shown {
        let value = setting.value.as_deref().unwrap_or("-");
        let whose = whose(setting);
        output::line(&format!("  {:width$}  {value}  ({whose})", setting.key))?;
    }
    for finding in &findings {
        output::line(&in_words(finding))?;
    }
    Ok(code(&findings))
}

/// What the Holdline that runs on a profile has in force; `None` where none runs.
async fn running(profile: &Path) -> anyhow::Result<Option<Vec<Setting>>> {
    let asked = match StatusClient::open(profile) {
        Ok(client) => client.support(&Ask::Settings).await,
        Err(StatusError::NotRunning(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    match asked {
        Ok(Told::Settings { settings, .. }) => Ok(Some(settings)),
        Ok(_) => anyhow::bail!("The running Holdline is of another version. Restart it."),
        // A key file without a listener: it has been killed.
        Err(error) => {
            eprintln!("holdlinectl: {error}");
            Ok(None)
        }
    }
}

fn whose(setting: &Setting) -> String {
    let place = setting.place.as_deref().unwrap_or_default();
    match setting.set_by {
        SetBy::BuiltIn => "built in".to_owned(),
        SetBy::Policy => format!("set by your organisation: {place}"),
        SetBy::User => format!("set by you: {place}"),
    }
}

/// `file:line: error: reason`, and the remedy below it.
fn in_words(finding: &Finding) -> String {
    let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
    let key = match (&finding.key, finding.line) {
        (Some(key), None) => format!("{key}: "),
        _ => String::new(),
    };
    format!(
        "{}{line}: error: {key}{}\n    {}",
        finding.place, finding.reason, finding.remedy
    )
}

fn code(findings: &[Finding]) -> ExitCode {
    if findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FINDINGS)
    }
}
