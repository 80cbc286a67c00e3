//! The keyring.

use salesforce::{Prompt, StoreError, TokenStore};
use wire::support::Check;

use super::seen::Seen;

/// Asks it for something that is not there, without ever asking the rep.
pub(super) async fn look(tokens: &TokenStore) -> Seen {
    match tokens {
        TokenStore::Keyring(_) => judge(tokens.with_prompt(Prompt::Never).answers().await),
        TokenStore::Session(_) => Seen::of(Check::Keyring, "memory"),
    }
}

fn judge(answer: Result<(), StoreError>) -> Seen {
    let code = match answer {
        Ok(()) | Err(StoreError::NoEntry) => "open",
        Err(StoreError::Absent) => "absent",
        Err(StoreError::Denied) => "denied",
        Err(StoreError::Failed | StoreError::TooLong) => "failed",
        Err(StoreError::Hung) => "hung",
        Err(StoreError::Locked) => "locked",
    };
    Seen::of(Check::Keyring, code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_of_a_keyring_is_named() {
        for (error, code) in [
            (StoreError::Absent, "absent"),
            (StoreError::Denied, "denied"),
            (StoreError::Failed, "failed"),
            (StoreError::Hung, "hung"),
            (StoreError::Locked, "locked"),
            (StoreError::NoEntry, "open"),
        ] {
            assert_eq!(judge(Err(error)).code, code);
        }
    }

    #[tokio::test]
    async fn memory_is_no_keyring() {
        let tokens = TokenStore::Session(salesforce::SessionStore::default());
        assert_eq!(look(&tokens).await.code, "memory");
    }
}
