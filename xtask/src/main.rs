//! `cargo xtask`: sets this checkout up, runs Holdline on the practice org, tests it and measures it.

mod bench;
mod build;
mod command;
mod cross;
mod macos;
mod package;
mod paths;
mod run;
mod setup;
mod sign;
mod stamp;
mod summary;
mod test;
mod verify;
mod windows;

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
    /// Check the whole app for macOS, from Debian
    CheckMacos,
    /// Check the whole app for Windows, from Debian
    CheckWindows,
    /// Call the UI's npm, with the Node of the set-up
    Npm {
        /// What npm is to do
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Make .deb and .rpm, and check them with Debian's own checkers (on Debian and Ubuntu)
    Package {
        /// Where they go [default: packages in the target folder]
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Write what only packages carry; `package` has Tauri call it
    #[command(hide = true)]
    PackageExtras,
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
    /// Sign packages with the keys that the environment names; write an apt repository, an update manifest, a bill of
    /// materials and checksums
    Sign {
        /// Where the packages are [default: packages in the target folder]
        folder: Option<PathBuf>,
        /// The channel: the repository's suite, and the update manifest's folder
        #[arg(long, default_value = "stable")]
        channel: String,
    },
    /// Run every test: UI, console package, Rust, and the journeys in a real window
    Test {
        /// Only the Rust tests and journeys whose name contains this
        filter: Option<String>,
    },
    /// The slow tier: every test with long runs of the properties, the model check, 10,000 shifts, some fuzzing,
    /// packages and their signatures in a clean system, and Windows and macOS as far as they can be seen from here
    Verify {
        /// Only the steps whose name contains one of these
        only: Vec<String>,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Bench { names, json } => bench::bench(&names, json),
        Task::CheckMacos => macos::check(),
        Task::CheckWindows => windows::check(),
        Task::Npm { arguments } => npm(&arguments),
        Task::Package { out } => package::package(out.as_deref()),
        Task::PackageExtras => package::write_extras(),
        Task::Run {
            screenshot: Some(folder),
            ..
        } => run::screenshots(&folder),
        Task::Run {
            screenshot: None,
            arguments,
        } => run::run(&arguments),
        Task::Setup { ci } => setup::everything(ci).map(|_| ()),
        Task::Sign { folder, channel } => sign::sign(&folder.unwrap_or_else(sign::default_folder), &channel),
        Task::Test { filter } => test::test(filter.as_deref()),
        Task::Verify { only } => verify::verify(&only),
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
