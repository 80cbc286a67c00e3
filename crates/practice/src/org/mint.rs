//! Makes record ids that look like Salesforce's: a key prefix, the org's own letters, a counter.

use std::collections::BTreeMap;

use presence::ids::RecordId;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Key prefixes by object. Consumers read them from describe; those of ServiceChannelStatus and of the decline
/// reasons are not documented and only have to differ from the others.
pub mod prefix {
    /// AgentWork.
    pub const AGENT_WORK: &str = "0Bz";
    /// CallCenter.
    pub const CALL_CENTER: &str = "04v";
    /// Case.
    pub const CASE: &str = "500";
    /// MessagingSession.
    pub const MESSAGING_SESSION: &str = "0Mw";
    /// Organization.
    pub const ORGANIZATION: &str = "00D";
    /// PresenceConfigDeclineReason.
    pub const PRESENCE_CONFIG_DECLINE_REASON: &str = "0Nh";
    /// PresenceDeclineReason.
    pub const PRESENCE_DECLINE_REASON: &str = "0Ng";
    /// PresenceUserConfig.
    pub const PRESENCE_USER_CONFIG: &str = "0Nd";
    /// PresenceUserConfigProfile.
    pub const PRESENCE_USER_CONFIG_PROFILE: &str = "0Nf";
    /// PresenceUserConfigUser.
    pub const PRESENCE_USER_CONFIG_USER: &str = "0Ne";
    /// Profile.
    pub const PROFILE: &str = "00e";
    /// PushTopic.
    pub const PUSH_TOPIC: &str = "0IF";
    /// ServiceChannel.
    pub const SERVICE_CHANNEL: &str = "0N9";
    /// ServiceChannelStatus.
    pub const SERVICE_CHANNEL_STATUS: &str = "0N6";
    /// ServicePresenceStatus.
    pub const SERVICE_PRESENCE_STATUS: &str = "0N5";
    /// User.
    pub const USER: &str = "005";
    /// UserServicePresence.
    pub const USER_SERVICE_PRESENCE: &str = "0NX";
    /// VoiceCall.
    pub const VOICE_CALL: &str = "0LQ";
}

/// The source of an org's record ids. The seed makes two orgs' ids differ.
#[derive(Clone, Debug)]
pub(super) struct Mint {
    org: [u8; 6],
    counters: BTreeMap<&'static str, u64>,
}

impl Mint {
    pub(super) fn new(seed: u128) -> Self {
        Self {
            org: digits(seed),
            counters: BTreeMap::new(),
        }
    }

    /// The next id of an object.
    pub(super) fn next(&mut self, prefix: &'static str) -> RecordId {
        let counter = self.counters.entry(prefix).or_insert(0);
        *counter += 1;
        let number: [u8; 6] = digits(u128::from(*counter));
        build(prefix, &self.org, &number)
    }
}

/// The org's own id: all twelve characters after the prefix come from the seed.
pub(super) fn org_id(seed: u128) -> RecordId {
    build(
        prefix::ORGANIZATION,
        &digits::<6>(seed),
        &digits::<6>(seed / 62_u128.pow(6)),
    )
}

/// The lowest `N` base-62 digits, most significant first.
fn digits<const N: usize>(mut number: u128) -> [u8; N] {
    let mut out = [b'0'; N];
    for place in out.iter_mut().rev() {
        // The remainder is below 62.
        *place = DIGITS[(number % 62) as usize];
        number /= 62;
    }
    out
}

fn build(prefix: &str, org: &[u8; 6], number: &[u8; 6]) -> RecordId {
    let text: String = prefix
        .bytes()
        .chain(*org)
        .chain(*number)
        .map(char::from)
        .collect();
    text.parse()
        .expect("three prefix characters and twelve base-62 digits are a record id")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_their_prefix_and_never_repeat() {
        let mut mint = Mint::new(77);
        let ids: std::collections::BTreeSet<_> = (0..200).map(|_| mint.next(prefix::AGENT_WORK)).collect();
        assert_eq!(ids.len(), 200);
        assert!(ids.iter().all(|id| id.has_prefix("0Bz")));
    }

    #[test]
    fn two_seeds_make_two_orgs() {
        assert_ne!(org_id(1), org_id(62_u128.pow(6)));
        assert_ne!(Mint::new(1).next(prefix::USER), Mint::new(2).next(prefix::USER));
    }
}
