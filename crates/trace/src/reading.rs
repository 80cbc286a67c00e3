//! A file's text becomes lines.

use crate::line::{Line, LineError};

/// A line and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered<'a> {
    /// The line's number in its file, from 1.
    pub number: usize,
    /// As it stands there.
    pub text: &'a str,
    /// What it says.
    pub line: Line,
}

/// A line that can't be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {number} {error}")]
pub struct ReadError {
    /// The line's number, from 1.
    pub number: usize,
    /// Why.
    pub error: LineError,
}

/// All lines of a file. A line that a crash or a full disk cut off, which is the last one or stands before a
/// header, is left out: what it told is lost, and nothing after it depends on it.
///
/// # Errors
/// [`ReadError`] for any other line that is none.
pub fn lines(text: &str) -> Result<Vec<Numbered<'_>>, ReadError> {
    let mut read: Vec<Numbered<'_>> = Vec::new();
    let mut unread: Option<ReadError> = None;
    let texts = text
        .lines()
        .enumerate()
        .filter(|(_, text)| !text.trim().is_empty());
    for (at, text) in texts {
        let number = at + 1;
        match Line::parse(text) {
            Ok(line) => {
                let starts_anew = matches!(line, Line::Header(_) | Line::Gap(_));
                if let Some(error) = unread.take().filter(|error| !starts_anew || !error.is_cut_off()) {
                    return Err(error);
                }
                read.push(Numbered { number, text, line });
            }
            Err(error) => {
                if let Some(error) = unread.replace(ReadError { number, error }) {
                    return Err(error);
                }
            }
        }
    }
    match unread {
        Some(error) if !error.is_cut_off() || text.ends_with('\n') => Err(error),
        Some(_) | None => Ok(read),
    }
}

impl ReadError {
    fn is_cut_off(&self) -> bool {
        matches!(self.error, LineError::Malformed(_))
    }
}
