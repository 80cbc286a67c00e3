//! What ran, what did not and why, and how long it took.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// The steps of a test run.
#[derive(Default)]
pub(crate) struct Summary {
    steps: Vec<(String, Outcome)>,
}

enum Outcome {
    Failed(String),
    Passed(Duration),
    Skipped(String),
}

impl Summary {
    /// Runs a step; a failure does not stop the others.
    pub(crate) fn step(&mut self, name: &str, step: impl FnOnce() -> Result<()>) {
        println!("\n── {name}");
        let started = Instant::now();
        let outcome = match step() {
            Ok(()) => Outcome::Passed(started.elapsed()),
            Err(error) => Outcome::Failed(format!("{error:#}")),
        };
        self.steps.push((name.to_owned(), outcome));
    }

    /// Notes what is left out, with the reason.
    pub(crate) fn skip(&mut self, name: &str, reason: &str) {
        self.steps
            .push((name.to_owned(), Outcome::Skipped(reason.to_owned())));
    }

    /// Prints everything; an error if anything failed.
    pub(crate) fn finish(self) -> Result<()> {
        println!("\nSummary");
        let width = self
            .steps
            .iter()
            .map(|(name, _)| name.chars().count())
            .max()
            .unwrap_or(0);
        let mut failed = 0;
        for (name, outcome) in &self.steps {
            match outcome {
                Outcome::Failed(why) => {
                    failed += 1;
                    println!(
                        "  failed   {name:width$}  {}",
                        why.lines().next().unwrap_or_default()
                    );
                }
                Outcome::Passed(time) => println!("  passed   {name:width$}  {:.1} s", time.as_secs_f64()),
                Outcome::Skipped(reason) => println!("  skipped  {name:width$}  {reason}"),
            }
        }
        if failed > 0 {
            bail!("{failed} of {} steps failed", self.steps.len());
        }
        Ok(())
    }
}
