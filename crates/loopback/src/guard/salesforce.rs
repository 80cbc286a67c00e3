//! The addresses where Salesforce serves consoles, whoever's they are.

/// What the hosts of consoles end in: Lightning, My Domain, and their government twins.
const SUFFIXES: [&str; 4] = [
    ".lightning.force.com",
    ".my.salesforce.com",
    ".lightning.crmforce.mil",
    ".my.salesforce.mil",
];

/// Whether this is an origin of some org's console, or of a page on this machine, as the practice console is.
/// While nobody is signed in there is no org whose pages could be told from the others'.
pub(super) fn may_be_a_console(origin: &[u8]) -> bool {
    let Ok(origin) = std::str::from_utf8(origin) else {
        return false;
    };
    if let Some(host) = origin.strip_prefix("https://") {
        let plain = host
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.');
        return plain
            && SUFFIXES
                .iter()
                .any(|suffix| host.len() > suffix.len() && host.ends_with(suffix));
    }
    let port = origin.strip_prefix("http://localhost:");
    port.is_some_and(|port| port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consoles_and_nothing_like_them() {
        for console in [
            "https://acme.lightning.force.com",
            "https://acme--dev.sandbox.lightning.force.com",
            "https://acme.my.salesforce.com",
            "https://acme-dev-ed.develop.my.salesforce.com",
            "http://localhost:47800",
        ] {
            assert!(may_be_a_console(console.as_bytes()), "{console}");
        }
        for other in [
            "",
            "null",
            "https://evil.example",
            "https://.lightning.force.com",
            "https://lightning.force.com",
            "https://acme.lightning.force.com.evil.example",
            "https://evillightning.force.com",
            "https://evil.example/.lightning.force.com",
            "https://evil.example:1.lightning.force.com",
            "http://acme.lightning.force.com",
            "https://acme.lightning.force.com:8443",
            "http://localhost",
            "http://localhost.evil.example:80",
            "https://localhost:47800",
        ] {
            assert!(!may_be_a_console(other.as_bytes()), "{other}");
        }
    }
}
