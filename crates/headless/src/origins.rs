//! The web origins of an org's own pages.

use std::collections::BTreeSet;

use url::Url;

const SHARED: [&str; 2] = ["login.salesforce.com", "test.salesforce.com"];

/// The origins from which this org's console may call: the org's own address and, for a My Domain, its
/// Lightning twin (`acme.my.salesforce.com` serves its console at `acme.lightning.force.com`, sandboxes
/// likewise at `acme--sb.sandbox.lightning.force.com`).
pub(crate) fn of_org<'a>(addresses: impl IntoIterator<Item = &'a Url>) -> Vec<String> {
    let mut origins = BTreeSet::new();
    for address in addresses {
        // Where everybody's orgs sign in is no org's own page.
        if address.host_str().is_some_and(|host| SHARED.contains(&host)) {
            continue;
        }
        origins.insert(address.origin().ascii_serialization());
        let Some(host) = address.host_str() else { continue };
        if let Some(domain) = host.strip_suffix(".my.salesforce.com") {
            origins.insert(format!("https://{domain}.lightning.force.com"));
        }
    }
    origins.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(address: &str) -> Vec<String> {
        of_org([&Url::parse(address).unwrap()])
    }

    #[test]
    fn a_my_domain_has_its_lightning_twin() {
        assert_eq!(
            of("https://acme.my.salesforce.com/"),
            [
                "https://acme.lightning.force.com",
                "https://acme.my.salesforce.com"
            ]
        );
        assert_eq!(
            of("https://acme--dev.sandbox.my.salesforce.com"),
            [
                "https://acme--dev.sandbox.lightning.force.com",
                "https://acme--dev.sandbox.my.salesforce.com"
            ]
        );
    }

    #[test]
    fn where_every_org_signs_in_is_not_the_org() {
        assert!(of("https://login.salesforce.com").is_empty());
        assert!(of("https://test.salesforce.com/").is_empty());
    }

    #[test]
    fn a_practice_org_is_only_itself() {
        assert_eq!(of("http://localhost:4711/console"), ["http://localhost:4711"]);
    }
}
