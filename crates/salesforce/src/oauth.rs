//! Authorization code with PKCE in the system browser, refresh and revoke.

use std::pin::Pin;

use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AsyncHttpClient, AuthUrl, ClientId, CsrfToken, EndpointNotSet, EndpointSet, ExtraTokenFields,
    HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, Scope, StandardRevocableToken, StandardTokenResponse, TokenResponse, TokenUrl,
};
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use url::{Url, form_urlencoded};

use crate::error::Error;
use crate::http::{Answer, Http};
use crate::org_url::is_secure;
use crate::remedy::busy_until;
use crate::sign_in_error::SignInError;
use crate::text::{is_html, safe_code};
use crate::tokens::{Tokens, account, secure_url};

/// Where and as which app one signs in. There is no client secret: a desktop cannot keep one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgConfig {
    /// Production, a sandbox, a My Domain host, or a practice org; see [`crate::parse_org_url`].
    pub login_url: Url,
    /// The External Client App's consumer key.
    pub client_id: String,
    /// The scopes asked for.
    pub scopes: Vec<String>,
}

/// One sign-in under way: what the browser's answer has to match.
#[derive(Debug)]
pub struct Authorization {
    config: OrgConfig,
    redirect_uri: RedirectUrl,
    state: CsrfToken,
    verifier: PkceCodeVerifier,
}

/// A one-time code from the browser's answer.
#[derive(Debug)]
pub struct AuthorizationCode(oauth2::AuthorizationCode);

type Response = StandardTokenResponse<SalesforceFields, BasicTokenType>;
type OAuthClient = oauth2::Client<
    BasicErrorResponse,
    Response,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// What Salesforce's token answers have besides the standard's.
#[derive(Debug, Deserialize, Serialize)]
struct SalesforceFields {
    instance_url: String,
    id: String,
}

impl ExtraTokenFields for SalesforceFields {}

impl OrgConfig {
    /// A configuration with the scopes Holdline needs: `api refresh_token id openid`.
    pub fn new(login_url: Url, client_id: impl Into<String>) -> Self {
        let scopes = ["api", "refresh_token", "id", "openid"]
            .map(String::from)
            .to_vec();
        Self {
            login_url,
            client_id: client_id.into(),
            scopes,
        }
    }

    fn endpoint(&self, name: &str) -> Result<Url, SignInError> {
        let path = format!("/services/oauth2/{name}");
        let url = self
            .login_url
            .join(&path)
            .map_err(|_| SignInError::BadAnswer("org address"))?;
        if is_secure(&url) {
            Ok(url)
        } else {
            Err(SignInError::InsecureUrl)
        }
    }

    fn client(&self) -> Result<OAuthClient, SignInError> {
        Ok(oauth2::Client::new(ClientId::new(self.client_id.clone()))
            .set_auth_uri(AuthUrl::from_url(self.endpoint("authorize")?))
            .set_token_uri(TokenUrl::from_url(self.endpoint("token")?)))
    }
}

impl Authorization {
    /// Starts a sign-in: the address to open in the browser, and what its answer will be checked with.
    /// `redirect_uri` has to be, to the character, one that the app has registered.
    ///
    /// # Errors
    /// [`SignInError::InsecureUrl`] for plain http to another machine.
    pub fn begin(config: &OrgConfig, redirect_uri: &Url) -> Result<(Url, Self), SignInError> {
        let redirect_uri = RedirectUrl::new(redirect_uri.as_str().to_owned())
            .map_err(|_| SignInError::BadAnswer("callback address"))?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let client = config.client()?.set_redirect_uri(redirect_uri.clone());
        let (url, state) = client
            .authorize_url(CsrfToken::new_random)
            .add_scopes(config.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .url();
        Ok((
            url,
            Self {
                config: config.clone(),
                redirect_uri,
                state,
                verifier,
            },
        ))
    }

    /// Reads the callback's query, with or without its `?`. A wrong `state` leaves the sign-in as it is: a
    /// stray or forged callback must not end the rep's own.
    ///
    /// # Errors
    /// [`SignInError::StateMismatch`], [`SignInError::AccessDenied`] and the like, and
    /// [`SignInError::CallbackIncomplete`].
    pub fn read_callback(&self, query: &str) -> Result<AuthorizationCode, SignInError> {
        let query = query.strip_prefix('?').unwrap_or(query);
        let (mut code, mut error, mut state) = (None, None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "code" => code = Some(value.into_owned()),
                "error" => error = Some(value.into_owned()),
                "state" => state = Some(value.into_owned()),
                _ => {}
            }
        }
        let expected = self.state.secret().as_bytes();
        let same = state.is_some_and(|state| bool::from(state.as_bytes().ct_eq(expected)));
        match (same, error, code) {
            (false, None, None) => Err(SignInError::CallbackIncomplete),
            (false, ..) => Err(SignInError::StateMismatch),
            (true, Some(error), _) => Err(SignInError::by_oauth_code(&error)),
            (true, None, Some(code)) if !code.is_empty() => {
                Ok(AuthorizationCode(oauth2::AuthorizationCode::new(code)))
            }
            (true, None, _) => Err(SignInError::CallbackIncomplete),
        }
    }

    /// Exchanges the code for tokens.
    ///
    /// # Errors
    /// Each kind of [`SignInError`] that a token endpoint can cause.
    pub async fn exchange(self, http: &Http, code: AuthorizationCode) -> Result<Tokens, SignInError> {
        let client = self.config.client()?.set_redirect_uri(self.redirect_uri);
        let response = client
            .exchange_code(code.0)
            .set_pkce_verifier(self.verifier)
            .request_async(http)
            .await;
        tokens(response.map_err(token_error)?)
    }

    /// Reads the callback's query and exchanges its code.
    ///
    /// # Errors
    /// Those of [`Self::read_callback`] and [`Self::exchange`].
    pub async fn finish(self, http: &Http, callback_query: &str) -> Result<Tokens, SignInError> {
        let code = self.read_callback(callback_query)?;
        self.exchange(http, code).await
    }
}

/// Renews the session. When the answer holds a new refresh token, the old one is spent: keep the new one
/// before using anything of the answer.
///
/// # Errors
/// [`SignInError::GrantRefused`] when the refresh token is spent, expired or revoked; and the others.
pub async fn refresh(http: &Http, config: &OrgConfig, token: &SecretString) -> Result<Tokens, SignInError> {
    let token = RefreshToken::new(token.expose_secret().to_owned());
    let client = config.client()?;
    let response = client.exchange_refresh_token(&token).request_async(http).await;
    tokens(response.map_err(token_error)?)
}

/// Revokes a token; a refresh token takes its access tokens with it. A token that is already invalid counts
/// as revoked.
///
/// # Errors
/// Those that keep the org from hearing of it; then the grant stays until it expires.
pub async fn revoke(http: &Http, config: &OrgConfig, token: &SecretString) -> Result<(), Error> {
    // The library revokes over https only, which a practice org on loopback does not have.
    let url = config.endpoint("revoke")?;
    let request = http
        .request(Method::POST, url)
        .form(&[("token", token.expose_secret())])
        .build()
        .map_err(|_| SignInError::BadAnswer("org address"))?;
    let answer = http.send(request).await.map_err(Error::CheckNetwork)?;
    if answer.status.is_success() {
        return if is_html(answer.content_type(), &answer.body) {
            Err(Error::NotSalesforce)
        } else {
            Ok(())
        };
    }
    match token_answer(&answer) {
        Err(error) => Err(error.into()),
        Ok(()) => match oauth_code(&answer).as_deref() {
            Some("invalid_token" | "unsupported_token_type") => Ok(()),
            code => Err(Error::Unexpected {
                code: safe_code(code.unwrap_or_default()),
                status: answer.status.as_u16(),
            }),
        },
    }
}

/// The library's way to our HTTP client. It sorts out here what the library would only call unparsable.
impl<'c> AsyncHttpClient<'c> for Http {
    type Error = SignInError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, SignInError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let request = request
                .try_into()
                .map_err(|_| SignInError::BadAnswer("org address"))?;
            let answer = self.send(request).await?;
            token_answer(&answer)?;
            let mut response = HttpResponse::new(answer.body);
            *response.status_mut() = match answer.status {
                status if status.is_success() => StatusCode::OK,
                status => status,
            };
            Ok(response)
        })
    }
}

/// `Ok` if the answer is the token endpoint's own JSON, happy or not.
fn token_answer(answer: &Answer) -> Result<(), SignInError> {
    let json = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&answer.body).is_ok();
    match answer.status {
        StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => Err(SignInError::WaitUntil {
            until: busy_until(answer),
        }),
        status if status.is_redirection() => Err(SignInError::NotSalesforce),
        _ if is_html(answer.content_type(), &answer.body) => Err(SignInError::NotSalesforce),
        _ if json => Ok(()),
        _ => Err(SignInError::NotJson),
    }
}

fn oauth_code(answer: &Answer) -> Option<String> {
    #[derive(Deserialize)]
    struct OAuthError {
        error: String,
    }
    serde_json::from_slice::<OAuthError>(&answer.body)
        .ok()
        .map(|answer| answer.error)
}

fn token_error(error: RequestTokenError<SignInError, BasicErrorResponse>) -> SignInError {
    match error {
        RequestTokenError::ServerResponse(response) => SignInError::by_oauth_code(response.error().as_ref()),
        RequestTokenError::Request(error) => error,
        // The text of the parse error may quote a token: only the path of the field is logged.
        RequestTokenError::Parse(error, _) => {
            tracing::info!(path = %error.path(), "a token answer lacks a field");
            SignInError::BadAnswer("token")
        }
        RequestTokenError::Other(detail) => {
            tracing::info!(detail, "a token answer was refused");
            SignInError::NotJson
        }
    }
}

fn tokens(response: Response) -> Result<Tokens, SignInError> {
    let fields = response.extra_fields();
    let identity_url = secure_url(&fields.id, "identity")?;
    Ok(Tokens {
        access_token: usable(response.access_token().secret())?,
        refresh_token: response
            .refresh_token()
            .map(|token| usable(token.secret()))
            .transpose()?,
        instance_url: secure_url(&fields.instance_url, "instance address")?,
        account: account(&identity_url)?,
        identity_url,
    })
}

/// A token that can be sent in a header and kept in a keyring.
fn usable(token: &str) -> Result<SecretString, SignInError> {
    if !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic()) {
        Ok(SecretString::from(token))
    } else {
        Err(SignInError::BadAnswer("token"))
    }
}
