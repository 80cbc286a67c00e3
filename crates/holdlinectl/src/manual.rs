//! Man pages and shell completions, written from the definition of the command line itself: packages carry them.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::arguments::Arguments;

/// The program's name, in files and completions.
const NAME: &str = "holdlinectl";

/// Shells of the three systems.
const SHELLS: [Shell; 4] = [Shell::Bash, Shell::Fish, Shell::PowerShell, Shell::Zsh];

/// Writes `FOLDER/man1/holdlinectl*.1`, a page for each verb, and `FOLDER/completions/…`.
///
/// # Errors
/// The folder can't be written.
pub(crate) fn write(folder: &Path) -> anyhow::Result<ExitCode> {
    let pages = folder.join("man1");
    let completions = folder.join("completions");
    for folder in [&pages, &completions] {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    clap_mangen::generate_to(Arguments::command(), &pages)
        .with_context(|| format!("cannot write {}", pages.display()))?;
    for shell in SHELLS {
        clap_complete::generate_to(shell, &mut Arguments::command(), NAME, &completions)
            .with_context(|| format!("cannot write {}", completions.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_has_a_page_and_a_completion() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path()).unwrap();
        let completion = fs::read_to_string(folder.path().join("completions/holdlinectl.bash")).unwrap();
        let command = Arguments::command();
        let verbs: Vec<_> = command
            .get_subcommands()
            .filter(|verb| !verb.is_hide_set())
            .collect();
        assert!(verbs.len() > 10, "{}", verbs.len());
        for verb in verbs {
            let name = verb.get_name();
            let page = folder.path().join(format!("man1/holdlinectl-{name}.1"));
            let page =
                fs::read_to_string(&page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
            assert!(page.contains(".SH SYNOPSIS"), "{name}");
            assert!(completion.contains(name), "{name}");
        }
        for file in ["holdlinectl.fish", "_holdlinectl", "_holdlinectl.ps1"] {
            assert!(folder.path().join("completions").join(file).is_file(), "{file}");
        }
    }
}
