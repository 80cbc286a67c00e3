//! `cargo xtask`: sets this checkout up, runs Holdline on the practice org, tests it and measures it.

mod bench;
mod build;
mod command;
mod paths;
mod run;
mod setup;
mod stamp;
mod summary;
mod test;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Sets this checkout up, runs Holdline, tests it and measures it.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Measure: start, memory, latency, throughput (release builds)
    Bench {
        /// Names of the figures, or the beginnings of names; all when left out
        names: Vec<String>,
        /// Print the figures as one JSON object in the last line
        #[arg(long)]
        json: bool,
    },
    /// Call the UI's npm, with the Node of the set-up
    Npm {
        /// What npm is to do
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Start the practice org and open Holdline on it
    Run {
        /// Without a display: play the main job in a virtual desktop and write a PNG of each step here
        #[arg(long, value_name = "DIR")]
        screenshot: Option<PathBuf>,
        /// Passed on to Holdline
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Install what building and testing need (`run` and `test` do it by themselves)
    Setup {
        /// Also cargo-deny, which `.ci/run` needs
        #[arg(long)]
        ci: bool,
    },
    /// Run every test: UI, console package, Rust, and the journeys in a real window
    Test {
        /// Only the Rust tests and journeys whose name contains this
        filter: Option<String>,
    },
    /// The slow tier: every test with long runs of the properties, the model check, 10,000 shifts, some fuzzing
    Verify,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Bench { names, json } => bench::bench(&names, json),
        Task::Npm { arguments } => npm(&arguments),
        Task::Run {
            screenshot: Some(folder),
            ..
        } => run::screenshots(&folder),
        Task::Run {
            screenshot: None,
            arguments,
        } => run::run(&arguments),
        Task::Setup { ci } => setup::everything(ci).map(|_| ()),
        Task::Test { filter } => test::test(filter.as_deref()),
        Task::Verify => verify::verify(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn npm(arguments: &[String]) -> anyhow::Result<()> {
    let ready = setup::ready(setup::Purpose::Run)?;
    let mut npm = ready.node.command("npm")?;
    command::run(npm.current_dir(paths::ui()).args(arguments))
}
