//! A registration: who the phone is, whose it is, what it can do, and what its token lets it do.

use presence::phone::{AgentStateKind, PhoneJoined};
use secrecy::{ExposeSecret, SecretString};
use wire::connector::{PROTOCOL, Registration, Rights};

use crate::pairing::{Pairings, TokenSource};
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
    /// What it is content with.
    pub(super) content_with: Rights,
    says_whose: bool,
    phone: PhoneJoined,
}

impl Candidate {
    /// What its token lets it have; `None`: it has no good one and must be paired.
    ///
    /// # Errors
    /// A refusal, where pairing would not help.
    pub(super) fn known(&self, pairings: &Pairings, may_pair: bool) -> Result<Option<Rights>, Refusal> {
        let token = self.token.as_ref().map(ExposeSecret::expose_secret);
        let Some(grant) = token.and_then(|token| pairings.phone(self.owner, token)) else {
            return if may_pair {
                Ok(None)
            } else {
                Err(Refusal::unknown_token())
            };
        };
        // The policy's tokens are the same for all reps of a machine, and on a terminal server all ports are.
        if grant.source == TokenSource::Policy && !self.says_whose {
            return Err(Refusal::user_missing());
        }
        Ok(Some(grant.rights.min(self.content_with)))
    }

    /// The phone's name.
    pub(super) fn name(&self) -> &str {
        &self.phone.name
    }

    /// As the engine sees it, with these rights.
    pub(super) fn joined(self, rights: Rights) -> PhoneJoined {
        PhoneJoined {
            writable: rights == Rights::Control,
            ..self.phone
        }
    }
}

/// Checks a registration.
pub(super) fn candidate(registration: Registration, current: &Current) -> Result<Candidate, Refusal> {
    let Registration {
        protocol,
        name,
        user,
        token,
        rights,
        capabilities,
        profile,
        states,
    } = registration;
    let protocol = PROTOCOL
        .agree(protocol)
        .ok_or_else(|| Refusal::protocol(PROTOCOL))?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(Refusal::bad_frame("`name` must be a name of 1 to 100 characters"));
    }
    let rep = current.expect_rep()?;
    if user.as_ref().is_some_and(|user| !rep.is_called(user)) {
        return Err(Refusal::other_user());
    }
    let phone = PhoneJoined {
        name: name.to_owned(),
        enqueues: capabilities.enqueue_next_state,
        states: states.into_iter().map(Into::into).collect(),
        profile: profile.into(),
        writable: true,
    };
    Ok(Candidate {
        protocol,
        owner: rep.owner(),
        token: token.map(SecretString::from),
        content_with: rights.unwrap_or(Rights::Control),
        says_whose: user.is_some(),
        phone,
    })
}

/// The names of the states that somebody can choose on it.
pub(super) fn settable(phone: &PhoneJoined) -> Vec<String> {
    let states = phone.states.iter();
    let settable = states.filter(|state| state.kind != AgentStateKind::System);
    settable.map(|state| state.name.clone()).collect()
}
