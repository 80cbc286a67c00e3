//! Web pages that are not the org's, in the rep's own browser: they can neither read what Holdline knows nor make it
//! write, whatever they have overheard, and the rep's console goes on meanwhile.

use journeys::wait;
use serde_json::{Value, json};

use crate::stage::{ConsolePage, Plan, Site, Stage, Surface};

const HOSTILE: &str = include_str!("hostile_page.js");
/// Where Holdline listens is no secret: a page would try the whole list.
const FLOOD: usize = 40;

#[test]
fn headless() {
    let mut stage = Stage::set(
        Surface::Headless,
        Plan {
            no_console: true,
            ..Plan::default()
        },
    );
    let resolve = "--host-resolver-rules=MAP evil.example 127.0.0.1,MAP rebound.example 127.0.0.1";
    let browser = ConsolePage::browser_with(&stage, "hostile pages in Chromium", &[resolve.to_owned()]);
    let Some(console) = browser else { return };
    console.opens("pat");
    stage.sign_in();
    console.item("the console joined", |item| item.state == "connected");
    let own = console.browser.tab();
    console.chooses("Available");
    stage.sees("Available", |seen| seen.presence.as_deref() == Some("Available"));

    let overheard = overhears_a_call(&console, &mut stage);
    replays_it_in_the_console_itself(&console, &mut stage);
    let before = stage.org.log();

    let port = holdlines_port(&stage);
    let site = Site::open();
    for (what, url) in [
        (
            "another port of this computer",
            format!("http://localhost:{}/", site.port()),
        ),
        ("another site", format!("http://evil.example:{}/", site.port())),
    ] {
        console.browser.open_tab(&url);
        let read = console
            .browser
            .script_async(HOSTILE, vec![json!(port), overheard.clone(), json!(1)]);
        assert_eq!(read, json!([]), "{what} could read");
    }
    a_rebound_name_reads_nothing(&console, port);
    assert_eq!(before, stage.org.log(), "a hostile page has written");

    // A flood that goes on while the rep works.
    console
        .browser
        .open_tab(&format!("http://evil.example:{}/", site.port()));
    let flood = format!(
        "window.flooded = null; const args = [...arguments];\
        (function () {{ {HOSTILE} }})(...args, (read) => {{ window.flooded = read; }});"
    );
    console
        .browser
        .script(&flood, vec![json!(port), overheard, json!(FLOOD)]);
    let flooding = console.browser.tab();
    let call = stage.on_a_call();
    stage.offline_is_held("waits until your call ends");
    stage.org.hangup(&call);
    stage.org.finish(&call);
    stage.sees_offline_set();
    let read = wait::until("the flood to be over", || {
        let read = console.browser.script("return window.flooded;", Vec::new());
        (!read.is_null()).then_some(read)
    });
    assert_eq!(read, json!([]), "the flood could read");
    assert_eq!(console.browser.tab(), flooding);
    console.browser.look_at(&own);
    console.item("the rep's own console, still joined", |item| {
        item.state == "connected"
    });
    stage.ends_with_writes(&["Break", "Available", "Offline"]);
}

/// A call from ring to end, and every request that the console sent for it.
fn overhears_a_call(console: &ConsolePage, stage: &mut Stage) -> Value {
    console.browser.script(
        "const own = window.fetch; window.overheard = []; window.ownFetch = own;
         window.fetch = (url, init) => {
             const path = new URL(url, location.href).pathname;
             if (path.startsWith('/bridge/') && init && init.body) window.overheard.push([path, init.body]);
             return own(url, init);
         };",
        Vec::new(),
    );
    let call = stage.on_a_call();
    stage.org.hangup(&call);
    stage.org.finish(&call);
    stage.sees("the end of the call", |seen| seen.call == "idle");
    wait::until("reports and polls of the console", || {
        let heard = console.browser.script("return window.overheard;", Vec::new());
        let has = |part: &str| heard.to_string().contains(part);
        (has("workClosed") && has("/bridge/v1/poll")).then_some(heard)
    })
}

/// Even from the right page a report counts once.
fn replays_it_in_the_console_itself(console: &ConsolePage, stage: &mut Stage) {
    let replayed = console.browser.script_async(
        "const done = arguments[0], base = `http://localhost:${arguments[1]}`;
         Promise.all(window.overheard.filter(([path]) => path.endsWith('report')).map(([path, body]) =>
             window.ownFetch(base + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })
                 .then((r) => r.status))).then(done, (e) => done(String(e)));"
            .replace("arguments[0]", "arguments[arguments.length - 1]")
            .replace("arguments[1]", "arguments[0]")
            .as_str(),
        vec![json!(holdlines_port(stage))],
    );
    let statuses = replayed.as_array().expect("a status for each");
    assert!(
        !statuses.is_empty() && statuses.iter().all(|status| *status == 200),
        "{replayed}"
    );
    // A call that began again would be shown before this one.
    stage.rep.asks_for("Break");
    let seen = stage.sees("the rep's choice", |seen| {
        assert!(
            seen.call == "idle",
            "a replayed report has begun a call: {seen:?}"
        );
        seen.presence.as_deref() == Some("Break")
    });
    assert_eq!(seen.call, "idle");
    stage.rep.asks_for("Available");
    // On the phone too: what follows counts every write from here.
    stage.sees("Available again", |seen| {
        seen.presence.as_deref() == Some("Available") && seen.phone.as_deref() == Some("Available")
    });
}

/// A page whose own name has been made to mean this computer is of one origin with Holdline's port, and still not
/// answered.
#[track_caller]
fn a_rebound_name_reads_nothing(console: &ConsolePage, port: u16) {
    console
        .browser
        .open_tab(&format!("http://rebound.example:{port}/holdline"));
    let answers = console.browser.script_async(
        "const done = arguments[0];
         const ask = (path, init) => fetch(path, init).then(async (r) => `${r.status} ${await r.text()}`);
         const json = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' };
         Promise.all([document.body.innerText, ask('/holdline'), ask('/status/v1/picture'),
             ask('/bridge/v1/hello', json), ask('/status/v1/requests', json)]).then(done, (e) => done([String(e)]));",
        Vec::new(),
    );
    let answers = answers.as_array().expect("a list").clone();
    assert_eq!(answers.len(), 5, "{answers:?}");
    for answer in answers {
        let answer = answer.as_str().unwrap_or_default();
        assert!(
            answer.contains("wrong_host") && !answer.contains("orgId") && !answer.contains("userId"),
            "a rebound name was answered {answer}"
        );
    }
}

fn holdlines_port(stage: &Stage) -> u16 {
    let access = std::fs::read(stage.place.profile.join("status-api.json")).expect("Holdline runs");
    let access: Value = serde_json::from_slice(&access).expect("JSON");
    u16::try_from(access["port"].as_u64().unwrap_or_default()).expect("a port")
}
