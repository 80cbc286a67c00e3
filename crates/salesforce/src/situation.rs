//! Where the rep stands now: works, presence, calls and the org's instance, in one API call where possible.

use std::collections::BTreeSet;

use presence::ids::{UserId, WorkId, WorkItemId};
use serde::Deserialize;

use crate::client::Client;
use crate::error::{Error, Missing};
use crate::key_prefix::VOICE_CALL;
use crate::presence_row::{self, PresenceRow};
use crate::select::{Select, Selected};
use crate::voice_calls::{self, IDS_PER_QUERY, VoiceCall};
use crate::works::{self, Work};

/// One complete answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Situation {
    /// Every work that is Assigned or Opened, of every channel, and those that were asked for by id; by id.
    pub works: Vec<Work>,
    /// The current presence; `None`: logged out of Omni-Channel.
    pub presence: Option<PresenceRow>,
    /// The calls of these works, as far as the user may see them.
    pub calls: Vec<VoiceCall>,
    /// Organization.InstanceName; absent where the user may not read it.
    pub instance: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OrganizationRow {
    #[serde(default)]
    instance_name: Option<String>,
}

impl Client {
    /// Works, presence, calls and instance at one time: one API call; one more for a call that is not among the
    /// rep's newest, and one for each time that something turns out to be lacking.
    ///
    /// # Errors
    /// Any [`Error`] about works and presence. Calls and instance that cannot be read are left out.
    pub async fn situation(&self, user: UserId, watched: &[WorkId]) -> Result<Situation, Error> {
        let asks = [
            works::select(user, watched),
            presence_row::select(user),
            voice_calls::select_newest(user),
            instance(),
        ];
        let [works, presence, newest, org] = four(self.select(&asks).await?)?;
        let works: Vec<Work> = works.rows()?;
        let presence: Vec<PresenceRow> = presence.rows()?;
        let calls = match newest.rows() {
            // No Salesforce Voice, or not for this user: asked by id, they would be refused as well.
            Err(Error::AskAdmin(Missing::Object(_))) => Vec::new(),
            Err(refusal) => {
                tracing::info!(code = refusal.code(), "the newest calls could not be listed");
                self.complete(Vec::new(), &works).await?
            }
            Ok(newest) => self.complete(newest, &works).await?,
        };
        Ok(Situation {
            presence: presence.into_iter().next(),
            calls: calls.into_iter().filter(|call| is_of(call, &works)).collect(),
            instance: name_of_instance(org),
            works,
        })
    }

    /// The user's open work, of every channel, by id.
    ///
    /// # Errors
    /// Any [`Error`]; one row that cannot be read is an unexpected answer.
    pub async fn works(&self, user: UserId) -> Result<Vec<Work>, Error> {
        self.one(works::select(user, &[])).await
    }

    /// The user's current presence; `None`: logged out of Omni-Channel.
    ///
    /// # Errors
    /// Any [`Error`].
    pub async fn presence(&self, user: UserId) -> Result<Option<PresenceRow>, Error> {
        let rows = self.one(presence_row::select(user)).await?;
        Ok(rows.into_iter().next())
    }

    /// The calls with these ids; ids of other objects and calls that the user may not see are left out.
    ///
    /// # Errors
    /// Any [`Error`]; orgs without Salesforce Voice have no such object.
    pub async fn voice_calls(&self, ids: &[WorkItemId]) -> Result<Vec<VoiceCall>, Error> {
        let mut calls = Vec::new();
        for ids in ids.chunks(IDS_PER_QUERY) {
            calls.append(&mut self.one(voice_calls::select(ids)).await?);
        }
        Ok(calls)
    }

    async fn one<T: serde::de::DeserializeOwned>(&self, ask: Select) -> Result<Vec<T>, Error> {
        let answers = self.select(&[ask]).await?;
        let answer = answers.into_iter().next().ok_or(Error::malformed(200))?;
        answer.rows()
    }

    /// Adds the calls of works that are not among these.
    async fn complete(&self, mut calls: Vec<VoiceCall>, works: &[Work]) -> Result<Vec<VoiceCall>, Error> {
        let known: BTreeSet<_> = calls.iter().map(|call| call.id).collect();
        let prefix = self.voice_key_prefix().await?;
        let items = works.iter().filter(|work| is_call(work, &prefix));
        let further: Vec<WorkItemId> = items
            .filter_map(|work| work.item_id)
            .filter(|item| !known.contains(&item.0))
            .collect();
        match self.voice_calls(&further).await {
            Ok(mut further) => calls.append(&mut further),
            Err(Error::AskAdmin(lacking)) => {
                tracing::info!(code = lacking.code(), "calls could not be read");
            }
            Err(error) => return Err(error),
        }
        Ok(calls)
    }
}

/// The query for the org's instance.
pub(crate) fn instance() -> Select {
    Select {
        object: "Organization",
        needed: &["Id"],
        optional: &["InstanceName"],
        rest: "LIMIT 1".into(),
    }
}

pub(crate) fn name_of_instance(answer: Selected) -> Option<String> {
    let rows = answer.rows::<OrganizationRow>().ok()?;
    rows.into_iter().next()?.instance_name
}

fn is_call(work: &Work, prefix: &str) -> bool {
    let by_prefix = |item: WorkItemId| item.0.has_prefix(prefix);
    work.related_entity.as_deref() == Some(VOICE_CALL)
        || (work.related_entity.is_none() && work.item_id.is_some_and(by_prefix))
}

fn is_of(call: &VoiceCall, works: &[Work]) -> bool {
    works
        .iter()
        .any(|work| work.item_id.is_some_and(|item| item.0 == call.id))
}

fn four(answers: Vec<Selected>) -> Result<[Selected; 4], Error> {
    answers.try_into().map_err(|_| Error::malformed(200))
}
