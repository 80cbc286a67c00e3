//! The way to Salesforce: proxy, and certificate authorities besides the system's.

use std::fs;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::file::Name;
use super::finding::Finding;

/// `[network]`, merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NetworkSettings {
    /// PEM files whose certificates are trusted besides the system's own, as a company's TLS inspection needs.
    pub ca_certificates: Vec<PathBuf>,
    /// Through which proxy.
    pub proxy: ProxyChoice,
}

/// Through which proxy Salesforce is reached. An org on this machine never goes through one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum ProxyChoice {
    /// None, whatever the system says.
    None,
    /// The one that system and environment (`HTTPS_PROXY`, `NO_PROXY`) name.
    #[default]
    System,
    /// This one: `http://HOST:PORT` or `https://HOST:PORT`.
    Url(String),
}

impl TryFrom<String> for ProxyChoice {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let rest = text
            .strip_prefix("http://")
            .or_else(|| text.strip_prefix("https://"));
        match (text.as_str(), rest) {
            ("none", _) => Ok(Self::None),
            ("system", _) => Ok(Self::System),
            // The settings are no place for a password, and an error must not repeat it.
            (_, Some(rest)) if rest.contains('@') => {
                Err("a proxy's address must not hold a user name or password: name it without")
            }
            (_, Some(rest)) if !rest.trim_matches('/').is_empty() => Ok(Self::Url(text)),
            _ => {
                Err("proxy must be \"system\", \"none\" or an address such as \"http://proxy.example:3128\"")
            }
        }
    }
}

/// `[network]` of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Network {
    /// PEM files whose certificate authorities are trusted besides the system's own, as a company's TLS inspection
    /// needs; relative to the file that names them.
    #[schemars(extend("x-path" = true))]
    pub(super) ca_certificates: Option<Vec<Name>>,
    /// Through which proxy Salesforce is reached: "system" (what system and environment name), "none", or an
    /// address such as "http://proxy.example:3128", without user name and password.
    #[schemars(with = "String", extend("default" = "system"))]
    pub(super) proxy: Option<ProxyChoice>,
}

impl NetworkSettings {
    pub(super) fn merge(user: Network, policy: Network) -> Self {
        let certificates = policy.ca_certificates.or(user.ca_certificates);
        Self {
            ca_certificates: certificates
                .into_iter()
                .flatten()
                .map(|path| path.0.into())
                .collect(),
            proxy: policy.proxy.or(user.proxy).unwrap_or_default(),
        }
    }

    /// Leaves out what holds no certificate, and says so: a connection that then fails names no file.
    pub(super) fn check(&mut self) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.ca_certificates.retain(|path| {
            let reason = match fs::read(path) {
                Ok(content) if has_certificate(&content) => return true,
                Ok(_) => "holds no certificate".to_owned(),
                Err(error) => error.to_string(),
            };
            findings.push(Finding {
                place: path.display().to_string(),
                line: None,
                key: None,
                reason,
                remedy: "network.ca_certificates must name PEM files (-----BEGIN CERTIFICATE-----) that everybody \
                         on this machine may read."
                    .to_owned(),
            });
            false
        });
        findings
    }
}

fn has_certificate(content: &[u8]) -> bool {
    const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
    content.windows(BEGIN.len()).any(|window| window == BEGIN)
}
