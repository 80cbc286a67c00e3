//! `trace`: shows what Holdline has written down, filtered, and follows it.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use companion::profile::Profile;
use companion::texts::Texts;
use companion::trace_files::{self, TRACE_ENDING, TRACE_FOLDER};
use companion::trace_words;
use jiff::{Timestamp, tz::TimeZone};
use presence::effect::Effect;
use presence::note::Note;
use presence::rules::Destination;
use trace::labels::Labels;
use trace::line::{Cause, Line};

use crate::arguments::ProfileArgument;
use crate::output;
use crate::trace_arguments::TraceArguments;

/// How often a trace that is followed is looked at.
const POLL: Duration = Duration::from_millis(200);

pub(crate) async fn show(arguments: TraceArguments) -> anyhow::Result<ExitCode> {
    let folder = folder_of(&arguments.profile)?;
    let begins_ms = arguments
        .since
        .map(|since| {
            Timestamp::now()
                .saturating_sub(since)
                .map(Timestamp::as_millisecond)
        })
        .transpose()?;
    let mut shower = Shower {
        arguments: &arguments,
        begins_ms,
        labels: Labels::default(),
        texts: Texts::english(),
    };
    let mut follower = Follower::default();
    loop {
        for (file, number, text) in follower.new_lines(&folder)? {
            if shower.show(&file, number, &text).is_err() {
                // Whoever read along has gone.
                return Ok(ExitCode::SUCCESS);
            }
        }
        if !arguments.follow {
            break;
        }
        tokio::time::sleep(POLL).await;
    }
    anyhow::ensure!(
        follower.file.is_some(),
        "There is no trace in {}. Start Holdline, or name its profile with --profile DIR.",
        folder.display()
    );
    Ok(ExitCode::SUCCESS)
}

/// The folder of a profile's trace.
pub(crate) fn folder_of(profile: &ProfileArgument) -> anyhow::Result<PathBuf> {
    let profile = match &profile.profile {
        Some(folder) => folder.clone(),
        None => Profile::default_folder()?,
    };
    Ok(profile.join(TRACE_FOLDER))
}

/// A time as people read it, on this machine's clock.
pub(crate) fn local(ms: i64) -> String {
    let time = Timestamp::from_millisecond(ms).map(|time| time.to_zoned(TimeZone::system()));
    time.map(|time| time.strftime("%Y-%m-%d %H:%M:%S%.3f").to_string())
        .unwrap_or_default()
}

struct Shower<'a> {
    arguments: &'a TraceArguments,
    begins_ms: Option<i64>,
    labels: Labels,
    texts: Texts,
}

impl Shower<'_> {
    fn show(&mut self, file: &Path, number: usize, text: &str) -> std::io::Result<()> {
        let line = match Line::parse(text) {
            Ok(line) => line,
            Err(error) => {
                let file = file.file_name().unwrap_or_default().to_string_lossy();
                let args = [
                    ("file", file.as_ref()),
                    ("number", &number.to_string()),
                    ("why", &error.to_string()),
                ];
                eprintln!("holdlinectl: {}", self.texts.text("trace-unreadable", &args));
                return Ok(());
            }
        };
        self.labels.learn(&line);
        if !self.wants(&line) {
            Ok(())
        } else if self.arguments.json {
            output::line(text)
        } else {
            output::line(&self.words(&line))
        }
    }

    fn wants(&self, line: &Line) -> bool {
        let TraceArguments {
            event, rule, side, ..
        } = self.arguments;
        let filtered = event.is_some() || rule.is_some() || side.is_some();
        match line {
            Line::Cause(cause) => {
                let rule = rule.as_deref();
                self.begins_ms
                    .is_none_or(|begins_ms| cause.at.wall_ms >= begins_ms)
                    && event
                        .as_ref()
                        .is_none_or(|event| trace_words::type_of(&cause.event) == *event)
                    && rule.is_none_or(|rule| is_about_rule(cause, rule))
                    && side.is_none_or(|side| is_about_side(cause, side.into()))
            }
            Line::Gap(_) => !filtered,
            Line::Header(header) => {
                let last_ms = header.checkpoint.last().wall_ms;
                !filtered && self.begins_ms.is_none_or(|begins_ms| last_ms >= begins_ms)
            }
        }
    }

    fn words(&self, line: &Line) -> String {
        match line {
            Line::Cause(cause) => {
                trace_words::words(cause, &self.labels, &self.texts, &local(cause.at.wall_ms))
            }
            Line::Gap(gap) => self.texts.text("trace-gap", &[("lost", &gap.lost.to_string())]),
            Line::Header(header) => {
                let n = format!("#{}", header.n);
                self.texts
                    .text("trace-header", &[("version", &header.holdline), ("n", &n)])
            }
        }
    }
}

fn is_about_rule(cause: &Cause, name: &str) -> bool {
    let is_it = |note: &Note| matches!(note, Note::Rule { rule, .. } if rule == name);
    cause.notes.iter().any(is_it)
}

fn is_about_side(cause: &Cause, wanted: Destination) -> bool {
    let noted = cause.notes.iter().any(|note| match note {
        Note::Confirmed { side, .. } | Note::Sent { side, .. } => *side == wanted,
        Note::Rule { destination, .. } => *destination == wanted,
        Note::Guarded { .. } | Note::HoldEnded { .. } | Note::Presence { .. } => {
            wanted == Destination::Salesforce
        }
        Note::Breaker { .. } | Note::Ignored { .. } | Note::Phase { .. } | Note::Problem { .. } => false,
    });
    noted
        || cause.effects.iter().any(|effect| match effect {
            Effect::Console { .. } | Effect::Withdraw { .. } => wanted == Destination::Salesforce,
            Effect::Phone { .. } => wanted == Destination::Connect,
            _ => false,
        })
}

/// Reads a folder's files in order, each line once, as far as they are whole.
#[derive(Default)]
struct Follower {
    /// The file being read.
    file: Option<PathBuf>,
    /// How far it has been read, in bytes and lines.
    bytes: u64,
    lines: usize,
}

impl Follower {
    fn new_lines(&mut self, folder: &Path) -> anyhow::Result<Vec<(PathBuf, usize, String)>> {
        let mut new = Vec::new();
        // A file that is not the newest one is not written any more; it may have been deleted meanwhile.
        for path in trace_files::list(folder, TRACE_ENDING).context("the trace's folder can't be read")? {
            if self.file.as_ref().is_some_and(|file| path < *file) {
                continue;
            }
            if self.file.as_ref() != Some(&path) {
                self.file = Some(path.clone());
                (self.bytes, self.lines) = (0, 0);
            }
            let Some(text) = self.read_on(&path)? else {
                continue;
            };
            for line in text.lines() {
                self.lines += 1;
                if !line.trim().is_empty() {
                    new.push((path.clone(), self.lines, line.to_owned()));
                }
            }
        }
        Ok(new)
    }

    /// The whole lines that have come; `None` if the file has just been deleted.
    fn read_on(&mut self, path: &Path) -> anyhow::Result<Option<String>> {
        let mut file = match File::open(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            file => file.with_context(|| format!("{} can't be read", path.display()))?,
        };
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(self.bytes))?;
        file.read_to_end(&mut bytes)?;
        let whole = bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        bytes.truncate(whole);
        self.bytes += whole as u64;
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }
}

/// The whole text of a trace file.
pub(crate) fn read(path: &Path) -> anyhow::Result<String> {
    let bytes =
        fs::read(path).with_context(|| format!("{} can't be read. Check the path", path.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
