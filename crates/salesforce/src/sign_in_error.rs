//! What can go wrong between the sign-in button and the first token.

use jiff::Timestamp;

use crate::error::{Error, NetworkFailure, SignInReason, WaitReason};

/// Why a sign-in or a refresh gave no tokens, each with its remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// The rep, or a policy, refused consent (`access_denied`).
    #[error("access was denied in the browser: sign in again and choose Allow")]
    AccessDenied,
    /// The answer is JSON without what a token answer must have.
    #[error("the org's answer lacks a usable {0}: check the org address, or report it")]
    BadAnswer(&'static str),
    /// The browser came back without a code and without an error.
    #[error("the browser came back without an answer: start the sign-in again")]
    CallbackIncomplete,
    /// The org does not accept this app: its client id, callback address, scopes or policy.
    #[error(
        "the org does not accept this app ({code}): ask your administrator to check the External Client App"
    )]
    ClientRefused {
        /// The server's code.
        code: String,
    },
    /// The code or the refresh token is expired, used, or revoked (`invalid_grant`).
    #[error("the sign-in is no longer valid: sign in again")]
    GrantRefused,
    /// A token would travel unprotected.
    #[error("the org named an address without https: the sign-in was stopped; ask your administrator")]
    InsecureUrl,
    /// Salesforce could not be reached.
    #[error("Salesforce could not be reached ({0}): check the network and try again")]
    Network(#[from] NetworkFailure),
    /// Neither JSON nor a web page.
    #[error("the org's answer could not be read: check the org address and try again")]
    NotJson,
    /// A web page: a proxy's login page, or a host that is no org.
    #[error("a web page answered instead of the org: sign in to your network, or check the org address")]
    NotSalesforce,
    /// A refresh answered for somebody else.
    #[error("the org answered for another user: sign in again")]
    OtherUser,
    /// The browser's answer does not belong to this sign-in.
    #[error("the browser's answer does not belong to this sign-in: start it again from Holdline")]
    StateMismatch,
    /// None of the known ones.
    #[error("the org answered with {code}: try again, and report it if it stays")]
    Unexpected {
        /// The server's code, reduced to letters, digits, `_`, `-` and `.`.
        code: String,
    },
    /// The server is busy.
    #[error("Salesforce is busy: try again at {until}")]
    WaitUntil {
        /// Not before this time, by this machine's clock.
        until: Timestamp,
    },
}

impl SignInError {
    /// The stable code that texts are chosen by.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AccessDenied => "sign_in_access_denied",
            Self::BadAnswer(_) => "sign_in_bad_answer",
            Self::CallbackIncomplete => "sign_in_callback_incomplete",
            Self::ClientRefused { .. } => "sign_in_client_refused",
            Self::GrantRefused => "sign_in_grant_refused",
            Self::InsecureUrl => "sign_in_insecure_url",
            Self::Network(failure) => failure.code(),
            Self::NotJson => "sign_in_not_json",
            Self::NotSalesforce => "not_salesforce",
            Self::OtherUser => "sign_in_other_user",
            Self::StateMismatch => "sign_in_state_mismatch",
            Self::Unexpected { .. } => "sign_in_unexpected",
            Self::WaitUntil { .. } => "server_busy",
        }
    }

    /// Sorts an OAuth error code (RFC 6749 and Salesforce's own additions).
    pub(crate) fn by_oauth_code(code: &str) -> Self {
        match code {
            "access_denied" => Self::AccessDenied,
            "invalid_grant" | "inactive_user" | "inactive_org" => Self::GrantRefused,
            "invalid_client"
            | "invalid_client_id"
            | "invalid_client_credentials"
            | "invalid_scope"
            | "redirect_uri_mismatch"
            | "redirect_uri_missing"
            | "unauthorized_client"
            | "unsupported_grant_type"
            | "OAUTH_APP_BLOCKED"
            | "OAUTH_APP_ACCESS_DENIED"
            | "OAUTH_EC_APP_NOT_FOUND"
            | "app_access_denied"
            | "app_not_found" => Self::ClientRefused { code: code.into() },
            other => Self::Unexpected {
                code: crate::text::safe_code(other),
            },
        }
    }
}

impl From<SignInError> for Error {
    /// What a failed refresh means to whoever asked a question.
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::AccessDenied
            | SignInError::ClientRefused { .. }
            | SignInError::GrantRefused
            | SignInError::InsecureUrl
            | SignInError::OtherUser
            | SignInError::CallbackIncomplete
            | SignInError::StateMismatch => Self::SignInAgain(SignInReason::GrantRefused),
            SignInError::BadAnswer(_) | SignInError::NotJson => Self::malformed(200),
            SignInError::Network(failure) => Self::CheckNetwork(failure),
            SignInError::NotSalesforce => Self::NotSalesforce,
            SignInError::Unexpected { code } => Self::Unexpected { code, status: 400 },
            SignInError::WaitUntil { until } => Self::WaitUntil {
                until,
                reason: WaitReason::ServerBusy,
            },
        }
    }
}
