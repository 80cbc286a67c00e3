//! The library against the practice org: sign-in, queries, refresh with rotation, revoke, over a real socket.

mod org;
mod streaming;

use std::time::Duration;

use org::{Practice, REDIRECT, memory};
use salesforce::{
    Authorization, Client, Error, ResumeError, SignInError, SignInReason, StatusKind, StoreError, WorkStatus,
    WrapUp,
};
use secrecy::ExposeSecret;
use serde_json::json;
use url::Url;

#[tokio::test]
async fn a_rep_signs_in_and_a_call_is_seen_from_ring_to_end() {
    let practice = Practice::start().await;
    let client = practice.sign_in(&memory()).await;
    let user = client.account().user;
    let identity = client.identity().await.unwrap();
    assert_eq!((identity.org_id, identity.user_id), (client.account().org, user));
    assert!(identity.name.is_some());

    let setup = client.setup(user).await.unwrap();
    assert_eq!(setup.missing, []);
    assert_eq!(setup.instance.as_deref(), Some("PRACTICE1"));
    assert!(!setup.in_call_center);
    let wrap_up = WrapUp {
        time: Duration::from_secs(90),
        extension: Duration::ZERO,
    };
    assert_eq!(setup.wrap_up, Some(wrap_up), "by the profile, not the default");
    let available = setup
        .statuses
        .iter()
        .find(|status| status.label == "Available")
        .unwrap();
    assert_eq!(available.kind(), Some(StatusKind::Online));
    assert!(
        setup
            .statuses
            .iter()
            .any(|status| status.kind() == Some(StatusKind::Busy))
    );
    let channels = setup.channels.as_ref().unwrap();
    let told: Vec<_> = channels
        .iter()
        .map(|channel| (channel.label.as_str(), channel.key_prefix.as_deref().unwrap()))
        .collect();
    assert_eq!(told, [("Phone", "0LQ"), ("Messaging", "0Mw"), ("Case", "500")]);
    assert_eq!(available.channels.as_ref().unwrap().len(), 3);

    assert_eq!(client.presence(user).await, Ok(None), "logged out at first");
    practice.set_status(available.id).await;
    let presence = client.presence(user).await.unwrap().unwrap();
    assert_eq!(presence.status_id, available.id);

    assert_eq!(client.works(user).await, Ok(vec![]));
    let call = practice
        .post("calls", json!({ "rep": "pat", "from": "+1 555 0100" }))
        .await;
    let call_id = call["callId"].as_str().unwrap();
    let works = client.works(user).await.unwrap();
    let [work] = works.as_slice() else {
        panic!("{works:?}")
    };
    assert_eq!(work.id.to_string(), call["agentWorkId"].as_str().unwrap());
    assert_eq!(work.status, WorkStatus::Assigned);
    assert_eq!(work.related_entity.as_deref(), Some("VoiceCall"));
    assert!(work.assigned_at.is_some() && work.modified_at.is_some());
    let item = work.item_id.unwrap();
    assert!(item.0.has_prefix(&client.voice_key_prefix().await.unwrap()));

    practice.post(&format!("calls/{call_id}/accept"), json!({})).await;
    assert_eq!(client.works(user).await.unwrap()[0].status, WorkStatus::Opened);
    let voice = client.voice_calls(&[item]).await.unwrap();
    assert_eq!((voice.len(), voice[0].ended_at), (1, None));

    practice.post(&format!("calls/{call_id}/hangup"), json!({})).await;
    assert_eq!(
        client.works(user).await.unwrap()[0].status,
        WorkStatus::Opened,
        "wrap-up"
    );
    assert!(client.voice_calls(&[item]).await.unwrap()[0].ended_at.is_some());

    practice.post(&format!("calls/{call_id}/finish"), json!({})).await;
    assert_eq!(client.works(user).await, Ok(vec![]));
    let situation = client.situation(user, &[work.id]).await.unwrap();
    assert_eq!(situation.works[0].status, WorkStatus::Closed, "watched");
    assert!(situation.calls[0].ended_at.is_some());
    assert!(situation.presence.is_some());
    assert!(client.facts().api_usage.unwrap().used > 0);
    assert!(client.facts().skew_ms.unwrap().abs() < 60_000);
}

#[tokio::test]
async fn denied_consent_and_a_foreign_state_are_told_apart() {
    let practice = Practice::start().await;
    let redirect = Url::parse(REDIRECT).unwrap();
    let (url, denied) = Authorization::begin(&practice.config(), &redirect).unwrap();
    let query = practice.consent(&url, "deny").await;
    assert_eq!(
        denied.finish(&practice.http(), &query).await.err(),
        Some(SignInError::AccessDenied)
    );
    let (_, other) = Authorization::begin(&practice.config(), &redirect).unwrap();
    let query = practice.consent(&url, "allow").await;
    assert_eq!(
        other.finish(&practice.http(), &query).await.err(),
        Some(SignInError::StateMismatch)
    );
}

#[tokio::test]
async fn an_expired_session_is_renewed_and_its_rotated_token_kept() {
    let practice = Practice::start().await;
    practice.settings(json!({ "rotation": true })).await;
    let store = memory();
    let client = practice.sign_in(&store).await;
    let account = client.account();
    let first = store.load(account).await.unwrap();

    // Every session is expired at once, the renewed one too; its refresh token is kept all the same.
    practice.settings(json!({ "sessionTimeoutMs": 0 })).await;
    let ended = Err(Error::SignInAgain(SignInReason::RefusedAgain));
    assert_eq!(client.presence(account.user).await, ended);
    let second = store.load(account).await.unwrap();
    assert_ne!(second.expose_secret(), first.expose_secret());

    practice.settings(json!({ "sessionTimeoutMs": 3_600_000 })).await;
    let resume = || Client::resume(practice.http(), practice.config(), store.clone(), account);
    let client = resume().await.unwrap();
    assert_eq!(client.presence(account.user).await, Ok(None));
    assert_eq!(client.unsaved(), None);

    // A spent token that comes again revokes everything: that is why there is one refresher.
    store.save(account, &first).await.unwrap();
    let refused = Error::SignInAgain(SignInReason::GrantRefused);
    assert_eq!(
        resume().await.err(),
        Some(ResumeError::Salesforce(refused.clone()))
    );
    assert_eq!(client.presence(account.user).await, Err(refused));
}

#[tokio::test]
async fn a_sign_in_is_taken_up_until_it_is_revoked() {
    let practice = Practice::start().await;
    let store = memory();
    let account = practice.sign_in(&store).await.account();
    let resume = || Client::resume(practice.http(), practice.config(), store.clone(), account);
    let client = resume().await.unwrap();
    assert_eq!(client.unsaved(), None);
    assert!(client.identity().await.is_ok());
    let token = store.load(account).await.unwrap();

    let out = client.sign_out().await;
    assert_eq!((out.revoked, out.forgotten), (Ok(()), Ok(())));
    assert_eq!(
        resume().await.err(),
        Some(ResumeError::Store(StoreError::NoEntry))
    );
    // The org, too, has forgotten it.
    store.save(account, &token).await.unwrap();
    let refused = Error::SignInAgain(SignInReason::GrantRefused);
    assert_eq!(resume().await.err(), Some(ResumeError::Salesforce(refused)));
}

#[tokio::test]
async fn versions_extensions_and_a_move_are_seen() {
    let practice = Practice::start().await;
    practice.settings(json!({ "wrapUpExtensionMs": 60_000 })).await;
    let client = practice.sign_in(&memory()).await;
    let user = client.account().user;
    let setup = client.setup(user).await.unwrap();
    assert_eq!(setup.wrap_up.unwrap().extension, Duration::from_secs(60));
    let status = |label: &str| {
        setup
            .statuses
            .iter()
            .find(|status| status.label == label)
            .unwrap()
            .id
    };
    practice.set_status(status("Available")).await;
    let call = practice.post("calls", json!({ "rep": "pat" })).await;
    let call = call["callId"].as_str().unwrap().to_owned();
    let mut last = None;
    let used = client.facts().api_usage.unwrap().used;
    let steps = ["accept", "hangup", "extend", "extend"];
    for step in steps {
        practice.post(&format!("calls/{call}/{step}"), json!({})).await;
        let modified_at = client.situation(user, &[]).await.unwrap().works[0].modified_at;
        assert!(modified_at > last, "{step}");
        last = modified_at;
    }
    assert_eq!(
        client.facts().api_usage.unwrap().used - used,
        steps.len() as u64,
        "one call each"
    );
    let situation = client.situation(user, &[]).await.unwrap();
    assert_eq!(situation.works[0].acw_extensions, 2);

    practice
        .post("instance", json!({ "instance": "PRACTICE2" }))
        .await;
    let situation = client.situation(user, &[]).await.unwrap();
    assert_eq!(situation.instance.as_deref(), Some("PRACTICE2"));
    assert_eq!((situation.works, situation.presence), (vec![], None));
}

#[tokio::test]
async fn what_the_reps_may_not_see_is_left_out() {
    let practice = Practice::start().await;
    let hidden = [
        "PresenceUserConfig",
        "AgentWork.AcwExtensionCount",
        "Organization.InstanceName",
    ];
    practice
        .settings(json!({ "hidden": hidden, "viewDeveloperName": false }))
        .await;
    let client = practice.sign_in(&memory()).await;
    let user = client.account().user;
    let setup = client.setup(user).await.unwrap();
    let names: Vec<_> = setup.missing.iter().map(salesforce::Missing::name).collect();
    assert_eq!(
        names,
        [
            "View DeveloperName",
            "Organization.InstanceName",
            "PresenceUserConfig"
        ]
    );
    assert_eq!((setup.wrap_up, setup.instance), (None, None));
    practice.set_status(setup.statuses[0].id).await;
    practice.post("calls", json!({ "rep": "pat" })).await;
    let situation = client.situation(user, &[]).await.unwrap();
    assert_eq!(situation.works[0].acw_extensions, 0);
    assert!(situation.works[0].modified_at.is_some());
}
