//! Measures Holdline: `cargo xtask bench [NAME…] [--json]` builds it and calls this.
//!
//! Each figure has a name, a unit, a target and a function of its own, and can be run alone by its name.
//! Figures share what they measure together: a ratio and its parts come from the same run.

mod bayeux;
mod bridge;
mod console;
mod engine;
mod example;
mod figure;
mod memory;
mod org;
mod package;
mod peer;
mod proof;
mod report;
mod requests;
mod shift;
mod start;
mod telephony;

use std::process::ExitCode;

use clap::Parser;

use crate::figure::{Bench, Figure, Outcome};

/// Measures Holdline.
#[derive(Parser)]
struct Arguments {
    /// Names of the figures, or the beginnings of names; all when left out
    names: Vec<String>,
    /// Print the figures as one JSON object in the last line
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let all: Vec<Figure> = [
        engine::FIGURES,
        proof::FIGURES,
        bayeux::FIGURES,
        shift::FIGURES,
        bridge::FIGURES,
        console::FIGURES,
        org::FIGURES,
        package::FIGURES,
        telephony::FIGURES,
        start::FIGURES,
        memory::FIGURES,
    ]
    .into_iter()
    .flatten()
    .copied()
    .collect();
    let wanted = |figure: &&Figure| {
        arguments.names.is_empty()
            || arguments
                .names
                .iter()
                .any(|name| figure.name.starts_with(name.as_str()))
    };
    let chosen: Vec<_> = all.iter().filter(wanted).copied().collect();
    if chosen.is_empty() {
        eprintln!("error: there is no figure of that name. There are:");
        all.iter().for_each(|figure| eprintln!("  {}", figure.name));
        return ExitCode::FAILURE;
    }
    let mut bench = Bench::default();
    let mut measured = Vec::new();
    for figure in chosen {
        eprintln!("measuring {}", figure.name);
        measured.push((figure, bench.measure(figure)));
    }
    println!("{}", report::table(&measured));
    if arguments.json {
        println!("{}", report::json(&measured));
    }
    let failed = measured
        .iter()
        .any(|(_, outcome)| matches!(outcome, Outcome::Failed(_)));
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
