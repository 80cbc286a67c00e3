//! Tokens that let a page in, each once.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};

use secrecy::{ExposeSecret as _, SecretString};

use crate::secret::{self, Digest};
use crate::signed_in::Owner;

/// More pages than this at a time are nobody's wish; the oldest token makes room.
const MOST: usize = 16;

/// Those that were given out and not used yet.
#[derive(Debug, Default)]
pub(super) struct Tokens(Mutex<VecDeque<(Digest, Owner)>>);

impl Tokens {
    /// One for a page of this rep.
    pub(super) fn mint(&self, owner: Owner) -> SecretString {
        let token = secret::random();
        let mut all = self.all();
        if all.len() == MOST {
            all.pop_front();
        }
        all.push_back((Digest::of(token.expose_secret()), owner));
        token
    }

    /// Uses it up, if it is one of this rep's.
    pub(super) fn take(&self, token: &str, owner: Owner) -> bool {
        let given = Digest::of(token);
        let mut all = self.all();
        let place = all
            .iter()
            .position(|(known, whose)| known.matches(&given) && *whose == owner);
        place.is_some_and(|place| all.remove(place).is_some())
    }

    fn all(&self) -> MutexGuard<'_, VecDeque<(Digest, Owner)>> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(user: &str) -> Owner {
        Owner {
            org: "00D000000000001".parse().unwrap(),
            user: user.parse().unwrap(),
        }
    }

    #[test]
    fn a_token_is_good_once_and_for_its_own_rep() {
        let (pat, sam) = (owner("005000000000001"), owner("005000000000002"));
        let tokens = Tokens::default();
        let token = tokens.mint(pat);
        assert!(!tokens.take(token.expose_secret(), sam));
        assert!(tokens.take(token.expose_secret(), pat));
        assert!(!tokens.take(token.expose_secret(), pat));
        assert!(!tokens.take("", pat));
    }

    #[test]
    fn the_oldest_makes_room() {
        let pat = owner("005000000000001");
        let tokens = Tokens::default();
        let first = tokens.mint(pat);
        let others: Vec<_> = (0..MOST).map(|_| tokens.mint(pat)).collect();
        assert!(!tokens.take(first.expose_secret(), pat));
        assert!(others.iter().all(|token| tokens.take(token.expose_secret(), pat)));
    }
}
