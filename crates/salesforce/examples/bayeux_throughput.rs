//! How many pushed messages a second this crate's listener takes, and npm's `cometd` and `faye` from the same server:
//! the same messages, so many in each answer. A second process serves them, written beforehand, so that it is the
//! clients that are measured. Ours reads what each message says, as Holdline does; the others count them.
//!
//! Prints one JSON object: for `ours`, `cometd` and `faye` the messages per second and the CPU time per message of the
//! client's process, each the middle one of three rounds in which they take turns, and their ratios. Linux only.
//! Arguments: a folder with the npm packages, messages (100000), messages in an answer (20).

use std::error::Error;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use salesforce::streaming::{Heard, Listening, listen};
use salesforce::{
    Account, Client, Http, OrgConfig, SessionStore, TimeOuts, TokenStore, Tokens, parse_org_url,
};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::sync::oneshot;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const CHANNEL: &str = "/topic/HoldlinePresence";
/// What else the machine does meets all of them.
const ROUNDS: usize = 3;
const REP: &str = "005000000000001AAA";

fn main() -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next().ok_or("which folder has the npm packages?")?;
    let mut number = |default| arguments.next().map_or(Ok(default), |text| text.parse::<usize>());
    let (messages, each) = (number(100_000)?, number(20)?);
    if first == "serve" {
        return runtime.block_on(serve(messages, each));
    }
    let mut rounds: [Vec<Taken>; 3] = Default::default();
    for _ in 0..ROUNDS {
        rounds[0].push(runtime.block_on(ours(messages, each))?);
        rounds[1].push(peer(&first, "cometd", messages, each)?);
        rounds[2].push(peer(&first, "faye", messages, each)?);
    }
    let [ours, cometd, faye] = rounds.map(|rounds| Taken::middle(&rounds));
    let mut told = json!({
        "messages_vs_cometd": ours.per_second / cometd.per_second,
        "messages_vs_faye": ours.per_second / faye.per_second,
        "cpu_vs_cometd": ours.cpu / cometd.cpu,
    });
    for (name, taken) in [("ours", &ours), ("cometd", &cometd), ("faye", &faye)] {
        told[format!("{name}_per_second")] = json!(taken.per_second);
        told[format!("{name}_cpu_us_per_message")] = json!(taken.cpu * 1e6);
    }
    println!("{told}");
    Ok(())
}

/// What a client took.
struct Taken {
    per_second: f64,
    /// Seconds per message.
    cpu: f64,
}

impl Taken {
    #[expect(clippy::cast_precision_loss, reason = "a hundred thousand messages")]
    fn new(messages: usize, seconds: f64, cpu_seconds: f64) -> Self {
        Self {
            per_second: messages as f64 / seconds,
            cpu: cpu_seconds / messages as f64,
        }
    }

    fn middle(rounds: &[Self]) -> Self {
        let middle = |value: fn(&Self) -> f64| {
            let mut values: Vec<f64> = rounds.iter().map(value).collect();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        Self {
            per_second: middle(|taken| taken.per_second),
            cpu: middle(|taken| taken.cpu),
        }
    }
}

async fn ours(messages: usize, each: usize) -> Outcome<Taken> {
    let server = Serving::start(messages, each)?;
    let url = parse_org_url(&server.url)?;
    let tokens = Tokens {
        access_token: SecretString::from("access"),
        refresh_token: None,
        instance_url: url.clone(),
        identity_url: url.clone(),
        account: Account {
            org: "00D000000000001EAA".parse()?,
            user: REP.parse()?,
        },
    };
    let http = Http::new(&url, TimeOuts::default())?;
    let store = TokenStore::Session(SessionStore::default());
    let client = Client::new(http, OrgConfig::new(url, "holdline"), store, tokens);
    let (done, ended) = oneshot::channel();
    let (mut done, mut count, mut began) = (Some(done), 0, None);
    let hear = |heard| {
        if let Heard::Message { .. } = heard {
            let (began, cpu) = *began.get_or_insert_with(|| (Instant::now(), cpu_seconds()));
            count += 1;
            if count == messages
                && let Some(done) = done.take()
            {
                let cpu = cpu_seconds().zip(cpu).map(|(now, then)| now - then);
                let _ = done.send((began.elapsed().as_secs_f64(), cpu));
            }
        }
    };
    let listening = Listening {
        topic: "HoldlinePresence".to_owned(),
        from: None,
        seed: 7,
        retry: Listening::RETRY,
    };
    let (mut seconds, mut cpu) = (0.0, None);
    let end = async {
        if let Ok(told) = ended.await {
            (seconds, cpu) = told;
        }
    };
    listen(&client, listening, hear, end).await?;
    let cpu = cpu.ok_or("the system does not tell CPU times: this measures on Linux only")?;
    Ok(Taken::new(messages, seconds, cpu))
}

/// User and system time of this process' threads, to the nanosecond; `None` where the system does not tell.
fn cpu_seconds() -> Option<f64> {
    let mut nanoseconds = 0;
    for thread in fs::read_dir("/proc/self/task").ok()? {
        let stat = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        nanoseconds += stat.split_whitespace().next()?.parse::<u64>().ok()?;
    }
    Some(Duration::from_nanos(nanoseconds).as_secs_f64())
}

fn peer(folder: &str, name: &str, messages: usize, each: usize) -> Outcome<Taken> {
    let server = Serving::start(messages, each)?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/bayeux_peer.cjs");
    let url = format!("{}/cometd/67.0", server.url);
    let ran = Command::new("node")
        .args([script, folder, name, &url, CHANNEL, &messages.to_string()])
        .stderr(Stdio::inherit())
        .output()?;
    let told: Value = serde_json::from_slice(&ran.stdout)?;
    let number = |key: &str| told[key].as_f64().ok_or("the peer tells no figure");
    Ok(Taken::new(messages, number("seconds")?, number("cpu_seconds")?))
}

/// The server's process. Dropped, it ends.
struct Serving {
    process: Child,
    url: String,
}

impl Serving {
    fn start(messages: usize, each: usize) -> Outcome<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["serve".to_owned(), messages.to_string(), each.to_string()])
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let said = process.stdout.take().ok_or("it says nothing")?;
        BufReader::new(said).read_line(&mut line)?;
        let url = line.trim().to_owned();
        Ok(Self { process, url })
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// One client's stream.
struct Stream {
    /// Each answer's messages, as JSON.
    answers: Vec<String>,
    next: AtomicUsize,
    subscribed: AtomicUsize,
}

async fn serve(messages: usize, each: usize) -> Outcome<()> {
    let event = |at: usize| {
        json!({
            "channel": CHANNEL,
            "data": {
                "event": { "createdDate": "2026-01-31T08:00:00.500Z", "replayId": at + 1, "type": "created" },
                "sobject": {
                    "Id": "0NX000000000001AAA", "UserId": REP, "ServicePresenceStatusId": "0N5000000000001AAA",
                    "IsCurrentState": true, "StatusStartDate": "2026-01-31T08:00:00.000+0000",
                    "SystemModstamp": "2026-01-31T08:00:00.250+0000",
                },
            },
        })
        .to_string()
    };
    let all: Vec<String> = (0..messages).map(event).collect();
    let stream = Arc::new(Stream {
        answers: all.chunks(each).map(|chunk| chunk.join(",")).collect(),
        next: AtomicUsize::new(0),
        subscribed: AtomicUsize::new(0),
    });
    let app = axum::Router::new()
        .route("/services/data", get(async || r#"[{"version":"67.0"}]"#))
        .route("/cometd/67.0", post(answer))
        .route("/cometd/67.0/{name}", post(answer))
        .with_state(stream);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let mut out = std::io::stdout();
    writeln!(out, "http://{}", listener.local_addr()?)?;
    out.flush()?;
    axum::serve(listener, app).await?;
    Ok(())
}

async fn answer(State(stream): State<Arc<Stream>>, body: String) -> Response {
    let asked: Vec<Value> = match serde_json::from_str(&body) {
        Ok(Value::Array(asked)) => asked,
        Ok(one) => vec![one],
        Err(_) => return axum::http::StatusCode::BAD_REQUEST.into_response(),
    };
    let mut replies = Vec::new();
    for message in asked {
        let channel = message["channel"].as_str().unwrap_or_default();
        let mut reply =
            json!({ "channel": channel, "id": message["id"], "successful": true, "clientId": "c1" });
        match channel {
            "/meta/handshake" => {
                reply["version"] = json!("1.0");
                reply["supportedConnectionTypes"] = json!(["long-polling"]);
                reply["ext"] = json!({ "replay": true });
                reply["advice"] = json!({ "reconnect": "retry", "interval": 0, "timeout": 60_000 });
            }
            "/meta/subscribe" => {
                reply["subscription"] = message["subscription"].clone();
                stream.subscribed.fetch_add(1, Ordering::Relaxed);
            }
            "/meta/connect" => {
                let listens = stream.subscribed.load(Ordering::Relaxed) > 0;
                let next = if listens {
                    stream.next.fetch_add(1, Ordering::Relaxed)
                } else {
                    usize::MAX
                };
                match stream.answers.get(next) {
                    Some(events) => replies.push(events.clone()),
                    None if listens => tokio::time::sleep(Duration::from_secs(60)).await,
                    // The first one is answered at once, as the Java server does.
                    None => {}
                }
            }
            _ => {}
        }
        replies.push(reply.to_string());
    }
    let body = format!("[{}]", replies.join(","));
    ([(CONTENT_TYPE, "application/json;charset=UTF-8")], body).into_response()
}
