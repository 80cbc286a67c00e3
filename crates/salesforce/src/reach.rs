//! Whether the org can be reached at all, without signing in.

use reqwest::Method;
use serde::de::IgnoredAny;
use url::Url;

use crate::answer;
use crate::error::Error;
use crate::facts::ServerFacts;
use crate::http::Http;
use crate::remedy::{Refusal, check};

/// What is asked for, in errors.
const OBJECT: &str = "versions";

/// Asks for the API versions, which anybody may, and which cost none of the org's calls. Tells the server's clock.
///
/// # Errors
/// Why there was no such answer.
pub async fn reach(http: &Http, org: &Url) -> Result<ServerFacts, Error> {
    let url = org.join("/services/data").map_err(|_| Error::malformed(200))?;
    let request = http.request(Method::GET, url).build();
    let request = request.map_err(|_| Error::malformed(200))?;
    let answer = http.send(request).await.map_err(Error::CheckNetwork)?;
    check(&answer, OBJECT).map_err(|refusal| match refusal {
        Refusal::Other(error) => error,
        Refusal::Expired => Error::malformed(answer.status.as_u16()),
    })?;
    let _: Vec<IgnoredAny> = answer::parse(answer.status.as_u16(), &answer.body, OBJECT)?;
    Ok(answer.facts)
}
