//! What Holdline says over loopback, each message declared once and versioned.
//!
//! [`bridge`]: with the partner inside the Salesforce console. [`connector`]: with a phone.
//! [`status_api`]: with `holdlinectl`. [`identity`]: what a listener answers to whoever asks who it is.

pub mod bridge;
pub mod connector;
mod convert;
pub mod dispatch;
pub mod identity;
pub mod key;
pub mod picture;
pub mod proof;
pub mod rep_setup;
pub mod status_api;
pub mod support;
pub mod thousandths;

/// Loopback ports Holdline listens on, in order; the first free one is taken. Partners probe all of them.
/// Both sides can override the list (`[loopback] ports`, the practice org's `--holdline-ports`).
pub const DEFAULT_PORTS: [u16; 8] = [47810, 47811, 47812, 47813, 47814, 47815, 47816, 47817];

/// Loopback ports for the OAuth redirect, in order. A Salesforce External Client App must have
/// `http://localhost:PORT/OauthRedirect` registered for each.
pub const DEFAULT_OAUTH_PORTS: [u16; 8] = [47820, 47821, 47822, 47823, 47824, 47825, 47826, 47827];

/// The path of the OAuth redirect.
pub const OAUTH_REDIRECT_PATH: &str = "/OauthRedirect";
