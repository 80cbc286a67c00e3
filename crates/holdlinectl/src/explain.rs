//! `explain`: why is my status what it is?

use std::process::ExitCode;

use companion::explain;
use companion::texts::Texts;
use companion::trace_files::{self, TRACE_ENDING};
use jiff::Timestamp;
use trace::line::Line;
use trace::reading::lines;
use trace::story::Story;

use crate::output;
use crate::trace_arguments::ExplainArguments;
use crate::trace_show::{folder_of, local, read};

pub(crate) fn run(arguments: &ExplainArguments) -> anyhow::Result<ExitCode> {
    let texts = Texts::english();
    let until_ms = arguments.at.map(Timestamp::as_millisecond);
    let folder = folder_of(&arguments.profile)?;
    let mut story = Story::default();
    let files = trace_files::list(&folder, TRACE_ENDING)?;
    'files: for path in files {
        let text = read(&path)?;
        let read = lines(&text).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
        for numbered in read {
            let later = |at_ms: i64| until_ms.is_some_and(|until_ms| at_ms > until_ms);
            match &numbered.line {
                Line::Cause(cause) if later(cause.at.wall_ms) => break 'files,
                Line::Header(header) if later(header.checkpoint.last().wall_ms) => break 'files,
                _ => story.hear(numbered.line),
            }
        }
    }
    if story.picture().is_none() {
        anyhow::bail!(texts.text("explain-nothing", &[]));
    }
    for line in explain::words(&story, &texts, &local) {
        output::line(&line)?;
    }
    Ok(ExitCode::SUCCESS)
}
