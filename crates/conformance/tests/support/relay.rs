//! A relay in front of Holdline that can be cut.

use std::net::Ipv4Addr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// A loopback port that leads to another one.
pub(crate) struct Relay {
    port: u16,
    cut: Arc<Notify>,
}

impl Relay {
    pub(crate) async fn to(behind: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a free port");
        let port = listener.local_addr().expect("a bound port").port();
        let cut = Arc::new(Notify::new());
        let cuts = Arc::clone(&cut);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(relay(client, port, behind, Arc::clone(&cuts)));
            }
        });
        Self { port, cut }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Every connection breaks; new ones are let through.
    pub(crate) fn cut(&self) {
        self.cut.notify_waiters();
    }
}

async fn relay(client: TcpStream, port: u16, behind: u16, cut: Arc<Notify>) {
    let cut = cut.notified();
    let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, behind)).await else {
        return;
    };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let names = [port, behind].map(|port| format!("127.0.0.1:{port}").into_bytes());
    let there = async {
        let mut piece = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from_client.read(&mut piece).await {
            let passed = renamed(&piece[..length], &names);
            if to_server.write_all(&passed).await.is_err() {
                break;
            }
        }
    };
    tokio::select! {
        () = there => {}
        _ = tokio::io::copy(&mut from_server, &mut to_client) => {}
        () = cut => {}
    }
}

/// The relay's name in the `Host` of requests, replaced by Holdline's. A WebSocket's frames are masked, so that
/// nothing in them looks like it.
fn renamed(piece: &[u8], [ours, theirs]: &[Vec<u8>; 2]) -> Vec<u8> {
    let mut passed = Vec::with_capacity(piece.len());
    let mut rest = piece;
    while let Some(at) = rest.windows(ours.len()).position(|window| window == ours) {
        passed.extend(&rest[..at]);
        passed.extend(theirs);
        rest = &rest[at + ours.len()..];
    }
    passed.extend(rest);
    passed
}
