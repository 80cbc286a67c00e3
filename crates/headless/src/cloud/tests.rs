//! The port against the practice org, over real sockets.

use companion::inbox::Post;
use companion::settings::{StreamingMode, StreamingSettings};
use practice::{Options, Server};
use presence::event::{Catalogue, PresenceRow, ServiceChannel, WorkOptions, WorkRow, WorkStage, WrapUpTime};
use presence::ids::StatusId;
use presence::settings::Settings;
use presence::{engine::Engine, time::Now};
use reqwest::Url;
use salesforce::{Authorization, Http, SessionStore, TimeOuts, TokenStore};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

use super::*;

#[path = "shift.rs"]
mod shift;

const REDIRECT: &str = "http://localhost:1717/OauthRedirect";

/// pat, signed in to a practice org, and what the loop would hear.
struct Signed {
    practice: Server,
    http: reqwest::Client,
    cloud: Cloud,
    posts: UnboundedReceiver<Post>,
    /// What may be done with works, as it was told last.
    options: Option<WorkOptions>,
}

impl Signed {
    async fn with(settings: Value, voice_channels: &[&str]) -> Self {
        Self::at(Clock::start(), settings, voice_channels).await
    }

    async fn at(clock: Clock, settings: Value, voice_channels: &[&str]) -> Self {
        let practice = Server::start(Options {
            holdline_ports: Vec::new(),
            ..Options::default()
        })
        .await
        .unwrap();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        let engine = Engine::new(Settings::default(), 1, Now::default());
        let (inbox, posts, _pictures) = Inbox::new(engine.picture());
        let voice_channels: Vec<String> = voice_channels.iter().map(ToString::to_string).collect();
        let streaming = StreamingSettings {
            mode: StreamingMode::Off,
            topic: String::new(),
        };
        let cloud = Cloud::new(
            inbox,
            clock,
            None,
            companion::orgs::Orgs::open(None).0,
            Stream::new(&streaming, None),
            &voice_channels,
        );
        let mut signed = Self {
            practice,
            http,
            cloud,
            posts,
            options: None,
        };
        signed.settings(settings).await;
        let config = OrgConfig::new(signed.practice.url().parse().unwrap(), "holdline");
        let client = signed.client(&config).await;
        signed.cloud.take_into_service(&config, client).await.unwrap();
        assert!(matches!(signed.heard().await, Event::SignedIn { .. }));
        signed
    }

    async fn client(&self, config: &OrgConfig) -> Client {
        let http = Http::new(&config.login_url, TimeOuts::default()).unwrap();
        let (page, authorization) = Authorization::begin(config, &REDIRECT.parse().unwrap()).unwrap();
        let mut form: Vec<(String, String)> = page.query_pairs().into_owned().collect();
        form.extend([("decision", "allow"), ("user", "pat")].map(|(k, v)| (k.into(), v.into())));
        let mut action = page.clone();
        action.set_query(None);
        let answer = self.http.post(action).form(&form).send().await.unwrap();
        let back: Url = answer.headers()["location"].to_str().unwrap().parse().unwrap();
        let tokens = authorization.finish(&http, back.query().unwrap()).await.unwrap();
        let store = TokenStore::Session(SessionStore::default());
        Client::new(http, config.clone(), store, tokens)
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> Value {
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
        answer.json().await.unwrap()
    }

    fn url(&self, path: &str) -> String {
        format!("{}/practice/v1/{path}", self.practice.url())
    }

    async fn settings(&self, patch: Value) {
        self.ask(self.http.put(self.url("settings")).json(&patch)).await;
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.ask(self.http.post(self.url(path)).json(&body)).await
    }

    /// The next event; what may be done with works is kept aside.
    async fn heard(&mut self) -> Event {
        loop {
            match self.posts.recv().await.unwrap() {
                Post::Event(Event::WorkOptions(options)) => self.options = Some(options),
                Post::Event(event) => return event,
                other => panic!("{other:?}"),
            }
        }
    }

    async fn catalogue(&mut self) -> Catalogue {
        match self.heard().await {
            Event::Catalogue(catalogue) => catalogue,
            other => panic!("{other:?}"),
        }
    }

    async fn read(&mut self) -> (Now, Vec<WorkRow>, PresenceRow) {
        self.cloud.read(Vec::new());
        match self.heard().await {
            Event::Rows {
                asked,
                works,
                presence,
            } => (asked, works, presence),
            other => panic!("{other:?}"),
        }
    }

    async fn set_status(&self, status: StatusId) {
        let body = json!({ "statusId": status });
        self.post("console/pat/toolkit/setServicePresenceStatus", body)
            .await;
    }

    /// A call that was accepted, by its name in the practice org.
    async fn on_call(&self) -> String {
        let call = self.post("calls", json!({ "rep": "pat" })).await;
        let call = call["callId"].as_str().unwrap().to_owned();
        self.post(&format!("calls/{call}/accept"), json!({})).await;
        call
    }
}

#[tokio::test]
async fn the_engine_learns_what_the_org_has_set_up() {
    let setup = json!({ "wrapUpMs": 30_000, "wrapUpExtensionMs": 15_000, "callCenter": true });
    let mut signed = Signed::with(setup, &["Case"]).await;
    let catalogue = signed.catalogue().await;
    let statuses: Vec<_> = catalogue
        .statuses
        .iter()
        .map(|status| {
            (
                status.label.as_str(),
                status.developer_name.as_deref().unwrap(),
                status.online,
            )
        })
        .collect();
    assert_eq!(
        statuses,
        [
            ("Available", "Available", true),
            ("Available for Messages", "Available_for_Messages", true),
            ("Break", "Break", false),
            ("Lunch", "Lunch", false),
            ("Training", "Training", false),
        ]
    );
    let channel = |name: &str, item_prefix: &str, voice| ServiceChannel {
        name: name.to_owned(),
        item_prefix: item_prefix.to_owned(),
        voice,
    };
    assert_eq!(
        catalogue.channels,
        [
            channel("sfdc_phone", "0LQ", true),
            channel("sfdc_livemessage", "0Mw", false),
            channel("Case", "500", true),
        ]
    );
    let wrap_up = WrapUpTime {
        ms: 30_000,
        extension_ms: 15_000,
    };
    assert_eq!(catalogue.wrap_up, Some(wrap_up));
    assert_eq!(catalogue.instance.as_deref(), Some("PRACTICE1"));
    assert!(catalogue.call_center);
}

#[tokio::test]
async fn what_may_be_declined_is_read_without_a_console() {
    let reasons = json!({ "declineReasons": ["Wrong skill", "Busy"] });
    let mut signed = Signed::with(reasons, &[]).await;
    signed.catalogue().await;
    signed.read().await;
    let options = |may_decline, reasons: &[&str]| WorkOptions {
        may_decline,
        decline_reasons: reasons.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(
        signed.options.take(),
        Some(options(true, &["Busy", "Wrong skill"]))
    );

    signed.settings(json!({ "mayDecline": false })).await;
    let client = signed.cloud.client().unwrap();
    signed.cloud.read_catalogue(&client).await.unwrap();
    signed.catalogue().await;
    signed.read().await;
    assert_eq!(signed.options.take(), Some(options(false, &[])));
}

#[tokio::test]
async fn a_call_is_read_from_ring_to_extended_wrap_up() {
    let mut signed = Signed::with(json!({ "wrapUpExtensionMs": 15_000 }), &["Case"]).await;
    let available = signed.catalogue().await.statuses[0].id;
    assert_eq!(
        signed.read().await.2,
        PresenceRow {
            row: None,
            status: None,
            since_ms: None,
            modstamp_ms: None
        }
    );
    signed.set_status(available).await;
    let case = signed
        .post("works", json!({ "rep": "pat", "channel": "case" }))
        .await;
    let (_, works, presence) = signed.read().await;
    assert_eq!(presence.status, Some(available));
    assert!(presence.row.is_some() && presence.modstamp_ms.is_some());
    assert_eq!(works[0].work.to_string(), case["agentWorkId"].as_str().unwrap());
    assert!(works[0].voice, "the settings say so");

    let path = "console/pat/toolkit/";
    let work = json!({ "workId": works[0].work });
    signed.post(&format!("{path}acceptAgentWork"), work.clone()).await;
    signed.post(&format!("{path}closeAgentWork"), work).await;
    let call = signed.on_call().await;
    let (_, works, _) = signed.read().await;
    let [talking] = works.as_slice() else {
        panic!("{works:?}")
    };
    assert_eq!((talking.stage, talking.voice), (WorkStage::Opened, true));
    assert_eq!(talking.vendor_call_key.as_deref(), Some(call.as_str()));
    assert!(!talking.conversation_ended && talking.conversation_ended_ms.is_none());

    signed.post(&format!("calls/{call}/hangup"), json!({})).await;
    signed.post(&format!("calls/{call}/extend"), json!({})).await;
    let (asked, works, _) = signed.read().await;
    let [wrapping] = works.as_slice() else {
        panic!("{works:?}")
    };
    assert!(wrapping.conversation_ended);
    // The Date header has whole seconds.
    let ended_ms = wrapping.conversation_ended_ms.unwrap();
    assert!((asked.wall_ms - ended_ms).abs() < 60_000);
    assert_eq!(wrapping.acw_extensions, 1);
    assert!(wrapping.modstamp_ms > talking.modstamp_ms);
}

#[tokio::test]
async fn a_move_is_told_before_what_the_org_says_after_it() {
    let mut signed = Signed::with(json!({}), &[]).await;
    let before = signed.catalogue().await;
    signed.set_status(before.statuses[0].id).await;
    signed.on_call().await;
    let (last, works, _) = signed.read().await;
    assert_eq!(works.len(), 1);

    signed.post("instance", json!({ "instance": "PRACTICE2" })).await;
    signed.cloud.read(Vec::new());
    let after = signed.catalogue().await;
    let moved = Catalogue {
        instance: Some("PRACTICE2".to_owned()),
        ..before
    };
    assert_eq!(after, moved);
    match signed.heard().await {
        Event::Rows {
            asked,
            works,
            presence,
        } => {
            assert!(asked >= last);
            assert_eq!((works, presence.status), (Vec::new(), None));
        }
        other => panic!("{other:?}"),
    }
    signed.read().await;
}

#[tokio::test]
async fn what_a_rep_may_not_read_is_told_once_and_loses_nothing_else() {
    let hidden = ["PresenceUserConfig", "VoiceCall", "ServiceChannel"];
    let mut signed = Signed::with(json!({ "hidden": hidden }), &[]).await;
    let catalogue = signed.catalogue().await;
    assert_eq!(catalogue.statuses.len(), 5);
    assert_eq!(
        catalogue.channels,
        [ServiceChannel {
            name: "sfdc_phone".to_owned(),
            item_prefix: "0LQ".to_owned(),
            voice: true
        }]
    );
    let lacking = Problem {
        code: ProblemCode::PermissionMissing,
        about: "PresenceUserConfig, ServiceChannel".to_owned(),
    };
    assert_eq!(signed.heard().await, Event::ProblemRaised(lacking));
    signed.set_status(catalogue.statuses[0].id).await;
    signed.on_call().await;
    let (_, works, presence) = signed.read().await;
    assert_eq!(
        (works.len(), presence.status),
        (1, Some(catalogue.statuses[0].id))
    );
}

#[tokio::test]
async fn near_the_orgs_limit_the_rep_is_warned_and_reads_are_put_off() {
    let mut signed = Signed::with(json!({}), &[]).await;
    signed.catalogue().await;
    signed.read().await;
    let client = signed.cloud.client().unwrap();
    let used = |client: &Client| client.facts().api_usage.unwrap().used;
    // The next call makes it 90 % or more.
    let limit = (used(&client) + 1) * 100 / 95;
    signed.settings(json!({ "apiRequestLimit": limit })).await;
    signed.read().await;
    let Event::ProblemRaised(warned) = signed.heard().await else {
        panic!("no warning")
    };
    assert_eq!(warned.code, ProblemCode::RequestLimitNear);
    assert!(warned.about.ends_with(" %"), "{}", warned.about);

    let before = used(&client);
    signed.cloud.read(Vec::new());
    match signed.heard().await {
        Event::ReadFailed {
            problem,
            retry_after_ms: Some(pause_ms),
        } => {
            assert_eq!(problem, warned);
            assert!((50_000..=60_000).contains(&pause_ms), "{pause_ms}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(used(&client), before, "no call was made");
}

#[tokio::test]
async fn a_shift_with_a_console_stays_within_its_calls() {
    let mut signed = Signed::with(json!({}), &[]).await;
    let available = signed.catalogue().await.statuses[0].id;
    signed.set_status(available).await;
    signed.on_call().await;
    let client = signed.cloud.client().unwrap();
    let used = |client: &Client| client.facts().api_usage.unwrap().used;
    let at_sign_in = used(&client);
    let read = 10;
    for _ in 0..read {
        signed.read().await;
    }
    let each = (used(&client) - at_sign_in) / read;
    let before = used(&client);
    signed.cloud.read_catalogue(&client).await.unwrap();
    let again = used(&client) - before;
    // Eight hours: a read every quarter of an hour (Timings::read_slow_ms), the set-up every hour.
    let shift = at_sign_in + 8 * 4 * each + 8 * again;
    assert!(shift <= 100, "{at_sign_in} + 32 * {each} + 8 * {again} = {shift}");
    assert_eq!((each, again), (1, 2));
}
