//! One HTTP client for an org: time-outs, proxies, sizes, and which kind of failure it was.

use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, Method, Request, RequestBuilder, StatusCode};
use url::Url;

use crate::error::NetworkFailure;
use crate::facts::{self, ServerFacts};
use crate::network::Network;

/// No answer of ours is larger; a larger one is cut off instead of filling the memory.
const LARGEST_ANSWER: usize = 32 * 1024 * 1024;

/// How long to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOuts {
    /// Until the connection stands, TLS included.
    pub connect: Duration,
    /// Until the answer is complete, connecting included.
    pub total: Duration,
}

impl Default for TimeOuts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            total: Duration::from_secs(10),
        }
    }
}

/// The HTTP client for one org; clones share their connections.
#[derive(Clone, Debug)]
pub struct Http {
    client: Client,
    sent: Arc<AtomicU64>,
    way: Arc<Way>,
}

/// How the org is reached.
#[derive(Debug)]
struct Way {
    network: Network,
    org: Url,
    connect: Duration,
}

/// One complete answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    pub(crate) facts: ServerFacts,
}

impl Http {
    /// [`Self::through`] the system's own network.
    ///
    /// # Errors
    /// [`NetworkFailure::Tls`] when this system's TLS cannot be set up.
    pub fn new(org: &Url, time_outs: TimeOuts) -> Result<Self, NetworkFailure> {
        Self::through(&Network::default(), org, time_outs)
    }

    /// A client for the org at this address.
    ///
    /// A practice org on this machine is reached directly; every other org through the proxy of the network.
    /// Redirects are not followed: an API has none, and a login page is no answer.
    ///
    /// # Errors
    /// [`NetworkFailure::Certificates`] when a certificate of the network cannot be read, [`NetworkFailure::Proxy`]
    /// when its proxy has no usable address, [`NetworkFailure::Tls`] when this system's TLS cannot be set up.
    pub fn through(network: &Network, org: &Url, time_outs: TimeOuts) -> Result<Self, NetworkFailure> {
        let client = network.client(org, time_outs)?;
        let way = Way {
            network: network.clone(),
            org: org.clone(),
            connect: time_outs.connect,
        };
        Ok(Self {
            client,
            sent: Arc::default(),
            way: Arc::new(way),
        })
    }

    /// Another client by the same way, for requests that are held and say for how long, and that a session's
    /// cookies belong to. It shares no connection with this one: a held request must not be in anything's way.
    /// What it sends is no API call and not counted as one.
    pub(crate) fn for_streaming(&self) -> Result<Self, NetworkFailure> {
        let Way {
            network,
            org,
            connect,
        } = &*self.way;
        Ok(Self {
            client: network.streaming_client(org, *connect)?,
            sent: Arc::default(),
            way: Arc::clone(&self.way),
        })
    }

    /// The same client, counting the requests it sends.
    #[must_use]
    pub fn counting(mut self, sent: Arc<AtomicU64>) -> Self {
        self.sent = sent;
        self
    }

    pub(crate) fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.client.request(method, url)
    }

    /// Sends the request and reads the whole answer.
    pub(crate) async fn send(&self, request: Request) -> Result<Answer, NetworkFailure> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        let sent = Timestamp::now();
        let mut response = self.client.execute(request).await.map_err(failure)?;
        let answered = Timestamp::now();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failure)? {
            if body.len() + chunk.len() > LARGEST_ANSWER {
                tracing::warn!("an answer was too large and was cut off");
                return Err(NetworkFailure::Cut);
            }
            body.extend_from_slice(&chunk);
        }
        let headers = response.headers().clone();
        let date = text(&headers, DATE.as_str()).and_then(facts::http_date);
        let facts = ServerFacts {
            api_usage: text(&headers, "sforce-limit-info").and_then(facts::api_usage),
            skew_ms: date.map(|date| facts::skew_ms(date, sent, answered)),
        };
        Ok(Answer {
            status: response.status(),
            headers,
            body,
            facts,
        })
    }
}

impl Answer {
    pub(crate) fn content_type(&self) -> Option<&str> {
        text(&self.headers, CONTENT_TYPE.as_str())
    }

    /// How long `Retry-After` asks to wait: seconds, or a date, which is read against the server's own clock.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let value = text(&self.headers, RETRY_AFTER.as_str())?;
        if let Ok(seconds) = value.trim().parse() {
            return Some(Duration::from_secs(seconds));
        }
        let then = facts::http_date(value)?;
        let now = text(&self.headers, DATE.as_str())
            .and_then(facts::http_date)
            .unwrap_or_else(Timestamp::now);
        Some(Duration::try_from(then.duration_since(now)).unwrap_or_default())
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// Which kind of failure it was. The URL stays out of the log: queries name people.
fn failure(error: reqwest::Error) -> NetworkFailure {
    let error = error.without_url();
    let kind = classify(&error);
    tracing::info!(code = kind.code(), detail = ?error, "a request got no answer");
    kind
}

fn classify(error: &reqwest::Error) -> NetworkFailure {
    if error.is_timeout() {
        return NetworkFailure::TimeOut;
    }
    let mut cause = error.source();
    while let Some(inner) = cause {
        if is_tls(inner) {
            return NetworkFailure::Tls;
        }
        // These causes have no public types; their texts are all there is.
        let text = inner.to_string();
        if text.contains("dns error") {
            return NetworkFailure::Dns;
        }
        if text.contains("proxy") || text.contains("tunnel") {
            return NetworkFailure::Proxy;
        }
        cause = inner.source();
    }
    if error.is_connect() {
        NetworkFailure::Connect
    } else {
        NetworkFailure::Cut
    }
}

/// rustls hides inside I/O errors, sometimes several deep, which `source` steps over.
fn is_tls(cause: &(dyn std::error::Error + 'static)) -> bool {
    cause.is::<rustls::Error>()
        || cause
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
            .is_some_and(|inner| is_tls(inner))
}
