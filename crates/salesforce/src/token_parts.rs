//! A token in a keyring whose entries are small: whole where it fits, else in parts that an entry lists.
//!
//! Windows takes 2560 bytes for a credential (CRED_MAX_CREDENTIAL_BLOB_SIZE); Salesforce doesn't say how long its
//! tokens may get. The parts of a new token are written beside those of the old one, then the list is replaced: a
//! crash in between leaves the old token or the new one, whole.

use secrecy::{ExposeSecret, SecretString};

use crate::store_error::StoreError;

/// Bytes of one entry: below Windows' limit, with room for what a store adds.
const PART: usize = 2048;
/// 64 KiB; a longer one is no token.
const MOST_PARTS: usize = 32;
/// What a list begins with. A token never does: it holds no space.
const LIST: &str = "holdline-parts 1 ";

/// Named entries of one keyring.
pub(crate) trait Entries {
    fn read(&self, name: &str) -> Result<Vec<u8>, StoreError>;
    fn write(&self, name: &str, content: &[u8]) -> Result<(), StoreError>;
    fn delete(&self, name: &str) -> Result<(), StoreError>;
}

/// Which parts make a token: those of one of two sets, which take turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct List {
    second_set: bool,
    count: usize,
}

impl List {
    fn parse(entry: &[u8]) -> Option<Self> {
        let (set, count) = std::str::from_utf8(entry)
            .ok()?
            .strip_prefix(LIST)?
            .split_once(' ')?;
        let second_set = match set {
            "a" => false,
            "b" => true,
            _ => return None,
        };
        let count = count
            .parse()
            .ok()
            .filter(|count| (1..=MOST_PARTS).contains(count))?;
        Some(Self { second_set, count })
    }

    fn text(self) -> String {
        format!("{LIST}{} {}", self.set(), self.count)
    }

    fn set(self) -> char {
        if self.second_set { 'b' } else { 'a' }
    }

    fn names(self, of: &str) -> impl Iterator<Item = String> {
        (0..self.count).map(move |part| format!("{of}#{}{part}", self.set()))
    }
}

/// Reads a token. One of which a part is lost is not there.
pub(crate) fn load(entries: &impl Entries, name: &str) -> Result<SecretString, StoreError> {
    let mut content = entries.read(name)?;
    if let Some(list) = List::parse(&content) {
        content = Vec::with_capacity(list.count * PART);
        for part in list.names(name) {
            content.append(&mut entries.read(&part)?);
        }
    }
    String::from_utf8(content)
        .map(SecretString::from)
        .map_err(|_| StoreError::Failed)
}

/// Keeps a token in the place of an older one.
pub(crate) fn save(entries: &impl Entries, name: &str, token: &SecretString) -> Result<(), StoreError> {
    let token = token.expose_secret().as_bytes();
    let old = match entries.read(name) {
        Ok(entry) => List::parse(&entry),
        Err(StoreError::NoEntry) => None,
        Err(error) => return Err(error),
    };
    let count = token.len().div_ceil(PART);
    if count > MOST_PARTS {
        return Err(StoreError::TooLong);
    }
    let new = (count > 1).then(|| List {
        second_set: old.is_some_and(|old| !old.second_set),
        count,
    });
    match new {
        None => entries.write(name, token)?,
        Some(list) => {
            for (part, content) in list.names(name).zip(token.chunks(PART)) {
                entries.write(&part, content)?;
            }
            entries.write(name, list.text().as_bytes())?;
        }
    }
    // Spent already: what is left of it by a failure here is overwritten by the next but one.
    if let Some(old) = old
        && let Err(error) = delete_parts(entries, name, old)
    {
        tracing::info!(code = error.code(), "parts of an older token are still kept");
    }
    Ok(())
}

/// Forgets a token with all of its parts.
pub(crate) fn forget(entries: &impl Entries, name: &str) -> Result<(), StoreError> {
    let list = List::parse(&entries.read(name)?);
    if let Some(list) = list {
        delete_parts(entries, name, list)?;
    }
    entries.delete(name)
}

fn delete_parts(entries: &impl Entries, name: &str, list: List) -> Result<(), StoreError> {
    for part in list.names(name) {
        match entries.delete(&part) {
            Ok(()) | Err(StoreError::NoEntry) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::collections::BTreeMap;

    use super::*;

    /// Takes as much as Windows' Credential Manager, and breaks off when told to.
    #[derive(Default)]
    struct Small {
        kept: RefCell<BTreeMap<String, Vec<u8>>>,
        writes_left: Cell<Option<usize>>,
    }

    impl Entries for Small {
        fn read(&self, name: &str) -> Result<Vec<u8>, StoreError> {
            self.kept.borrow().get(name).cloned().ok_or(StoreError::NoEntry)
        }

        fn write(&self, name: &str, content: &[u8]) -> Result<(), StoreError> {
            if let Some(left) = self.writes_left.get() {
                self.writes_left
                    .set(Some(left.checked_sub(1).ok_or(StoreError::Absent)?));
            }
            if content.len() > 2560 {
                return Err(StoreError::TooLong);
            }
            self.kept.borrow_mut().insert(name.into(), content.into());
            Ok(())
        }

        fn delete(&self, name: &str) -> Result<(), StoreError> {
            self.kept
                .borrow_mut()
                .remove(name)
                .map(drop)
                .ok_or(StoreError::NoEntry)
        }
    }

    fn token(length: usize) -> String {
        (b'!'..=b'~').map(char::from).cycle().take(length).collect()
    }

    fn kept(entries: &Small) -> Result<String, StoreError> {
        load(entries, "x").map(|token| token.expose_secret().to_owned())
    }

    #[test]
    fn a_token_of_any_length_comes_back_and_leaves_nothing_behind() {
        let entries = Small::default();
        for length in [1, PART, PART + 1, 2560, 2561, 10_000, 100, 64 * 1024] {
            save(&entries, "x", &token(length).into()).unwrap();
            assert_eq!(kept(&entries), Ok(token(length)), "{length}");
            let parts = length.div_ceil(PART);
            let entries = entries.kept.borrow().len();
            assert_eq!(entries, if parts > 1 { parts + 1 } else { 1 }, "{length}");
        }
        forget(&entries, "x").unwrap();
        assert!(entries.kept.borrow().is_empty());
        assert_eq!(forget(&entries, "x"), Err(StoreError::NoEntry));
        let longer = save(&entries, "x", &token(64 * 1024 + 1).into());
        assert_eq!(longer, Err(StoreError::TooLong));
        assert!(entries.kept.borrow().is_empty());
    }

    #[test]
    fn a_save_that_breaks_off_leaves_the_old_token_or_the_new_one() {
        let lengths = [10, 5_000, 6_000];
        for (old, new) in lengths.iter().flat_map(|old| lengths.map(|new| (*old, new + 1))) {
            let mut writes = 0;
            loop {
                let entries = Small::default();
                save(&entries, "x", &token(old).into()).unwrap();
                entries.writes_left.set(Some(writes));
                let saved = save(&entries, "x", &token(new).into());
                let expected = if saved.is_ok() { new } else { old };
                assert_eq!(kept(&entries), Ok(token(expected)), "{old}, {new}, {writes}");
                if saved.is_ok() {
                    break;
                }
                writes += 1;
            }
            assert!(writes >= 1);
        }
    }

    #[test]
    fn a_lost_part_is_no_sign_in() {
        let entries = Small::default();
        save(&entries, "x", &token(5_000).into()).unwrap();
        entries.delete("x#a1").unwrap();
        assert_eq!(kept(&entries), Err(StoreError::NoEntry));
        // Signing in again mends it.
        save(&entries, "x", &token(4_100).into()).unwrap();
        assert_eq!(kept(&entries), Ok(token(4_100)));
        for list in [
            "holdline-parts 1 c 2",
            "holdline-parts 1 a 0",
            "holdline-parts 1 a 33",
            "x",
        ] {
            assert_eq!(List::parse(list.as_bytes()), None, "{list}");
        }
    }
}
