//! A web site that is not the org's.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

/// An empty page on every path, at a port of its own. It ends with the test's process.
pub(crate) struct Site {
    port: u16,
}

impl Site {
    #[track_caller]
    pub(crate) fn open() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("a bound port").port();
        thread::spawn(move || {
            for mut visitor in listener.incoming().map_while(Result::ok) {
                thread::spawn(move || {
                    let _ = visitor.read(&mut [0; 8192]);
                    let page = "<!doctype html><title>hostile</title><body>";
                    let _ = write!(
                        visitor,
                        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{page}",
                        page.len()
                    );
                });
            }
        });
        Self { port }
    }

    /// Its port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }
}
