//! An update server, and whoever signs for it.

use std::convert::Infallible;
use std::io::Cursor;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Response, header};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minisign::KeyPair;
use serde_json::json;

/// A key of its own.
pub(crate) struct Signer(KeyPair);

impl Signer {
    pub(crate) fn new() -> Self {
        Self(KeyPair::generate_unencrypted_keypair().unwrap())
    }

    /// As minisign writes it into its file.
    pub(crate) fn public_key(&self) -> String {
        self.0.pk.to_box().unwrap().into_string()
    }

    /// As Tauri does.
    pub(crate) fn packed_public_key(&self) -> String {
        STANDARD.encode(self.public_key())
    }

    fn sign(&self, name: &str, content: &[u8]) -> String {
        let comment = format!("timestamp:1700000000\tfile:{name}");
        let signature = minisign::sign(
            Some(&self.0.pk),
            &self.0.sk,
            Cursor::new(content),
            Some(&comment),
            Some("signature from a test"),
        );
        signature.unwrap().into_string()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    BreaksOff,
    Endless,
    Whole,
}

/// What is served, and where.
pub(crate) struct Served {
    signer: Arc<Signer>,
    version: String,
    platform: String,
    content: Vec<u8>,
    signature: String,
    manner: Manner,
    address: String,
}

impl Served {
    /// Serves `content`, signed as the file `name`, to a platform.
    pub(crate) fn new(version: &str, platform: &str, name: &str, content: &[u8]) -> Self {
        let signer = Signer::new();
        Self {
            signature: signer.sign(name, content),
            signer: Arc::new(signer),
            version: version.to_owned(),
            platform: platform.to_owned(),
            content: content.to_owned(),
            manner: Manner::Whole,
            address: String::new(),
        }
    }

    pub(crate) fn signer(&self) -> &Signer {
        &self.signer
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Another content under the same signature.
    pub(crate) fn serving(mut self, content: &[u8]) -> Self {
        self.content = content.to_owned();
        self
    }

    pub(crate) fn signed_as(mut self, signature: &str) -> Self {
        self.signature = signature.to_owned();
        self
    }

    pub(crate) fn packed(self) -> Self {
        let packed = STANDARD.encode(&self.signature);
        self.signed_as(&packed)
    }

    /// Says how long the artefact is, and closes after half of it.
    pub(crate) fn breaking_off(mut self) -> Self {
        self.manner = Manner::BreaksOff;
        self
    }

    /// Answers with an offer that never ends.
    pub(crate) fn endless(mut self) -> Self {
        self.manner = Manner::Endless;
        self
    }

    pub(crate) async fn start(mut self) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.address = listener.local_addr().unwrap().to_string();
        let platform = json!({ "url": self.url("/artefact"), "signature": self.signature });
        let offer = json!({ "version": self.version, "platforms": { self.platform.as_str(): platform } });
        let (content, manner) = (self.content.clone(), self.manner);
        let routes = Router::new()
            .route(
                "/stable/updates.json",
                get(move || async move {
                    match manner {
                        Manner::Endless => Body::from_stream(endless()),
                        Manner::BreaksOff | Manner::Whole => Body::from(offer.to_string()),
                    }
                }),
            )
            .route(
                "/artefact",
                get(move || async move { artefact(&content, manner) }),
            );
        tokio::spawn(async move { axum::serve(listener, routes).await });
        self
    }
}

fn artefact(content: &[u8], manner: Manner) -> Response<Body> {
    if manner != Manner::BreaksOff {
        return Response::new(Body::from(content.to_owned()));
    }
    let half = content[..content.len() / 2].to_owned();
    let parts =
        futures_util::stream::iter([Ok(half), Err(std::io::Error::other("the server has fallen over"))]);
    Response::builder()
        .header(header::CONTENT_LENGTH, content.len())
        .body(Body::from_stream(parts))
        .unwrap()
}

fn endless() -> impl futures_util::Stream<Item = Result<Vec<u8>, Infallible>> {
    futures_util::stream::repeat_with(|| Ok(vec![b' '; 64 << 10]))
}
