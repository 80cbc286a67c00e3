//! Tokens, keys, codes and whoever is on the line stay where they belong: no log, no trace, no file, no argument
//! and no environment has them, not even when everything is logged.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use journeys::webdriver::Find;
use journeys::{runtime, wait};
use reqwest::Method;
use serde_json::{Value, json};
use wire::bridge::{HELLO_PATH, PAIR_PATH};

use crate::stage::{Gateway, Headless, Place, Plan, Stage, Surface};

/// Nobody else has this number.
const CALLER: &str = "+1 555 0142 7396";

/// Files that hold a kind of secret by design (docs/architecture.md).
const BY_DESIGN: [(&str, &str); 3] = [
    ("state.json", "the rep's name"),
    ("orgs.json", "the rep's name"),
    ("status-api.json", "the status API's key"),
];

/// What must not be found, and what it is.
type Secrets = BTreeMap<String, &'static str>;

#[test]
fn headless() {
    let mut stage = Stage::empty(
        Surface::Headless,
        Plan {
            // The next read comes soon, and the session has to be renewed for it.
            settings: "[timings]\npercent = 3\n[log]\nlevel = \"trace\"\n",
            ..Plan::default()
        },
    );
    stage
        .org
        .ask(Method::PUT, "settings", Some(json!({ "rotation": true })));
    let (gateway, overheard) = Gateway::overhearing(stage.org.url());
    stage.rep = Box::new(Headless::new(&gateway.url(), stage.place.clone()).logging("trace"));
    stage.rep.starts();
    stage.sign_in();
    stage.sees("nothing going on", |seen| {
        seen.call == "idle" && seen.presence.as_deref() == Some("Available")
    });

    let call = stage.org.call("pat", CALLER);
    stage.sees("the call ringing", |seen| seen.call == "ringing");
    stage.org.accept(&call);
    stage.sees("the call", |seen| seen.call == "on_call");
    stage.offline_is_held("waits until your call ends");
    stage.org.hangup(&call);
    stage.org.finish(&call);
    stage.sees_offline_set();
    let expire = json!({ "where": "rest", "what": { "kind": "expire_sessions" }, "times": 1 });
    stage.org.ask(Method::POST, "faults", Some(expire));
    wait::until("a renewed session", || {
        let heard = text(&overheard.lock().unwrap_or_else(PoisonError::into_inner));
        (values(&heard, "\"refresh_token\":\"").len() >= 2).then_some(())
    });

    let mut secrets = secrets_of(&mut stage, &overheard);
    secrets.insert(pair_another_page(&stage), "a pairing key");
    let codes = codes_shown(&stage.place.logs);
    assert_eq!(leaks(&stage.place, &secrets, &codes), Vec::<String>::new());
    // The search finds what is there.
    let log = fs::read(&logs(&stage.place.logs)[0]).expect("a log");
    assert!(
        text(&log).contains("TRACE"),
        "nothing was logged at the level of the test"
    );
    let own = text(&fs::read(stage.place.profile.join("logs/000001.log")).expect("the log file"));
    assert!(
        own.contains("listening on loopback") && own.contains("INVALID_SESSION_ID"),
        "the log file says little: {own}"
    );

    // Nor does what support gets, by design or not.
    let shown = Headless::ask(&stage.place, &["diagnose"]);
    assert!(shown.status.success(), "{shown:?}");
    names_nobody(&text(&shown.stdout), &secrets);
    stage.ends_with_writes(&["Offline"]);
}

#[test]
fn windowed() {
    let mut stage = Stage::set(
        Surface::Windowed,
        Plan {
            settings: "[log]\nlevel = \"trace\"\n",
            ..Plan::default()
        },
    );
    let (gateway, overheard) = Gateway::overhearing(stage.org.url());
    stage.rep.signs_in(&gateway.url());
    stage.rep.pairs(&mut stage.org);
    stage.sees("nothing going on", |seen| seen.call == "idle");
    let call = stage.org.call("pat", CALLER);
    stage.sees("the call ringing", |seen| seen.call == "ringing");

    let secrets = secrets_of(&mut stage, &overheard);
    // Every process of window and tray is alive: their arguments and environments are looked at too.
    assert_eq!(leaks(&stage.place, &secrets, &[]), Vec::<String>::new());
    let page = stage.rep.window().expect("the window").page();
    page.click(&Find::Role("button", "Settings and help"));
    page.click(&Find::Role("button", "Show what would be saved"));
    let shown = wait::until("what would be saved", || {
        let shown = page.script(
            "return [...document.querySelectorAll('pre')].map((pre) => pre.textContent);",
            vec![],
        );
        let files: Vec<String> = serde_json::from_value(shown).ok()?;
        (files.len() > 3).then(|| files.join("\n"))
    });
    names_nobody(&shown, &secrets);
    page.click(&Find::Role("button", "Save"));
    let saved = wait::until("the saved file", || {
        let said = page.script("return document.body.innerText;", vec![]);
        let (_, path) = said.as_str()?.split_once("Saved as ")?;
        Some(PathBuf::from(path.lines().next()?.trim()))
    });
    assert!(fs::read(&saved).expect("the saved file").starts_with(b"PK"));
    stage.org.decline(&call);
}

/// What must not be found: tokens and codes that went by, the status API's key, and who is who.
#[track_caller]
fn secrets_of(stage: &mut Stage, overheard: &Mutex<Vec<u8>>) -> Secrets {
    let mut secrets = Secrets::new();
    let heard = text(&overheard.lock().unwrap_or_else(PoisonError::into_inner));
    for (before, what) in [
        ("\"access_token\":\"", "an access token"),
        ("\"refresh_token\":\"", "a refresh token"),
        ("code_verifier=", "the PKCE verifier"),
        ("?code=", "an authorization code"),
    ] {
        let found = values(&heard, before);
        assert!(
            !found.is_empty() || before == "?code=",
            "{what} was not overheard"
        );
        secrets.extend(found.into_iter().map(|value| (value, what)));
    }
    // Streams go to the org's instance, not by the gateway.
    let cookie = wait::until("a streaming cookie", || {
        let streaming = stage.org.ask(Method::GET, "cometd", None);
        Some(streaming["browsers"].as_array()?.first()?.as_str()?.to_owned())
    });
    secrets.insert(cookie, "a streaming cookie");
    let access = fs::read(stage.place.profile.join("status-api.json")).expect("the status API's file");
    let access: Value = serde_json::from_slice(&access).expect("JSON");
    secrets.insert(of(&access, "key"), "the status API's key");
    let pat = stage.pat();
    for (value, what) in [
        (of(&pat, "name"), "the rep's name"),
        (of(&pat, "username"), "the rep's user name"),
        (CALLER.to_owned(), "the caller's number"),
        (CALLER.replace([' ', '+'], ""), "the caller's number"),
    ] {
        secrets.insert(value, what);
    }
    assert!(
        secrets.keys().all(|secret| secret.len() > 5),
        "{:?}",
        secrets.values()
    );
    secrets
}

/// Every secret that is where it must not be: in the profile (its log files and trace are there), in what was
/// logged, in arguments or environment of a process.
fn leaks(place: &Place, secrets: &Secrets, codes: &[String]) -> Vec<String> {
    let mut leaks = Vec::new();
    for file in files_of(&place.profile).into_iter().chain(logs(&place.logs)) {
        let content = text(&fs::read(&file).unwrap_or_default());
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        for (secret, what) in secrets {
            if content.contains(secret.as_str()) && !BY_DESIGN.contains(&(&name, *what)) {
                leaks.push(format!("{what} in {name}: {}", line_with(&content, secret)));
            }
        }
        let shown = codes.iter().filter(|code| stands_alone(&content, code));
        leaks.extend(shown.map(|code| format!("a pairing code in {name}: {}", line_with(&content, code))));
    }
    for (process, content) in processes() {
        for (secret, what) in secrets {
            if content.contains(secret.as_str()) {
                leaks.push(format!("{what} in {process}"));
            }
        }
    }
    leaks
}

/// The diagnostic file holds nobody's secret, and not even their name.
#[track_caller]
fn names_nobody(bundle: &str, secrets: &Secrets) {
    assert!(bundle.contains("Holdline "), "it is none: {bundle}");
    for (secret, what) in secrets {
        assert!(
            !bundle.contains(secret.as_str()),
            "{what} in the diagnostic file: {}",
            line_with(bundle, secret)
        );
    }
}

/// A further browser pairs, as the practice console has done; its key.
#[track_caller]
fn pair_another_page(stage: &Stage) -> String {
    let status = Headless::ask(&stage.place, &["status", "--json"]);
    let picture: Value = serde_json::from_slice(&status.stdout).expect("the picture");
    let hello = json!({
        "protocol": { "min": 1, "max": 1 },
        "orgId": picture["session"]["org_id"],
        "userId": picture["session"]["user_id"],
        "instance": "another page",
    });
    let access = fs::read(stage.place.profile.join("status-api.json")).expect("the status API's file");
    let access: Value = serde_json::from_slice(&access).expect("JSON");
    let holdline = format!("http://localhost:{}", access["port"]);
    let origin = stage.org.url();
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let ask = |path: &str, body: Value| -> Value {
        let request = client
            .post(format!("{holdline}{path}"))
            .header("origin", origin)
            .json(&body);
        runtime::wait_on(async {
            request
                .send()
                .await
                .expect("an answer")
                .json()
                .await
                .expect("JSON")
        })
    };
    let welcome = ask(HELLO_PATH, hello);
    let pairing = welcome["pairing"].clone();
    assert!(pairing.is_string(), "{welcome}");
    wait::until("a confirmed pairing", || {
        let answer = ask(PAIR_PATH, json!({ "pairing": pairing }));
        // What stands before the dot is its name, and told.
        let (_, secret) = answer["pairingKey"].as_str()?.split_once('.')?;
        Some(secret.to_owned())
    })
}

/// Every value that begins right after these words.
fn values(heard: &str, before: &str) -> Vec<String> {
    let ends = |c: char| !(c.is_ascii_alphanumeric() || "!._~-".contains(c));
    let rests = heard
        .match_indices(before)
        .map(|(at, _)| &heard[at + before.len()..]);
    let values = rests.map(|rest| rest.split(ends).next().unwrap_or_default().to_owned());
    values.filter(|value| !value.is_empty()).collect()
}

/// Whether a code is there as a number of its own, which is no fraction of a second.
fn stands_alone(content: &str, code: &str) -> bool {
    content.match_indices(code).any(|(at, _)| {
        let before = content[..at].chars().next_back();
        let after = content[at + code.len()..].chars().next();
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        !digit(before) && before != Some('.') && !digit(after)
    })
}

/// What was shown to be compared on both sides.
#[track_caller]
fn codes_shown(logs: &Path) -> Vec<String> {
    let mut codes = Vec::new();
    for file in files_of(logs) {
        let said = text(&fs::read(file).unwrap_or_default());
        for picture in said
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        {
            let pairings = picture["pairings"].as_array().cloned().unwrap_or_default();
            codes.extend(pairings.iter().map(|pairing| of(pairing, "code")));
        }
    }
    assert!(!codes.is_empty(), "no pairing code was shown");
    codes
}

/// What Holdline has logged. Its standard output is what the rep reads; the practice org is not Holdline.
fn logs(folder: &Path) -> Vec<PathBuf> {
    let is_log = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("holdlinectl") && name.ends_with(".stderr")
    };
    files_of(folder).into_iter().filter(is_log).collect()
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("our own folder") {
        let path = entry.expect("our own folder").path();
        if path.is_dir() {
            files.extend(files_of(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// Arguments and environment of every process that may be looked at, as anybody of the same user can.
fn processes() -> Vec<(String, String)> {
    let entries = fs::read_dir("/proc").expect("Linux").flatten();
    let parts = entries.flat_map(|entry| ["cmdline", "environ"].map(|part| entry.path().join(part)));
    parts
        .filter_map(|path| Some((path.display().to_string(), text(&fs::read(path).ok()?))))
        .collect()
}

fn line_with<'c>(content: &'c str, secret: &str) -> &'c str {
    content
        .lines()
        .find(|line| line.contains(secret))
        .unwrap_or_default()
}

#[track_caller]
fn of(value: &Value, field: &str) -> String {
    let text = value[field].as_str();
    text.unwrap_or_else(|| panic!("no {field} in {value}")).to_owned()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
