//! Loopback ports: for consoles and phones, and for the sign-in.

use wire::support::Check;

use super::live::Live;
use super::seen::Seen;

/// Where Holdline runs, it serves one; where not, one must be free for it.
pub(super) async fn look(ports: &[u16], live: Option<&Live>) -> Seen {
    match live.map(Live::port) {
        Some(Some(port)) => Seen::of(Check::Ports, "serving").with("ports", port),
        Some(None) => taken(Check::Ports, ports),
        None => free(Check::Ports, ports).await,
    }
}

/// One must be free for the next sign-in.
pub(super) async fn look_at_oauth(ports: &[u16]) -> Seen {
    free(Check::OauthPorts, ports).await
}

async fn free(check: Check, ports: &[u16]) -> Seen {
    match loopback::free_port(ports).await {
        Some(port) => Seen::of(check, "free").with("ports", port),
        None => taken(check, ports),
    }
}

fn taken(check: Check, ports: &[u16]) -> Seen {
    let listed: Vec<String> = ports.iter().map(u16::to_string).collect();
    Seen::of(check, "taken").with("ports", listed.join(", "))
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    #[tokio::test]
    async fn ports_of_other_programs_are_named() {
        let other = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = other.local_addr().unwrap().port();
        let seen = look(&[port], None).await;
        assert_eq!((seen.code, seen.clone()), ("taken", taken(Check::Ports, &[port])));
        assert_eq!(look_at_oauth(&[port]).await.code, "taken");
        drop(other);
        assert_eq!(look(&[port], None).await.code, "free");
    }
}
