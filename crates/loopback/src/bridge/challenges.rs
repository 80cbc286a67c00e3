//! Challenges that wait for their proof.

use std::collections::VecDeque;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use tokio::time::Instant;
use wire::bridge::Hello;
use wire::proof::Verifier;

use crate::secret;

/// More pages than this at once no rep has; the oldest challenge is forgotten, and its page says hello again.
const MOST: usize = 64;
/// A page proves at once.
const LASTS: Duration = Duration::from_secs(30);

/// All that wait, the newest last.
#[derive(Debug, Default)]
pub(super) struct Challenges(VecDeque<Posed>);

/// One, and whom it was posed.
#[derive(Debug)]
pub(super) struct Posed {
    challenge: String,
    expires: Instant,
    pub(super) hello: Hello,
    pub(super) protocol: u32,
    pub(super) verifier: Verifier,
}

impl Challenges {
    /// A new one, for this hello.
    pub(super) fn pose(&mut self, hello: Hello, protocol: u32, verifier: Verifier, now: Instant) -> String {
        if self.0.len() >= MOST {
            self.0.pop_front();
        }
        let challenge = secret::random().expose_secret().to_owned();
        self.0.push_back(Posed {
            challenge: challenge.clone(),
            expires: now + LASTS,
            hello,
            protocol,
            verifier,
        });
        challenge
    }

    /// Takes it, if it was posed and is still good: each can be answered once.
    pub(super) fn take(&mut self, challenge: &str, now: Instant) -> Option<Posed> {
        self.0.retain(|posed| posed.expires > now);
        let place = self.0.iter().position(|posed| posed.challenge == challenge)?;
        self.0.remove(place)
    }

    /// Another rep, or nobody, is signed in.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::bridge::PROTOCOL;
    use wire::proof::Credential;

    fn pose(challenges: &mut Challenges, now: Instant) -> String {
        let hello = Hello {
            protocol: PROTOCOL,
            org_id: "00D000000000001".parse().unwrap(),
            user_id: "005000000000001".parse().unwrap(),
            instance: "page".into(),
            key: None,
        };
        let verifier = Credential::parse(&"id.secret".into()).unwrap().verifier();
        challenges.pose(hello, 1, verifier, now)
    }

    #[test]
    fn a_challenge_is_answered_once_and_in_time() {
        let (mut challenges, now) = (Challenges::default(), Instant::now());
        let one = pose(&mut challenges, now);
        assert!(challenges.take("guessed", now).is_none());
        assert!(challenges.take(&one, now).is_some());
        assert!(challenges.take(&one, now).is_none());
        let late = pose(&mut challenges, now);
        assert!(challenges.take(&late, now + LASTS).is_none());
    }

    #[test]
    fn their_number_is_bounded() {
        let (mut challenges, now) = (Challenges::default(), Instant::now());
        let first = pose(&mut challenges, now);
        let second = pose(&mut challenges, now);
        for _ in 0..MOST - 1 {
            pose(&mut challenges, now);
        }
        assert!(challenges.take(&first, now).is_none());
        assert!(challenges.take(&second, now).is_some());
    }
}
