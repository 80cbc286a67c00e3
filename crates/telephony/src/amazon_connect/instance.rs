//! The address of an instance, and of its Contact Control Panel.

use url::{Host, Url};

/// An Amazon Connect instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    origin: String,
    ccp_url: String,
}

/// Why an address is none of an instance. The text says what to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoInstance(String);

impl std::fmt::Display for NoInstance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self(text) = self;
        write!(
            f,
            "{text:?} is no address of an Amazon Connect instance; write one such as \
             \"https://acme.my.connect.aws\""
        )
    }
}

impl std::error::Error for NoInstance {}

impl Instance {
    /// `https://ALIAS.my.connect.aws`, or an older `https://ALIAS.awsapps.com`; with or without a path. A
    /// practice org's address, which is on this machine, may be `http`.
    ///
    /// # Errors
    /// It is none of these.
    pub fn parse(text: &str) -> Result<Self, NoInstance> {
        let bad = || NoInstance(text.to_owned());
        let url = Url::parse(text.trim()).map_err(|_| bad())?;
        let host = match url.host() {
            Some(Host::Domain(host)) => host.to_owned(),
            _ => return Err(bad()),
        };
        let on_this_machine = url.scheme() == "http" && host == "localhost";
        let plain = url.username().is_empty() && url.password().is_none();
        if !plain || (url.scheme() != "https" && !on_this_machine) {
            return Err(bad());
        }
        let origin = url.origin().ascii_serialization();
        // The instances of before 2021 have their panel below /connect.
        let folder = if host.ends_with(".awsapps.com") {
            "/connect"
        } else {
            ""
        };
        Ok(Self {
            ccp_url: format!("{origin}{folder}/ccp-v2/"),
            origin,
        })
    }

    /// `https://ALIAS.my.connect.aws`, as browsers write it.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The Contact Control Panel.
    pub fn ccp_url(&self) -> &str {
        &self.ccp_url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_panels_address_follows_from_the_instances() {
        for (text, panel) in [
            (
                "https://acme.my.connect.aws",
                "https://acme.my.connect.aws/ccp-v2/",
            ),
            (
                " https://acme.my.connect.aws/home ",
                "https://acme.my.connect.aws/ccp-v2/",
            ),
            (
                "https://acme.awsapps.com/connect",
                "https://acme.awsapps.com/connect/ccp-v2/",
            ),
            ("http://localhost:4711", "http://localhost:4711/ccp-v2/"),
        ] {
            let instance = Instance::parse(text).unwrap();
            assert_eq!(instance.ccp_url(), panel);
            assert!(panel.starts_with(instance.origin()));
        }
    }

    #[test]
    fn what_is_no_instance_is_refused_with_an_example() {
        for text in [
            "",
            "acme",
            "acme.my.connect.aws",
            "http://acme.my.connect.aws",
            "https://pat:secret@acme.my.connect.aws",
            "https://10.0.0.1",
            "http://127.0.0.1:4711",
            "javascript:alert(1)",
            "file:///etc/passwd",
        ] {
            let refused = Instance::parse(text).unwrap_err().to_string();
            assert!(
                refused.contains("https://acme.my.connect.aws"),
                "{text}: {refused}"
            );
        }
    }
}
