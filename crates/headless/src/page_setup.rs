//! What the console's own page tells of the rep's set-up, where the rep's REST reads leave gaps: so that no rep
//! needs View Setup and Configuration. What REST has read counts; the page only adds.

use std::time::Duration;

use salesforce::{Channel, Declining, Missing, Setup, Status, WrapUp};
use wire::rep_setup::{RepChannel, RepConfiguration, RepSetup, RepStatus};

/// Objects of which the page knows what REST may lack.
const SPARED: [&str; 8] = [
    "PresenceConfigDeclineReason",
    "PresenceDeclineReason",
    "PresenceUserConfig",
    "PresenceUserConfigProfile",
    "PresenceUserConfigUser",
    "ServiceChannel",
    "ServiceChannelStatus",
    "ServicePresenceStatus",
];

/// The permission that gives every DeveloperName by REST (seed 001).
const DEVELOPER_NAMES: &str = "View DeveloperName";

/// What REST has read, completed.
pub(crate) fn completed(read: &Setup, page: Option<&RepSetup>) -> Setup {
    let mut setup = read.clone();
    let Some(page) = page else { return setup };
    if setup.statuses.is_empty() {
        setup.statuses = page.statuses.iter().map(status).collect();
    } else {
        for known in &mut setup.statuses {
            let told = page.statuses.iter().find(|told| told.id == known.id);
            if let Some(told) = told {
                known.developer_name = known.developer_name.take().or(told.developer_name.clone());
                known.channels.get_or_insert_with(|| channels_of(told));
            }
        }
        // An administrator grants statuses to reps: the others could not be chosen.
        if page.statuses_are_own {
            setup
                .statuses
                .retain(|known| page.statuses.iter().any(|told| told.id == known.id));
        }
    }
    let channels = setup.channels.get_or_insert_default();
    if channels.is_empty() {
        *channels = page.channels.iter().map(channel).collect();
    }
    for known in channels {
        if let Some(told) = page.channels.iter().find(|told| told.id == known.id) {
            complete(known, told);
        }
    }
    if setup.wrap_up.is_none() {
        setup.wrap_up = page.configuration.as_ref().and_then(wrap_up);
    }
    if setup.declining.is_none() {
        setup.declining = page.configuration.as_ref().map(declining);
    }
    let named = all_named(&setup);
    setup.missing.retain(|missing| !is_spared(missing, named));
    setup
}

/// Whether the page has told every developer name that REST did not.
fn all_named(setup: &Setup) -> bool {
    let channels = setup.channels.iter().flatten();
    setup
        .statuses
        .iter()
        .all(|status| status.developer_name.is_some())
        && channels
            .into_iter()
            .all(|channel| channel.developer_name.is_some())
}

fn is_spared(missing: &Missing, named: bool) -> bool {
    let name = missing.name();
    if name == DEVELOPER_NAMES {
        return named;
    }
    let object = name.split_once('.').map_or(name, |(object, _)| object);
    SPARED.contains(&object)
}

fn status(told: &RepStatus) -> Status {
    Status {
        id: told.id,
        label: told.label.clone(),
        developer_name: told.developer_name.clone(),
        channels: Some(channels_of(told)),
    }
}

fn channels_of(told: &RepStatus) -> Vec<presence::ids::RecordId> {
    let mut channels = told.channels.clone();
    channels.sort_unstable();
    channels
}

fn channel(told: &RepChannel) -> Channel {
    Channel {
        id: told.id,
        label: told.label.clone(),
        developer_name: told.developer_name.clone(),
        related_entity: told.related_entity.clone(),
        key_prefix: told.key_prefix.clone(),
    }
}

fn complete(known: &mut Channel, told: &RepChannel) {
    let fill = |known: &mut Option<String>, told: &Option<String>| *known = known.take().or(told.clone());
    fill(&mut known.developer_name, &told.developer_name);
    fill(&mut known.related_entity, &told.related_entity);
    fill(&mut known.key_prefix, &told.key_prefix);
}

fn wrap_up(told: &RepConfiguration) -> Option<WrapUp> {
    let seconds = |number: u32| Duration::from_secs(number.into());
    Some(WrapUp {
        time: seconds(told.wrap_up_seconds.filter(|time| *time > 0)?),
        extension: seconds(told.wrap_up_extension_seconds.unwrap_or(0)),
    })
}

fn declining(told: &RepConfiguration) -> Declining {
    Declining {
        allowed: told.may_decline,
        reasons: told.decline_reasons.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> RepSetup {
        let configuration = RepConfiguration {
            label: None,
            auto_accept: false,
            may_decline: true,
            decline_reasons: vec!["Lunch".to_owned()],
            wrap_up_seconds: Some(90),
            wrap_up_extension_seconds: None,
        };
        RepSetup {
            statuses_are_own: true,
            statuses: vec![
                told('1', "Available", &["0N9000000000001"]),
                told('2', "Break", &[]),
            ],
            channels: vec![RepChannel {
                id: "0N9000000000001".parse().unwrap(),
                label: "Phone".to_owned(),
                developer_name: Some("sfdc_phone".to_owned()),
                related_entity: Some("VoiceCall".to_owned()),
                key_prefix: Some("0LQ".to_owned()),
            }],
            configuration: Some(configuration),
        }
    }

    fn told(last: char, label: &str, channels: &[&str]) -> RepStatus {
        RepStatus {
            id: format!("0N500000000000{last}").parse().unwrap(),
            label: label.to_owned(),
            developer_name: Some(format!("{label}_Name")),
            channels: channels.iter().map(|id| id.parse().unwrap()).collect(),
        }
    }

    fn read(statuses: &[(char, Option<&str>)]) -> Setup {
        let statuses = statuses.iter().map(|(last, name)| Status {
            id: format!("0N500000000000{last}").parse().unwrap(),
            label: "read".to_owned(),
            developer_name: name.map(str::to_owned),
            channels: None,
        });
        Setup {
            statuses: statuses.collect(),
            channels: None,
            voice_key_prefix: "0LQ".to_owned(),
            wrap_up: None,
            declining: None,
            instance: None,
            in_call_center: false,
            missing: vec![
                Missing::Permission(DEVELOPER_NAMES.into()),
                Missing::Object("ServiceChannelStatus".into()),
                Missing::Field("AgentWork.AcwExtensionCount".into()),
            ],
        }
    }

    #[test]
    fn without_a_page_it_is_what_was_read() {
        let read = read(&[('1', None)]);
        assert_eq!(completed(&read, None), read);
    }

    #[test]
    fn the_page_fills_what_the_rep_may_not_read() {
        let setup = completed(
            &read(&[('1', None), ('2', Some("Read")), ('3', None)]),
            Some(&page()),
        );
        let names: Vec<_> = setup
            .statuses
            .iter()
            .map(|status| {
                (
                    status.developer_name.as_deref(),
                    status.channels.as_ref().map(Vec::len),
                )
            })
            .collect();
        assert_eq!(
            names,
            [(Some("Available_Name"), Some(1)), (Some("Read"), Some(0))],
            "what was read counts, and a status that is not the rep's goes"
        );
        assert!(setup.channels.unwrap()[0].is_voice());
        assert_eq!(setup.wrap_up.unwrap().time, Duration::from_secs(90));
        assert_eq!(setup.declining.unwrap().reasons, ["Lunch"]);
        let missing: Vec<_> = setup.missing.iter().map(Missing::name).collect();
        assert_eq!(missing, ["AgentWork.AcwExtensionCount"], "no page tells that");
    }

    #[test]
    fn developer_names_that_the_page_does_not_tell_are_still_lacking() {
        let nameless = RepSetup {
            statuses: vec![RepStatus {
                developer_name: None,
                ..told('1', "Available", &[])
            }],
            ..page()
        };
        let setup = completed(&read(&[('1', None)]), Some(&nameless));
        let missing: Vec<_> = setup.missing.iter().map(Missing::name).collect();
        assert_eq!(missing, [DEVELOPER_NAMES, "AgentWork.AcwExtensionCount"]);
    }

    #[test]
    fn what_rest_says_of_declining_counts() {
        let none = Declining {
            allowed: false,
            reasons: Vec::new(),
        };
        let read = Setup {
            declining: Some(none.clone()),
            ..read(&[])
        };
        assert_eq!(completed(&read, Some(&page())).declining, Some(none));
    }

    #[test]
    fn all_statuses_stay_where_the_page_does_not_know_whose_they_are() {
        let page = RepSetup {
            statuses_are_own: false,
            ..page()
        };
        let setup = completed(&read(&[('1', None), ('3', None)]), Some(&page));
        assert_eq!(setup.statuses.len(), 2);
    }

    #[test]
    fn a_page_alone_is_enough() {
        let setup = completed(&read(&[]), Some(&page()));
        assert_eq!(setup.statuses.len(), 2);
        assert_eq!(setup.channels.unwrap()[0].key_prefix.as_deref(), Some("0LQ"));
    }
}
