//! What helps when something is wrong, by the real program: `policy`, `doctor`, `diagnose`.

mod diagnose;
mod doctor;
mod policy;

use std::path::Path;
use std::process::{Command, Output};

/// A run of holdlinectl.
struct Said(Output);

fn holdlinectl(folder: &Path, arguments: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_holdlinectl"));
    command.args(arguments).current_dir(folder);
    Said(command.output().expect("holdlinectl runs"))
}

impl Said {
    #[track_caller]
    fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.0.status.code(), Some(code), "{}\n{}", self.out(), self.err());
        self
    }

    fn out(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    fn err(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }
}
