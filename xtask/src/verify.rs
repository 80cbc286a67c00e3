//! The slow tier.

use anyhow::Result;

use crate::test;

/// Cases for each property; the tests' own default is proptest's 256.
const CASES: u32 = 20_000;

/// Every test, with long runs of the property tests.
pub(crate) fn verify() -> Result<()> {
    test::tests(None, Some(CASES))
}
