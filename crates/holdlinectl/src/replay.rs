//! `replay`: a fresh engine is told what is in a trace, and must decide the same.

use std::process::ExitCode;

use companion::texts::Texts;
use trace::replay::{ReplayError, replay};

use crate::output;
use crate::trace_arguments::ReplayArguments;
use crate::trace_show;

/// The engine decides otherwise.
const DIFFERS: u8 = 1;

/// A file can't be replayed.
const UNREADABLE: u8 = 2;

pub(crate) fn run(arguments: &ReplayArguments) -> anyhow::Result<ExitCode> {
    let texts = Texts::english();
    let mut worst = 0;
    for path in &arguments.files {
        let file = path.display().to_string();
        let text = match trace_show::read(path) {
            Ok(text) => text,
            Err(error) => {
                eprintln!("holdlinectl: {error:#}");
                worst = UNREADABLE;
                continue;
            }
        };
        match replay(&text) {
            Ok(replayed) => {
                let causes = replayed.causes.to_string();
                output::line(&texts.text("replay-same", &[("file", &file), ("causes", &causes)]))?;
                if replayed.lost > 0 {
                    let lost = replayed.lost.to_string();
                    output::line(&texts.text("replay-lost", &[("file", &file), ("lost", &lost)]))?;
                }
            }
            Err(error) => {
                eprintln!("holdlinectl: {file}: {error}");
                worst = worst.max(match error {
                    ReplayError::Differs(_) => DIFFERS,
                    _ => UNREADABLE,
                });
            }
        }
    }
    Ok(ExitCode::from(worst))
}
