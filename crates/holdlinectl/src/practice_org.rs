//! `practice`: a practice org in this process, with consoles on request.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use practice::console::session;
use practice::{Connector, Options, PhoneBy, Server, StartError};
use serde_json::json;
use url::Url;

use crate::arguments::{ConnectorArgument, PhoneArgument, PracticeArguments};
use crate::{output, practice_notice};

/// Where people find it when they name no port.
const USUAL_PORT: u16 = 47800;

pub(crate) async fn serve(arguments: PracticeArguments) -> anyhow::Result<ExitCode> {
    let connector = match arguments.connector {
        ConnectorArgument::Honours => Connector::Honours,
        ConnectorArgument::Naive => Connector::Naive,
    };
    let mut options = Options {
        connector,
        phone_by: match arguments.phone {
            PhoneArgument::AmazonConnect => PhoneBy::AmazonConnect,
            PhoneArgument::Connector => PhoneBy::Connector,
        },
        ..Options::default()
    };
    if !arguments.holdline_ports.is_empty() {
        options.holdline_ports = arguments.holdline_ports;
    }
    if let Some(seconds) = arguments.wrap_up {
        options.timings.wrap_up = Duration::from_secs(seconds);
    }
    let server = start(options, arguments.port).await?;
    output::line(&json!({ "url": server.url() }).to_string())?;
    let url = Url::parse(server.url()).context("the practice org's own address")?;
    for rep in arguments.console {
        let json = arguments.json;
        let mut options = session::Options::new(url.clone(), rep.clone());
        options.notify = Arc::new(move |notice| {
            let text = practice_notice::words_of(&rep, notice);
            let line = if json {
                json!({ "console": rep, "notice": text }).to_string()
            } else {
                text
            };
            // Whoever started the practice org may read its first line only.
            let _ = output::line(&line);
        });
        tokio::spawn(async move {
            let Err(error) = session::run(options).await;
            eprintln!("holdlinectl: the console has ended: {error}");
        });
    }
    tokio::signal::ctrl_c().await?;
    server.shutdown().await;
    Ok(ExitCode::SUCCESS)
}

async fn start(options: Options, port: Option<u16>) -> Result<Server, StartError> {
    if let Some(port) = port {
        return Server::start(Options { port, ..options }).await;
    }
    match Server::start(Options {
        port: USUAL_PORT,
        ..options.clone()
    })
    .await
    {
        Ok(server) => Ok(server),
        Err(_) => Server::start(Options { port: 0, ..options }).await,
    }
}
