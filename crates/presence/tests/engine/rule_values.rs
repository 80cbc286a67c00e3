//! What criteria compare, and how: numbers in thousandths, texts only for equality.

use presence::event::Workload;
use presence::rules::{
    Comparator, Criterion, Destination, Happening, OFFLINE, Operand, Rule, RuleEvent, parse_milli,
};
use proptest::prelude::*;

const COMPARATORS: [Comparator; 6] = [
    Comparator::Equal,
    Comparator::Greater,
    Comparator::GreaterOrEqual,
    Comparator::Less,
    Comparator::LessOrEqual,
    Comparator::NotEqual,
];

const NOTHING: Happening<'static> = Happening {
    event: RuleEvent::SalesforceWorkloadChanged,
    connect_new: None,
    connect_old: None,
    salesforce_new: &[],
    channel: None,
    workload: None,
};

fn text(value: &str) -> Operand {
    Operand::StaticValue(value.to_owned())
}

fn holds(a: Operand, comparator: Comparator, b: Operand, happening: &Happening<'_>) -> bool {
    Criterion { a, comparator, b }.holds(happening)
}

/// What arithmetic says.
fn says(comparator: Comparator, a: i64, b: i64) -> bool {
    match comparator {
        Comparator::Equal => a == b,
        Comparator::Greater => a > b,
        Comparator::GreaterOrEqual => a >= b,
        Comparator::Less => a < b,
        Comparator::LessOrEqual => a <= b,
        Comparator::NotEqual => a != b,
    }
}

fn comparator() -> impl Strategy<Value = Comparator> {
    prop::sample::select(COMPARATORS.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_decimal_is_its_thousandths(whole in 0..=9_000_000_000i64, milli in 0..1_000i64, minus: bool) {
        let sign = if minus { "-" } else { "" };
        let value = (whole * 1_000 + milli) * if minus { -1 } else { 1 };
        prop_assert_eq!(parse_milli(&format!("{sign}{whole}.{milli:03}")), Some(value));
        if milli % 100 == 0 {
            prop_assert_eq!(parse_milli(&format!("{sign}{whole}.{}", milli / 100)), Some(value));
        }
        if milli == 0 {
            prop_assert_eq!(parse_milli(&format!("{sign}{whole}")), Some(value));
        }
    }

    #[test]
    fn any_text_is_a_number_or_none_and_never_a_panic(text in ".{0,24}") {
        let is_decimal = {
            let digits = text.strip_prefix('-').unwrap_or(&text);
            let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
            let all = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
            all(whole) && all(fraction) && fraction.len() <= 3
        };
        let small = text.len() < 12;
        if small || !is_decimal {
            prop_assert_eq!(parse_milli(&text).is_some(), is_decimal);
        }
    }

    #[test]
    fn numbers_compare_like_numbers(a in -5_000..5_000i64, b in -5_000..5_000i64, comparator in comparator()) {
        let w = Workload { configured_milli: 1_000, previous_milli: a, new_milli: b };
        let happening = Happening { workload: Some(w), ..NOTHING };
        let (previous, new) = (Operand::SalesforcePreviousWorkload, Operand::SalesforceNewWorkload);
        prop_assert_eq!(holds(previous.clone(), comparator, new, &happening), says(comparator, a, b));
        // The same, written down.
        let sign = if b < 0 { "-" } else { "" };
        let static_b = text(&format!("{sign}{}.{:03}", b.abs() / 1_000, b.abs() % 1_000));
        prop_assert_eq!(holds(previous, comparator, static_b, &happening), says(comparator, a, b));
    }

    #[test]
    fn percents_are_of_the_configured_capacity(new in 0..1_000_000i64, capacity in -2_000..200_000i64) {
        let w = Workload { configured_milli: capacity, previous_milli: 0, new_milli: new };
        let happening = Happening { workload: Some(w), ..NOTHING };
        let at_least = |percent: i64| {
            holds(Operand::SalesforceNewWorkloadPct, Comparator::GreaterOrEqual, text(&percent.to_string()), &happening)
        };
        for percent in [0, 50, 100, 150] {
            prop_assert_eq!(at_least(percent), capacity > 0 && new * 100 >= percent * capacity);
        }
    }

    #[test]
    fn text_is_neither_greater_nor_less(a in "[A-Za-z ]{1,8}", b in "[A-Za-z0-9 ]{1,8}") {
        let happening = Happening { connect_new: Some(&a), ..NOTHING };
        for comparator in COMPARATORS {
            let expected = match comparator {
                Comparator::Equal => a == b,
                Comparator::NotEqual => a != b,
                _ => false,
            };
            prop_assert_eq!(holds(Operand::ConnectAgentNewState, comparator, text(&b), &happening), expected);
        }
    }
}

#[test]
fn what_has_no_value_makes_every_comparison_false() {
    let operands = [
        Operand::ConnectAgentNewState,
        Operand::ConnectAgentOldState,
        Operand::SalesforceAgentNewState,
        Operand::SalesforceConfiguredCapacity,
        Operand::SalesforceNewWorkload,
        Operand::SalesforceNewWorkloadPct,
        Operand::SalesforcePreviousWorkload,
        Operand::SalesforcePreviousWorkloadPct,
        Operand::SalesforceServiceChannel,
    ];
    for operand in operands {
        for comparator in COMPARATORS {
            assert!(
                !holds(operand.clone(), comparator, text("x"), &NOTHING),
                "{operand:?}"
            );
            assert!(
                !holds(text("x"), comparator, operand.clone(), &NOTHING),
                "{operand:?}"
            );
        }
    }
}

#[test]
fn a_status_is_equal_to_each_of_its_names() {
    let names = ["On lunch", "Lunch"];
    let happening = Happening {
        salesforce_new: &names,
        ..NOTHING
    };
    let new = Operand::SalesforceAgentNewState;
    for name in names {
        assert!(holds(new.clone(), Comparator::Equal, text(name), &happening));
        assert!(!holds(new.clone(), Comparator::NotEqual, text(name), &happening));
    }
    assert!(!holds(new, Comparator::Equal, text("lunch"), &happening));
}

#[test]
fn an_overlong_number_is_none_at_all() {
    for text in [
        "9999999999999999999",
        "1.2345",
        "1.",
        ".5",
        "+1",
        "1e3",
        "٣",
        "",
        "-",
        "--1",
    ] {
        assert_eq!(parse_milli(text), None, "{text}");
    }
}

#[test]
fn a_logout_rule_must_say_the_exact_offline() {
    let rule = |criteria| Rule {
        name: "r".to_owned(),
        event: RuleEvent::SalesforceAgentLogout,
        criteria,
        destination: Destination::Connect,
        state: OFFLINE.to_owned(),
    };
    let equal = |a, b| Criterion {
        a,
        comparator: Comparator::Equal,
        b,
    };
    let happening = Happening {
        event: RuleEvent::SalesforceAgentLogout,
        salesforce_new: &[OFFLINE],
        ..NOTHING
    };
    let new = Operand::SalesforceAgentNewState;
    assert!(rule(vec![equal(new.clone(), text("Offline"))]).matches(&happening));
    assert!(rule(vec![equal(text("Offline"), new.clone())]).matches(&happening));
    assert!(!rule(vec![equal(new, text("offline"))]).matches(&happening));
    assert!(!rule(Vec::new()).matches(&happening));
}
