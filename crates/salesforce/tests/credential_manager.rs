//! The keyring store against Windows' Credential Manager. `cargo xtask verify` runs it in Wine.
#![cfg(windows)]

use salesforce::{Account, KeyringStore, Prompt, StoreError, TokenStore};
use secrecy::{ExposeSecret, SecretString};

#[tokio::test]
async fn a_token_longer_than_an_entry_comes_back_whole_and_is_forgotten_whole() {
    let store = TokenStore::Keyring(KeyringStore::new(KeyringStore::TIME_OUT, Prompt::Never));
    let account = Account {
        org: "00D000000000001EAA".parse().unwrap(),
        user: "005000000000001AAA".parse().unwrap(),
    };
    store.forget(account).await.unwrap();
    store.answers().await.unwrap();
    assert!(matches!(store.load(account).await, Err(StoreError::NoEntry)));

    // An entry holds 2,560 bytes at most.
    for length in [100, 6_000, 200] {
        let token: String = (0..length).map(|i| char::from(b'a' + (i % 26) as u8)).collect();
        store
            .save(account, &SecretString::from(token.clone()))
            .await
            .unwrap();
        assert_eq!(store.load(account).await.unwrap().expose_secret(), token);
    }
    store.forget(account).await.unwrap();
    assert!(matches!(store.load(account).await, Err(StoreError::NoEntry)));
}
