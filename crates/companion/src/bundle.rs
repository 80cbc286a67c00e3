//! The diagnostic bundle: what support needs to find out what is wrong, and nobody's secret.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use jiff::Timestamp;
use wire::support::{Bundle, BundleFile, Finding, Setting};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::logging::{self, LOG_FOLDER};
use crate::orgs::{self, ORGS_FILE};
use crate::scrub::Scrubber;
use crate::store::{self, STATE_FILE};
use crate::trace_files::{self, TRACE_ENDING, TRACE_FOLDER};

/// How much of the newest trace and log is taken along.
const NEWEST: u64 = 256 * 1024;

/// What goes in besides the profile's files.
pub struct Parts<'a> {
    /// The profile's folder.
    pub profile: &'a Path,
    /// What doctor found.
    pub findings: &'a [Finding],
    /// The settings in force.
    pub settings: &'a [Setting],
    /// More names and values about this machine, one a line.
    pub about: &'a [(&'static str, String)],
    /// When.
    pub now: Timestamp,
}

/// Puts the bundle together, in memory. Each text has been scrubbed.
pub fn collect(parts: &Parts<'_>) -> Bundle {
    let scrubber = scrubber(parts.profile);
    let newest = |folder: &str, ending| newest_of(&parts.profile.join(folder), ending);
    let crash = fs::read_to_string(parts.profile.join("crash.txt")).unwrap_or_default();
    let files = [
        ("about.txt", about(parts)),
        ("doctor.txt", findings(parts.findings)),
        ("settings.txt", settings(parts.settings)),
        ("crash.txt", crash),
        ("log.txt", newest(LOG_FOLDER, logging::ENDING)),
        ("trace.jsonl", newest(TRACE_FOLDER, TRACE_ENDING)),
    ];
    let files = files
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| BundleFile {
            name: name.to_owned(),
            text: scrubber.scrub(&text),
        });
    Bundle {
        name: format!("holdline-diagnostics-{}.zip", parts.now.strftime("%Y%m%d-%H%M%S")),
        files: files.collect(),
    }
}

/// Writes it as a zip archive that only its owner may read. Never over a file that is there.
///
/// # Errors
/// Whatever the system says; [`io::ErrorKind::AlreadyExists`] where there is such a file.
pub fn save(bundle: &Bundle, path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut archive = ZipWriter::new(options.open(path)?);
    for file in &bundle.files {
        archive.start_file(&file.name, SimpleFileOptions::default())?;
        archive.write_all(file.text.as_bytes())?;
    }
    archive.finish()?.sync_all()
}

/// Knows who works here: the signed-in reps, the system's user and home, this machine's name.
fn scrubber(profile: &Path) -> Scrubber {
    let session = store::peek(&profile.join(STATE_FILE)).and_then(|saved| saved.session);
    let names = session.map(|session| session.name).into_iter();
    let names: Vec<String> = names.chain(orgs::names(&profile.join(ORGS_FILE))).collect();
    let whole = names.iter().map(|name| (name.as_str(), "[name]"));
    let parts = names
        .iter()
        .flat_map(|name| name.split_whitespace())
        .map(|part| (part, "[name]"));
    let home = std::env::home_dir()
        .map(|home| home.display().to_string())
        .filter(|home| home.len() > 4);
    let user = ["USER", "USERNAME", "LOGNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok());
    // Not somebody's name, and a word of many texts.
    let user = user.filter(|user| user != "root");
    let host = ["HOSTNAME", "COMPUTERNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok());
    let host = host
        .or_else(|| fs::read_to_string("/etc/hostname").ok())
        .filter(|host| host.trim() != "localhost");
    let here = [(home, "~"), (user, "[user]"), (host, "[computer]")];
    let here = here
        .iter()
        .filter_map(|(text, instead)| Some((text.as_deref()?, *instead)));
    Scrubber::knowing(whole.chain(parts).chain(here))
}

fn about(parts: &Parts<'_>) -> String {
    let mut lines = vec![
        format!("Holdline {}", env!("CARGO_PKG_VERSION")),
        format!("made: {}", parts.now),
        format!("system: {} {}", std::env::consts::OS, std::env::consts::ARCH),
    ];
    lines.extend(parts.about.iter().map(|(name, value)| format!("{name}: {value}")));
    lines.join("\n") + "\n"
}

fn findings(findings: &[Finding]) -> String {
    let lines = findings.iter().map(|finding| {
        let remedy = finding
            .remedy
            .as_ref()
            .map(|remedy| format!("\n  -> {remedy}"))
            .unwrap_or_default();
        format!(
            "{:?} {:?} {}: {}{remedy}\n",
            finding.health, finding.check, finding.code, finding.text
        )
    });
    lines.collect()
}

fn settings(settings: &[Setting]) -> String {
    let lines = settings.iter().map(|setting| {
        let value = setting.value.as_deref().unwrap_or("-");
        let place = setting
            .place
            .as_ref()
            .map(|place| format!(": {place}"))
            .unwrap_or_default();
        format!("{} = {value}  ({:?}{place})\n", setting.key, setting.set_by)
    });
    lines.collect()
}

/// The end of what stands in a folder's numbered files, whole lines only.
fn newest_of(folder: &Path, ending: &str) -> String {
    let mut newest = String::new();
    for file in trace_files::list(folder, ending).unwrap_or_default().iter().rev() {
        let room = NEWEST.saturating_sub(newest.len() as u64);
        if room == 0 {
            break;
        }
        newest.insert_str(0, &end_of(file, room).unwrap_or_default());
    }
    newest
}

fn end_of(path: &Path, bytes: u64) -> io::Result<String> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let from = length.saturating_sub(bytes);
    file.seek(SeekFrom::Start(from))?;
    let mut end = Vec::new();
    // What is written meanwhile is not waited for.
    file.take(bytes).read_to_end(&mut end)?;
    let text = String::from_utf8_lossy(&end);
    let begin = if from == 0 {
        0
    } else {
        text.find('\n').map_or(text.len(), |at| at + 1)
    };
    Ok(text[begin..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(profile: &Path) -> Parts<'_> {
        Parts {
            profile,
            findings: &[],
            settings: &[],
            about: &[],
            now: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn it_holds_the_newest_lines_and_no_secret() {
        let profile = tempfile::tempdir().unwrap();
        let logs = profile.path().join(LOG_FOLDER);
        fs::create_dir(&logs).unwrap();
        let old = "an old line of the log\n".repeat(20_000);
        fs::write(logs.join("000001.log"), old).unwrap();
        let new = "sent Bearer 00D000000000001!AQcAQH0dMHZfz972 for pat@acme.example\nthe newest line\n";
        fs::write(logs.join("000002.log"), new).unwrap();
        fs::write(profile.path().join("crash.txt"), "Holdline stopped at x.rs:1.\n").unwrap();
        let bundle = collect(&parts(profile.path()));
        let text = |name: &str| &bundle.files.iter().find(|file| file.name == name).unwrap().text;
        let log = text("log.txt");
        assert!(
            log.starts_with("an old line") && log.ends_with("the newest line\n"),
            "whole lines"
        );
        assert!(log.len() as u64 <= NEWEST, "{}", log.len());
        assert!(log.contains("sent Bearer [token] for [e-mail]"));
        assert!(text("about.txt").starts_with("Holdline "));
        assert!(text("crash.txt").contains("x.rs:1"));
        assert!(
            !bundle.files.iter().any(|file| file.name == "trace.jsonl"),
            "there is none"
        );
        assert_eq!(bundle.name, "holdline-diagnostics-19700101-000000.zip");
    }

    #[test]
    fn what_is_saved_is_what_was_shown_and_overwrites_nothing() {
        let profile = tempfile::tempdir().unwrap();
        let bundle = collect(&parts(profile.path()));
        let path = profile.path().join(&bundle.name);
        save(&bundle, &path).unwrap();
        assert_eq!(
            save(&bundle, &path).unwrap_err().kind(),
            io::ErrorKind::AlreadyExists
        );
        let mut archive = zip::ZipArchive::new(File::open(&path).unwrap()).unwrap();
        let mut read = Vec::new();
        for index in 0..archive.len() {
            let mut file = archive.by_index(index).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            read.push(BundleFile {
                name: file.name().unwrap().into_owned(),
                text,
            });
        }
        assert_eq!(read, bundle.files);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
