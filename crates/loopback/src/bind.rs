//! One port on both loopback addresses.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};

use tokio::net::TcpListener;

/// How often port 0 is tried again when the port the system chose is taken on the other address.
const ATTEMPTS: usize = 8;

/// Every port of a list is taken.
#[derive(Debug, thiserror::Error)]
#[error(
    "every loopback port of the list is taken ({}): close the program that uses them, or choose other ports in the settings ({last})",
    list(ports)
)]
pub struct PortsTaken {
    /// The ports that were tried.
    pub ports: Vec<u16>,
    /// What the system said about the last one.
    #[source]
    pub last: io::Error,
}

fn list(ports: &[u16]) -> String {
    ports.iter().map(u16::to_string).collect::<Vec<_>>().join(", ")
}

/// The listeners of one port.
pub(crate) struct Bound {
    pub(crate) port: u16,
    pub(crate) listeners: Vec<TcpListener>,
}

/// Takes the first port of the list that is free on 127.0.0.1 and, where there is IPv6, on ::1.
///
/// A port that somebody else holds on either address is not free: `localhost` may mean either, and would
/// lead a browser to that other program.
pub(crate) async fn first_free(ports: &[u16]) -> Result<Bound, PortsTaken> {
    let mut last = io::Error::new(io::ErrorKind::InvalidInput, "the list of ports is empty");
    for &port in ports {
        for _ in 0..if port == 0 { ATTEMPTS } else { 1 } {
            match both(port).await {
                Ok(bound) => return Ok(bound),
                Err(error) => last = error,
            }
        }
    }
    Err(PortsTaken {
        ports: ports.to_vec(),
        last,
    })
}

/// The first port of the list that would be taken now, without taking it.
pub async fn free_port(ports: &[u16]) -> Option<u16> {
    first_free(ports).await.ok().map(|bound| bound.port)
}

async fn both(port: u16) -> io::Result<Bound> {
    let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let port = v4.local_addr()?.port();
    let mut listeners = vec![v4];
    match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
        Ok(v6) => listeners.push(v6),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
        Err(error) => tracing::debug!(%error, "no ::1 on this machine"),
    }
    Ok(Bound { port, listeners })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_held_on_either_address_is_passed_over() {
        let held = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let taken = held.local_addr().unwrap().port();
        let bound = first_free(&[taken, 0]).await.unwrap();
        assert_ne!(bound.port, taken);

        if let Ok(held) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await {
            let taken = held.local_addr().unwrap().port();
            let bound = first_free(&[taken, 0]).await.unwrap();
            assert_ne!(bound.port, taken);
        }
    }

    #[tokio::test]
    async fn without_a_free_port_the_error_names_ports_and_remedy() {
        let held = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let taken = held.local_addr().unwrap().port();
        let error = first_free(&[taken]).await.err().unwrap().to_string();
        assert!(
            error.contains(&taken.to_string()) && error.contains("choose other ports"),
            "{error}"
        );
        assert!(first_free(&[]).await.is_err());
    }
}
