//! The way to Salesforce: name, proxy, certificates.

use std::time::Duration;

use companion::settings::NetworkSettings;
use salesforce::{Error, Http, NetworkFailure, TimeOuts};
use url::Url;
use wire::support::Check;

use super::seen::Seen;
use crate::start::network;

/// Asks the org what anybody may ask: its API versions. Also the server's clock, where it tells.
pub(super) async fn look(org: Option<&Url>, settings: &NetworkSettings) -> (Seen, Option<i64>) {
    let Some(org) = org else {
        return (Seen::of(Check::Network, "no_org"), None);
    };
    let time_outs = TimeOuts {
        connect: Duration::from_secs(5),
        total: Duration::from_secs(8),
    };
    let reached = match Http::through(&network(settings), org, time_outs) {
        Ok(http) => salesforce::reach(&http, org).await,
        Err(failure) => Err(Error::CheckNetwork(failure)),
    };
    let skew_ms = reached.as_ref().ok().and_then(|facts| facts.skew_ms);
    let host = org.host_str().unwrap_or_default();
    (judge(reached.err().as_ref()).with("host", host), skew_ms)
}

fn judge(error: Option<&Error>) -> Seen {
    let code = match error {
        None => "reached",
        Some(Error::CheckNetwork(failure)) => match failure {
            NetworkFailure::Certificates => "certificates",
            NetworkFailure::Cut => "cut",
            NetworkFailure::Connect => "connect",
            NetworkFailure::Dns => "dns",
            NetworkFailure::Proxy => "proxy",
            NetworkFailure::TimeOut => "time_out",
            NetworkFailure::Tls => "tls",
        },
        Some(Error::NotSalesforce) => "not_salesforce",
        Some(
            Error::AskAdmin(_) | Error::SignInAgain(_) | Error::Unexpected { .. } | Error::WaitUntil { .. },
        ) => "refused",
    };
    let about = error.map(ToString::to_string).unwrap_or_default();
    Seen::of(Check::Network, code).with("about", about)
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use companion::settings::ProxyChoice;

    use super::*;

    async fn code(org: &str, settings: &NetworkSettings) -> &'static str {
        look(Some(&org.parse().unwrap()), settings).await.0.code
    }

    fn through(proxy: &str) -> NetworkSettings {
        NetworkSettings {
            proxy: ProxyChoice::Url(proxy.to_owned()),
            ..NetworkSettings::default()
        }
    }

    /// A port that nobody listens on.
    fn closed() -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.local_addr().unwrap().port()
    }

    /// Answers every connection with these bytes.
    async fn answering(answer: &'static [u8]) -> u16 {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(answer).await;
            }
        });
        port
    }

    #[tokio::test]
    async fn each_way_to_fail_is_named() {
        let direct = NetworkSettings {
            proxy: ProxyChoice::None,
            ..NetworkSettings::default()
        };
        assert_eq!(look(None, &direct).await.0.code, "no_org");
        assert_eq!(
            code(&format!("http://127.0.0.1:{}", closed()), &direct).await,
            "connect"
        );
        assert_eq!(code("https://no-such-host.invalid", &direct).await, "dns");
        let proxy = format!("http://127.0.0.1:{}", closed());
        assert_eq!(
            code("https://acme.my.salesforce.com", &through(&proxy)).await,
            "proxy"
        );
        let refusing =
            answering(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n").await;
        let proxy = format!("http://127.0.0.1:{refusing}");
        assert_eq!(
            code("https://acme.my.salesforce.com", &through(&proxy)).await,
            "proxy"
        );
        let page = answering(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 15\r\n\r\n<html>log in</h",
        )
        .await;
        assert_eq!(
            code(&format!("http://127.0.0.1:{page}"), &direct).await,
            "not_salesforce"
        );
        // Not TLS at all, where TLS was to be.
        let plain = answering(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
        assert_eq!(code(&format!("https://localhost:{plain}"), &direct).await, "tls");
        let certificates = NetworkSettings {
            ca_certificates: vec!["/no/such/file.pem".into()],
            ..NetworkSettings::default()
        };
        assert_eq!(
            code("https://acme.my.salesforce.com", &certificates).await,
            "certificates"
        );
    }
}
