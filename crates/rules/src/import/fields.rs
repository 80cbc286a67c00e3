//! Which field of an exported record is which.

/// A field of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Active,
    Comparator,
    Criteria,
    Destination,
    /// Salesforce's own and descriptions: nothing of the rule's.
    Nothing,
    Name,
    OperandA,
    OperandAValue,
    OperandB,
    OperandBValue,
    Order,
    Source,
    State,
    /// The state where the record has no other field for it, else the static value.
    Value,
}

/// Seed 001 names source, destination, criteria with operandA, operandB and comparator, and state; the others are
/// what such fields are commonly called. Compared by [`plain`].
const NAMES: [(Field, &[&str]); 14] = [
    (Field::Active, &["active", "isactive", "enabled"]),
    (Field::Comparator, &["comparator", "comparison", "operator"]),
    (Field::Criteria, &["criteria", "conditions"]),
    (Field::Destination, &["destination", "target"]),
    (Field::Name, &["name", "rulename", "masterlabel", "label"]),
    (
        Field::Nothing,
        &[
            "attributes",
            "createdbyid",
            "createddate",
            "currencyisocode",
            "description",
            "developername",
            "id",
            "isdeleted",
            "lastmodifiedbyid",
            "lastmodifieddate",
            "lastreferenceddate",
            "lastvieweddate",
            "ownerid",
            "recordtypeid",
            "systemmodstamp",
        ],
    ),
    (Field::OperandA, &["operanda", "a"]),
    (Field::OperandAValue, &["operandavalue", "valuea", "avalue"]),
    (Field::OperandB, &["operandb", "b"]),
    (
        Field::OperandBValue,
        &["operandbvalue", "valueb", "bvalue", "staticvalue"],
    ),
    (Field::Order, &["order", "sequence", "priority", "sortorder"]),
    (Field::Source, &["source", "event", "trigger", "sourceevent"]),
    (
        Field::State,
        &["state", "destinationstate", "targetstate", "newstate"],
    ),
    (Field::Value, &["value", "destinationvalue"]),
];

/// The name for [`super::import`]'s renames, as people type it.
pub(super) fn named(name: &str) -> Option<(Field, Option<u32>)> {
    let plain = plain(name);
    let find = |name: &str| {
        let found = NAMES.iter().find(|(_, names)| names.contains(&name));
        found.map(|(field, _)| *field)
    };
    if let Some(field) = find(&plain) {
        return Some((field, None));
    }
    // Further criteria in a table have numbered columns: Operand A 2.
    let stem = plain.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let number = plain[stem.len()..].parse().ok()?;
    let of_criterion = |field: &Field| {
        matches!(
            field,
            Field::Comparator
                | Field::OperandA
                | Field::OperandAValue
                | Field::OperandB
                | Field::OperandBValue
        )
    };
    Some((find(stem).filter(of_criterion)?, Some(number)))
}

/// Without a package's prefix, `__c`, case, spaces and underscores.
pub(super) fn plain(name: &str) -> String {
    let name = name.trim();
    let name = name.strip_suffix("__c").unwrap_or(name);
    let name = name.rsplit("__").next().unwrap_or(name);
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    let plain: String = letters.flat_map(char::to_lowercase).collect();
    let unmarked = plain.strip_prefix("ac").filter(|_| name.starts_with("AC_"));
    unmarked.map(str::to_owned).unwrap_or(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_and_people_write_fields_differently() {
        for name in [
            "operandA",
            "Operand A",
            "amazonconnect__Operand_A__c",
            "OPERAND_A",
        ] {
            assert_eq!(named(name), Some((Field::OperandA, None)), "{name}");
        }
        assert_eq!(named("AC_Source__c"), Some((Field::Source, None)));
        assert_eq!(named("Operand B Value 2"), Some((Field::OperandBValue, Some(2))));
        assert_eq!(named("State 2"), None);
        assert_eq!(named("Nonsense"), None);
    }
}
