//! The authorization endpoint and its consent page.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use url::{Host, Url};

use super::{Parameters, parameter, parameters};
use crate::auth::{Asked, Challenge};
use crate::server::page::{escape, page};
use crate::server::shared::Shared;

/// What a client gets that asks for no scope.
const DEFAULT_SCOPE: &str = "api refresh_token id";
/// The parameters that the consent form sends on.
const SENT_ON: [&str; 7] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "code_challenge",
    "code_challenge_method",
    "scope",
    "state",
];
/// Where consent forms may lead: loopback, any port.
const FORM_TARGETS: &str = "http://localhost:* http://127.0.0.1:*";

/// A request that cannot even be answered at its redirect URI.
struct BadRequest {
    title: &'static str,
    text: String,
}

/// An error the client is told of at its redirect URI.
struct Refused {
    error: &'static str,
    description: &'static str,
}

pub(super) async fn ask(State(shared): State<Arc<Shared>>, RawQuery(query): RawQuery) -> Response {
    let parameters = parameters(query.unwrap_or_default().as_bytes());
    let redirect = match redirect_uri(&parameters) {
        Ok(redirect) => redirect,
        Err(bad) => return bad.into_response(),
    };
    match asked(&parameters) {
        Ok(_) => consent(&shared, &parameters, None),
        Err(refused) => send_back(redirect, &parameters, &refused),
    }
}

pub(super) async fn decide(State(shared): State<Arc<Shared>>, form: Bytes) -> Response {
    let parameters = parameters(&form);
    let redirect = match redirect_uri(&parameters) {
        Ok(redirect) => redirect,
        Err(bad) => return bad.into_response(),
    };
    let asked = match asked(&parameters) {
        Ok(asked) => asked,
        Err(refused) => return send_back(redirect, &parameters, &refused),
    };
    match parameter(&parameters, "decision") {
        "allow" => {}
        "deny" => {
            let refused = Refused {
                error: "access_denied",
                description: "end-user denied authorization",
            };
            return send_back(redirect, &parameters, &refused);
        }
        _ => return consent(&shared, &parameters, Some("Choose a rep, or Deny.".to_owned())),
    }
    let user = match shared.read(|org| org.find_rep(parameter(&parameters, "user"))) {
        Ok(user) => user,
        Err(refusal) => return consent(&shared, &parameters, Some(refusal.to_string())),
    };
    let code = shared.sign_in(asked, user);
    found(redirect, &parameters, &[("code", &code)])
}

/// The redirect URI of a desktop program: loopback, any port, one path.
fn redirect_uri(parameters: &Parameters) -> Result<Url, BadRequest> {
    let given = parameter(parameters, "redirect_uri");
    let bad = |text: String| BadRequest {
        title: "redirect_uri_mismatch",
        text,
    };
    let url = Url::parse(given).map_err(|_| bad(format!("The redirect URI \"{given}\" is no URL.")))?;
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address == std::net::Ipv4Addr::LOCALHOST,
        _ => false,
    };
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if url.scheme() == "http" && loopback && plain && url.path() == wire::OAUTH_REDIRECT_PATH {
        Ok(url)
    } else {
        Err(bad(format!(
            "The redirect URI \"{given}\" is not allowed. Use http://localhost:PORT{path} or \
             http://127.0.0.1:PORT{path}.",
            path = wire::OAUTH_REDIRECT_PATH
        )))
    }
}

fn asked(parameters: &Parameters) -> Result<Asked, Refused> {
    let invalid = |description| {
        Err(Refused {
            error: "invalid_request",
            description,
        })
    };
    if parameter(parameters, "response_type") != "code" {
        return Err(Refused {
            error: "unsupported_response_type",
            description: "response type not supported; use response_type=code",
        });
    }
    if parameter(parameters, "client_id").is_empty() {
        return invalid("client_id is required");
    }
    if !matches!(parameter(parameters, "code_challenge_method"), "" | "S256") {
        return invalid("code_challenge_method must be S256");
    }
    if parameter(parameters, "code_challenge").is_empty() {
        return invalid("missing required code challenge");
    }
    let Some(challenge) = Challenge::parse(parameter(parameters, "code_challenge")) else {
        return invalid("code_challenge is not the base64url SHA-256 of a verifier");
    };
    let scope = match parameter(parameters, "scope").trim() {
        "" => DEFAULT_SCOPE,
        scope => scope,
    };
    Ok(Asked {
        client_id: parameter(parameters, "client_id").to_owned(),
        redirect_uri: parameter(parameters, "redirect_uri").to_owned(),
        challenge,
        scope: scope.to_owned(),
    })
}

fn consent(shared: &Shared, parameters: &Parameters, problem: Option<String>) -> Response {
    let mut hidden = String::new();
    for name in SENT_ON {
        if let Some(value) = parameters.get(name) {
            // Writing to a String cannot fail.
            let _ = write!(
                hidden,
                "<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
                escape(value)
            );
        }
    }
    let hint = parameter(parameters, "login_hint");
    let reps = shared.read(|org| {
        let hinted = org.find_rep(hint).ok();
        let mut reps = String::new();
        for (key, rep) in org.reps() {
            let _ = write!(
                reps,
                "<li><form method=\"post\" action=\"/services/oauth2/authorize\">{hidden}\
                 <input type=\"hidden\" name=\"user\" value=\"{rep}\">\
                 <button name=\"decision\" value=\"allow\"{focus}><span>Allow as {name}</span>\
                 <span class=\"soft\">{username}</span></button></form></li>",
                rep = escape(rep.rep),
                name = escape(&rep.name()),
                username = escape(&rep.username()),
                focus = if hinted == Some(key) { " autofocus" } else { "" },
            );
        }
        reps
    });
    let (status, problem) = match problem {
        Some(text) => (
            StatusCode::BAD_REQUEST,
            format!("<p role=\"alert\"><strong>{}</strong></p>", escape(&text)),
        ),
        None => (StatusCode::OK, String::new()),
    };
    let body = format!(
        "<h1>Allow access to the practice org?</h1>{problem}\
         <p>A program on this computer (<code>{client}</code>) asks to read Omni-Channel data for a practice \
         rep. Choose the rep to sign in as:</p><ul class=\"reps\">{reps}</ul>\
         <form method=\"post\" action=\"/services/oauth2/authorize\">{hidden}\
         <button class=\"deny\" name=\"decision\" value=\"deny\">Deny</button></form>\
         <p class=\"soft\">The answer goes to <code>{redirect}</code>. Asked for: {scope}. No passwords here: \
         this is a practice org.</p>",
        client = escape(parameter(parameters, "client_id")),
        redirect = escape(parameter(parameters, "redirect_uri")),
        scope = escape(match parameter(parameters, "scope") {
            "" => DEFAULT_SCOPE,
            scope => scope,
        }),
    );
    page(status, "Allow access?", &body, FORM_TARGETS)
}

fn send_back(redirect: Url, parameters: &Parameters, refused: &Refused) -> Response {
    let pairs = [
        ("error", refused.error),
        ("error_description", refused.description),
    ];
    found(redirect, parameters, &pairs)
}

fn found(mut redirect: Url, parameters: &Parameters, pairs: &[(&str, &str)]) -> Response {
    redirect.query_pairs_mut().extend_pairs(pairs);
    if let Some(state) = parameters.get("state") {
        redirect.query_pairs_mut().append_pair("state", state);
    }
    let headers = [
        (header::LOCATION, redirect.to_string()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (StatusCode::FOUND, headers).into_response()
}

impl IntoResponse for BadRequest {
    fn into_response(self) -> Response {
        let body = format!(
            "<h1>This sign-in cannot go on</h1><p>{}</p><p class=\"soft\">{}</p>",
            escape(&self.text),
            escape(self.title)
        );
        page(StatusCode::BAD_REQUEST, "Sign-in refused", &body, "")
    }
}
