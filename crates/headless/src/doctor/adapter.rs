//! Sync rules of a phone adapter in the console, beside ours: two programs that both carry states across fight.

use companion::settings::Settings;
use presence::settings::Profile;
use wire::support::Check;

use super::live::Live;
use super::seen::Seen;

pub(super) async fn look(settings: &Settings, live: Option<&Live>) -> Seen {
    let profile = settings.engine.profile.or(live.map(Live::profile));
    let carries = settings.engine.rules.by_name || !settings.engine.rules.rules.is_empty();
    let objects = match live.and_then(Live::client) {
        Some(client) if carries => client.sync_rule_objects().await.ok(),
        Some(_) => Some(Vec::new()),
        None => None,
    };
    judge(profile, settings.engine.write_phone, objects)
}

/// `objects`: what the org has that holds rules of another program, with how many; `None` where it was not asked.
fn judge(profile: Option<Profile>, write_phone: Option<bool>, objects: Option<Vec<(String, u64)>>) -> Seen {
    let steered_elsewhere = matches!(profile, Some(Profile::CtiAdapter | Profile::SalesforceVoice));
    if steered_elsewhere && write_phone == Some(true) {
        return Seen::of(Check::Adapter, "two_writers");
    }
    match objects {
        None => Seen::of(Check::Adapter, "not_asked"),
        Some(objects) => {
            let with_rules = objects.iter().filter(|(_, count)| *count > 0);
            let listed: Vec<String> = with_rules
                .map(|(name, count)| format!("{name}: {count}"))
                .collect();
            if listed.is_empty() {
                Seen::of(Check::Adapter, "apart")
            } else {
                Seen::of(Check::Adapter, "org_rules").with("about", listed.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_would_fight_ours_are_named() {
        let cti = Some(Profile::CtiAdapter);
        assert_eq!(judge(cti, Some(true), None).code, "two_writers");
        assert_eq!(judge(cti, None, None).code, "not_asked");
        assert_eq!(
            judge(Some(Profile::Connector), Some(true), Some(vec![])).code,
            "apart"
        );
        let rules = |count| Some(vec![("ns__PresenceSyncRule__c".to_owned(), count)]);
        assert_eq!(judge(cti, None, rules(0)).code, "apart");
        let seen = judge(cti, None, rules(3));
        assert_eq!(
            seen,
            Seen::of(Check::Adapter, "org_rules").with("about", "ns__PresenceSyncRule__c: 3")
        );
    }
}
