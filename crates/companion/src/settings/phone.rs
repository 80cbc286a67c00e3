//! The phone that Holdline reaches by itself: Amazon Connect.

use schemars::JsonSchema;
use serde::Deserialize;
use telephony::amazon_connect::Instance;
use url::Url;

/// `[telephony]`, merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneSettings {
    /// The rep's Amazon Connect instance; `None`: the phone, if there is one, joins by itself.
    pub amazon_connect: Option<Instance>,
    /// Where its sign-in begins, if not at the instance itself (single sign-on).
    pub login: Option<String>,
    /// Whether the page carries the audio, too.
    pub softphone: bool,
    /// Where its page is shown.
    pub place: PhonePlace,
}

/// Where the phone's page is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhonePlace {
    /// A tab of the rep's browser: where single sign-on refuses a window of Holdline's.
    Browser,
    /// A window of its own.
    #[default]
    Window,
}

/// `[telephony]` of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Phone {
    /// The reps' Amazon Connect instance, such as "https://acme.my.connect.aws": Holdline then joins their phone
    /// itself, through the Contact Control Panel. http://localhost:PORT with Holdline's port must be among the
    /// instance's approved origins.
    #[schemars(with = "String")]
    pub(super) amazon_connect: Option<Address>,
    /// Where the sign-in to Amazon Connect begins, if not at the instance itself: the single sign-on's https address.
    #[schemars(with = "String")]
    pub(super) login: Option<Login>,
    /// Whether Holdline's page carries the calls' audio, too; otherwise it only observes and steers, and audio stays
    /// where reps take calls.
    #[schemars(extend("default" = false))]
    pub(super) softphone: Option<bool>,
    /// Where the panel is: in a window of Holdline's own, or in a tab of the rep's browser, where single sign-on
    /// refuses such a window.
    #[serde(rename = "where")]
    #[schemars(with = "String", extend("enum" = ["window", "browser"], "default" = "window"))]
    pub(super) place: Option<PhonePlace>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Address(Instance);

impl TryFrom<String> for Address {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Instance::parse(&text)
            .map(Self)
            .map_err(|error| error.to_string())
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Login(String);

impl TryFrom<String> for Login {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match Url::parse(text.trim()) {
            Ok(url) if url.scheme() == "https" => Ok(Self(url.into())),
            _ => Err(format!(
                "{text:?} is no https address; write the one at which your single sign-on to Amazon Connect begins"
            )),
        }
    }
}

impl PhoneSettings {
    pub(super) fn merge(user: Phone, policy: Phone) -> Self {
        Self {
            amazon_connect: policy
                .amazon_connect
                .or(user.amazon_connect)
                .map(|Address(it)| it),
            login: policy.login.or(user.login).map(|Login(it)| it),
            softphone: policy.softphone.or(user.softphone).unwrap_or(false),
            place: policy.place.or(user.place).unwrap_or_default(),
        }
    }
}
