//! What an administrator has set up in the org, as far as the rep may read it.

use presence::ids::{RecordId, UserId};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::error::{Error, Missing};
use crate::key_prefix::VOICE_CALL;
use crate::presence_config::{self, Declining, WrapUp};
use crate::select::{Select, Selected};
use crate::situation::{instance, name_of_instance};
use crate::soql::literal;
use crate::statuses::{self, JunctionRow, Status, StatusRow};

/// All of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The presence statuses, by label, then by id.
    pub statuses: Vec<Status>,
    /// The service channels, by id; absent when the user may not read them.
    pub channels: Option<Vec<Channel>>,
    /// The key prefix of calls, described or documented.
    pub voice_key_prefix: String,
    /// The rep's wrap-up time; absent where it has no timer, or where that cannot be read.
    pub wrap_up: Option<WrapUp>,
    /// Whether and why the rep may decline work; absent where that cannot be read.
    pub declining: Option<Declining>,
    /// Organization.InstanceName.
    pub instance: Option<String>,
    /// The rep has a User.CallCenterId.
    pub in_call_center: bool,
    /// What an administrator could grant, each once; Holdline goes on without it.
    pub missing: Vec<Missing>,
}

/// A ServiceChannel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its id.
    pub id: RecordId,
    /// MasterLabel.
    pub label: String,
    /// DeveloperName (`sfdc_phone` for the standard phone channel); absent when the user may not read it.
    pub developer_name: Option<String>,
    /// The object it routes (`VoiceCall`, `Case`); absent when the user may not read that.
    pub related_entity: Option<String>,
    /// What the ids of that object begin with; absent when it cannot be described.
    pub key_prefix: Option<String>,
}

impl Channel {
    /// Whether it routes calls by itself: its object is VoiceCall.
    pub fn is_voice(&self) -> bool {
        self.related_entity.as_deref() == Some(VOICE_CALL)
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ChannelRow {
    id: RecordId,
    master_label: String,
    #[serde(default)]
    developer_name: Option<String>,
    #[serde(default)]
    related_entity: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UserRow {
    #[serde(default)]
    profile_id: Option<RecordId>,
    #[serde(default)]
    call_center_id: Option<RecordId>,
}

impl Client {
    /// The org's set-up: two API calls, one more for each object that a channel routes (once), and one or two
    /// more where something is lacking (once).
    ///
    /// # Errors
    /// Any [`Error`] about the statuses themselves. What only takes something away is in [`Setup::missing`].
    pub async fn setup(&self, user: UserId) -> Result<Setup, Error> {
        let asks = [
            statuses::select(),
            statuses::select_junctions(),
            select_channels(),
            instance(),
            select_user(user),
            presence_config::select_of_user(user),
            presence_config::select_of_profiles(),
            presence_config::select(),
            presence_config::select_offered(),
            presence_config::select_reasons(),
        ];
        let answers: [Selected; 10] = (self.select(&asks).await?)
            .try_into()
            .map_err(|_| Error::malformed(200))?;
        let mut missing = Vec::new();
        for (ask, answer) in asks.iter().zip(&answers) {
            note_lacking(ask, answer, &mut missing);
        }
        let [
            rows,
            junctions,
            channels,
            org,
            users,
            of_user,
            of_profiles,
            configs,
            offered,
            reasons,
        ] = answers;
        let rows: Vec<StatusRow> = rows.rows()?;
        let junctions: Option<Vec<JunctionRow>> = or_missing(junctions, &mut missing)?;
        let channels: Option<Vec<ChannelRow>> = or_missing(channels, &mut missing)?;
        let users: Option<Vec<UserRow>> = or_missing(users, &mut missing)?;
        let mut reasons_missing = Vec::new();
        let configured = presence_config::Rows {
            of_user: or_missing(of_user, &mut missing)?,
            of_profiles: or_missing(of_profiles, &mut missing)?,
            configs: or_missing(configs, &mut missing)?,
            offered: or_missing(offered, &mut reasons_missing)?,
            reasons: or_missing(reasons, &mut reasons_missing)?,
        };
        let user = users.and_then(|rows| rows.into_iter().next());
        let of_rep = configured.of_rep(user.as_ref().and_then(|user| user.profile_id));
        if of_rep.asks_for_reasons {
            reasons_missing
                .into_iter()
                .for_each(|lacking| name_once(lacking, &mut missing));
        }
        Ok(Setup {
            statuses: statuses::join(rows, junctions.as_deref()),
            channels: match channels {
                Some(rows) => Some(self.with_prefixes(rows, &mut missing).await?),
                None => None,
            },
            voice_key_prefix: self.voice_key_prefix().await?,
            wrap_up: of_rep.wrap_up,
            declining: of_rep.declining,
            instance: name_of_instance(org),
            in_call_center: user.is_some_and(|user| user.call_center_id.is_some()),
            missing,
        })
    }

    async fn with_prefixes(
        &self,
        mut rows: Vec<ChannelRow>,
        missing: &mut Vec<Missing>,
    ) -> Result<Vec<Channel>, Error> {
        rows.sort_by_key(|row| row.id);
        let mut channels = Vec::new();
        for row in rows {
            let key_prefix = match row.related_entity.as_deref() {
                Some(VOICE_CALL) => Some(self.voice_key_prefix().await?),
                Some(object) => match self.key_prefix(object).await {
                    Ok(prefix) => prefix,
                    Err(Error::AskAdmin(lacking)) => {
                        name_once(lacking, missing);
                        None
                    }
                    Err(error) => return Err(error),
                },
                None => None,
            };
            channels.push(Channel {
                id: row.id,
                label: row.master_label,
                developer_name: row.developer_name,
                related_entity: row.related_entity,
                key_prefix,
            });
        }
        Ok(channels)
    }
}

fn select_channels() -> Select {
    Select {
        object: "ServiceChannel",
        needed: &["Id", "MasterLabel"],
        optional: &["DeveloperName", "RelatedEntity"],
        rest: String::new(),
    }
}

fn select_user(user: UserId) -> Select {
    Select {
        object: "User",
        needed: &["Id"],
        optional: &["ProfileId", "CallCenterId"],
        rest: format!("WHERE Id = {}", literal(&user.to_string())),
    }
}

/// Names what an answer had to do without. One permission gives every DeveloperName (seed 001), and where that
/// of a presence configuration is lacking nothing is lost.
fn note_lacking(ask: &Select, answer: &Selected, missing: &mut Vec<Missing>) {
    if !answer.is_complete() {
        return;
    }
    for field in &answer.lacking {
        match *field {
            "DeveloperName" if ask.object == "PresenceUserConfig" => {}
            "DeveloperName" => name_once(Missing::Permission("View DeveloperName".into()), missing),
            field => name_once(Missing::Field(format!("{}.{field}", ask.object)), missing),
        }
    }
}

/// Goes on without what an administrator would have to grant.
fn or_missing<T: DeserializeOwned>(
    answer: Selected,
    missing: &mut Vec<Missing>,
) -> Result<Option<Vec<T>>, Error> {
    match answer.rows() {
        Ok(rows) => Ok(Some(rows)),
        Err(Error::AskAdmin(lacking)) => {
            name_once(lacking, missing);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn name_once(lacking: Missing, missing: &mut Vec<Missing>) {
    if !missing.contains(&lacking) {
        missing.push(lacking);
    }
}
