//! One port on 127.0.0.1 and, where the machine has it, on ::1.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};

use tokio::net::TcpListener;

/// Why a practice org did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The loopback address could not be listened on.
    #[error("The practice org cannot listen on 127.0.0.1 port {port}: {source}. Give another port.")]
    Listen {
        /// The port asked for.
        port: u16,
        /// The system's answer.
        source: io::Error,
    },
    /// Somebody else has the port.
    #[error(
        "Port {port} is already taken, perhaps by another practice org. Stop that one, give another port, or \
         give port 0 for any free one."
    )]
    PortTaken {
        /// The port asked for.
        port: u16,
    },
}

pub(super) struct Loopback {
    pub(super) port: u16,
    pub(super) sockets: Vec<TcpListener>,
}

/// How often another port is tried when a free IPv4 port's IPv6 twin is taken.
const TRIES: usize = 16;

pub(super) async fn loopback(port: u16) -> Result<Loopback, StartError> {
    for _ in 0..TRIES {
        let refused = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => StartError::PortTaken { port },
            _ => StartError::Listen { port, source },
        };
        let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(refused)?;
        let bound = v4.local_addr().map_err(refused)?.port();
        match TcpListener::bind((Ipv6Addr::LOCALHOST, bound)).await {
            Ok(v6) => {
                return Ok(Loopback {
                    port: bound,
                    sockets: vec![v4, v6],
                });
            }
            Err(error) if error.kind() != io::ErrorKind::AddrInUse => {
                tracing::debug!(%error, "no IPv6 loopback; listening on 127.0.0.1 only");
                return Ok(Loopback {
                    port: bound,
                    sockets: vec![v4],
                });
            }
            // A client that resolves localhost to ::1 first would reach somebody else.
            Err(_) if port != 0 => return Err(StartError::PortTaken { port }),
            Err(_) => {}
        }
    }
    Err(StartError::PortTaken { port })
}
