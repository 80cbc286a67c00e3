//! What can go wrong after sign-in, sorted by what to do about it.

use jiff::Timestamp;

use crate::store_error::StoreError;

/// Why an answer could not be had. Each kind is a remedy; transport detail goes to the log only.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// An administrator has to grant something.
    #[error("your Salesforce user lacks {0}: ask your administrator for it")]
    AskAdmin(Missing),
    /// Salesforce could not be reached.
    #[error("Salesforce could not be reached ({0}): check the network; Holdline tries again")]
    CheckNetwork(NetworkFailure),
    /// A web page, or a redirect to one, came where Salesforce answers with JSON.
    #[error(
        "a web page answered instead of Salesforce: sign in to your network or proxy, or check the org address"
    )]
    NotSalesforce,
    /// The grant is gone.
    #[error("your Salesforce sign-in has ended ({0}): sign in again")]
    SignInAgain(SignInReason),
    /// None of the known ones; the code is the server's own, or one of ours for what it sent.
    #[error("Salesforce answered unexpectedly ({code}, HTTP {status}): try again, and report it if it stays")]
    Unexpected {
        /// The server's code, reduced to letters, digits, `_`, `-` and `.`, or `malformed_answer`.
        code: String,
        /// The HTTP status.
        status: u16,
    },
    /// The org asks to wait.
    #[error("{reason}: Holdline tries again at {until}")]
    WaitUntil {
        /// Not before this time, by this machine's clock.
        until: Timestamp,
        /// What it is that has to pass.
        reason: WaitReason,
    },
}

/// What a user lacks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// Access to one field, or the field itself.
    #[error("access to the field {0}")]
    Field(String),
    /// Access to an object.
    #[error("access to the object {0}")]
    Object(String),
    /// A user permission, by its name in Setup.
    #[error("the permission \"{0}\"")]
    Permission(String),
}

/// Why the network failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworkFailure {
    /// A certificate that the settings name can't be read.
    #[error("a certificate of the settings can't be read")]
    Certificates,
    /// The connection broke while the answer was under way.
    #[error("the connection was cut")]
    Cut,
    /// Nothing accepts connections there.
    #[error("no connection")]
    Connect,
    /// The name has no address.
    #[error("the host name was not found")]
    Dns,
    /// A proxy refused, or is not there.
    #[error("the proxy refused or can't be reached")]
    Proxy,
    /// No answer in time.
    #[error("no answer in time")]
    TimeOut,
    /// The certificate or the handshake was refused.
    #[error("no secure connection")]
    Tls,
}

/// Why one has to sign in again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInReason {
    /// The refresh token is expired, revoked, or was replaced by one that got lost.
    #[error("the grant was revoked or replaced")]
    GrantRefused,
    /// No refresh token was granted, or none is kept.
    #[error("nothing to renew it with")]
    NoRefreshToken,
    /// A refreshed session was refused as well.
    #[error("the renewed session was refused")]
    RefusedAgain,
    /// The rep signed out.
    #[error("signed out")]
    SignedOut,
}

/// What has to pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WaitReason {
    /// The org's API calls of the last 24 hours are used up (`REQUEST_LIMIT_EXCEEDED`).
    #[error("the org's daily API calls are used up")]
    RequestLimit,
    /// The server is busy or in maintenance (429, 502, 503, 504).
    #[error("Salesforce is busy")]
    ServerBusy,
}

impl Error {
    /// The stable code that texts are chosen by.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AskAdmin(missing) => missing.code(),
            Self::CheckNetwork(failure) => failure.code(),
            Self::NotSalesforce => "not_salesforce",
            Self::SignInAgain(reason) => reason.code(),
            Self::Unexpected { .. } => "unexpected_answer",
            Self::WaitUntil { reason, .. } => reason.code(),
        }
    }

    /// Whether the same question may be answered later without anybody doing anything.
    pub fn passes_by_itself(&self) -> bool {
        matches!(
            self,
            Self::CheckNetwork(_) | Self::WaitUntil { .. } | Self::Unexpected { .. }
        )
    }

    pub(crate) fn malformed(status: u16) -> Self {
        Self::Unexpected {
            code: "malformed_answer".into(),
            status,
        }
    }
}

impl Missing {
    /// The stable code that texts are chosen by.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Field(_) => "field_missing",
            Self::Object(_) => "object_missing",
            Self::Permission(_) => "permission_missing",
        }
    }

    /// The name of the field, object or permission.
    pub fn name(&self) -> &str {
        match self {
            Self::Field(name) | Self::Object(name) | Self::Permission(name) => name,
        }
    }
}

impl NetworkFailure {
    /// The stable code that texts are chosen by.
    pub fn code(self) -> &'static str {
        match self {
            Self::Certificates => "network_certificates",
            Self::Cut => "network_cut",
            Self::Connect => "network_connect",
            Self::Dns => "network_dns",
            Self::Proxy => "network_proxy",
            Self::TimeOut => "network_time_out",
            Self::Tls => "network_tls",
        }
    }
}

impl SignInReason {
    /// The stable code that texts are chosen by.
    pub fn code(self) -> &'static str {
        match self {
            Self::GrantRefused => "sign_in_grant_refused",
            Self::NoRefreshToken => "sign_in_no_refresh_token",
            Self::RefusedAgain => "sign_in_refused_again",
            Self::SignedOut => "sign_in_signed_out",
        }
    }
}

impl WaitReason {
    /// The stable code that texts are chosen by.
    pub fn code(self) -> &'static str {
        match self {
            Self::RequestLimit => "request_limit",
            Self::ServerBusy => "server_busy",
        }
    }
}

/// Why a kept sign-in could not be taken up again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResumeError {
    /// Salesforce refused it, or could not be asked.
    #[error(transparent)]
    Salesforce(#[from] Error),
    /// The keyring would not give the token.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ResumeError {
    /// The stable code that texts are chosen by.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Salesforce(error) => error.code(),
            Self::Store(error) => error.code(),
        }
    }
}
