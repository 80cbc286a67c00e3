//! The way to Salesforce: proxy, and certificate authorities besides the system's.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::{Certificate, Client, ClientBuilder, redirect};
use url::Url;

use crate::error::NetworkFailure;
use crate::http::TimeOuts;
use crate::org_url::is_loopback;

/// What an administrator has set about the network. The system's own certificates are always trusted too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Network {
    /// PEM files, each with one or more certificates.
    pub ca_certificates: Vec<PathBuf>,
    /// Through which proxy.
    pub proxy: Proxy,
}

/// Through which proxy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Proxy {
    /// None.
    None,
    /// The one that system and environment name.
    #[default]
    System,
    /// This one.
    Url(Url),
}

impl Network {
    /// An HTTP client for the server at this address; see [`crate::Http::through`].
    ///
    /// # Errors
    /// As there.
    pub fn client(&self, server: &Url, time_outs: TimeOuts) -> Result<Client, NetworkFailure> {
        self.build(server, time_outs.connect, |builder| {
            builder.timeout(time_outs.total)
        })
    }

    /// One for requests that are held and say themselves for how long, and with cookies.
    pub(crate) fn streaming_client(&self, server: &Url, connect: Duration) -> Result<Client, NetworkFailure> {
        self.build(server, connect, |builder| builder.cookie_store(true))
    }

    fn build(
        &self,
        server: &Url,
        connect: Duration,
        with: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Result<Client, NetworkFailure> {
        let builder = Client::builder()
            .user_agent(concat!("Holdline/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(connect)
            .redirect(redirect::Policy::none());
        let builder = self.apply(with(builder), is_loopback(server))?;
        builder.build().map_err(|error| {
            tracing::error!(error = %error.without_url(), "the HTTP client could not be built");
            NetworkFailure::Tls
        })
    }

    /// A client for downloads from something else than Salesforce that goes the same way, an update server say:
    /// redirects are followed, and a transfer may take its time.
    ///
    /// # Errors
    /// A certificate or the proxy of the settings can't be used.
    pub fn download_client(&self, on_this_machine: bool) -> Result<Client, NetworkFailure> {
        let builder = self.apply(Client::builder(), on_this_machine)?;
        builder
            .https_only(!on_this_machine)
            .build()
            .map_err(|_| NetworkFailure::Certificates)
    }

    /// Sets the client up. An org on this machine is reached directly, whatever is set.
    fn apply(
        &self,
        mut builder: ClientBuilder,
        on_this_machine: bool,
    ) -> Result<ClientBuilder, NetworkFailure> {
        let certificates = self.certificates()?;
        if !certificates.is_empty() {
            builder = builder.tls_certs_merge(certificates);
        }
        Ok(match &self.proxy {
            _ if on_this_machine => builder.no_proxy(),
            Proxy::None => builder.no_proxy(),
            Proxy::System => builder,
            Proxy::Url(url) => {
                let proxy = reqwest::Proxy::all(url.as_str()).map_err(|_| NetworkFailure::Proxy)?;
                builder.proxy(proxy)
            }
        })
    }

    fn certificates(&self) -> Result<Vec<Certificate>, NetworkFailure> {
        let mut certificates = Vec::new();
        for path in &self.ca_certificates {
            let read = std::fs::read(path).map_err(|error| {
                tracing::error!(kind = ?error.kind(), "a certificate of the settings can't be read");
                NetworkFailure::Certificates
            })?;
            let mut bundle = Certificate::from_pem_bundle(&read).map_err(|_| NetworkFailure::Certificates)?;
            if bundle.is_empty() {
                return Err(NetworkFailure::Certificates);
            }
            certificates.append(&mut bundle);
        }
        Ok(certificates)
    }
}
