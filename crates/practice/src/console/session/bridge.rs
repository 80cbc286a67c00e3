//! Requests to Holdline.

use std::time::Duration;

use presence::ids::{OrgId, UserId};
use reqwest::{Client, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use url::Url;
use wire::bridge::Problem;

use super::Error;

/// Who this console is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Me {
    pub(super) org_id: OrgId,
    pub(super) user_id: UserId,
}

/// An HTTP client with the console's origin.
pub(super) struct Bridge {
    client: Client,
}

/// Why Holdline has not answered with what was asked for.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    /// No answer, or none of Holdline's.
    Lost,
    /// A refusal.
    Problem(StatusCode, Problem),
}

impl Failure {
    /// Whoever answered is not Holdline.
    pub(super) fn impostor(detail: &str) -> Self {
        let problem = Problem {
            code: "impostor".to_owned(),
            detail: detail.to_owned(),
        };
        Self::Problem(StatusCode::OK, problem)
    }

    pub(super) fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Lost => None,
            Self::Problem(status, _) => Some(*status),
        }
    }
}

impl Bridge {
    pub(super) fn new(page: &Url) -> Result<Self, Error> {
        let origin = page.origin().ascii_serialization();
        let origin = origin.parse().map_err(|_| Error::OrgUrl(page.clone()))?;
        let client = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .default_headers(header::HeaderMap::from_iter([(header::ORIGIN, origin)]))
            .build()
            .map_err(Error::Http)?;
        Ok(Self { client })
    }

    pub(super) async fn get<A: DeserializeOwned>(
        &self,
        port: u16,
        path: &str,
        limit: Duration,
    ) -> Result<A, Failure> {
        read(self.client.get(address(port, path)).timeout(limit)).await
    }

    pub(super) async fn post<A: DeserializeOwned>(
        &self,
        port: u16,
        path: &str,
        body: &impl Serialize,
        limit: Duration,
    ) -> Result<A, Failure> {
        read(self.client.post(address(port, path)).timeout(limit).json(body)).await
    }
}

async fn read<A: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<A, Failure> {
    let response = request.send().await.map_err(|_| Failure::Lost)?;
    let status = response.status();
    if status == StatusCode::OK {
        return response.json().await.map_err(|_| Failure::Lost);
    }
    let problem = response.json().await.unwrap_or_else(|_| Problem {
        code: "bad_answer".to_owned(),
        detail: format!("Holdline answered with HTTP status {status}. It is asked again."),
    });
    Err(Failure::Problem(status, problem))
}

fn address(port: u16, path: &str) -> String {
    format!("http://localhost:{port}{path}")
}
