//! One line of JSON a message: to the window by its standard input, from it by its standard output. Both
//! programs come from one build, so there is no version; a line that can't be read is a defect.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use wire::dispatch::{Dispatch, DispatchError};
use wire::key::Key;
use wire::picture::Picture;
use wire::support::{Ask, Told};

/// To the window. The first message is a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "body", rename_all = "snake_case")]
pub enum ToWindow {
    /// What became of a request.
    Answer(Answer),
    /// A new picture.
    Picture(Box<Picture>),
    /// Come to the front.
    Raise,
}

/// To the phone's window (`holdline-window phone`), which says nothing. The first message opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "body", rename_all = "snake_case")]
pub enum ToPhoneWindow {
    /// Load the phone's page.
    Open {
        /// With the token that lets it in.
        address: Key,
        /// Where the web view keeps its cookies.
        data: PathBuf,
        /// Visible from the start.
        shown: bool,
    },
    /// Come to the front.
    Show,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Which, from [`Request::id`].
    pub id: u64,
    /// Why it was not taken; `None` when it was.
    pub error: Option<DispatchError>,
    /// What was asked for, where something was.
    pub told: Option<Told>,
}

/// From the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Unique for the life of the window.
    pub id: u64,
    /// What is wanted.
    pub wish: Wish,
}

/// What the window wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "body", rename_all = "snake_case")]
pub enum Wish {
    /// To know something about Holdline itself.
    Ask(Ask),
    /// To have something done.
    Dispatch(Dispatch),
}

/// A message as a line, its end included.
///
/// # Errors
/// None of these types can fail; serde's signature says otherwise.
pub fn line(message: &impl Serialize) -> Result<String, serde_json::Error> {
    let mut line = serde_json::to_string(message)?;
    line.push('\n');
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_whatever_is_in_it() {
        let request = Request {
            id: 7,
            wish: Wish::Dispatch(Dispatch::SignIn {
                org: Some("a\nb\"".into()),
            }),
        };
        let line = line(&request).unwrap();
        assert_eq!(line.matches('\n').count(), 1);
        assert_eq!(serde_json::from_str::<Request>(&line).unwrap(), request);
    }
}
