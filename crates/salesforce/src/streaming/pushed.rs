//! A PushTopic message about a UserServicePresence row, read.

use jiff::Timestamp;
use presence::ids::{RecordId, StatusId, UserId};
use serde::Deserialize;

use crate::answer::time;

/// What a message says about the rep's presence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// This is the rep's presence.
    Current(PushedPresence),
    /// The row is nobody's presence any more, or does not say. A change of status adds a row, which has a message
    /// of its own; a logout adds none. So only the console or a query can tell what the rep's presence is.
    Ended,
    /// It is about somebody else: several conditions of a subscription act as OR.
    Foreign,
}

/// The current UserServicePresence row, as it was pushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PushedPresence {
    /// The row.
    pub row: RecordId,
    /// The status it is in.
    pub status: StatusId,
    /// StatusStartDate, by the server's clock.
    pub since: Option<Timestamp>,
    /// SystemModstamp, by the server's clock; where the topic's query leaves it out, when the message was made.
    pub modified: Option<Timestamp>,
}

/// A PushTopic message's `data`. What the topic's query leaves out is not there.
#[derive(Deserialize)]
struct Data {
    event: Option<Event>,
    sobject: Row,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    #[serde(default, deserialize_with = "time")]
    created_date: Option<Timestamp>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    id: Option<RecordId>,
    user_id: Option<UserId>,
    service_presence_status_id: Option<StatusId>,
    is_current_state: Option<bool>,
    #[serde(default, deserialize_with = "time")]
    status_start_date: Option<Timestamp>,
    #[serde(default, deserialize_with = "time")]
    system_modstamp: Option<Timestamp>,
}

impl Pushed {
    /// Reads a message's `data` for this rep. Fields that are missing make it say less, never something else.
    ///
    /// # Errors
    /// It is no PushTopic message, or a field is not what it is documented to be. The error's text may quote what
    /// stands there and is not for logs.
    pub fn read(data: &str, rep: UserId) -> Result<Self, serde_json::Error> {
        let Data { event, sobject } = serde_json::from_str(data)?;
        if sobject.user_id.is_some_and(|user| user != rep) {
            return Ok(Self::Foreign);
        }
        let deleted = event
            .as_ref()
            .and_then(|event| event.kind.as_deref())
            .is_some_and(|kind| kind == "deleted");
        let is_current = sobject.is_current_state == Some(true) && !deleted;
        let named = sobject.id.zip(sobject.service_presence_status_id);
        let Some((row, status)) = named.filter(|_| is_current) else {
            return Ok(Self::Ended);
        };
        let made = event.and_then(|event| event.created_date);
        Ok(Self::Current(PushedPresence {
            row,
            status,
            since: sobject.status_start_date,
            modified: sobject.system_modstamp.or(made),
        }))
    }
}

impl PushedPresence {
    /// As the engine takes it. `skew_ms`: how far the server's clock is ahead of ours; it is taken off the time
    /// that is compared with ours, not off SystemModstamp, which is only compared with others of its kind.
    pub fn row(self, skew_ms: i64) -> presence::event::PresenceRow {
        presence::event::PresenceRow {
            row: Some(self.row),
            status: Some(self.status),
            since_ms: self
                .since
                .map(|since| since.as_millisecond().saturating_sub(skew_ms)),
            modstamp_ms: self.modified.map(Timestamp::as_millisecond),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    const REP: &str = "005000000000001AAA";

    fn rep() -> UserId {
        REP.parse().unwrap()
    }

    fn message() -> Value {
        json!({
            "event": { "createdDate": "2026-01-31T08:00:00.500Z", "replayId": 13, "type": "created" },
            "sobject": {
                "Id": "0NX000000000001",
                "UserId": REP,
                "ServicePresenceStatusId": "0N5000000000001",
                "IsCurrentState": true,
                "StatusStartDate": "2026-01-31T08:00:00.000+0000",
                "SystemModstamp": "2026-01-31T08:00:00.250+0000",
            },
        })
    }

    fn read(message: &Value) -> Pushed {
        Pushed::read(&message.to_string(), rep()).unwrap()
    }

    fn current(message: &Value) -> PushedPresence {
        match read(message) {
            Pushed::Current(presence) => presence,
            other => panic!("{other:?}"),
        }
    }

    fn at(text: &str) -> Option<Timestamp> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn a_current_row_is_the_presence_by_both_clocks() {
        let row = current(&message()).row(1_000);
        assert_eq!(row.row, "0NX000000000001".parse().ok());
        assert_eq!(row.status, "0N5000000000001".parse().ok());
        let since_ms = at("2026-01-31T07:59:59Z").unwrap().as_millisecond();
        assert_eq!(row.since_ms, Some(since_ms), "our clock");
        let modified = at("2026-01-31T08:00:00.250Z").unwrap().as_millisecond();
        assert_eq!(row.modstamp_ms, Some(modified), "the org's");
    }

    #[test]
    fn a_row_that_is_not_current_says_only_that_it_ended() {
        let mut ended = message();
        ended["sobject"]["IsCurrentState"] = json!(false);
        assert_eq!(read(&ended), Pushed::Ended);
        let mut deleted = message();
        deleted["event"]["type"] = json!("deleted");
        assert_eq!(read(&deleted), Pushed::Ended);
    }

    #[test]
    fn another_reps_row_is_nothing_to_us() {
        let mut other = message();
        other["sobject"]["UserId"] = json!("005000000000002AAA");
        assert_eq!(read(&other), Pushed::Foreign);
        // An id of 15 characters is the same id.
        other["sobject"]["UserId"] = json!(&REP[..15]);
        assert_eq!(read(&other), read(&message()));
    }

    #[test]
    fn fields_that_the_topic_leaves_out_make_it_say_less() {
        for (field, says) in [
            ("IsCurrentState", None),
            ("ServicePresenceStatusId", None),
            ("Id", None),
            (
                "UserId",
                Some((at("2026-01-31T08:00:00Z"), at("2026-01-31T08:00:00.25Z"))),
            ),
            ("StatusStartDate", Some((None, at("2026-01-31T08:00:00.25Z")))),
            (
                "SystemModstamp",
                Some((at("2026-01-31T08:00:00Z"), at("2026-01-31T08:00:00.5Z"))),
            ),
        ] {
            let mut less = message();
            less["sobject"].as_object_mut().unwrap().remove(field);
            let found = match read(&less) {
                Pushed::Current(presence) => Some((presence.since, presence.modified)),
                Pushed::Ended => None,
                Pushed::Foreign => panic!("{field}"),
            };
            assert_eq!(found, says, "{field}");
        }
    }

    #[test]
    fn what_is_no_message_is_an_error() {
        for wrong in ["", "[]", "{}", r#"{"sobject":3}"#, r#"{"sobject":{"Id":"x"}}"#] {
            assert!(Pushed::read(wrong, rep()).is_err(), "{wrong}");
        }
    }

    proptest! {
        /// Whatever is left out or wrong, a presence is only told where the row says that it is the rep's own
        /// current one.
        #[test]
        fn nothing_is_made_up(drop in prop::collection::vec(0usize..6, 0..6), current in any::<bool>(), own in any::<bool>()) {
            let fields = ["Id", "UserId", "ServicePresenceStatusId", "IsCurrentState", "StatusStartDate", "SystemModstamp"];
            let mut message = message();
            message["sobject"]["IsCurrentState"] = json!(current);
            if !own {
                message["sobject"]["UserId"] = json!("005000000000002AAA");
            }
            for field in &drop {
                message["sobject"].as_object_mut().unwrap().remove(fields[*field]);
            }
            let kept = |field: usize| !drop.contains(&field);
            let expected_foreign = !own && kept(1);
            let says = current && kept(0) && kept(2) && kept(3);
            match read(&message) {
                Pushed::Foreign => prop_assert!(expected_foreign),
                Pushed::Current(_) => prop_assert!(!expected_foreign && says),
                Pushed::Ended => prop_assert!(!expected_foreign && !says),
            }
        }

        #[test]
        fn arbitrary_bytes_are_an_answer_or_an_error(data in "\\PC*") {
            let _ = Pushed::read(&data, rep());
        }
    }
}
