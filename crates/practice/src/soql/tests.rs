use proptest::prelude::*;

use super::*;

fn error(query: &str) -> SoqlError {
    parse(query).expect_err(query)
}

fn filter(condition: &str) -> Condition {
    let query = format!("SELECT Id FROM User WHERE {condition}");
    parse(&query)
        .unwrap_or_else(|error| panic!("{error}"))
        .filter
        .unwrap()
}

#[test]
fn a_whole_query() {
    let query = parse(
        "select Id, ServiceChannel.RelatedEntity from AgentWork w where Status in ('Assigned','Opened') \
         order by AssignedDateTime desc nulls last, Id limit 5 offset 2",
    )
    .unwrap();
    let Select::Fields(fields) = query.select else {
        panic!("fields were asked for");
    };
    assert_eq!(fields[1].names, ["ServiceChannel", "RelatedEntity"]);
    assert_eq!(query.from.names, ["AgentWork"]);
    assert_eq!(query.alias.as_deref(), Some("w"));
    assert!(
        matches!(query.filter, Some(Condition::In { negated: false, ref values, .. }) if values.len() == 2)
    );
    assert!(query.order[0].descending && query.order[0].nulls_last);
    assert!(!query.order[1].descending && !query.order[1].nulls_last);
    assert_eq!((query.limit, query.offset), (Some(5), 2));
    assert_eq!(parse("SELECT COUNT() FROM User").unwrap().select, Select::Count);
}

#[test]
fn literals_of_every_kind() {
    let value = |text: &str| match filter(&format!("X = {text}")) {
        Condition::Compare { value, .. } => value,
        other => panic!("{other:?}"),
    };
    assert_eq!(value("null"), Literal::Null);
    assert_eq!(value("TRUE"), Literal::Boolean(true));
    assert_eq!(value("-1.5"), Literal::Number(-1.5));
    assert_eq!(value("today"), Literal::Today);
    assert_eq!(value("2026-02-28"), Literal::Date(jiff::civil::date(2026, 2, 28)));
    let noon = Literal::DateTime("2026-02-28T12:00:00Z".parse().unwrap());
    for text in [
        "2026-02-28T12:00:00Z",
        "2026-02-28T12:00:00.000Z",
        "2026-02-28T13:00:00+01:00",
        "2026-02-28T12:00:00.000+0000",
    ] {
        assert_eq!(value(text), noon, "{text}");
    }
    match value(r"'it\'s 100\% \\ \n'") {
        Literal::Text(raw) => assert_eq!(plain(&raw), "it's 100% \\ \n"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn conditions_nest_and_negate() {
    let condition = filter("A = 1 AND (B = 2 OR NOT C LIKE 'x%') AND D NOT IN (1, 2)");
    let Condition::And(all) = condition else {
        panic!("{condition:?}");
    };
    assert_eq!(all.len(), 3);
    assert!(matches!(&all[1], Condition::Or(any) if matches!(any[1], Condition::Not(_))));
    assert!(matches!(all[2], Condition::In { negated: true, .. }));
}

#[test]
fn errors_name_the_place() {
    for (query, column, what) in [
        ("SELECT Id FRM User", 11, "unexpected token: 'FRM'"),
        ("SELECT Id FROM", 15, "<EOF>"),
        ("SELECT FROM User", 8, "unexpected token: 'FROM'"),
        ("SELECT Id FROM User WHERE", 26, "<EOF>"),
        (
            "SELECT Id FROM User WHERE A = 1 AND B = 2 OR C = 3",
            43,
            "unexpected token: 'OR'",
        ),
        ("SELECT Id FROM User WHERE A LIKE 5", 34, "unexpected token: '5'"),
        ("SELECT Id FROM User WHERE A = Id", 31, "unexpected token: 'Id'"),
        ("SELECT Id FROM User LIMIT -1", 27, "unexpected token: '-1'"),
        ("SELECT Id FROM User GROUP BY Id", 21, "unexpected token: 'GROUP'"),
        ("SELECT Id FROM User ; DROP", 21, "unexpected token: ';'"),
        ("", 1, "<EOF>"),
    ] {
        let error = error(query);
        assert_eq!(error.error_code, "MALFORMED_QUERY");
        let place = format!("ERROR at Row:1:Column:{column}\n");
        assert!(error.message.contains(&place), "{query}: {}", error.message);
        assert!(error.message.contains(what), "{query}: {}", error.message);
    }
    assert!(
        error("SELECT Id\nFROM User X Y")
            .message
            .contains("Row:2:Column:13")
    );
    assert!(
        error("SELECT Id FROM User WHERE A = 'x")
            .message
            .contains("has no end")
    );
    assert!(
        error(r"SELECT Id FROM User WHERE A = '\q'")
            .message
            .contains("illegal character sequence")
    );
}

#[test]
fn deep_nesting_is_refused_and_does_not_overflow() {
    for open in ["(", "NOT "] {
        let query = format!("SELECT Id FROM User WHERE {}A = 1", open.repeat(30_000));
        assert_eq!(error(&query).error_code, "MALFORMED_QUERY");
    }
    let fine = format!(
        "SELECT Id FROM User WHERE {}A = 1{}",
        "(".repeat(20),
        ")".repeat(20)
    );
    assert!(parse(&fine).is_ok());
}

#[test]
fn like_patterns() {
    for (pattern, text, fits) in [
        ("Pa%", "pat morgan", true),
        ("%ORG%", "Pat Morgan", true),
        ("_at", "pat", true),
        ("_at", "at", false),
        (r"100\%", "100%", true),
        (r"100\%", "1000", false),
        ("%a%b%", "xxaxxbxx", true),
        ("%a%b", "xxaxxbx", false),
        ("", "", true),
        ("%", "", true),
        ("é%", "Élan", true),
    ] {
        assert_eq!(Pattern::new(pattern).matches(text), fits, "{pattern} {text}");
    }
}

proptest! {
    #[test]
    fn never_panics_on_any_text(query in ".{0,200}") {
        let _ = parse(&query);
    }

    #[test]
    fn never_panics_on_almost_soql(words in proptest::collection::vec(
        proptest::sample::select(vec![
            "SELECT", "Id", "COUNT", "(", ")", ",", "FROM", "User", "WHERE", "NOT", "AND", "OR", "IN", "LIKE",
            "'a\\'b'", "'", "\\", "5", "-", "2026-13-99", "2026-01-01T00:00:00Z", "null", "=", "!=", "<", ".",
            "A.B", "ORDER", "BY", "NULLS", "LAST", "LIMIT", "OFFSET", "é", "\n",
        ]),
        0..30,
    )) {
        if let Err(error) = parse(&words.join(" ")) {
            prop_assert!(error.message.contains("ERROR at Row:"));
        }
    }

    #[test]
    fn a_text_means_what_was_escaped(text in ".{0,40}") {
        let raw = text.replace('\\', r"\\").replace('\'', r"\'");
        let query = format!("SELECT Id FROM User WHERE Name = '{raw}'");
        let filter = parse(&query).unwrap().filter.unwrap();
        match filter {
            Condition::Compare { value: Literal::Text(raw), .. } => prop_assert_eq!(plain(&raw), text),
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn conditions_survive_being_written_and_read(condition in any_condition()) {
        let query = format!("SELECT Id FROM User WHERE {}", written(&condition));
        let read = parse(&query).unwrap().filter.unwrap();
        prop_assert_eq!(written(&read), written(&condition));
    }

    #[test]
    fn like_is_linear_enough(text in "[ab]{0,60}", pattern in "[ab%_]{0,30}") {
        let _ = Pattern::new(&pattern).matches(&text);
    }
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let path = "[A-C]x(\\.[A-C]y)?".prop_map(|text| Path {
        names: text.split('.').map(str::to_owned).collect(),
        at: 0,
    });
    let comparison = proptest::sample::select(vec![
        (Comparison::Equal, Literal::Null),
        (Comparison::NotEqual, Literal::Boolean(false)),
        (Comparison::Less, Literal::Number(3.5)),
        (Comparison::GreaterOrEqual, Literal::Today),
        (Comparison::Like, Literal::Text(r"a\'%".to_owned())),
    ]);
    let leaf = (path, comparison, any::<bool>(), any::<bool>()).prop_map(
        |(path, (comparison, value), is_in, negated)| match is_in && comparison != Comparison::Like {
            true => Condition::In {
                path,
                negated,
                values: vec![value, Literal::Number(1.0)],
            },
            false => Condition::Compare {
                path,
                comparison,
                value,
            },
        },
    );
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Condition::And),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Condition::Or),
            inner.prop_map(|condition| Condition::Not(Box::new(condition))),
        ]
    })
}

fn written(condition: &Condition) -> String {
    let joined = |all: &[Condition], joint: &str| {
        let all: Vec<String> = all.iter().map(|one| format!("({})", written(one))).collect();
        all.join(joint)
    };
    match condition {
        Condition::And(all) => joined(all, " AND "),
        Condition::Or(all) => joined(all, " OR "),
        Condition::Not(inner) => format!("NOT ({})", written(inner)),
        Condition::In {
            path,
            negated,
            values,
        } => {
            let values: Vec<String> = values.iter().map(literal).collect();
            let not = if *negated { "NOT " } else { "" };
            format!("{} {not}IN ({})", path.names.join("."), values.join(", "))
        }
        Condition::Compare {
            path,
            comparison,
            value,
        } => {
            let symbol = match comparison {
                Comparison::Equal => "=",
                Comparison::Greater => ">",
                Comparison::GreaterOrEqual => ">=",
                Comparison::Less => "<",
                Comparison::LessOrEqual => "<=",
                Comparison::Like => "LIKE",
                Comparison::NotEqual => "!=",
            };
            format!("{} {symbol} {}", path.names.join("."), literal(value))
        }
    }
}

fn literal(value: &Literal) -> String {
    match value {
        Literal::Boolean(value) => value.to_string(),
        Literal::Date(date) => date.to_string(),
        Literal::DateTime(time) => time.to_string(),
        Literal::Null => "null".to_owned(),
        Literal::Number(number) => number.to_string(),
        Literal::Text(raw) => format!("'{raw}'"),
        Literal::Today => "TODAY".to_owned(),
    }
}
