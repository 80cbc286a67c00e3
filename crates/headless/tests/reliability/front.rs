//! The way to the org as it is at work: a name that is looked up, a network, TLS of an authority. Each can really be
//! broken, in namespaces of this process' own; console, phone and trainer reach the practice org without it.

use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use reqwest::{Certificate, Client, redirect};
use tempfile::TempDir;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// Nobody's name (RFC 6761, "test").
const HOST: &str = "acme.my.salesforce.test";

/// Only in the namespace.
const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 77, 77, 1));

/// Larger than any body of these tests.
const LARGEST: usize = 1 << 20;

/// What is broken on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breaks {
    /// Another authority has signed the certificate, as that of a new TLS inspection.
    Certificate,
    /// The name has no address, and no name server answers.
    Name,
    /// The org's address is out of reach: what stands goes silent.
    Network,
}

/// What it takes to have a namespace of one's own.
pub(crate) struct Namespace {
    folder: PathBuf,
}

/// The org's address, until it is dropped.
pub(crate) struct Front {
    namespace: Namespace,
    port: u16,
    folder: TempDir,
    /// Of the authority that is trusted, and of one that is not.
    acceptors: [TlsAcceptor; 2],
    shared: Arc<Mutex<Shared>>,
}

struct Shared {
    acceptor: TlsAcceptor,
    open: JoinSet<()>,
    org: String,
}

impl Namespace {
    /// Files that stand for the machine's own.
    const FILES: [(&str, &str); 3] = [
        ("hosts", ""),
        ("nsswitch.conf", "hosts: files dns\n"),
        ("resolv.conf", "nameserver 127.0.0.1\n"),
    ];

    /// What a shell runs in a new namespace before the test: `$FOLDER` has the files.
    pub(crate) fn set_up() -> String {
        let mounts = Self::FILES.map(|(name, _)| format!("mount --bind \"$FOLDER/{name}\" /etc/{name}"));
        format!("ip link set lo up && {}", mounts.join(" && "))
    }

    /// Its files, made before it.
    pub(crate) fn make(folder: &Path) -> Self {
        for (name, content) in Self::FILES {
            fs::write(folder.join(name), content).unwrap();
        }
        let made = Self {
            folder: folder.to_owned(),
        };
        made.names(true);
        made
    }

    /// The one this process is in.
    pub(crate) fn of(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// In place: what is mounted is the file, not its name.
    fn names(&self, org: bool) {
        let org = if org {
            format!("{ADDRESS} {HOST}\n")
        } else {
            String::new()
        };
        fs::write(self.folder.join("hosts"), format!("127.0.0.1 localhost\n{org}")).unwrap();
    }

    fn reaches(&self, org: bool) {
        let (verb, address) = (if org { "add" } else { "del" }, format!("{ADDRESS}/32"));
        let done = Command::new("ip")
            .args(["address", verb, &address, "dev", "lo"])
            .status();
        assert!(done.is_ok_and(|status| status.success()), "ip address {verb}");
    }
}

impl Front {
    pub(crate) async fn start(namespace: Namespace) -> Self {
        namespace.reaches(true);
        let (trusted, authority) = signed();
        let (foreign, _) = signed();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("authority.pem"), authority).unwrap();
        let shared = Arc::new(Mutex::new(Shared {
            acceptor: trusted.clone(),
            open: JoinSet::new(),
            org: String::new(),
        }));
        let listener = TcpListener::bind(("0.0.0.0", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let behind = Behind::start(port, Arc::clone(&shared)).await;
        tokio::spawn(accept(listener, behind, Arc::clone(&shared)));
        Self {
            namespace,
            port,
            folder,
            acceptors: [trusted, foreign],
            shared,
        }
    }

    /// What it stands in front of.
    pub(crate) fn leads_to(&self, org: &str) {
        self.shared().org = org.to_owned();
    }

    pub(crate) fn url(&self) -> String {
        format!("https://{HOST}:{}", self.port)
    }

    /// For `holdline.toml`.
    pub(crate) fn settings(&self) -> String {
        let authority = self.authority();
        format!(
            "[network]\nproxy = \"none\"\nca_certificates = [\"{}\"]\n",
            authority.display()
        )
    }

    /// What a browser trusts besides.
    pub(crate) fn certificate(&self) -> Certificate {
        Certificate::from_pem(&fs::read(self.authority()).unwrap()).unwrap()
    }

    pub(crate) fn breaks(&self, what: Breaks) {
        match what {
            Breaks::Certificate => self.shared().acceptor = self.acceptors[1].clone(),
            Breaks::Name => self.namespace.names(false),
            // A network that is gone says nothing to who is connected.
            Breaks::Network => return self.namespace.reaches(false),
        }
        // A connection that stands would notice nothing of it.
        self.shared().open.abort_all();
    }

    pub(crate) fn mends(&self, what: Breaks) {
        match what {
            Breaks::Certificate => self.shared().acceptor = self.acceptors[0].clone(),
            Breaks::Name => self.namespace.names(true),
            Breaks::Network => self.namespace.reaches(true),
        }
    }

    fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    fn shared(&self) -> std::sync::MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A certificate of a new authority, and that authority as PEM.
fn signed() -> (TlsAcceptor, String) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec![HOST.to_owned()]).unwrap();
    let certificate = certificate.signed_by(&key, &authority).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), authority.pem())
}

/// TLS ends here; each connection is a task, so that it can be cut.
async fn accept(listener: TcpListener, behind: u16, shared: Arc<Mutex<Shared>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        let acceptor = shared.acceptor.clone();
        shared.open.spawn(async move {
            // Whoever does not trust us breaks off.
            if let Ok(mut stream) = acceptor.accept(stream).await
                && let Ok(mut behind) = TcpStream::connect(("127.0.0.1", behind)).await
            {
                let _ = copy_bidirectional(&mut stream, &mut behind).await;
            }
        });
    }
}

/// Hands requests on to the practice org, which is known to them by the front's address.
#[derive(Clone)]
struct Behind {
    front: String,
    http: Client,
    shared: Arc<Mutex<Shared>>,
}

impl Behind {
    async fn start(front: u16, shared: Arc<Mutex<Shared>>) -> u16 {
        let http = Client::builder().no_proxy().redirect(redirect::Policy::none());
        let behind = Self {
            front: format!("https://{HOST}:{front}"),
            http: http.build().unwrap(),
            shared,
        };
        let app = Router::new().fallback(hand_on).with_state(behind);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, app).await });
        port
    }

    async fn ask(&self, request: Request) -> Result<Response, reqwest::Error> {
        let org = self
            .shared
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .org
            .clone();
        let (head, body) = request.into_parts();
        let body = axum::body::to_bytes(body, LARGEST).await.unwrap_or_default();
        let mut headers = head.headers;
        headers.remove(header::HOST);
        headers.remove(header::CONTENT_LENGTH);
        let request = self.http.request(head.method, format!("{org}{}", head.uri));
        let answer = request.headers(headers).body(body).send().await?;
        let (status, mut headers) = (answer.status(), answer.headers().clone());
        headers.remove(header::CONTENT_LENGTH);
        headers.remove(header::TRANSFER_ENCODING);
        let body = answer.bytes().await?;
        let body = match std::str::from_utf8(&body) {
            Ok(text) => Bytes::from(text.replace(&org, &self.front)),
            Err(_) => body,
        };
        Ok((status, headers, body).into_response())
    }
}

async fn hand_on(State(behind): State<Behind>, request: Request) -> Response {
    let answer = behind.ask(request).await;
    answer.unwrap_or_else(|_| StatusCode::BAD_GATEWAY.into_response())
}
