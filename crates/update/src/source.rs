//! Where updates come from, as the settings say it.

use semver::Version;
use url::{Host, Url};

use crate::target::Target;

/// An update server's address with Tauri's variables in it: `{{target}}`, `{{arch}}`, `{{current_version}}`,
/// `{{bundle_type}}`, and Holdline's own `{{channel}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    template: String,
    channel: String,
}

/// Why a text is no source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSource {
    /// No address.
    #[error(
        "updates.url must be an https address; {{{{channel}}}}, {{{{target}}}}, {{{{arch}}}}, {{{{bundle_type}}}} and {{{{current_version}}}} are filled in"
    )]
    NoAddress,
    /// Not https, and not on this machine.
    #[error("updates.url must begin with https://; plain http is taken from this machine only")]
    NotSecure,
}

impl Source {
    /// Checks an address.
    ///
    /// # Errors
    /// [`BadSource`].
    pub fn new(template: &str, channel: &str) -> Result<Self, BadSource> {
        let source = Self {
            template: template.trim().to_owned(),
            channel: channel.trim().to_owned(),
        };
        // Only what is filled in differs from machine to machine.
        let any = Target {
            kind: crate::target::Kind::Deb,
            system: "linux",
            processor: "x86_64",
        };
        source.url(&Version::new(0, 0, 0), &any).map(|_| source)
    }

    /// Whether the server is on this machine: then no proxy is asked.
    pub fn is_on_this_machine(&self) -> bool {
        self.template.starts_with("http://")
    }

    /// The address to ask.
    ///
    /// # Errors
    /// [`BadSource`]; not after [`Source::new`] has taken it.
    pub(crate) fn url(&self, running: &Version, target: &Target) -> Result<Url, BadSource> {
        let filled = [
            ("target", target.system),
            ("arch", target.processor),
            ("bundle_type", target.kind.name()),
            ("channel", self.channel.as_str()),
            ("current_version", &running.to_string()),
        ]
        .iter()
        .fold(self.template.clone(), |text, (name, value)| {
            text.replace(&format!("{{{{{name}}}}}"), value)
        });
        let url = Url::parse(&filled).map_err(|_| BadSource::NoAddress)?;
        is_secure(&url).then_some(url).ok_or(BadSource::NotSecure)
    }
}

/// A signature protects the artefact; https keeps the network from hiding that there is one.
pub(crate) fn is_secure(url: &Url) -> bool {
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && here)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Kind;

    #[test]
    fn variables_are_filled_in() {
        let source = Source::new(
            "https://u.example/{{channel}}/{{target}}-{{arch}}-{{bundle_type}}/{{current_version}}",
            "beta",
        );
        let target = Target {
            kind: Kind::Rpm,
            system: "linux",
            processor: "x86_64",
        };
        let url = source.unwrap().url(&Version::new(1, 2, 3), &target).unwrap();
        assert_eq!(url.as_str(), "https://u.example/beta/linux-x86_64-rpm/1.2.3");
    }

    #[test]
    fn only_https_or_this_machine() {
        assert_eq!(Source::new("http://u.example/", ""), Err(BadSource::NotSecure));
        assert_eq!(Source::new("file:///updates.json", ""), Err(BadSource::NotSecure));
        assert_eq!(Source::new("updates.json", ""), Err(BadSource::NoAddress));
        for here in ["http://127.0.0.1:8080/", "http://[::1]/", "http://localhost/"] {
            assert!(Source::new(here, "").is_ok(), "{here}");
        }
    }
}
