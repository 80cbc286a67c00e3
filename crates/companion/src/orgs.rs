//! The orgs one is signed in to: which there are, and which one is to be switched to.
//!
//! One is active at a time: the engine's session. The others' tokens rest in the keyring, and who they belong to
//! stands in a file of the profile. Switching leaves the active org as a sign-out does, so it waits for a call to
//! end like one; but nothing is revoked. A switch that waits is on the disk before it is acknowledged: after a
//! crash it must not come back as a sign-out.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use presence::ids::{OrgId, UserId};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use wire::picture::{Org, Picture};

use crate::disk;

/// The file's name in the profile.
pub const ORGS_FILE: &str = "orgs.json";

/// The schema number of the file.
const SCHEMA: u32 = 1;

/// A kept sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptOrg {
    /// The org.
    pub org: OrgId,
    /// The rep.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// The address that was signed in to.
    pub org_url: String,
}

/// Why an org could not be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSuchOrg {
    /// Several are called so.
    Ambiguous,
    /// None is called so.
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Content {
    schema: u32,
    orgs: Vec<KeptOrg>,
    #[serde(default)]
    switch_to: Option<KeptOrg>,
}

impl Default for Content {
    fn default() -> Self {
        Self {
            schema: SCHEMA,
            orgs: Vec::new(),
            switch_to: None,
        }
    }
}

/// The kept sign-ins. Clones share them.
#[derive(Clone, Debug)]
pub struct Orgs {
    path: Option<PathBuf>,
    content: Arc<Mutex<Content>>,
    only: Option<String>,
    switches: UnboundedSender<KeptOrg>,
}

impl KeptOrg {
    /// `{org}:{user}`: what tells it from all others.
    pub fn id(&self) -> String {
        format!("{}:{}", self.org, self.user)
    }

    fn is(&self, org: OrgId, user: UserId) -> bool {
        (self.org, self.user) == (org, user)
    }

    /// Whether a person may mean this one: its id, org id, or address, whole or up to its first dot.
    fn answers_to(&self, word: &str) -> bool {
        let address = self.org_url.split("://").last().unwrap_or_default();
        let address = address.trim_end_matches('/');
        let first = address.split('.').next().unwrap_or_default();
        let names = [address, first, self.org_url.trim_end_matches('/')];
        let named = names
            .iter()
            .any(|name| name.eq_ignore_ascii_case(word.trim_end_matches('/')));
        named || self.id() == word || word.parse() == Ok(self.org)
    }
}

/// The names of all reps in a file of kept sign-ins; none where it can't be read.
pub(crate) fn names(path: &Path) -> Vec<String> {
    let read = std::fs::read(path).ok();
    let content = read.and_then(|bytes| serde_json::from_slice::<Content>(&bytes).ok());
    content
        .into_iter()
        .flat_map(|content| content.orgs)
        .map(|org| org.name)
        .collect()
}

impl Orgs {
    /// Reads the file; `None` keeps them in memory only, as their tokens are then. The receiver gets each org that
    /// is to be taken up now. A file that can't be read is nothing known: one signs in again.
    pub fn open(path: Option<PathBuf>) -> (Self, UnboundedReceiver<KeptOrg>) {
        let read = path.as_ref().and_then(|path| std::fs::read(path).ok());
        let content = read.and_then(|bytes| {
            let read: Result<Content, _> = serde_json::from_slice(&bytes);
            if read.is_err() {
                tracing::warn!("the list of signed-in orgs can't be read and begins anew");
            }
            read.ok().filter(|content| content.schema == SCHEMA)
        });
        let (switches, receiver) = unbounded_channel();
        let orgs = Self {
            path,
            content: Arc::new(Mutex::new(content.unwrap_or_default())),
            only: None,
            switches,
        };
        (orgs, receiver)
    }

    /// The same ones, of which only those at this address are taken up: the policy's org. Others stay in the list,
    /// so that their sign-ins are there again when the policy lets them.
    #[must_use]
    pub fn only(self, org_url: Option<String>) -> Self {
        Self {
            only: org_url,
            ..self
        }
    }

    /// The policy's org, where it has set one and this is another.
    pub fn not_allowed(&self, org: &KeptOrg) -> Option<&str> {
        let only = self.only.as_deref()?;
        (only != org.org_url).then_some(only)
    }

    /// Every kept sign-in, in the order they were made.
    pub fn list(&self) -> Vec<KeptOrg> {
        self.content().orgs.clone()
    }

    /// A sign-in is kept; an older one of the same rep gives way.
    pub fn keep(&self, new: KeptOrg) {
        let mut content = self.content();
        match content.orgs.iter_mut().find(|kept| kept.is(new.org, new.user)) {
            Some(kept) => *kept = new,
            None => content.orgs.push(new),
        }
        self.write_or_warn(&content);
    }

    /// A sign-in has ended for good.
    pub fn forget(&self, org: OrgId, user: UserId) {
        let mut content = self.content();
        content.orgs.retain(|kept| !kept.is(org, user));
        self.write_or_warn(&content);
    }

    /// Which one a person means.
    ///
    /// # Errors
    /// [`NoSuchOrg`].
    pub fn find(&self, word: &str) -> Result<KeptOrg, NoSuchOrg> {
        let content = self.content();
        let mut meant = content.orgs.iter().filter(|kept| kept.answers_to(word.trim()));
        match (meant.next(), meant.next()) {
            (None, _) => Err(NoSuchOrg::Unknown),
            (Some(only), None) => Ok(only.clone()),
            (Some(_), Some(_)) => Err(NoSuchOrg::Ambiguous),
        }
    }

    /// Says what leaving the active org is to mean: a switch to this one, or (`None`) a sign-out. Answers what it
    /// meant before.
    ///
    /// # Errors
    /// It is not on the disk; nothing has changed.
    pub fn plan(&self, switch_to: Option<KeptOrg>) -> io::Result<Option<KeptOrg>> {
        let mut content = self.content();
        if content.switch_to == switch_to {
            return Ok(switch_to);
        }
        let new = Content {
            switch_to,
            ..content.clone()
        };
        self.write(&new)?;
        Ok(std::mem::replace(&mut *content, new).switch_to)
    }

    /// The active org is being left: the org that is to follow, if it is a switch.
    pub fn take_plan(&self) -> Option<KeptOrg> {
        let mut content = self.content();
        let plan = content.switch_to.take()?;
        self.write_or_warn(&content);
        Some(plan)
    }

    /// Has an org taken up, now that none is active; unless the policy, which may be newer than the plan, does not
    /// allow it.
    pub fn take_up(&self, org: KeptOrg) {
        if self.not_allowed(&org).is_some() {
            tracing::warn!("the policy allows no switch to that org any more");
            return;
        }
        // Nobody listens any more only when Holdline ends.
        let _ = self.switches.send(org);
    }

    /// Adds them to a picture.
    pub fn show_in(&self, picture: &mut Picture) {
        let session = &picture.session;
        let active = session.org_id.zip(session.user_id);
        let orgs = self.content().orgs.clone();
        picture.session.orgs = orgs
            .into_iter()
            .map(|kept| Org {
                id: kept.id(),
                active: active.is_some_and(|(org, user)| kept.is(org, user)),
                name: kept.name,
                org_url: kept.org_url,
            })
            .collect();
    }

    fn write(&self, content: &Content) -> io::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        disk::replace_file(path, &serde_json::to_vec(content).map_err(io::Error::other)?)
    }

    fn write_or_warn(&self, content: &Content) {
        if let Err(error) = self.write(content) {
            tracing::warn!(kind = ?error.kind(), "the list of signed-in orgs could not be written");
        }
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(org: &str, user: &str, org_url: &str) -> KeptOrg {
        KeptOrg {
            org: org.parse().unwrap(),
            user: user.parse().unwrap(),
            name: "Pat Rivera".to_owned(),
            org_url: org_url.to_owned(),
        }
    }

    fn three() -> [KeptOrg; 3] {
        [
            kept(
                "00D000000000001",
                "005000000000001",
                "https://acme.my.salesforce.com/",
            ),
            kept(
                "00D000000000002",
                "005000000000002",
                "https://acme--uat.sandbox.my.salesforce.com/",
            ),
            kept(
                "00D000000000002",
                "005000000000003",
                "https://acme--uat.sandbox.my.salesforce.com/",
            ),
        ]
    }

    #[test]
    fn an_org_is_found_by_what_people_call_it() {
        let (orgs, _) = Orgs::open(None);
        let [acme, pat, sam] = three();
        [&acme, &pat, &sam]
            .into_iter()
            .for_each(|kept| orgs.keep(kept.clone()));
        for word in [
            "acme",
            "ACME.my.salesforce.com",
            " https://acme.my.salesforce.com ",
            "https://acme.my.salesforce.com/",
            "00D000000000001",
            "00D000000000001EAA",
        ] {
            assert_eq!(orgs.find(word), Ok(acme.clone()), "{word}");
        }
        assert_eq!(orgs.find("acme--uat"), Err(NoSuchOrg::Ambiguous));
        assert_eq!(orgs.find(&sam.id()), Ok(sam));
        assert_eq!(orgs.find(&pat.id()), Ok(pat));
        for word in ["", "salesforce", "00D000000000009", "https://"] {
            assert_eq!(orgs.find(word), Err(NoSuchOrg::Unknown), "{word}");
        }
    }

    #[test]
    fn the_policys_org_is_the_only_one_that_is_taken_up() {
        let (orgs, mut taken) = Orgs::open(None);
        let [acme, pat, sam] = three();
        let orgs = orgs.only(Some(acme.org_url.clone()));
        [&acme, &pat].into_iter().for_each(|kept| orgs.keep(kept.clone()));
        assert_eq!(orgs.list(), [acme.clone(), pat.clone()]);
        assert_eq!(orgs.not_allowed(&sam), Some(acme.org_url.as_str()));
        orgs.take_up(pat);
        orgs.take_up(acme.clone());
        assert_eq!(taken.try_recv(), Ok(acme));
        assert!(taken.try_recv().is_err());
    }

    #[test]
    fn they_and_a_planned_switch_outlive_the_process() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(ORGS_FILE);
        let open = || Orgs::open(Some(path.clone())).0;
        let [acme, pat, _] = three();
        let orgs = open();
        orgs.keep(acme.clone());
        orgs.keep(pat.clone());
        let renamed = KeptOrg {
            name: "Pat".to_owned(),
            ..acme
        };
        orgs.keep(renamed.clone());
        assert_eq!(orgs.plan(Some(pat.clone())).unwrap(), None);
        assert_eq!(open().list(), [renamed.clone(), pat.clone()]);
        assert_eq!(open().take_plan(), Some(pat.clone()));
        assert_eq!(open().take_plan(), None, "once");
        // A sign-out asked for later counts.
        assert_eq!(orgs.plan(None).unwrap(), Some(pat.clone()));
        assert_eq!(orgs.take_plan(), None);
        orgs.forget(renamed.org, renamed.user);
        assert_eq!(open().list(), [pat]);
        std::fs::write(&path, "{").unwrap();
        assert_eq!(open().list(), []);
    }

    #[test]
    fn a_plan_that_is_not_on_the_disk_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let (orgs, _) = Orgs::open(Some(folder.path().join("nowhere").join(ORGS_FILE)));
        let [acme, ..] = three();
        assert!(orgs.plan(Some(acme)).is_err());
        assert_eq!(orgs.take_plan(), None);
    }
}
