//! Sync rules, as seed 001 names them: an event, criteria that must all hold, a destination and a state.
//!
//! Ordered: the first match per destination wins. Quirks kept: a logout is the exact, case-sensitive
//! "Offline", and a rule for it must say so; a change to a status that is named Offline is no logout.

use serde::{Deserialize, Serialize};

use crate::event::Workload;

/// What a logout is called in rules (seed 001: exact and case-sensitive), and the state that stands for it.
pub const OFFLINE: &str = "Offline";

/// Names of states that a phone sets by itself: they can be compared with, never be set (seed 001).
pub const SYSTEM_STATES: [&str; 5] = [
    "AfterCallWork",
    "Busy",
    "CallingCustomer",
    "Pending",
    "PendingBusy",
];

/// All the rules in force.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RuleSet {
    /// In order.
    pub rules: Vec<Rule>,
    /// After them: states of the same name follow each other, presence first.
    pub by_name: bool,
}

impl Default for RuleSet {
    /// Without a rules file: by name.
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            by_name: true,
        }
    }
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rule {
    /// What people call it.
    pub name: String,
    /// When it is looked at.
    pub event: RuleEvent,
    /// All must hold.
    pub criteria: Vec<Criterion>,
    /// Which side it writes.
    pub destination: Destination,
    /// Label or developer name of a presence status, the name of a phone state, or [`OFFLINE`].
    pub state: String,
}

/// What rules look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RuleEvent {
    /// The phone's state has changed.
    #[serde(rename = "Connect Agent State Change")]
    ConnectAgentStateChange,
    /// The rep has logged out of Omni-Channel.
    #[serde(rename = "Salesforce Agent Logout")]
    SalesforceAgentLogout,
    /// The presence status has changed (or the rep has logged in).
    #[serde(rename = "Salesforce Agent State Change")]
    SalesforceAgentStateChange,
    /// The rep has accepted work.
    #[serde(rename = "Salesforce Work Accepted")]
    SalesforceWorkAccepted,
    /// The rep's workload has changed.
    #[serde(rename = "Salesforce Workload Changed")]
    SalesforceWorkloadChanged,
}

/// One comparison.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Criterion {
    /// Operand A.
    pub a: Operand,
    /// How they are compared.
    pub comparator: Comparator,
    /// Operand B.
    pub b: Operand,
}

/// What can be compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Operand {
    /// The phone's new state.
    #[serde(rename = "Connect Agent New State")]
    ConnectAgentNewState,
    /// The phone's state before.
    #[serde(rename = "Connect Agent Old State")]
    ConnectAgentOldState,
    /// The new presence status; [`OFFLINE`] at a logout.
    #[serde(rename = "Salesforce Agent New State")]
    SalesforceAgentNewState,
    /// The configured capacity.
    #[serde(rename = "Salesforce Configured Capacity")]
    SalesforceConfiguredCapacity,
    /// The workload now.
    #[serde(rename = "Salesforce New Workload")]
    SalesforceNewWorkload,
    /// The same as percent of the configured capacity.
    #[serde(rename = "Salesforce New Workload Pct")]
    SalesforceNewWorkloadPct,
    /// The workload before.
    #[serde(rename = "Salesforce Previous Workload")]
    SalesforcePreviousWorkload,
    /// The same as percent of the configured capacity.
    #[serde(rename = "Salesforce Previous Workload Pct")]
    SalesforcePreviousWorkloadPct,
    /// The service channel on which work was accepted.
    #[serde(rename = "Salesforce Service Channel")]
    SalesforceServiceChannel,
    /// A value of the rule's own.
    #[serde(rename = "Static Value")]
    StaticValue(String),
}

/// How two operands are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparator {
    /// Equal to.
    Equal,
    /// Greater than.
    Greater,
    /// Greater than or equal to.
    GreaterOrEqual,
    /// Less than.
    Less,
    /// Less than or equal to.
    LessOrEqual,
    /// Not equal to.
    NotEqual,
}

/// The side a rule writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Destination {
    /// The phone.
    Connect,
    /// Omni-Channel presence.
    Salesforce,
}

/// One happening that rules look at, with everything operands can name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Happening<'a> {
    /// Which event.
    pub event: RuleEvent,
    /// The phone's state now (every name it has).
    pub connect_new: Option<&'a str>,
    /// The phone's state before.
    pub connect_old: Option<&'a str>,
    /// Every name of the presence status now: label, developer name; [`OFFLINE`] alone when logged out.
    pub salesforce_new: &'a [&'a str],
    /// The channel of the work that was accepted.
    pub channel: Option<&'a str>,
    /// The last workload told.
    pub workload: Option<Workload>,
}

impl RuleSet {
    /// The first rule of the list that fires for a destination, with its place in the list.
    pub fn first_match(&self, happening: &Happening<'_>, destination: Destination) -> Option<(usize, &Rule)> {
        let fires = |(_, rule): &(usize, &Rule)| rule.destination == destination && rule.matches(happening);
        self.rules.iter().enumerate().find(fires)
    }
}

impl Rule {
    /// Whether it fires.
    pub fn matches(&self, happening: &Happening<'_>) -> bool {
        self.event == happening.event
            && self.criteria.iter().all(|criterion| criterion.holds(happening))
            && (self.event != RuleEvent::SalesforceAgentLogout || self.asks_for_offline())
    }

    /// A logout rule only works if it compares the new state with the exact "Offline" (seed 001).
    pub fn asks_for_offline(&self) -> bool {
        let offline = Operand::StaticValue(OFFLINE.to_owned());
        let new_state = Operand::SalesforceAgentNewState;
        self.criteria.iter().any(|criterion| {
            criterion.comparator == Comparator::Equal
                && ((criterion.a == new_state && criterion.b == offline)
                    || (criterion.a == offline && criterion.b == new_state))
        })
    }
}

/// An operand's value in one happening: a status may have several names, any of which will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// The names of a presence status.
    Names(&'a [&'a str]),
    /// Any other text.
    Name(&'a str),
    /// A number, in thousandths.
    Number(i64),
}

/// Whether an operand has a value when an event happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// Every time.
    Always,
    /// Not ever: a criterion with it never holds.
    Never,
    /// When that side is known.
    Sometimes,
}

impl Criterion {
    /// Whether it holds; not if an operand has no value in this happening.
    pub fn holds(&self, happening: &Happening<'_>) -> bool {
        let (Some(a), Some(b)) = (self.a.value(happening), self.b.value(happening)) else {
            return false;
        };
        match self.comparator {
            Comparator::Equal => equal(&a, &b),
            Comparator::NotEqual => !equal(&a, &b),
            Comparator::Greater => ordered(&a, &b, |a, b| a > b),
            Comparator::GreaterOrEqual => ordered(&a, &b, |a, b| a >= b),
            Comparator::Less => ordered(&a, &b, |a, b| a < b),
            Comparator::LessOrEqual => ordered(&a, &b, |a, b| a <= b),
        }
    }
}

impl Operand {
    /// Whether it has a value at an event. What is before and after belongs to the event that changes it;
    /// what simply is (phone state, status, workload) can be asked for at every event, once it is known.
    pub fn given_at(&self, event: RuleEvent) -> Given {
        use RuleEvent as At;
        match (self, event) {
            (Self::StaticValue(_), _)
            | (Self::ConnectAgentNewState, At::ConnectAgentStateChange)
            // At a state change the status may be one that the catalogue does not have (yet).
            | (Self::SalesforceAgentNewState, At::SalesforceAgentLogout)
            | (
                Self::SalesforceConfiguredCapacity
                | Self::SalesforceNewWorkload
                | Self::SalesforcePreviousWorkload,
                At::SalesforceWorkloadChanged,
            ) => Given::Always,
            (Self::ConnectAgentOldState, event) if event != At::ConnectAgentStateChange => Given::Never,
            (Self::SalesforceServiceChannel, event) if event != At::SalesforceWorkAccepted => Given::Never,
            _ => Given::Sometimes,
        }
    }

    /// Its value in a happening; `None`: it has none.
    pub fn value<'a>(&'a self, happening: &Happening<'a>) -> Option<Value<'a>> {
        let workload = happening.workload;
        let percent = |milli: i64, of: Workload| {
            let capacity = i128::from(of.configured_milli);
            let percent = (i128::from(milli) * 100_000).checked_div(capacity)?;
            i64::try_from(percent).ok().filter(|_| capacity > 0)
        };
        match self {
            Self::ConnectAgentNewState => happening.connect_new.map(Value::Name),
            Self::ConnectAgentOldState => happening.connect_old.map(Value::Name),
            Self::SalesforceAgentNewState => {
                (!happening.salesforce_new.is_empty()).then_some(Value::Names(happening.salesforce_new))
            }
            Self::SalesforceServiceChannel => happening.channel.map(Value::Name),
            Self::SalesforceConfiguredCapacity => workload.map(|w| Value::Number(w.configured_milli)),
            Self::SalesforceNewWorkload => workload.map(|w| Value::Number(w.new_milli)),
            Self::SalesforcePreviousWorkload => workload.map(|w| Value::Number(w.previous_milli)),
            Self::SalesforceNewWorkloadPct => {
                workload.and_then(|w| percent(w.new_milli, w).map(Value::Number))
            }
            Self::SalesforcePreviousWorkloadPct => {
                workload.and_then(|w| percent(w.previous_milli, w).map(Value::Number))
            }
            Self::StaticValue(text) => Some(Value::Name(text)),
        }
    }
}

fn equal(a: &Value<'_>, b: &Value<'_>) -> bool {
    match (a, b) {
        (Value::Names(names), Value::Name(name)) | (Value::Name(name), Value::Names(names)) => {
            names.contains(name)
        }
        (Value::Names(a), Value::Names(b)) => a.iter().any(|name| b.contains(name)),
        (Value::Name(a), Value::Name(b)) => a == b,
        (Value::Number(a), Value::Number(b)) => a == b,
        (Value::Number(number), Value::Name(text)) | (Value::Name(text), Value::Number(number)) => {
            parse_milli(text) == Some(*number)
        }
        (Value::Number(_), Value::Names(_)) | (Value::Names(_), Value::Number(_)) => false,
    }
}

/// Only numbers are ordered: text that is none is neither greater nor less.
fn ordered(a: &Value<'_>, b: &Value<'_>, compare: impl Fn(i64, i64) -> bool) -> bool {
    let number = |value: &Value<'_>| match value {
        Value::Number(number) => Some(*number),
        Value::Name(text) => parse_milli(text),
        Value::Names(_) => None,
    };
    number(a).zip(number(b)).is_some_and(|(a, b)| compare(a, b))
}

/// A decimal number as thousandths; `None` if it is none, has more than three decimals, or is out of range.
pub fn parse_milli(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || fraction.len() > 3 {
        return None;
    }
    let thousandths: i64 = format!("{fraction:0<3}").parse().ok()?;
    let milli = whole
        .parse::<i64>()
        .ok()?
        .checked_mul(1_000)?
        .checked_add(thousandths)?;
    Some(if negative { -milli } else { milli })
}
