//! The rep's presence configuration: how much time wrap-up has.

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
        ],
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

/// What the rep's configuration gives: the user's own beats the profile's, else it is the default one. `None`
/// also where that cannot be known: no countdown is better than a wrong one.
pub(crate) fn wrap_up(
    of_user: Option<&[AssignmentRow]>,
    of_profiles: Option<&[AssignmentRow]>,
    profile: Option<RecordId>,
    configs: Option<&[ConfigRow]>,
) -> Option<WrapUp> {
    let configs = configs?;
    let assigned = match of_user?.first() {
        Some(own) => Some(own),
        None => {
            let of_profiles = of_profiles?;
            if profile.is_none() && !of_profiles.is_empty() {
                return None;
            }
            of_profiles.iter().find(|row| row.profile_id == profile)
        }
    };
    let config = match assigned {
        Some(row) => configs
            .iter()
            .find(|config| config.id == row.presence_user_config_id),
        None => default_of(configs),
    };
    config?.wrap_up()
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
        let found = wrap_up(of_user, of_profiles, profile.map(id), Some(&configs))?;
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
        let german = [config('1', "Standardkonfiguration", 15)];
        let found = wrap_up(Some(&[]), Some(&[]), None, Some(&german));
        assert_eq!(found.map(|wrap_up| wrap_up.time.as_secs()), Some(15));
        let two = [german[0].clone(), config('2', "Phone", 20)];
        assert_eq!(wrap_up(Some(&[]), Some(&[]), None, Some(&two)), None);
    }

    #[test]
    fn absurd_times_are_bounded() {
        assert_eq!(seconds(Some(-5.0)), Duration::ZERO);
        assert_eq!(seconds(Some(f64::NAN)), Duration::ZERO);
        assert_eq!(seconds(Some(1e300)), Duration::from_secs(86_400));
    }
}
