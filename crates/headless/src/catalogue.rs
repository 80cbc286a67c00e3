//! What the org has set up, as the engine is to know it: when it is read, and what is made of it.

use std::collections::BTreeSet;

use presence::event::{Catalogue, PresenceStatus, ServiceChannel, WorkOptions, WrapUpTime};
use presence::ids::RecordId;
use presence::time::Now;
use salesforce::{Channel, Setup, StatusKind, WrapUp};
use wire::rep_setup::RepSetup;

use crate::page_setup::completed;

/// An administrator's changes are seen this long after they were made, at the latest. A data-centre switch is
/// seen at the next read, each of which tells the instance.
const READ_EVERY_MS: u64 = 60 * 60 * 1_000;

/// The standard phone channel (salesforce.md), where the channels may not be read.
const STANDARD_PHONE_CHANNEL: &str = "sfdc_phone";

/// What has been read of the org's set-up in this session.
#[derive(Debug, Default)]
pub(crate) struct Known {
    read: Option<Now>,
    instance: Option<String>,
    voice_channels: BTreeSet<RecordId>,
    told: BTreeSet<String>,
    /// As REST gave it.
    setup: Option<Setup>,
}

impl Known {
    /// Whether it has never been read.
    pub(crate) fn is_nothing(&self) -> bool {
        self.read.is_none()
    }

    /// What the org has refused so far; `None` before it was read.
    pub(crate) fn missing(&self) -> Option<&BTreeSet<String>> {
        self.read.map(|_| &self.told)
    }

    /// Whether it is to be read (again).
    pub(crate) fn is_due(&self, now: Now) -> bool {
        self.read.is_none_or(|read| now.since(read) >= READ_EVERY_MS)
    }

    /// The instance that the org was on when it was asked last.
    pub(crate) fn instance(&self) -> Option<&str> {
        self.instance.as_deref()
    }

    /// Whether the org has moved to another instance since.
    pub(crate) fn has_moved(&self, instance: Option<&str>) -> bool {
        let known = self.instance.as_deref();
        known.zip(instance).is_some_and(|(known, now)| known != now)
    }

    /// Whether a channel's work is calls, though the object it routes may not say so.
    pub(crate) fn is_voice(&self, channel: Option<RecordId>) -> bool {
        channel.is_some_and(|channel| self.voice_channels.contains(&channel))
    }

    /// It was read: what the engine is told, and what the rep lacks where there is news of that.
    pub(crate) fn learn(
        &mut self,
        now: Now,
        read: Setup,
        voice: &[String],
        page: Option<&RepSetup>,
    ) -> (Catalogue, Option<String>) {
        self.read = Some(now);
        self.instance = read.instance.clone().or(self.instance.take());
        let setup = completed(&read, page);
        self.setup = Some(read);
        let catalogue = self.take_over(&setup, voice);
        let missing: BTreeSet<String> = setup
            .missing
            .iter()
            .map(|lacking| lacking.name().to_owned())
            .collect();
        let news = !missing.is_subset(&self.told);
        let about = news.then(|| missing.iter().cloned().collect::<Vec<_>>().join(", "));
        self.told.extend(missing);
        (catalogue, about)
    }

    /// A console has told of the rep's set-up: what the engine is told, once the org has been read, and whether
    /// the rep lacks nothing now.
    pub(crate) fn told_by_page(&self, page: &RepSetup, voice: &[String]) -> Option<(Catalogue, bool)> {
        let setup = completed(self.setup.as_ref()?, Some(page));
        Some((catalogue(&setup, voice), setup.missing.is_empty()))
    }

    /// What the rep's presence configuration allows with works; a console's word alone, before the org was read.
    pub(crate) fn work_options(&self, page: Option<&RepSetup>) -> Option<WorkOptions> {
        let Some(read) = &self.setup else {
            return page?.work_options();
        };
        let declining = completed(read, page).declining?;
        Some(WorkOptions {
            may_decline: declining.allowed,
            decline_reasons: declining.reasons,
        })
    }

    fn take_over(&mut self, setup: &Setup, voice: &[String]) -> Catalogue {
        let channels = setup.channels.iter().flatten();
        self.voice_channels = channels
            .filter(|channel| is_voice(channel, voice))
            .map(|channel| channel.id)
            .collect();
        catalogue(setup, voice)
    }
}

/// `voice`: names of channels whose work counts as calls besides those that route VoiceCall (`[calls] channels`).
fn catalogue(setup: &Setup, voice: &[String]) -> Catalogue {
    let statuses = setup.statuses.iter().map(|status| PresenceStatus {
        id: status.id,
        // Where that is not known, a status counts as one that gets work.
        online: status.kind() != Some(StatusKind::Busy),
        label: status.label.clone(),
        developer_name: status.developer_name.clone(),
    });
    Catalogue {
        statuses: statuses.collect(),
        channels: channels(setup, voice),
        wrap_up: setup.wrap_up.map(wrap_up_time),
        instance: setup.instance.clone(),
        call_center: setup.in_call_center,
    }
}

fn channels(setup: &Setup, voice: &[String]) -> Vec<ServiceChannel> {
    let channels = setup.channels.as_deref().unwrap_or_default();
    if channels.iter().all(|channel| channel.related_entity.is_none()) {
        // Nothing says what routes calls: as in the standard set-up.
        return vec![ServiceChannel {
            name: STANDARD_PHONE_CHANNEL.to_owned(),
            item_prefix: setup.voice_key_prefix.clone(),
            voice: true,
        }];
    }
    let known = channels.iter().filter_map(|channel| {
        Some(ServiceChannel {
            name: channel
                .developer_name
                .clone()
                .unwrap_or_else(|| channel.label.clone()),
            item_prefix: channel.key_prefix.clone()?,
            voice: is_voice(channel, voice),
        })
    });
    known.collect()
}

/// By its object, or by name: the label stands in where a rep may not read the developer name.
fn is_voice(channel: &Channel, voice: &[String]) -> bool {
    let is = |name: &str| voice.iter().any(|voice| voice == name);
    channel.is_voice() || channel.developer_name.as_deref().is_some_and(is) || is(&channel.label)
}

fn wrap_up_time(wrap_up: WrapUp) -> WrapUpTime {
    let ms = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    WrapUpTime {
        ms: ms(wrap_up.time),
        extension_ms: ms(wrap_up.extension),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use salesforce::{Declining, Missing, Status};

    use super::*;

    fn channel(last: char, name: &str, object: Option<&str>, prefix: Option<&str>) -> Channel {
        Channel {
            id: format!("0N900000000000{last}").parse().unwrap(),
            label: format!("{name} label"),
            developer_name: Some(name.to_owned()),
            related_entity: object.map(str::to_owned),
            key_prefix: prefix.map(str::to_owned),
        }
    }

    fn setup(channels: Option<Vec<Channel>>) -> Setup {
        Setup {
            statuses: vec![Status {
                id: "0N5000000000001".parse().unwrap(),
                label: "Lunch".to_owned(),
                developer_name: None,
                channels: None,
            }],
            channels,
            voice_key_prefix: "0LQ".to_owned(),
            wrap_up: Some(WrapUp {
                time: Duration::from_secs(30),
                extension: Duration::from_secs(15),
            }),
            declining: Some(Declining {
                allowed: true,
                reasons: vec!["Wrong skill".to_owned()],
            }),
            instance: Some("NA1".to_owned()),
            in_call_center: true,
            missing: Vec::new(),
        }
    }

    fn now(ms: u64) -> Now {
        Now {
            mono_ms: ms,
            wall_ms: 0,
        }
    }

    fn told(channels: &[ServiceChannel]) -> Vec<(&str, &str, bool)> {
        channels
            .iter()
            .map(|channel| (channel.name.as_str(), channel.item_prefix.as_str(), channel.voice))
            .collect()
    }

    #[test]
    fn calls_are_what_routes_voice_call_and_what_the_settings_name() {
        let all = vec![
            channel('1', "sfdc_phone", Some("VoiceCall"), Some("0LQ")),
            channel('2', "Own_Calls", Some("Call__c"), Some("a01")),
            channel('3', "Chat", Some("MessagingSession"), Some("0Mw")),
            channel('4', "Unknown", Some("Hidden__c"), None),
        ];
        let ids: Vec<_> = all.iter().map(|channel| Some(channel.id)).collect();
        let mut known = Known::default();
        for name in ["Own_Calls", "Own_Calls label"] {
            let (catalogue, _) = known.learn(now(0), setup(Some(all.clone())), &[name.to_owned()], None);
            assert_eq!(
                told(&catalogue.channels),
                [
                    ("sfdc_phone", "0LQ", true),
                    ("Own_Calls", "a01", true),
                    ("Chat", "0Mw", false)
                ]
            );
            let voice: Vec<bool> = ids.iter().map(|id| known.is_voice(*id)).collect();
            assert_eq!(voice, [true, true, false, false]);
            assert!(!known.is_voice(None));
        }
    }

    #[test]
    fn without_the_channels_the_standard_one_is_assumed() {
        let blind = channel('1', "Phone", None, None);
        for channels in [None, Some(Vec::new()), Some(vec![blind])] {
            let catalogue = catalogue(&setup(channels), &[]);
            assert_eq!(told(&catalogue.channels), [("sfdc_phone", "0LQ", true)]);
        }
    }

    #[test]
    fn an_org_that_routes_no_calls_says_so() {
        let chat = channel('3', "Chat", Some("MessagingSession"), Some("0Mw"));
        let catalogue = catalogue(&setup(Some(vec![chat])), &[]);
        assert_eq!(told(&catalogue.channels), [("Chat", "0Mw", false)]);
        assert!(catalogue.statuses[0].online, "not known to be Busy");
        assert_eq!(
            catalogue.wrap_up,
            Some(WrapUpTime {
                ms: 30_000,
                extension_ms: 15_000
            })
        );
        assert_eq!(
            (catalogue.instance.as_deref(), catalogue.call_center),
            (Some("NA1"), true)
        );
    }

    #[test]
    fn it_is_read_again_after_an_hour_and_a_move_is_noticed() {
        let mut known = Known::default();
        assert!(known.is_nothing() && known.is_due(now(0)) && !known.has_moved(Some("NA1")));
        known.learn(now(5), setup(None), &[], None);
        assert!(!known.is_nothing() && !known.is_due(now(4 + READ_EVERY_MS)));
        assert!(known.is_due(now(5 + READ_EVERY_MS)));
        assert!(!known.has_moved(Some("NA1")) && known.has_moved(Some("NA2")));
        assert!(!known.has_moved(None), "not told");
        let untold = Setup {
            instance: None,
            ..setup(None)
        };
        known.learn(now(6), untold, &[], None);
        assert!(known.has_moved(Some("NA2")), "the last one told counts");
    }

    #[test]
    fn what_may_be_declined_is_told_by_rest_or_else_by_the_console() {
        let page: RepSetup = serde_json::from_value(serde_json::json!({
            "statusesAreOwn": false, "statuses": [], "channels": [],
            "configuration": { "autoAccept": false, "mayDecline": false, "declineReasons": [] },
        }))
        .unwrap();
        let allowed = |options: Option<WorkOptions>| options.map(|options| options.may_decline);
        let mut known = Known::default();
        assert_eq!(allowed(known.work_options(None)), None);
        assert_eq!(
            allowed(known.work_options(Some(&page))),
            Some(false),
            "before the org was read"
        );
        known.learn(now(0), setup(None), &[], Some(&page));
        assert_eq!(
            allowed(known.work_options(Some(&page))),
            Some(true),
            "what REST has read counts"
        );
        let unread = Setup {
            declining: None,
            ..setup(None)
        };
        known.learn(now(0), unread, &[], None);
        assert_eq!(known.work_options(None), None);
        assert_eq!(allowed(known.work_options(Some(&page))), Some(false));
    }

    #[test]
    fn what_is_missing_is_told_once_and_together() {
        let lacking = |names: &[&str]| Setup {
            missing: names.iter().map(|name| Missing::Object((*name).into())).collect(),
            ..setup(None)
        };
        let mut known = Known::default();
        let mut about = |names: &[&str]| known.learn(now(0), lacking(names), &[], None).1;
        assert_eq!(about(&[]), None);
        assert_eq!(about(&["User", "Case"]).as_deref(), Some("Case, User"));
        assert_eq!(about(&["User", "Case"]), None);
        assert_eq!(about(&["User"]), None);
        assert_eq!(about(&["User", "Email"]).as_deref(), Some("Email, User"));
    }
}
