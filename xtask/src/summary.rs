//! What ran, what did not and why, and how long it took.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// The steps of a test run.
#[derive(Default)]
pub(crate) struct Summary {
    /// Parts of the names of those that are wanted, in lower case; all when there are none.
    only: Vec<String>,
    steps: Vec<(String, Outcome)>,
}

enum Outcome {
    Failed(String),
    Passed(Duration),
    Skipped(String),
}

impl Summary {
    /// Of the steps whose name contains one of these, in any case; all when there are none.
    pub(crate) fn only(names: &[String]) -> Self {
        Self {
            only: names.iter().map(|name| name.to_lowercase()).collect(),
            steps: Vec::new(),
        }
    }

    /// Whether a step of this name would run.
    pub(crate) fn wants(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.only.is_empty() || self.only.iter().any(|part| name.contains(part))
    }

    /// Runs a step; a failure does not stop the others.
    pub(crate) fn step(&mut self, name: &str, step: impl FnOnce() -> Result<()>) {
        if !self.wants(name) {
            return;
        }
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
        if self.wants(name) {
            self.steps
                .push((name.to_owned(), Outcome::Skipped(reason.to_owned())));
        }
    }

    /// Prints everything; an error if anything failed, or if nothing has the names that were wanted.
    pub(crate) fn finish(self) -> Result<()> {
        if self.steps.is_empty() {
            bail!("no step's name contains {}", self.only.join(" or "));
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_steps_run_and_a_wrong_name_is_an_error() {
        let mut ran = Vec::new();
        let mut summary = Summary::only(&["SIGNA".to_owned()]);
        for name in ["Packages", "Signatures"] {
            summary.step(name, || {
                ran.push(name);
                Ok(())
            });
        }
        summary.finish().expect("what ran has passed");
        assert_eq!(ran, ["Signatures"]);
        let mut summary = Summary::only(&["nothing".to_owned()]);
        summary.step("Packages", || Ok(()));
        summary.finish().expect_err("nothing ran");
    }
}
