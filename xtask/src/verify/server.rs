//! A web server on loopback.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// A web server of a folder, on a port of its own.
pub(super) struct Server {
    pub(super) url: String,
    child: Child,
}

impl Server {
    pub(super) fn start(folder: &Path) -> Result<Self> {
        // It says where it listens when it does.
        let program = "import http.server,sys,functools\n\
                       h=functools.partial(http.server.SimpleHTTPRequestHandler,directory=sys.argv[1])\n\
                       s=http.server.ThreadingHTTPServer(('127.0.0.1',0),h)\n\
                       print(s.server_address[1],flush=True)\ns.serve_forever()";
        let mut child = Command::new("python3")
            .args(["-c", program])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("python3 could not be started")?;
        let mut line = String::new();
        let out = child.stdout.take().context("its standard output")?;
        std::io::BufRead::read_line(&mut std::io::BufReader::new(out), &mut line)?;
        let port: u16 = match line.trim().parse() {
            Ok(port) => port,
            Err(_) => bail!("the web server said {line:?}"),
        };
        Ok(Self {
            url: format!("http://127.0.0.1:{port}"),
            child,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
