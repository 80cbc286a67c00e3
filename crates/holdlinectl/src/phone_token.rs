//! `phone token`: who may join through the connector API without being paired by code.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use companion::profile::{Profile, ProfileError};
use headless::status_client::{StatusClient, StatusError};
use headless::{PairingStore, PolicyToken};
use wire::connector::Rights;
use wire::key::Key;
use wire::status_api::{NewPhoneToken, PhoneTokenInfo, PhoneTokenSource, RevokePhoneToken};

use crate::arguments::ProfileArgument;
use crate::output;

/// What about phones.
#[derive(Debug, Subcommand)]
pub(crate) enum PhoneCommand {
    /// Tokens with which a softphone joins without being paired by code
    #[command(subcommand)]
    Token(TokenCommand),
}

/// What about tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// List who may join: tokens handed out, paired phones, and the policy's tokens
    List {
        #[command(flatten)]
        profile: ProfileArgument,
    },
    /// Hand out a token; it is printed once and kept only as a hash
    New(NewArguments),
    /// Take every token and pairing of this name back; a phone that is joined by it is sent away
    Revoke {
        /// The name, as `list` shows it
        name: String,
        #[command(flatten)]
        profile: ProfileArgument,
    },
}

/// A token to be.
#[derive(Debug, Args)]
pub(crate) struct NewArguments {
    /// Who gets it, such as the softphone's name
    #[arg(long, value_parser = name)]
    name: String,
    /// What it may do; the least that will do
    #[arg(long, value_enum)]
    rights: RightsArgument,
    /// For IT: keep it nowhere, and print the line for policy.toml besides
    #[arg(long, conflicts_with = "profile")]
    policy: bool,
    #[command(flatten)]
    profile: ProfileArgument,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RightsArgument {
    /// Report states and calls; Holdline never writes the phone
    Report,
    /// Also be asked for states
    Control,
}

impl From<RightsArgument> for Rights {
    fn from(rights: RightsArgument) -> Self {
        match rights {
            RightsArgument::Control => Self::Control,
            RightsArgument::Report => Self::Report,
        }
    }
}

pub(crate) async fn carry_out(command: TokenCommand) -> anyhow::Result<ExitCode> {
    match command {
        TokenCommand::List { profile } => list(profile).await,
        TokenCommand::New(arguments) if arguments.policy => for_policy(&arguments),
        TokenCommand::New(arguments) => new(arguments).await,
        TokenCommand::Revoke { name, profile } => revoke(name, profile).await,
    }
}

fn for_policy(arguments: &NewArguments) -> anyhow::Result<ExitCode> {
    use secrecy::ExposeSecret as _;
    let (line, token) = PolicyToken::new(&arguments.name, arguments.rights.into());
    output::line(token.expose_secret())?;
    let line = serde_json::to_string(&line.to_string())?;
    eprintln!(
        "The token is on standard output: give it to the phone only. In policy.toml, below [connector]:"
    );
    eprintln!("tokens = [{line}]");
    Ok(ExitCode::SUCCESS)
}

async fn new(arguments: NewArguments) -> anyhow::Result<ExitCode> {
    let (name, rights) = (arguments.name, arguments.rights.into());
    let token: Key = match keeper(arguments.profile)? {
        Keeper::Running(holdline) => holdline.new_phone_token(&NewPhoneToken { name, rights }).await?,
        Keeper::Resting(_lock, store) => store.issue(&name, rights)?.into(),
    };
    output::line(token.expose())?;
    Ok(ExitCode::SUCCESS)
}

async fn list(profile: ProfileArgument) -> anyhow::Result<ExitCode> {
    let tokens: Vec<PhoneTokenInfo> = match keeper(profile)? {
        Keeper::Running(holdline) => holdline.phone_tokens().await?.tokens,
        Keeper::Resting(_lock, store) => store.phone_tokens().into_iter().map(Into::into).collect(),
    };
    if tokens.is_empty() {
        output::line("No phone may join yet: hand out a token, or let a phone ask to be paired.")?;
    }
    for token in tokens {
        let rights = match token.rights {
            Rights::Control => "control",
            Rights::Report => "report",
        };
        let source = match token.source {
            PhoneTokenSource::HandedOut => "handed out",
            PhoneTokenSource::Paired => "paired",
            PhoneTokenSource::Policy => "policy",
        };
        output::line(&format!("{rights:7}  {source:10}  {}", token.name))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn revoke(name: String, profile: ProfileArgument) -> anyhow::Result<ExitCode> {
    let revoked = match keeper(profile)? {
        Keeper::Running(holdline) => {
            let name = name.clone();
            holdline
                .revoke_phone_token(&RevokePhoneToken { name })
                .await?
                .revoked
        }
        Keeper::Resting(_lock, store) => store.revoke(&name)?,
    };
    if revoked == 0 {
        anyhow::bail!(
            "There is no token of the name {name:?} that can be revoked here. `holdlinectl phone token list` shows \
             them; those of the policy are your administrator's."
        );
    }
    output::line(&match revoked {
        1 => format!("{name:?} is revoked."),
        more => format!("{more} tokens named {name:?} are revoked."),
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Who keeps the profile's tokens at the moment: only one may write them.
enum Keeper {
    Running(StatusClient),
    /// Nobody but us, as long as the lock is held.
    Resting(Profile, PairingStore),
}

fn keeper(profile: ProfileArgument) -> anyhow::Result<Keeper> {
    let folder: PathBuf = match profile.profile {
        Some(folder) => folder,
        None => Profile::default_folder()?,
    };
    match Profile::open(folder.clone()) {
        Ok(lock) => {
            let store = PairingStore::open(lock.folder())?;
            Ok(Keeper::Resting(lock, store))
        }
        Err(ProfileError::InUse(_)) => match StatusClient::open(&folder) {
            Ok(holdline) => Ok(Keeper::Running(holdline)),
            Err(StatusError::NotRunning(_)) => {
                anyhow::bail!(
                    "The Holdline on {} is only just starting: try again.",
                    folder.display()
                )
            }
            Err(error) => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

fn name(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 100 || text.chars().any(char::is_control) {
        return Err("Write a name of 1 to 100 characters.".to_owned());
    }
    Ok(text.to_owned())
}
