//! What a line says.

use presence::changed::Part;
use presence::checkpoint::Checkpoint;
use presence::effect::Effect;
use presence::event::Event;
use presence::note::Note;
use presence::redact::{Pseudonyms, Redact};
use presence::time::Now;
use serde::{Deserialize, Serialize};

/// The schema number of every line.
pub const SCHEMA: u32 = 1;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Something happened.
    Cause(Box<Cause>),
    /// Lines are missing here.
    Gap(Gap),
    /// From here on the trace can be replayed.
    Header(Box<Header>),
}

/// One thing that happened, and everything that came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// Counts up by one within a run of Holdline, from 1.
    pub n: u64,
    /// When it was taken in.
    pub at: Now,
    /// What happened.
    pub event: Event,
    /// Why the engine did what it did.
    pub notes: Vec<Note>,
    /// What it had done.
    pub effects: Vec<Effect>,
    /// What it changed for people who look.
    pub changed: Vec<Part>,
    /// How long deciding took, microseconds. Not compared by a replay.
    pub decided_us: u64,
}

/// Lines that could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// How many causes.
    pub lost: u64,
}

/// The engine as it was between two causes. The first line of every file, and the first after a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The version of Holdline that wrote it.
    pub holdline: String,
    /// The number of the next cause.
    pub n: u64,
    /// The engine.
    pub checkpoint: Checkpoint,
}

/// Why a line can't be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// It is no JSON, or not of this shape.
    #[error("is not a line of a trace: {0}")]
    Malformed(String),
    /// It has another schema number.
    #[error(
        "has the schema {0}, and this program reads schema {SCHEMA}: use the holdlinectl of that Holdline"
    )]
    OtherSchema(u32),
}

/// What all lines have in common.
#[derive(Deserialize)]
struct Envelope {
    schema: u32,
    line: Kind,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Cause,
    Gap,
    Header,
}

#[derive(Serialize)]
struct Written<'a, T> {
    schema: u32,
    line: Kind,
    #[serde(flatten)]
    content: &'a T,
}

impl Line {
    /// Reads one line, with or without its line end.
    ///
    /// # Errors
    /// [`LineError`].
    pub fn parse(text: &str) -> Result<Self, LineError> {
        let envelope: Envelope = parse(text)?;
        if envelope.schema != SCHEMA {
            return Err(LineError::OtherSchema(envelope.schema));
        }
        Ok(match envelope.line {
            Kind::Cause => Self::Cause(parse(text)?),
            Kind::Gap => Self::Gap(parse(text)?),
            Kind::Header => Self::Header(parse(text)?),
        })
    }

    /// The line as it stands in a file, without a line end.
    ///
    /// # Errors
    /// Never for values that come from an engine or from [`Self::parse`].
    pub fn to_text(&self) -> serde_json::Result<String> {
        match self {
            Self::Cause(cause) => cause.to_text(),
            Self::Gap(gap) => write(Kind::Gap, gap),
            Self::Header(header) => write(Kind::Header, header),
        }
    }
}

impl Cause {
    /// The line as it stands in a file, without a line end.
    ///
    /// # Errors
    /// As [`Line::to_text`].
    pub fn to_text(&self) -> serde_json::Result<String> {
        write(Kind::Cause, self)
    }
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, LineError> {
    serde_json::from_str(text).map_err(|error| LineError::Malformed(error.to_string()))
}

fn write<T: Serialize>(line: Kind, content: &T) -> serde_json::Result<String> {
    serde_json::to_string(&Written {
        schema: SCHEMA,
        line,
        content,
    })
}

impl Redact for Cause {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self {
            n,
            at,
            event,
            notes,
            effects,
            changed,
            decided_us,
        } = self;
        Self {
            n,
            at,
            event: event.redacted(by),
            notes: notes.redacted(by),
            effects: effects.redacted(by),
            changed,
            decided_us,
        }
    }
}

impl Redact for Header {
    fn redacted(self, by: &dyn Pseudonyms) -> Self {
        let Self {
            holdline,
            n,
            checkpoint,
        } = self;
        Self {
            holdline,
            n,
            checkpoint: checkpoint.redacted(by),
        }
    }
}
