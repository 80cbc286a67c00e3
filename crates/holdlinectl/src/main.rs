//! Holdline's command line.

mod arguments;
mod ask;
mod diagnose;
mod doctor;
mod explain;
mod manual;
mod output;
mod phone_token;
mod policy;
mod practice_browser;
mod practice_notice;
mod practice_org;
mod replay;
mod rules_file;
mod run;
mod trace_arguments;
mod trace_show;
mod work;

use std::process::ExitCode;

use clap::Parser as _;
use companion::logging::Logging;
use wire::status_api::Action;

use arguments::{Arguments, Command};
use phone_token::PhoneCommand;

fn main() -> ExitCode {
    let logging = companion::logging::start();
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(carry_out(arguments.command, logging)),
        Err(error) => Err(error.into()),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("holdlinectl: {error:#}");
        ExitCode::FAILURE
    })
}

async fn carry_out(command: Command, logging: Logging) -> anyhow::Result<ExitCode> {
    match command {
        Command::Cancel { profile } => ask::cancel(profile).await,
        Command::Diagnose(arguments) => diagnose::collect(arguments).await,
        Command::Doctor(arguments) => doctor::examine(arguments).await,
        Command::Work { what, profile } => work::run(what, profile).await,
        Command::EndWrapUp { profile } => ask::act(Action::EndWrapUp, profile).await,
        Command::Explain(arguments) => explain::run(&arguments),
        Command::KeepHolding { profile } => ask::act(Action::KeepHolding, profile).await,
        Command::Manual { folder } => manual::write(&folder),
        Command::Orgs { profile } => ask::orgs(profile).await,
        Command::Phone(PhoneCommand::Token(command)) => phone_token::carry_out(command).await,
        Command::Policy(command) => policy::carry_out(command).await,
        Command::Practice(options) => practice_org::serve(options).await,
        Command::Quit { profile } => ask::act(Action::Quit, profile).await,
        Command::Restart { profile } => ask::act(Action::Restart, profile).await,
        Command::ResumeSync { profile } => ask::act(Action::ResumeSync, profile).await,
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Request { status, profile } => ask::request(&status, profile).await,
        Command::Rules(command) => rules_file::carry_out(command),
        Command::Run(options) => run::run(options, logging).await,
        Command::SignOut { profile } => ask::act(Action::SignOut, profile).await,
        Command::Trace(arguments) => trace_show::show(arguments).await,
        Command::Use { org, profile } => ask::use_org(&org, profile).await,
        Command::Status { json, profile } => ask::status(json, profile).await,
    }
}
