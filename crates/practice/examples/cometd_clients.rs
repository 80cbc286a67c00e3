//! How many CometD clients the practice org carries: each subscribed by its rep's filter, each getting one
//! event a second, all in this process.
//!
//! Prints one JSON object: `cometd_clients`, `delivery_p50_ms`, `delivery_p99_ms` (from just before the
//! presence change is asked for until a client has read the event), `events_per_client_per_second`. Arguments:
//! clients (2000) and seconds (10).
//!
//! The reps change their status in turn, so that a quarter of the clients gets an event at once.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use practice::{Options, Server};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use url::Url;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const REPS: [&str; 4] = ["pat", "sam", "kim", "alex"];
const REDIRECT: &str = "http://localhost:47820/OauthRedirect";
const VERIFIER: &str = "a-verifier-that-is-long-enough-for-the-rfc-0123456789";
/// Each rep changes status this often.
const EVERY: Duration = Duration::from_secs(1);
/// Clients that join at the same time.
const JOINING: usize = 32;

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default| arguments.next().map_or(Ok(default), |text| text.parse::<usize>());
    let (clients, seconds) = (number(2_000)?, number(10)?);
    let server = Server::start(Options {
        holdline_ports: Vec::new(),
        ..Options::default()
    })
    .await?;
    let measured = measure(server.url(), clients, seconds).await?;
    println!("{measured}");
    server.shutdown().await;
    Ok(())
}

async fn measure(url: &str, clients: usize, seconds: usize) -> Outcome<Value> {
    let http = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .tcp_nodelay(true)
        .pool_max_idle_per_host(clients)
        .build()?;
    let state: Value = http
        .get(format!("{url}/practice/v1/state"))
        .send()
        .await?
        .json()
        .await?;
    let mut reps = Vec::new();
    for rep in REPS {
        let found = state["reps"]
            .as_array()
            .ok_or("no reps")?
            .iter()
            .find(|one| one["rep"] == rep);
        let user = found
            .and_then(|found| found["userId"].as_str())
            .ok_or("no user id")?;
        reps.push((rep, user.to_owned(), sign_in(&http, url, rep).await?));
    }
    let topic = json!({
        "Name": "Usp",
        "Query": "SELECT Id, UserId, ServicePresenceStatusId, IsCurrentState FROM UserServicePresence",
        "ApiVersion": 60.0,
        "NotifyForOperationUpdate": false,
    });
    let path = format!("{url}/services/data/v67.0/sobjects/PushTopic");
    http.post(path)
        .bearer_auth(&reps[0].2)
        .json(&topic)
        .send()
        .await?
        .error_for_status()?;

    let joining = Arc::new(Semaphore::new(JOINING));
    let mut joined = JoinSet::new();
    for place in 0..clients {
        let (_, user, token) = reps[place % reps.len()].clone();
        let (http, url, joining) = (http.clone(), url.to_owned(), Arc::clone(&joining));
        joined.spawn(async move {
            let _turn = joining.acquire().await?;
            Subscriber::join(
                http,
                format!("{url}/cometd/67.0"),
                token,
                place % REPS.len(),
                &user,
            )
            .await
        });
    }
    let mut listening = JoinSet::new();
    while let Some(subscriber) = joined.join_next().await {
        listening.spawn(subscriber??.listen(seconds));
    }
    let changes = change(&http, url, &state, seconds).await?;
    let mut samples = Vec::new();
    while let Some(received) = listening.join_next().await {
        let (rep, received) = received??;
        for (nth, at) in received.into_iter().enumerate() {
            let asked: Instant = changes[rep][nth];
            samples.push(at.duration_since(asked).as_secs_f64() * 1e3);
        }
    }
    samples.sort_by(f64::total_cmp);
    let percentile = |share: usize| samples[(samples.len() * share / 100).min(samples.len() - 1)];
    Ok(json!({
        "cometd_clients": clients,
        "deliveries": samples.len(),
        "delivery_p50_ms": percentile(50),
        "delivery_p99_ms": percentile(99),
        "events_per_client_per_second": samples.len() as f64 / (clients * seconds) as f64,
    }))
}

/// Every rep changes status once a second, one after the other; answers when each change was asked for.
async fn change(http: &Client, url: &str, state: &Value, seconds: usize) -> Outcome<Vec<Vec<Instant>>> {
    let statuses = state["statuses"].as_array().ok_or("no statuses")?;
    let mut asked = vec![Vec::new(); REPS.len()];
    let mut turn = tokio::time::interval(EVERY / REPS.len() as u32);
    for round in 0..seconds {
        for (place, rep) in REPS.iter().enumerate() {
            turn.tick().await;
            let status = &statuses[round % statuses.len()]["statusId"];
            asked[place].push(Instant::now());
            http.post(format!(
                "{url}/practice/v1/console/{rep}/toolkit/setServicePresenceStatus"
            ))
            .json(&json!({ "statusId": status }))
            .send()
            .await?
            .error_for_status()?;
        }
    }
    Ok(asked)
}

/// A client with its session.
struct Subscriber {
    http: Client,
    endpoint: String,
    token: String,
    rep: usize,
    id: String,
    cookie: String,
}

#[derive(Deserialize)]
struct Reply {
    successful: Option<bool>,
    data: Option<Value>,
}

impl Subscriber {
    async fn join(http: Client, endpoint: String, token: String, rep: usize, user: &str) -> Outcome<Self> {
        let mut subscriber = Self {
            http,
            endpoint,
            token,
            rep,
            id: String::new(),
            cookie: String::new(),
        };
        let hello = json!([{
            "channel": "/meta/handshake",
            "version": "1.0",
            "supportedConnectionTypes": ["long-polling"],
            "ext": { "replay": true },
        }]);
        let answer = subscriber.request(&hello).send().await?.error_for_status()?;
        let cookie = answer.headers().get(SET_COOKIE).ok_or("no cookie")?.to_str()?;
        subscriber.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let replies: Vec<Value> = answer.json().await?;
        replies[0]["clientId"]
            .as_str()
            .ok_or("no client id")?
            .clone_into(&mut subscriber.id);
        let batch = json!([
            { "channel": "/meta/connect", "clientId": subscriber.id, "connectionType": "long-polling" },
            {
                "channel": "/meta/subscribe",
                "clientId": subscriber.id,
                "subscription": format!("/topic/Usp?UserId={user}"),
                "ext": { "replay": { "/topic/Usp": -1 } },
            },
        ]);
        subscriber.exchange(&batch).await?;
        Ok(subscriber)
    }

    /// When each of its events came.
    async fn listen(self, events: usize) -> Outcome<(usize, Vec<Instant>)> {
        let connect =
            json!([{ "channel": "/meta/connect", "clientId": self.id, "connectionType": "long-polling" }]);
        let mut received = Vec::new();
        while received.len() < events {
            let replies = self.exchange(&connect).await?;
            let now = Instant::now();
            received.extend(replies.iter().filter(|reply| reply.data.is_some()).map(|_| now));
        }
        Ok((self.rep, received))
    }

    async fn exchange(&self, messages: &Value) -> Outcome<Vec<Reply>> {
        let replies: Vec<Reply> = self
            .request(messages)
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        match replies.iter().any(|reply| reply.successful == Some(false)) {
            true => Err("a message was refused".into()),
            false => Ok(replies),
        }
    }

    fn request(&self, messages: &Value) -> RequestBuilder {
        let request = self
            .http
            .post(&self.endpoint)
            .bearer_auth(&self.token)
            .json(messages);
        request.header(COOKIE, &self.cookie)
    }
}

/// An access token of a rep.
async fn sign_in(http: &Client, url: &str, rep: &str) -> Outcome<String> {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let consent = [
        ("response_type", "code"),
        ("client_id", "bench"),
        ("redirect_uri", REDIRECT),
        ("code_challenge", &challenge),
        ("user", rep),
        ("decision", "allow"),
    ];
    let answer = http
        .post(format!("{url}/services/oauth2/authorize"))
        .form(&consent)
        .send()
        .await?;
    let back = Url::parse(answer.headers().get(LOCATION).ok_or("no redirect")?.to_str()?)?;
    let code = back
        .query_pairs()
        .find(|(name, _)| name == "code")
        .ok_or("no code")?
        .1;
    let exchange = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("client_id", "bench"),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    let answer = http
        .post(format!("{url}/services/oauth2/token"))
        .form(&exchange)
        .send()
        .await?;
    let tokens: Value = answer.error_for_status()?.json().await?;
    Ok(tokens["access_token"].as_str().ok_or("no token")?.to_owned())
}
