//! What an administrator has set up in the practice org: channels, presence statuses, the presence
//! configuration.

use presence::ids::{RecordId, StatusId};

use super::mint::{Mint, prefix};

/// A service channel.
#[derive(Clone, Debug)]
pub struct Channel {
    /// `ServiceChannel.Id`
    pub id: RecordId,
    /// `ServiceChannel.DeveloperName`
    pub developer_name: &'static str,
    /// `ServiceChannel.MasterLabel`
    pub label: &'static str,
    /// `ServiceChannel.RelatedEntity`
    pub related_entity: &'static str,
    /// Key prefix of the related entity.
    pub item_prefix: &'static str,
    /// Capacity one work item takes, percent.
    pub capacity_percentage: u32,
}

/// A presence status. Offline is none: it is being logged out of Omni-Channel.
#[derive(Clone, Debug)]
pub struct Status {
    /// `ServicePresenceStatus.Id`
    pub id: StatusId,
    /// `ServicePresenceStatus.DeveloperName`
    pub developer_name: &'static str,
    /// `ServicePresenceStatus.MasterLabel`
    pub label: &'static str,
    /// Its channels, by their place in [`Catalog::channels`]; none makes it a Busy status.
    pub channels: Vec<usize>,
    /// The ServiceChannelStatus rows that join the two, in the same order.
    pub joins: Vec<RecordId>,
}

impl Status {
    /// Whether work can be routed to a rep in this status.
    pub fn is_online(&self) -> bool {
        !self.channels.is_empty()
    }
}

/// All of it.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// In the order of their ids.
    pub channels: Vec<Channel>,
    /// In the order a rep sees them.
    pub statuses: Vec<Status>,
    /// Every user's unless another is assigned: no after-conversation timer.
    pub default_config: RecordId,
    /// The one assigned to the reps' profile: what the settings say.
    pub rep_config: RecordId,
    /// The PresenceUserConfigProfile row that assigns it.
    pub rep_config_profile: RecordId,
    /// The PresenceUserConfigUser row that assigns it to one rep as a user ([`OWN_CONFIG`]).
    pub rep_config_user: RecordId,
    /// The ids of PresenceDeclineReason and PresenceConfigDeclineReason rows, in the order in which the settings
    /// list the reasons.
    pub decline_reasons: [(RecordId, RecordId); MOST_DECLINE_REASONS],
    /// The reps' `User.ProfileId`
    pub profile: RecordId,
    /// The reps' `User.CallCenterId`, where the settings have them in one.
    pub call_center: RecordId,
}

/// The place of the phone channel in [`Catalog::channels`].
pub const PHONE: usize = 0;

/// The short name of the rep whose presence configuration is assigned to the user, not by profile alone.
pub const OWN_CONFIG: &str = "alex";

/// So many decline reasons fit into the settings.
pub const MOST_DECLINE_REASONS: usize = 20;

/// `PresenceUserConfig.Capacity`
pub const CAPACITY: u32 = 10;

impl Catalog {
    pub(super) fn new(mint: &mut Mint) -> Self {
        let mut channel = |developer_name, label, related_entity, item_prefix, capacity_percentage| Channel {
            id: mint.next(prefix::SERVICE_CHANNEL),
            developer_name,
            label,
            related_entity,
            item_prefix,
            capacity_percentage,
        };
        let channels = vec![
            channel("sfdc_phone", "Phone", "VoiceCall", prefix::VOICE_CALL, 100),
            channel(
                "sfdc_livemessage",
                "Messaging",
                "MessagingSession",
                prefix::MESSAGING_SESSION,
                20,
            ),
            channel("Case", "Case", "Case", prefix::CASE, 30),
        ];
        let mut status = |developer_name, label, channels: Vec<usize>| Status {
            id: StatusId(mint.next(prefix::SERVICE_PRESENCE_STATUS)),
            developer_name,
            label,
            joins: channels
                .iter()
                .map(|_| mint.next(prefix::SERVICE_CHANNEL_STATUS))
                .collect(),
            channels,
        };
        let statuses = vec![
            status("Available", "Available", vec![PHONE, 1, 2]),
            status("Available_for_Messages", "Available for Messages", vec![1, 2]),
            status("Break", "Break", Vec::new()),
            status("Training", "Training", Vec::new()),
            status("Lunch", "Lunch", Vec::new()),
        ];
        Self {
            channels,
            statuses,
            default_config: mint.next(prefix::PRESENCE_USER_CONFIG),
            rep_config: mint.next(prefix::PRESENCE_USER_CONFIG),
            rep_config_profile: mint.next(prefix::PRESENCE_USER_CONFIG_PROFILE),
            rep_config_user: mint.next(prefix::PRESENCE_USER_CONFIG_USER),
            decline_reasons: std::array::from_fn(|_| {
                (
                    mint.next(prefix::PRESENCE_DECLINE_REASON),
                    mint.next(prefix::PRESENCE_CONFIG_DECLINE_REASON),
                )
            }),
            profile: mint.next(prefix::PROFILE),
            call_center: mint.next(prefix::CALL_CENTER),
        }
    }

    /// The channel with this developer name, label or related entity, upper or lower case.
    pub fn channel(&self, name: &str) -> Option<usize> {
        self.channels.iter().position(|channel| {
            [channel.developer_name, channel.label, channel.related_entity]
                .iter()
                .any(|own| own.eq_ignore_ascii_case(name))
        })
    }

    /// The status with this id, label or developer name, upper or lower case.
    pub fn status(&self, name: &str) -> Option<usize> {
        let id = name.parse::<StatusId>().ok();
        self.statuses.iter().position(|status| {
            Some(status.id) == id
                || status.label.eq_ignore_ascii_case(name)
                || status.developer_name.eq_ignore_ascii_case(name)
        })
    }
}
