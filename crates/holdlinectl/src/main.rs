//! Holdline's command line.

mod arguments;
mod ask;
mod explain;
mod output;
mod practice_browser;
mod practice_notice;
mod practice_org;
mod replay;
mod rules_file;
mod run;
mod trace_arguments;
mod trace_show;

use std::process::ExitCode;

use clap::Parser as _;
use wire::status_api::Action;

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(
            companion::logging::WITHOUT_FRAMES
                .iter()
                .fold(filter, |filter, directive| match directive.parse() {
                    Ok(directive) => filter.add_directive(directive),
                    Err(_) => filter,
                }),
        )
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(carry_out(arguments.command)),
        Err(error) => Err(error.into()),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("holdlinectl: {error:#}");
        ExitCode::FAILURE
    })
}

async fn carry_out(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Cancel { profile } => ask::cancel(profile).await,
        Command::EndWrapUp { profile } => ask::act(Action::EndWrapUp, profile).await,
        Command::Explain(arguments) => explain::run(&arguments),
        Command::KeepHolding { profile } => ask::act(Action::KeepHolding, profile).await,
        Command::Orgs { profile } => ask::orgs(profile).await,
        Command::Practice(options) => practice_org::serve(options).await,
        Command::Quit { profile } => ask::act(Action::Quit, profile).await,
        Command::Restart { profile } => ask::act(Action::Restart, profile).await,
        Command::ResumeSync { profile } => ask::act(Action::ResumeSync, profile).await,
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Request { status, profile } => ask::request(&status, profile).await,
        Command::Rules(command) => rules_file::carry_out(command),
        Command::Run(options) => run::run(options).await,
        Command::SignOut { profile } => ask::act(Action::SignOut, profile).await,
        Command::Trace(arguments) => trace_show::show(arguments).await,
        Command::Use { org, profile } => ask::use_org(&org, profile).await,
        Command::Status { json, profile } => ask::status(json, profile).await,
    }
}
