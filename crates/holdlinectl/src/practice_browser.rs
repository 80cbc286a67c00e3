//! A rep at the practice org's consent page, played by HTTP: for scripts, tests and lessons.

use std::io;
use std::time::Duration;

use anyhow::{Context, ensure};
use headless::Browser;
use reqwest::{Client, Url, redirect};
use tokio::runtime::Handle;

/// Allows the sign-in as one rep.
pub(crate) struct PracticeBrowser {
    http: Client,
    rep: String,
    runtime: Handle,
}

impl PracticeBrowser {
    /// Looks whether the org is a practice org: consent is never given in a rep's name anywhere else.
    ///
    /// # Errors
    /// It is another org, or does not answer.
    pub(crate) async fn at(org: &Url, rep: String) -> anyhow::Result<Self> {
        let http = Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(10))
            .build()?;
        let refusal =
            "--sign-in-as only works with a practice org: leave it out and sign in with the browser";
        ensure!(is_loopback(org), "{org} is not on this machine. {refusal}.");
        let state = http
            .get(org.join("practice/v1/state")?)
            .send()
            .await
            .with_context(|| {
                format!("The practice org at {org} does not answer. Start it with `holdlinectl practice`")
            })?;
        ensure!(
            state.status().is_success(),
            "{org} is no practice org. {refusal}."
        );
        Ok(Self {
            http,
            rep,
            runtime: Handle::current(),
        })
    }
}

fn is_loopback(org: &Url) -> bool {
    match org.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl Browser for PracticeBrowser {
    fn open(&self, page: &Url) -> io::Result<()> {
        let (http, page, rep) = (self.http.clone(), page.clone(), self.rep.clone());
        self.runtime.spawn(async move {
            if let Err(error) = allow(&http, page, &rep).await {
                eprintln!("holdlinectl: the practice sign-in as {rep} failed: {error:#}");
            }
        });
        Ok(())
    }
}

/// Fills in the consent page's form and follows it back to Holdline.
async fn allow(http: &Client, page: Url, rep: &str) -> anyhow::Result<()> {
    let mut form: Vec<(String, String)> = page.query_pairs().into_owned().collect();
    form.push(("user".to_owned(), rep.to_owned()));
    form.push(("decision".to_owned(), "allow".to_owned()));
    let mut action = page;
    action.set_query(None);
    // The redirect is followed by hand: that nobody was sent back means that the rep is unknown.
    let here = Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .build()?;
    let answer = here.post(action).form(&form).send().await?;
    let back = answer
        .headers()
        .get("location")
        .and_then(|location| location.to_str().ok());
    let back = back.with_context(|| format!("the practice org knows no rep \"{rep}\""))?;
    http.get(back)
        .send()
        .await
        .context("Holdline's redirect page does not answer")?;
    Ok(())
}
