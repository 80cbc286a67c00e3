//! The sync rules that are in force: a file's, or by name.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use presence::rules::RuleSet;
use rules::Severity;

use super::finding::Finding;

/// The rules file that is used if it stands beside the user's settings and no other is named.
pub const RULES_FILE: &str = "rules.toml";

/// Where rules are to come from.
pub(super) enum Source {
    /// A settings file names it, so that it must be there.
    Named(PathBuf),
    /// The default one, if there is one.
    Perhaps(PathBuf),
    /// The settings that would say so can't be read.
    Unknown,
}

/// Writes nothing by itself: what stands while it is not known what an administrator or the rep wants.
fn nothing() -> RuleSet {
    RuleSet {
        rules: Vec::new(),
        by_name: false,
    }
}

/// The rules, and what is wrong with them.
pub(super) fn load(source: Source) -> (RuleSet, Vec<Finding>) {
    let (path, must_be) = match source {
        Source::Named(path) => (path, true),
        Source::Perhaps(path) => (path, false),
        Source::Unknown => return (nothing(), Vec::new()),
    };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !must_be => {
            return (RuleSet::default(), Vec::new());
        }
        Err(error) => {
            let remedy = "sync.rules must name a rules file that everybody on this machine may read.";
            return (nothing(), vec![unused(&path, None, &error.to_string(), remedy)]);
        }
    };
    let parsed = match rules::parse(&text) {
        Ok(parsed) => parsed,
        Err(findings) => {
            let findings = findings
                .iter()
                .map(|found| unused(&path, Some(found.line), &found.reason, &found.remedy));
            return (nothing(), findings.collect());
        }
    };
    for finding in rules::check(&parsed, None) {
        if finding.severity != Severity::Info {
            let code = finding.code.name();
            tracing::warn!(file = %path.display(), line = finding.line, code, "see `holdlinectl rules check`");
        }
    }
    (parsed.set, Vec::new())
}

fn unused(path: &Path, line: Option<usize>, reason: &str, remedy: &str) -> Finding {
    let reason = reason.trim_end_matches('.');
    Finding {
        place: path.display().to_string(),
        line,
        key: None,
        reason: format!("{reason}. No rule is used: phone and presence do not follow each other"),
        remedy: remedy.to_owned(),
    }
}
