//! How soon the stream is back: every connection to the practice org's streaming is cut for ten seconds, the rep's
//! status changes meanwhile, and then the way is open again.
//!
//! Prints one JSON object: `recovery_after_cut_ms`, from the opening until the change is heard, the worst of the
//! cuts. Arguments: cuts (5), seconds (10).

use std::error::Error;
use std::time::{Duration, Instant};

use practice::{Options, Server};
use reqwest::redirect::Policy;
use reqwest::{Client as Web, Method};
use salesforce::streaming::{Heard, Listening, Pushed, listen};
use salesforce::{Authorization, Client, Http, OrgConfig, SessionStore, TimeOuts, TokenStore, parse_org_url};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use url::Url;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const REDIRECT: &str = "http://localhost:1717/OauthRedirect";

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default| arguments.next().map_or(Ok(default), |text| text.parse::<u64>());
    let (cuts, seconds) = (number(5)?, number(10)?);
    let options = Options {
        holdline_ports: Vec::new(),
        ..Options::default()
    };
    let org = Server::start(options).await?;
    let web = Web::builder().no_proxy().redirect(Policy::none()).build()?;
    let client = signs_in(&web, org.url()).await?;
    let setup = client.setup(client.account().user).await?;
    let statuses = [&setup.statuses[0], &setup.statuses[1]].map(|status| status.id.to_string());
    let (tell, mut heard) = mpsc::unbounded_channel();
    let listening = Listening {
        topic: "HoldlinePresence".to_owned(),
        from: None,
        seed: 7,
        retry: Listening::RETRY,
    };
    let hear = move |heard| {
        let _ = tell.send(heard);
    };
    let listener =
        tokio::spawn(async move { listen(&client, listening, hear, std::future::pending()).await });
    heard.recv().await.ok_or("it does not listen")?;
    // What goes on has a position to go on from.
    set(&web, org.url(), &statuses[1]).await?;
    hears(&mut heard, &statuses[1]).await?;

    let mut worst = Duration::ZERO;
    for cut in 0..cuts {
        let cutting = json!({ "where": "cometd", "what": { "kind": "cut_before" } });
        let fault = practice(&web, org.url(), Method::POST, "faults", cutting).await?["id"].clone();
        // The connect that is held is let go by a change; the ones after it are cut.
        set(&web, org.url(), &statuses[0]).await?;
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        set(&web, org.url(), &statuses[1]).await?;
        let path = format!(
            "faults/{}",
            fault.as_str().map_or_else(|| fault.to_string(), str::to_owned)
        );
        practice(&web, org.url(), Method::DELETE, &path, Value::Null).await?;
        let open = Instant::now();
        hears(&mut heard, &statuses[1]).await?;
        let took = open.elapsed();
        eprintln!("cut {}: back after {} ms", cut + 1, took.as_millis());
        worst = worst.max(took);
    }
    listener.abort();
    println!("{}", json!({ "recovery_after_cut_ms": worst.as_millis() }));
    org.shutdown().await;
    Ok(())
}

/// Waits until it is told that this is the status.
async fn hears(heard: &mut mpsc::UnboundedReceiver<Heard>, status: &str) -> Outcome<()> {
    loop {
        match heard.recv().await.ok_or("it has ended")? {
            Heard::Message {
                pushed: Pushed::Current(presence),
                ..
            } if presence.status.to_string() == status => return Ok(()),
            Heard::Listening { gap: true } => return Err("something was missed".into()),
            _ => {}
        }
    }
}

async fn practice(web: &Web, org: &str, method: Method, path: &str, body: Value) -> Outcome<Value> {
    let url = format!("{org}/practice/v1/{path}");
    let answer = web
        .request(method, url)
        .json(&body)
        .send()
        .await?
        .error_for_status()?;
    Ok(serde_json::from_str(&answer.text().await?).unwrap_or_default())
}

async fn set(web: &Web, org: &str, status: &str) -> Outcome<()> {
    let path = "console/pat/toolkit/setServicePresenceStatus";
    practice(web, org, Method::POST, path, json!({ "statusId": status })).await?;
    Ok(())
}

async fn signs_in(web: &Web, org: &str) -> Outcome<Client> {
    let config = OrgConfig::new(parse_org_url(org)?, "holdline");
    let http = Http::new(&config.login_url, TimeOuts::default())?;
    let (page, authorization) = Authorization::begin(&config, &Url::parse(REDIRECT)?)?;
    let mut form: Vec<(String, String)> = page.query_pairs().into_owned().collect();
    form.extend([("decision", "allow"), ("user", "pat")].map(|(k, v)| (k.into(), v.into())));
    let mut action = page.clone();
    action.set_query(None);
    let answer = web.post(action).form(&form).send().await?;
    let back = answer
        .headers()
        .get("location")
        .ok_or("no redirect")?
        .to_str()?
        .to_owned();
    let tokens = authorization
        .finish(&http, Url::parse(&back)?.query().ok_or("no query")?)
        .await?;
    Ok(Client::new(
        http,
        config,
        TokenStore::Session(SessionStore::default()),
        tokens,
    ))
}
