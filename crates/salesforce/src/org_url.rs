//! The address of an org, as people type it.

use std::net::IpAddr;

use url::{Host, Url};

/// Why a text is no address of an org, each with what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadOrgUrl {
    /// Nothing was typed.
    #[error("no org address was given: enter your My Domain, for example acme.my.salesforce.com")]
    Empty,
    /// Plain http to a host that is not this machine.
    #[error("{host} was given with http, which would send your sign-in unprotected: use https://{host}")]
    Insecure {
        /// The host that was named.
        host: String,
    },
    /// No host can be read from it.
    #[error("this is not an org address: enter a host, for example acme.my.salesforce.com")]
    NotAUrl,
    /// A scheme other than https (or http on this machine).
    #[error("{scheme} is not a scheme an org can be reached by: use https")]
    OtherScheme {
        /// The scheme that was named.
        scheme: String,
    },
    /// A user name or password in the address.
    #[error("the address contains a user name or password: leave it out, you sign in in the browser")]
    WithCredentials,
}

impl BadOrgUrl {
    /// The stable code that texts are chosen by.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "org_url_empty",
            Self::Insecure { .. } => "org_url_insecure",
            Self::NotAUrl => "org_url_invalid",
            Self::OtherScheme { .. } => "org_url_scheme",
            Self::WithCredentials => "org_url_credentials",
        }
    }
}

/// Hosts of an org's pages, which do not answer sign-ins.
const PAGES: [&str; 2] = [".lightning.force.com", ".my.salesforce-setup.com"];

/// Reads the address of an org: `acme.my.salesforce.com`, a whole URL (path and query are dropped), or a
/// practice org such as `http://localhost:8080`. The answer is an origin with the path `/`. What stands in a
/// rep's address bar (`acme.lightning.force.com`, a sandbox's likewise) is led to its My Domain: one signs in there.
pub fn parse_org_url(text: &str) -> Result<Url, BadOrgUrl> {
    let text = text.trim();
    if text.is_empty() {
        return Err(BadOrgUrl::Empty);
    }
    let url = if text.contains("://") {
        Url::parse(text)
    } else if let Some((scheme, _)) = text.split_once(':').filter(|(_, rest)| !starts_with_port(rest)) {
        return Err(BadOrgUrl::OtherScheme {
            scheme: crate::text::safe_code(scheme),
        });
    } else {
        Url::parse(&format!("https://{text}"))
    };
    let mut url = url.map_err(|_| BadOrgUrl::NotAUrl)?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(BadOrgUrl::OtherScheme {
            scheme: url.scheme().into(),
        });
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BadOrgUrl::WithCredentials);
    }
    let host = url.host_str().ok_or(BadOrgUrl::NotAUrl)?.to_owned();
    if let Some(domain) = PAGES.iter().find_map(|pages| host.strip_suffix(pages)) {
        let my_domain = format!("{domain}.my.salesforce.com");
        url.set_host(Some(&my_domain)).map_err(|_| BadOrgUrl::NotAUrl)?;
    }
    if !is_plausible_host(&url) {
        return Err(BadOrgUrl::NotAUrl);
    }
    if !is_secure(&url) {
        return Err(BadOrgUrl::Insecure { host });
    }
    url.set_path("/");
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

/// Whether a token may be sent there: https, or this machine.
pub(crate) fn is_secure(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

/// Whether the host is this machine: `localhost`, `127.0.0.0/8` or `::1`.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    }
}

fn starts_with_port(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_ascii_digit())
}

/// A name with a dot, an address, or this machine: a bare word is a typing error far more often than a host.
fn is_plausible_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            is_loopback(url)
                || (name.contains('.')
                    && name.split('.').all(|label| !label.is_empty())
                    && name
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')))
        }
        Some(_) => true,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, &'static str> {
        parse_org_url(text).map(String::from).map_err(|e| e.code())
    }

    #[test]
    fn what_people_type_becomes_an_origin() {
        for (typed, read_as) in [
            ("acme.my.salesforce.com", "https://acme.my.salesforce.com/"),
            (
                "  https://acme.my.salesforce.com/  ",
                "https://acme.my.salesforce.com/",
            ),
            (
                "https://acme.lightning.force.com/lightning/page/home?x=1#y",
                "https://acme.my.salesforce.com/",
            ),
            (
                "acme--uat.sandbox.lightning.force.com",
                "https://acme--uat.sandbox.my.salesforce.com/",
            ),
            (
                "https://acme.my.salesforce-setup.com/lightning/setup",
                "https://acme.my.salesforce.com/",
            ),
            ("test.salesforce.com", "https://test.salesforce.com/"),
            ("login.salesforce.com/", "https://login.salesforce.com/"),
            (
                "acme.my.salesforce.com:8443",
                "https://acme.my.salesforce.com:8443/",
            ),
            ("http://localhost:8080", "http://localhost:8080/"),
            ("http://127.0.0.1:9", "http://127.0.0.1:9/"),
            ("http://[::1]:9/x", "http://[::1]:9/"),
        ] {
            assert_eq!(read(typed), Ok(read_as.into()), "{typed}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_by_its_remedy() {
        for (typed, code) in [
            ("", "org_url_empty"),
            (" \t", "org_url_empty"),
            ("nonsense", "org_url_invalid"),
            ("two words", "org_url_invalid"),
            ("https://", "org_url_invalid"),
            ("a..b", "org_url_invalid"),
            ("ftp://acme.my.salesforce.com", "org_url_scheme"),
            ("javascript:alert(1)", "org_url_scheme"),
            ("http://acme.my.salesforce.com", "org_url_insecure"),
            ("http://localhost.evil.example", "org_url_insecure"),
            ("https://rep:secret@acme.my.salesforce.com", "org_url_credentials"),
        ] {
            assert_eq!(read(typed), Err(code), "{typed}");
        }
    }
}
