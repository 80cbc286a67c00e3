//! A relay in front of a server, as networks put them there: it can hold and change what goes through.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// Sees (and may change, or keep waiting) each piece of a request on its way to the server.
pub(crate) type Customs = dyn Fn(Vec<u8>) -> Vec<u8> + Send + Sync;

/// A relay on a port of its own. It ends with the test's process.
pub(crate) struct Gateway {
    port: u16,
}

impl Gateway {
    /// To this address, `http://localhost:PORT`.
    #[track_caller]
    pub(crate) fn to(url: &str, customs: impl Fn(Vec<u8>) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let behind: u16 = url
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok())
            .unwrap_or_else(|| panic!("{url} has no port"));
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("a bound port").port();
        let customs: Arc<Customs> = Arc::new(customs);
        thread::spawn(move || {
            for arrived in listener.incoming().map_while(Result::ok) {
                let Ok(server) = TcpStream::connect(("127.0.0.1", behind)) else {
                    continue;
                };
                relay(arrived, server, &customs);
            }
        });
        Self { port }
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

fn relay(client: TcpStream, server: TcpStream, customs: &Arc<Customs>) {
    let (Ok(client_out), Ok(server_out)) = (client.try_clone(), server.try_clone()) else {
        return;
    };
    let customs = Arc::clone(customs);
    thread::spawn(move || pump(client, server_out, |piece| customs(piece)));
    thread::spawn(move || pump(server, client_out, |piece| piece));
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
