//! Programs that measure or prove something about the pure crates: each runs in its own process, in release, and
//! prints one JSON object on its last line.

use std::process::Command;

use journeys::programs;
use serde_json::Value;

/// What an example of a package prints on its last line, and whether it succeeded. What it complains of is
/// passed on.
pub(crate) fn ran(package: &str, example: &str, arguments: &[&str]) -> (Value, bool) {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(programs::root());
    cargo.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        package,
        "--example",
        example,
    ]);
    cargo.arg("--").args(arguments);
    let ran = cargo.output().expect("cargo is there");
    eprint!("{}", String::from_utf8_lossy(&ran.stderr));
    let text = String::from_utf8_lossy(&ran.stdout);
    let last = text.lines().last().unwrap_or_default();
    let value = serde_json::from_str(last).unwrap_or_else(|_| panic!("{example} printed no JSON: {last:?}"));
    (value, ran.status.success())
}

/// A number of it.
pub(crate) fn number(value: &Value, key: &str) -> f64 {
    let number = value.get(key).and_then(Value::as_f64);
    number.unwrap_or_else(|| panic!("there is no {key} in {value}"))
}
