//! Everything between Holdline and Salesforce's cloud: sign-in, the token's keeping, REST and SOQL.
//!
//! A typed asynchronous library: it knows nothing of the loop, the engine or the window. What comes out is
//! either a parsed value or an error that is named by its remedy. Facts are those of
//! `reference/salesforce.md`; where one is uncertain, the code says what it accepts instead.

mod account;
mod answer;
mod client;
mod error;
mod facts;
mod http;
mod identity;
mod key_prefix;
mod keyring_store;
mod network;
mod oauth;
mod org_url;
mod presence_config;
mod presence_row;
mod push_topic;
mod reach;
mod remedy;
mod select;
mod session;
mod setup;
mod sign_in_error;
mod situation;
mod soql;
mod statuses;
mod store_error;
pub mod streaming;
mod sync_rules;
mod text;
mod token_parts;
mod token_store;
mod tokens;
mod versions;
mod voice_calls;
mod works;

#[cfg(test)]
mod arbitrary_answers;

pub use account::Account;
pub use client::Client;
pub use error::{Error, Missing, NetworkFailure, ResumeError, SignInReason, WaitReason};
pub use facts::{ApiUsage, ServerFacts};
pub use http::{Http, TimeOuts};
pub use identity::Identity;
pub use key_prefix::{DOCUMENTED_VOICE_KEY_PREFIX, VOICE_CALL};
pub use keyring_store::{KeyringStore, Prompt};
pub use network::{Network, Proxy};
pub use oauth::{Authorization, AuthorizationCode, OrgConfig, refresh, revoke};
pub use org_url::{BadOrgUrl, parse_org_url};
pub use presence_config::{Declining, WrapUp};
pub use presence_row::PresenceRow;
pub use reach::reach;
pub use session::SignOut;
pub use setup::{Channel, Setup};
pub use sign_in_error::SignInError;
pub use situation::Situation;
pub use soql::literal;
pub use statuses::{Status, StatusKind};
pub use store_error::StoreError;
pub use token_store::{SessionStore, TokenStore};
pub use tokens::Tokens;
pub use voice_calls::VoiceCall;
pub use works::{Work, WorkStatus};
