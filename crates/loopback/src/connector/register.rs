//! The first frame: who the phone is, whose it is, what it can do.

use presence::phone::PhoneJoined;
use secrecy::SecretString;
use wire::connector::{FromPhone, PROTOCOL};

use super::Farewell;
use crate::problem::Refusal;
use crate::signed_in::{Current, Owner};

/// Longer names than this are no names, characters.
const LONGEST_NAME: usize = 100;

/// A phone that may join once it is known.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) protocol: u32,
    pub(super) owner: Owner,
    pub(super) token: Option<SecretString>,
    pub(super) phone: PhoneJoined,
}

/// A frame that does not fit.
pub(super) fn bad_frame(why: &str) -> Farewell {
    let detail = format!("Holdline could not use this frame ({why}): update the phone or Holdline.");
    Farewell {
        code: "bad_frame",
        detail,
    }
}

/// Checks the first frame.
pub(super) fn candidate(frame: FromPhone, current: &Current) -> Result<Candidate, Farewell> {
    let FromPhone::Register {
        protocol,
        name,
        user,
        token,
        capabilities,
        profile,
        states,
    } = frame
    else {
        return Err(bad_frame("the first frame must be `register`"));
    };
    let protocol = PROTOCOL
        .agree(protocol)
        .ok_or_else(|| Refusal::protocol(PROTOCOL))?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(bad_frame("`name` must be a name of 1 to 100 characters"));
    }
    let rep = current.expect_rep()?;
    if user.is_some_and(|user| !rep.is_called(&user)) {
        return Err(Refusal::other_user().into());
    }
    let phone = PhoneJoined {
        name: name.to_owned(),
        enqueues: capabilities.enqueue_next_state,
        states: states.into_iter().map(Into::into).collect(),
        profile: profile.into(),
    };
    Ok(Candidate {
        protocol,
        owner: rep.owner(),
        token: token.map(SecretString::from),
        phone,
    })
}
