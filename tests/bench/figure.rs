//! What a figure is, and measuring it once.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Something measured.
#[derive(Clone, Copy)]
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) target: Target,
    pub(crate) measure: fn(&mut Bench) -> Result<f64, Missing>,
}

/// What the value should be.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    AtLeast(f64),
    AtMost(f64),
    /// Stated for information.
    None,
}

impl Target {
    pub(crate) fn holds(self, value: f64) -> Option<bool> {
        match self {
            Target::AtLeast(target) => Some(value >= target),
            Target::AtMost(target) => Some(value <= target),
            Target::None => None,
        }
    }
}

/// Why a figure cannot be had on this machine.
pub(crate) struct Missing(pub(crate) String);

/// What came of measuring.
pub(crate) enum Outcome {
    Failed(String),
    Skipped(String),
    Value(f64),
}

/// The measurements of this run, each made once.
#[derive(Default)]
pub(crate) struct Bench {
    made: BTreeMap<&'static str, Vec<f64>>,
}

impl Bench {
    /// A figure's value; what panics in it fails only this figure.
    pub(crate) fn measure(&mut self, figure: Figure) -> Outcome {
        match catch_unwind(AssertUnwindSafe(|| (figure.measure)(self))) {
            Ok(Ok(value)) => Outcome::Value(value),
            Ok(Err(Missing(reason))) => Outcome::Skipped(reason),
            Err(panic) => Outcome::Failed(said(&*panic)),
        }
    }

    /// Samples that several figures share.
    pub(crate) fn once(
        &mut self,
        name: &'static str,
        make: impl FnOnce() -> Result<Vec<f64>, Missing>,
    ) -> Result<Vec<f64>, Missing> {
        if let Some(made) = self.made.get(name) {
            return Ok(made.clone());
        }
        let samples = make()?;
        assert!(!samples.is_empty(), "{name} gave no sample");
        self.made.insert(name, samples.clone());
        Ok(samples)
    }
}

/// The sample below which this share (0 to 1) of the samples lies.
pub(crate) fn percentile(samples: &[f64], share: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "an index into a few thousand samples"
    )]
    let index = (share * sorted.len() as f64).ceil() as usize;
    sorted[index.clamp(1, sorted.len()) - 1]
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    text.and_then(|text| text.lines().next())
        .unwrap_or("it panicked")
        .to_owned()
}
