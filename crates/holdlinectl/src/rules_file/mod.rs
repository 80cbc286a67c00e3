//! `rules`: a rules file checked, explained and tried, without a running Holdline.

mod arguments;
mod check;
mod explain;
mod import;
mod read;
mod try_out;

use std::process::ExitCode;

pub(crate) use arguments::RulesCommand;

/// Something is wrong with the rules.
const FINDINGS: u8 = 1;
/// A file can't be read or used, or the question makes no sense.
const UNUSABLE: u8 = 2;

pub(crate) fn carry_out(command: RulesCommand) -> anyhow::Result<ExitCode> {
    let outcome = match command {
        RulesCommand::Check(arguments) => check::check(&arguments),
        RulesCommand::Explain(arguments) => explain::explain(&arguments),
        RulesCommand::Import(arguments) => import::import(&arguments),
        RulesCommand::Test(arguments) => try_out::test(&arguments),
    };
    match outcome {
        Ok(code) => Ok(code),
        Err(Stop::Said) => Ok(ExitCode::from(UNUSABLE)),
        Err(Stop::Unusable(text)) => {
            eprintln!("holdlinectl: {text}");
            Ok(ExitCode::from(UNUSABLE))
        }
        Err(Stop::Output(error)) => Err(error.into()),
    }
}

/// Why there is no answer.
enum Stop {
    /// Nobody reads any more.
    Output(std::io::Error),
    /// It has been told already.
    Said,
    /// With its remedy.
    Unusable(String),
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Output(error)
    }
}
