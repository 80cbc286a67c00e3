//! The rep's presence configuration: how much time wrap-up has, and whether and why work may be declined.

use std::time::Duration;

use presence::ids::{RecordId, UserId};
use serde::Deserialize;

use crate::select::Select;
use crate::soql::literal;

/// The configuration that Salesforce makes for everybody to whom none is assigned.
const DEFAULT: [&str; 2] = ["Default Presence Configuration", "Default_Presence_Configuration"];

/// After-conversation work with a timer (seed 004).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrapUp {
    /// AfterConvoWorkMaxTime.
    pub time: Duration,
    /// AcwExtensionDuration; zero: reps can't extend it.
    pub extension: Duration,
}

/// Whether the rep may decline work (PresenceUserConfig's options).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declining {
    /// OptionsIsDeclineEnabled.
    pub allowed: bool,
    /// The labels of the reasons, one of which has to be given; sorted. Empty: none is asked for.
    pub reasons: Vec<String>,
}

/// What the rep's configuration says; each absent where that cannot be known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OfRep {
    pub(crate) wrap_up: Option<WrapUp>,
    pub(crate) declining: Option<Declining>,
    /// A decline needs a reason, so that it matters whether the reasons could be read.
    pub(crate) asks_for_reasons: bool,
}

/// A row of PresenceUserConfigUser or PresenceUserConfigProfile.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AssignmentRow {
    presence_user_config_id: RecordId,
    #[serde(default)]
    profile_id: Option<RecordId>,
}

/// A row of PresenceUserConfig. Numbers may come with a point.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ConfigRow {
    id: RecordId,
    master_label: String,
    #[serde(default)]
    developer_name: Option<String>,
    #[serde(default)]
    has_after_convo_work_timer: Option<bool>,
    #[serde(default)]
    after_convo_work_max_time: Option<f64>,
    #[serde(default)]
    has_acw_extension_enabled: Option<bool>,
    #[serde(default)]
    acw_extension_duration: Option<f64>,
    #[serde(default)]
    options_is_decline_enabled: Option<bool>,
    #[serde(default)]
    options_is_decline_reason_enabled: Option<bool>,
}

/// A row of PresenceConfigDeclineReason: a reason that a configuration offers.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OfferedRow {
    presence_user_config_id: RecordId,
    #[serde(default)]
    presence_decline_reason_id: Option<RecordId>,
}

/// A row of PresenceDeclineReason.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ReasonRow {
    id: RecordId,
    master_label: String,
}

/// What was read about presence configurations; each absent where it may not be read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    pub(crate) of_user: Option<Vec<AssignmentRow>>,
    pub(crate) of_profiles: Option<Vec<AssignmentRow>>,
    pub(crate) configs: Option<Vec<ConfigRow>>,
    pub(crate) offered: Option<Vec<OfferedRow>>,
    pub(crate) reasons: Option<Vec<ReasonRow>>,
}

pub(crate) fn select() -> Select {
    Select {
        object: "PresenceUserConfig",
        needed: &["Id", "MasterLabel"],
        optional: &[
            "DeveloperName",
            "HasAfterConvoWorkTimer",
            "AfterConvoWorkMaxTime",
            "HasAcwExtensionEnabled",
            "AcwExtensionDuration",
            "OptionsIsDeclineEnabled",
            "OptionsIsDeclineReasonEnabled",
        ],
        rest: String::new(),
    }
}

/// Of every configuration, because which is the rep's is being asked for in the same moment.
pub(crate) fn select_offered() -> Select {
    Select {
        object: "PresenceConfigDeclineReason",
        needed: &["PresenceUserConfigId", "PresenceDeclineReasonId"],
        optional: &[],
        rest: String::new(),
    }
}

pub(crate) fn select_reasons() -> Select {
    Select {
        object: "PresenceDeclineReason",
        needed: &["Id", "MasterLabel"],
        optional: &[],
        rest: String::new(),
    }
}

pub(crate) fn select_of_user(user: UserId) -> Select {
    Select {
        object: "PresenceUserConfigUser",
        needed: &["PresenceUserConfigId"],
        optional: &[],
        rest: format!("WHERE UserId = {}", literal(&user.to_string())),
    }
}

/// Of every profile, because the rep's own is being asked for in the same moment.
pub(crate) fn select_of_profiles() -> Select {
    Select {
        object: "PresenceUserConfigProfile",
        needed: &["PresenceUserConfigId", "ProfileId"],
        optional: &[],
        rest: String::new(),
    }
}

impl Rows {
    /// What the rep's configuration says. Where something cannot be known it is absent: no countdown is better
    /// than a wrong one.
    pub(crate) fn of_rep(&self, profile: Option<RecordId>) -> OfRep {
        let Some(config) = self.assigned(profile) else {
            return OfRep::default();
        };
        OfRep {
            wrap_up: config.wrap_up(),
            declining: self.declining(config),
            asks_for_reasons: config.asks_for_reasons(),
        }
    }

    /// The user's own beats the profile's, else it is the default one.
    fn assigned(&self, profile: Option<RecordId>) -> Option<&ConfigRow> {
        let configs = self.configs.as_deref()?;
        let assigned = match self.of_user.as_deref()?.first() {
            Some(own) => Some(own),
            None => {
                let of_profiles = self.of_profiles.as_deref()?;
                if profile.is_none() && !of_profiles.is_empty() {
                    return None;
                }
                of_profiles.iter().find(|row| row.profile_id == profile)
            }
        };
        match assigned {
            Some(row) => configs
                .iter()
                .find(|config| config.id == row.presence_user_config_id),
            None => default_of(configs),
        }
    }

    fn declining(&self, config: &ConfigRow) -> Option<Declining> {
        let allowed = config.options_is_decline_enabled?;
        if !config.asks_for_reasons() {
            return Some(Declining {
                allowed,
                reasons: Vec::new(),
            });
        }
        let known = self.reasons.as_deref()?;
        let offered = self.offered.as_deref()?.iter();
        let mut reasons: Vec<String> = offered
            .filter(|row| row.presence_user_config_id == config.id)
            .filter_map(|row| {
                known
                    .iter()
                    .find(|reason| Some(reason.id) == row.presence_decline_reason_id)
            })
            .map(|reason| reason.master_label.clone())
            .collect();
        reasons.sort();
        Some(Declining { allowed, reasons })
    }
}

fn default_of(configs: &[ConfigRow]) -> Option<&ConfigRow> {
    match configs {
        [only] => Some(only),
        _ => configs.iter().find(|config| {
            let names = [Some(&config.master_label), config.developer_name.as_ref()];
            names
                .into_iter()
                .flatten()
                .any(|name| DEFAULT.contains(&name.as_str()))
        }),
    }
}

impl ConfigRow {
    fn asks_for_reasons(&self) -> bool {
        self.options_is_decline_enabled == Some(true) && self.options_is_decline_reason_enabled == Some(true)
    }

    fn wrap_up(&self) -> Option<WrapUp> {
        let time = seconds(self.after_convo_work_max_time);
        if self.has_after_convo_work_timer != Some(true) || time.is_zero() {
            return None;
        }
        let extension = match self.has_acw_extension_enabled {
            Some(true) => seconds(self.acw_extension_duration),
            _ => Duration::ZERO,
        };
        Some(WrapUp { time, extension })
    }
}

/// Saturates: what is below 0 or no number is 0. Salesforce has an hour at most; a day bounds what it may become.
fn seconds(number: Option<f64>) -> Duration {
    Duration::from_secs((number.unwrap_or(0.0) as u64).min(24 * 60 * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(last: char) -> RecordId {
        format!("0Nd00000000000{last}").parse().unwrap()
    }

    fn config(last: char, label: &str, time: u32) -> ConfigRow {
        ConfigRow {
            id: id(last),
            master_label: label.into(),
            developer_name: None,
            has_after_convo_work_timer: Some(time > 0),
            after_convo_work_max_time: Some(time.into()),
            has_acw_extension_enabled: Some(false),
            acw_extension_duration: Some(99.0),
            options_is_decline_enabled: None,
            options_is_decline_reason_enabled: None,
        }
    }

    fn assigned(last: char, profile: Option<char>) -> AssignmentRow {
        AssignmentRow {
            presence_user_config_id: id(last),
            profile_id: profile.map(id),
        }
    }

    fn time(
        of_user: Option<&[AssignmentRow]>,
        of_profiles: Option<&[AssignmentRow]>,
        profile: Option<char>,
    ) -> Option<u64> {
        let configs = [
            config('1', "Default Presence Configuration", 10),
            config('2', "Phone", 20),
            config('3', "Trainees", 30),
            config('4', "Chat", 0),
        ];
        let rows = Rows {
            of_user: of_user.map(<[_]>::to_vec),
            of_profiles: of_profiles.map(<[_]>::to_vec),
            configs: Some(configs.to_vec()),
            ..Rows::default()
        };
        let found = rows.of_rep(profile.map(id)).wrap_up?;
        assert_eq!(found.extension, Duration::ZERO, "not enabled");
        Some(found.time.as_secs())
    }

    #[test]
    fn the_users_own_beats_the_profiles_beats_the_default() {
        let own = [assigned('3', None)];
        let profiles = [assigned('4', Some('8')), assigned('2', Some('9'))];
        assert_eq!(time(Some(&own), Some(&profiles), Some('9')), Some(30));
        assert_eq!(time(Some(&[]), Some(&profiles), Some('9')), Some(20));
        assert_eq!(time(Some(&[]), Some(&profiles), Some('8')), None, "no timer");
        assert_eq!(time(Some(&[]), Some(&profiles), Some('7')), Some(10));
        assert_eq!(time(Some(&[]), Some(&[]), None), Some(10));
    }

    #[test]
    fn what_cannot_be_known_is_not_guessed() {
        let profiles = [assigned('2', Some('9'))];
        assert_eq!(time(None, Some(&profiles), Some('9')), None);
        assert_eq!(time(Some(&[]), None, Some('9')), None);
        assert_eq!(time(Some(&[]), Some(&profiles), None), None);
        let deleted = [assigned('5', None)];
        assert_eq!(time(Some(&deleted), Some(&profiles), Some('9')), None);
    }

    #[test]
    fn without_a_name_it_knows_the_only_configuration_is_the_default() {
        let german = config('1', "Standardkonfiguration", 15);
        let found = of_nobody(vec![german.clone()]).of_rep(None).wrap_up;
        assert_eq!(found.map(|wrap_up| wrap_up.time.as_secs()), Some(15));
        let two = vec![german, config('2', "Phone", 20)];
        assert_eq!(of_nobody(two).of_rep(None), OfRep::default());
    }

    /// Assigned to nobody.
    fn of_nobody(configs: Vec<ConfigRow>) -> Rows {
        Rows {
            of_user: Some(Vec::new()),
            of_profiles: Some(Vec::new()),
            configs: Some(configs),
            ..Rows::default()
        }
    }

    fn declining(enabled: Option<bool>, reason: Option<bool>, readable: bool) -> Option<(bool, Vec<String>)> {
        let mut config = config('1', "Phone", 15);
        config.options_is_decline_enabled = enabled;
        config.options_is_decline_reason_enabled = reason;
        let offered = [('1', 'b'), ('1', 'a'), ('2', 'c'), ('1', 'x')].map(|(config, reason)| OfferedRow {
            presence_user_config_id: id(config),
            presence_decline_reason_id: Some(id(reason)),
        });
        let reasons = [
            ('a', "Wrong skill"),
            ('b', "Busy"),
            ('c', "Of another configuration"),
        ];
        let reasons = reasons.map(|(last, label)| ReasonRow {
            id: id(last),
            master_label: label.to_owned(),
        });
        let rows = Rows {
            offered: readable.then(|| offered.to_vec()),
            reasons: Some(reasons.to_vec()),
            ..of_nobody(vec![config])
        };
        let found = rows.of_rep(None).declining?;
        Some((found.allowed, found.reasons))
    }

    #[test]
    fn declining_is_as_the_configuration_has_it() {
        let none = Vec::new;
        assert_eq!(declining(Some(false), Some(true), true), Some((false, none())));
        assert_eq!(declining(Some(true), Some(false), true), Some((true, none())));
        assert_eq!(declining(Some(true), None, true), Some((true, none())));
        let reasons = vec!["Busy".to_owned(), "Wrong skill".to_owned()];
        assert_eq!(declining(Some(true), Some(true), true), Some((true, reasons)));
    }

    #[test]
    fn reasons_that_cannot_be_read_are_not_taken_for_none() {
        assert_eq!(declining(Some(true), Some(true), false), None);
        assert_eq!(declining(None, Some(true), true), None);
    }

    #[test]
    fn absurd_times_are_bounded() {
        assert_eq!(seconds(Some(-5.0)), Duration::ZERO);
        assert_eq!(seconds(Some(f64::NAN)), Duration::ZERO);
        assert_eq!(seconds(Some(1e300)), Duration::from_secs(86_400));
    }
}
