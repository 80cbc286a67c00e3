//! A relay in front of a server, as networks put them there: it can hold and change what goes through.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Sees (and may change, or keep waiting) each piece of a request on its way to the server.
pub(crate) type Customs = dyn Fn(Vec<u8>) -> Vec<u8> + Send + Sync;

/// What has gone through a relay, in both directions.
pub(crate) type Overheard = Arc<Mutex<Vec<u8>>>;

/// A relay on a port of its own. It ends with the test's process.
pub(crate) struct Gateway {
    port: u16,
}

impl Gateway {
    /// To this address, `http://localhost:PORT`.
    #[track_caller]
    pub(crate) fn to(url: &str, customs: impl Fn(Vec<u8>) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::between(url, customs, |piece| piece)
    }

    /// One that changes nothing and notes everything.
    #[track_caller]
    pub(crate) fn overhearing(url: &str) -> (Self, Overheard) {
        let heard = Overheard::default();
        let note = |heard: &Overheard| {
            let heard = Arc::clone(heard);
            move |piece: Vec<u8>| {
                heard
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .extend(&piece);
                piece
            }
        };
        (Self::between(url, note(&heard), note(&heard)), heard)
    }

    #[track_caller]
    fn between(
        url: &str,
        there: impl Fn(Vec<u8>) -> Vec<u8> + Send + Sync + 'static,
        back: impl Fn(Vec<u8>) -> Vec<u8> + Send + Sync + 'static,
    ) -> Self {
        let behind: u16 = url
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok())
            .unwrap_or_else(|| panic!("{url} has no port"));
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("a bound port").port();
        let (there, back): (Arc<Customs>, Arc<Customs>) = (Arc::new(there), Arc::new(back));
        thread::spawn(move || {
            for arrived in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(("127.0.0.1", behind)) else {
                    continue;
                };
                relay(arrived, server, &there, &back);
            }
        });
        Self { port }
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

fn relay(client: TcpStream, server: TcpStream, there: &Arc<Customs>, back: &Arc<Customs>) {
    let (Ok(client_out), Ok(server_out)) = (client.try_clone(), server.try_clone()) else {
        return;
    };
    let (there, back) = (Arc::clone(there), Arc::clone(back));
    thread::spawn(move || pump(client, server_out, |piece| there(piece)));
    thread::spawn(move || pump(server, client_out, |piece| back(piece)));
}

fn pump(mut from: TcpStream, mut to: TcpStream, pass: impl Fn(Vec<u8>) -> Vec<u8>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        let piece = pass(buffer[..length].to_vec());
        if to.write_all(&piece).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
