//! The way to the org: a private authority, a proxy, and what goes wrong there, over real TLS.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use salesforce::{Http, Network, NetworkFailure, OrgConfig, Proxy, SignInError, TimeOuts, Tokens, refresh};
use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use url::Url;

use crate::fake_org::token_answer;

/// A name that no resolver knows: whoever gets there has used the proxy.
const HOST: &str = "acme.my.salesforce.invalid";
/// Set in the second process.
const INSIDE: &str = "HOLDLINE_TEST_SYSTEM_PROXY";

/// An org behind TLS whose certificate a private authority has signed.
struct SecureOrg {
    address: SocketAddr,
    folder: tempfile::TempDir,
}

impl SecureOrg {
    async fn start() -> Self {
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let names = vec![HOST.to_owned(), "127.0.0.1".to_owned()];
        let certificate = CertificateParams::new(names)
            .unwrap()
            .signed_by(&key, &authority)
            .unwrap();

        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("authority.pem"), authority.pem()).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    // Whoever does not trust us breaks off.
                    let Ok(mut stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    head(&mut stream).await;
                    let body = token_answer("https://127.0.0.1:9", "access", None);
                    let length = body.len();
                    let answer = format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
                    );
                    let _ = stream.write_all(answer.as_bytes()).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { address, folder }
    }

    fn authority(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    fn trusted(&self, proxy: Proxy) -> Network {
        Network {
            ca_certificates: vec![self.authority()],
            proxy,
        }
    }

    fn direct(&self) -> Url {
        Url::parse(&format!("https://{}", self.address)).unwrap()
    }
}

/// A forwarding proxy that leads every tunnel to one address and notes where it was to lead.
struct TestProxy {
    url: Url,
    asked: Arc<Mutex<Vec<String>>>,
}

impl TestProxy {
    async fn start(to: SocketAddr, answer: &'static str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let log = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let log = Arc::clone(&log);
                tokio::spawn(async move {
                    let head = head(&mut stream).await;
                    log.lock()
                        .unwrap()
                        .push(head.lines().next().unwrap_or_default().to_owned());
                    stream.write_all(answer.as_bytes()).await.unwrap();
                    if answer.contains("200") {
                        let mut org = TcpStream::connect(to).await.unwrap();
                        let _ = copy_bidirectional(&mut stream, &mut org).await;
                    }
                });
            }
        });
        Self { url, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

const TUNNEL: &str = "HTTP/1.1 200 Connection established\r\n\r\n";

/// Reads until the empty line (a body, where there is one, is left).
async fn head(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

async fn ask(network: &Network, org: &Url) -> Result<Tokens, SignInError> {
    let http = Http::through(network, org, TimeOuts::default()).map_err(SignInError::Network)?;
    let config = OrgConfig::new(org.clone(), "client");
    refresh(&http, &config, &SecretString::from("refresh-0")).await
}

fn named() -> Url {
    Url::parse(&format!("https://{HOST}")).unwrap()
}

fn failed(answer: Result<Tokens, SignInError>) -> NetworkFailure {
    match answer {
        Err(SignInError::Network(failure)) => failure,
        other => panic!("{:?}", other.err()),
    }
}

#[tokio::test]
async fn a_private_authority_is_trusted_where_the_settings_name_it() {
    let org = SecureOrg::start().await;
    let tokens = ask(&org.trusted(Proxy::System), &org.direct()).await.unwrap();
    assert_eq!(tokens.access_token.expose_secret(), "access");
    let distrusted = ask(&Network::default(), &org.direct()).await;
    assert_eq!(failed(distrusted), NetworkFailure::Tls);
    let other = SecureOrg::start().await;
    let distrusted = ask(&other.trusted(Proxy::System), &org.direct()).await;
    assert_eq!(failed(distrusted), NetworkFailure::Tls);
}

#[tokio::test]
async fn a_certificate_that_can_not_be_read_is_named() {
    let org = SecureOrg::start().await;
    let broken = org.folder.path().join("broken.pem");
    fs::write(&broken, "no certificate").unwrap();
    for path in [Path::new("/nowhere/authority.pem"), &broken] {
        let network = Network {
            ca_certificates: vec![path.into()],
            proxy: Proxy::System,
        };
        assert_eq!(
            failed(ask(&network, &org.direct()).await),
            NetworkFailure::Certificates
        );
    }
}

#[tokio::test]
async fn the_named_proxy_leads_to_the_org_and_no_proxy_does_not() {
    let org = SecureOrg::start().await;
    let proxy = TestProxy::start(org.address, TUNNEL).await;
    let through = org.trusted(Proxy::Url(proxy.url.clone()));
    ask(&through, &named()).await.unwrap();
    assert_eq!(proxy.asked(), [format!("CONNECT {HOST}:443 HTTP/1.1")]);

    assert_eq!(
        failed(ask(&org.trusted(Proxy::None), &named()).await),
        NetworkFailure::Dns
    );
    // An org on this machine is reached directly.
    ask(&through, &org.direct()).await.unwrap();
    assert_eq!(proxy.asked().len(), 1);
}

#[tokio::test]
async fn a_proxy_that_refuses_or_is_gone_is_told_from_an_org_that_does() {
    let org = SecureOrg::start().await;
    let refusing = "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
    let proxy = TestProxy::start(org.address, refusing).await;
    let through = org.trusted(Proxy::Url(proxy.url.clone()));
    assert_eq!(failed(ask(&through, &named()).await), NetworkFailure::Proxy);
    let gone = TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let gone = Url::parse(&format!("http://{gone}")).unwrap();
    let answer = ask(&org.trusted(Proxy::Url(gone)), &named()).await;
    assert_eq!(failed(answer), NetworkFailure::Proxy);
}

/// The environment is the process', which must not change under other tests: so this one starts itself again.
#[tokio::test]
async fn the_systems_proxy_is_used_unless_the_settings_say_none() {
    if let Ok(authority) = std::env::var(INSIDE) {
        let network = |proxy| Network {
            ca_certificates: vec![authority.clone().into()],
            proxy,
        };
        ask(&network(Proxy::System), &named()).await.unwrap();
        assert_eq!(
            failed(ask(&network(Proxy::None), &named()).await),
            NetworkFailure::Dns
        );
        return;
    }
    let org = SecureOrg::start().await;
    let proxy = TestProxy::start(org.address, TUNNEL).await;
    let mut again = Command::new(std::env::current_exe().unwrap());
    again
        .args([
            "--exact",
            "network::the_systems_proxy_is_used_unless_the_settings_say_none",
        ])
        .env(INSIDE, org.authority())
        .env("HTTPS_PROXY", proxy.url.as_str());
    for ours in ["NO_PROXY", "no_proxy", "https_proxy", "ALL_PROXY", "all_proxy"] {
        again.env_remove(ours);
    }
    let output = tokio::task::spawn_blocking(move || again.output().unwrap())
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && said.contains("1 passed"),
        "inside: {said}"
    );
    assert_eq!(proxy.asked(), [format!("CONNECT {HOST}:443 HTTP/1.1")]);
}
