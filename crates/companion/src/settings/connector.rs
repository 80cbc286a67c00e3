//! Phones that join through the connector API: who may.

use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

/// `[connector]` of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Connector {
    /// Web pages ("https://phone.example.com") that may call the connector API, with a token like any phone.
    origins: Option<Vec<PageOrigin>>,
    /// Whether phones without a token are offered a pairing by code.
    #[schemars(extend("default" = true))]
    pairing: Option<bool>,
    /// Tokens that let a softphone join without being paired by code: lines as `holdlinectl phone token new --policy`
    /// prints them.
    tokens: Option<Vec<TokenLine>>,
}

/// Who may speak to the connector API besides phones that the rep has paired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectorSettings {
    /// Origins whose pages may call it, as browsers write them; none: no page.
    pub origins: Vec<String>,
    /// Phones without a token are offered a pairing by code.
    pub pairing: bool,
    /// Tokens as `holdlinectl phone token new --policy` prints them: `RIGHTS:SHA256:NAME`.
    pub tokens: Vec<String>,
}

impl ConnectorSettings {
    pub(super) fn merge(user: Connector, policy: Connector) -> Self {
        let origins = policy.origins.or(user.origins).unwrap_or_default();
        let tokens = policy.tokens.or(user.tokens).unwrap_or_default();
        Self {
            origins: origins.into_iter().map(|origin| origin.0).collect(),
            pairing: policy.pairing.or(user.pairing).unwrap_or(true),
            tokens: tokens.into_iter().map(|token| token.0).collect(),
        }
    }
}

/// An origin, letter for letter as a browser sends it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
struct PageOrigin(String);

impl TryFrom<String> for PageOrigin {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let origin = Url::parse(&text)
            .ok()
            .map(|url| url.origin().ascii_serialization());
        match origin {
            Some(origin) if origin == text && origin != "null" => Ok(Self(text)),
            Some(origin) if origin != "null" => Err(format!(
                "{text:?} is no origin as browsers write it; write {origin:?}"
            )),
            _ => Err(format!(
                "{text:?} is no origin; write one such as \"https://phone.example.com\""
            )),
        }
    }
}

/// A phone's token: `RIGHTS:SHA256:NAME`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
struct TokenLine(String);

impl TryFrom<String> for TokenLine {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut parts = text.splitn(3, ':');
        let right = parts
            .next()
            .is_some_and(|right| ["control", "report"].contains(&right));
        let hash = parts.next().is_some_and(|hash| hash.len() == 43);
        let name = parts.next().is_some_and(|name| !name.trim().is_empty());
        if right && hash && name {
            return Ok(Self(text));
        }
        // Not repeated: somebody may have put the token itself here.
        Err(
            "this is no phone's token; write it as `holdlinectl phone token new --policy` prints it: \
             \"control:HASH:NAME\" or \"report:HASH:NAME\""
                .to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for good in ["https://phone.example.com", "http://localhost:8080"] {
            assert!(PageOrigin::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in [
            "https://phone.example.com/",
            "https://Phone.example.com",
            "phone.example.com",
            "null",
            "*",
            "file:///",
        ] {
            assert!(PageOrigin::try_from(bad.to_owned()).is_err(), "{bad}");
        }
        let near = PageOrigin::try_from("https://phone.example.com/app".to_owned()).unwrap_err();
        assert!(near.ends_with("write \"https://phone.example.com\""), "{near}");
    }

    #[test]
    fn a_token_in_clear_is_refused_and_not_repeated() {
        let token = "b3BlbiBzZXNhbWUgb3BlbiBzZXNhbWUgb3BlbiBzZXM";
        let error = TokenLine::try_from(token.to_owned()).unwrap_err();
        assert!(!error.contains(token));
        assert!(TokenLine::try_from(format!("control:{token}:Acme")).is_ok());
        for bad in ["all:{}:Acme", "control:{}:", "control:short:Acme"] {
            assert!(TokenLine::try_from(bad.replace("{}", token)).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_policy_counts_key_by_key() {
        let parse = |text: &str| toml::from_str::<Connector>(text).unwrap();
        let merged = ConnectorSettings::merge(
            parse("pairing = true\norigins = [\"https://mine.example\"]"),
            parse("pairing = false"),
        );
        assert_eq!(merged.origins, ["https://mine.example"]);
        assert!(!merged.pairing);
    }
}
