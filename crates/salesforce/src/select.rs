//! Queries that go together, and do without what an older org or a poorer user lacks.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::client::Client;
use crate::error::{Error, Missing};
use crate::soql::Page;

/// So many queries fit into one composite request (of at most 25 subrequests); it counts as one API call.
const QUERIES_PER_CALL: usize = 5;

/// One query.
#[derive(Clone, Debug)]
pub(crate) struct Select {
    /// The object.
    pub(crate) object: &'static str,
    /// Without these the answer is worth nothing.
    pub(crate) needed: &'static [&'static str],
    /// What the org or the user lacks among these is left out, and is absent in the rows.
    pub(crate) optional: &'static [&'static str],
    /// What follows the object: WHERE, ORDER BY and the like.
    pub(crate) rest: String,
}

/// What came of one query.
#[derive(Debug)]
pub(crate) struct Selected {
    object: &'static str,
    rows: Result<Vec<Value>, Error>,
    /// The optional fields that were left out.
    pub(crate) lacking: Vec<&'static str>,
}

impl Selected {
    /// Whether there are rows, if perhaps of fewer fields.
    pub(crate) fn is_complete(&self) -> bool {
        self.rows.is_ok()
    }

    /// The rows. One that cannot be read fails them all: a list with a hole would look like a call that has
    /// ended.
    pub(crate) fn rows<T: DeserializeOwned>(self) -> Result<Vec<T>, Error> {
        let object = self.object;
        let typed = self.rows?.into_iter().map(serde_json::from_value);
        typed.collect::<Result<_, _>>().map_err(|error| {
            // The error's own text may quote the value.
            tracing::info!(object, category = ?error.classify(), "a row could not be read");
            Error::malformed(200)
        })
    }
}

/// Fields that were found lacking, by object. They are not asked for again while the session lasts.
#[derive(Debug, Default)]
pub(crate) struct Absent(Mutex<BTreeSet<(&'static str, &'static str)>>);

impl Absent {
    fn is(&self, object: &'static str, field: &'static str) -> bool {
        let absent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        absent.contains(&(object, field))
    }

    fn add(&self, object: &'static str, fields: &[&'static str]) {
        let mut absent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        absent.extend(fields.iter().map(|field| (object, *field)));
    }
}

impl Select {
    /// The optional fields that are still asked for.
    fn hoped(&self, absent: &Absent) -> Vec<&'static str> {
        let fields = self.optional.iter().copied();
        fields.filter(|field| !absent.is(self.object, field)).collect()
    }

    fn soql(&self, hoped: &[&str]) -> String {
        let fields: Vec<&str> = self.needed.iter().chain(hoped).copied().collect();
        let soql = format!("SELECT {} FROM {} {}", fields.join(", "), self.object, self.rest);
        soql.trim_end().to_owned()
    }

    /// Which of the fields that were asked for a refusal takes away: the one it names, or all where it names
    /// none of them.
    fn taken(&self, hoped: &[&'static str], refusal: &Error) -> Vec<&'static str> {
        let Error::AskAdmin(Missing::Field(name) | Missing::Object(name)) = refusal else {
            return Vec::new();
        };
        let own = name
            .strip_prefix(self.object)
            .and_then(|rest| rest.strip_prefix('.'))
            .unwrap_or(name);
        let named = |field: &&&str| field.eq_ignore_ascii_case(own);
        match hoped.iter().find(named) {
            Some(field) => vec![*field],
            None if self.needed.iter().any(|field| field.eq_ignore_ascii_case(own)) => Vec::new(),
            None => hoped.to_vec(),
        }
    }
}

impl Client {
    /// Runs queries, as few API calls as possible, and again without what is lacking; answers in the same
    /// order.
    ///
    /// # Errors
    /// Any [`Error`] that concerns all of them: network, session, limits. What concerns one is in its
    /// [`Selected`].
    pub(crate) async fn select(&self, asks: &[Select]) -> Result<Vec<Selected>, Error> {
        let mut answers: Vec<Option<Result<Vec<Value>, Error>>> = asks.iter().map(|_| None).collect();
        loop {
            let open: Vec<usize> = (0..asks.len()).filter(|at| answers[*at].is_none()).collect();
            if open.is_empty() {
                break;
            }
            for part in open.chunks(QUERIES_PER_CALL) {
                let hoped: Vec<_> = part.iter().map(|at| asks[*at].hoped(&self.absent)).collect();
                let queries: Vec<(&'static str, String)> = part
                    .iter()
                    .zip(&hoped)
                    .map(|(at, hoped)| (asks[*at].object, asks[*at].soql(hoped)))
                    .collect();
                let results = self.query_together(&queries).await?;
                for ((at, hoped), result) in part.iter().zip(hoped).zip(results) {
                    let taken = match &result {
                        Err(refusal) => asks[*at].taken(&hoped, refusal),
                        Ok(_) => Vec::new(),
                    };
                    // Each round asks for less, so that there is a last one.
                    self.absent.add(asks[*at].object, &taken);
                    if taken.is_empty() {
                        answers[*at] = Some(result);
                    }
                }
            }
        }
        let answered = asks.iter().zip(answers).map(|(ask, rows)| {
            let lacking = ask.optional.iter().copied();
            Selected {
                object: ask.object,
                rows: rows.unwrap_or(Err(Error::malformed(200))),
                lacking: lacking
                    .filter(|field| self.absent.is(ask.object, field))
                    .collect(),
            }
        });
        Ok(answered.collect())
    }

    async fn query_together(
        &self,
        queries: &[(&'static str, String)],
    ) -> Result<Vec<Result<Vec<Value>, Error>>, Error> {
        if let [(object, soql)] = queries {
            return match self.query(soql, object).await {
                Err(refusal) if !matches!(refusal, Error::AskAdmin(_)) => Err(refusal),
                result => Ok(vec![result]),
            };
        }
        let first_pages = self.composite(queries).await?;
        let mut results = Vec::new();
        for ((object, _), first) in queries.iter().zip(first_pages) {
            results.push(match first {
                Ok(page) => Ok(self.every_page(page, object).await?),
                Err(refusal) => Err(refusal),
            });
        }
        Ok(results)
    }

    /// The first page of each query, in one API call.
    async fn composite(
        &self,
        queries: &[(&'static str, String)],
    ) -> Result<Vec<Result<Page<Value>, Error>>, Error> {
        let base = self.data_path().await?;
        let requests: Vec<Value> = queries
            .iter()
            .enumerate()
            .map(|(place, (_, soql))| {
                let q: String = url::form_urlencoded::byte_serialize(soql.as_bytes()).collect();
                let url = format!("{base}/query?q={q}");
                json!({ "method": "GET", "url": url, "referenceId": reference(place) })
            })
            .collect();
        let body = json!({ "allOrNone": false, "compositeRequest": requests });
        let answer: CompositeAnswer = self
            .post_json(&format!("{base}/composite"), &body, "composite")
            .await?;
        let objects: Vec<&str> = queries.iter().map(|(object, _)| *object).collect();
        answer.pages(&objects)
    }
}

fn reference(place: usize) -> String {
    format!("query{place}")
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CompositeAnswer {
    composite_response: Vec<Part>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    body: Value,
    http_status_code: u16,
    reference_id: String,
}

impl CompositeAnswer {
    /// The first page, or the refusal, of each query, in their order.
    pub(crate) fn pages(self, objects: &[&str]) -> Result<Vec<Result<Page<Value>, Error>>, Error> {
        let parts = self.composite_response;
        let complete = parts.len() == objects.len()
            && (parts.iter().enumerate()).all(|(place, part)| part.reference_id == reference(place));
        if !complete {
            return Err(Error::malformed(200));
        }
        let pages = parts.into_iter().zip(objects);
        Ok(pages.map(|(part, object)| part.page(object)).collect())
    }
}

impl Part {
    fn page(self, object: &str) -> Result<Page<Value>, Error> {
        let body = self.body.to_string().into_bytes();
        crate::remedy::check_part(self.http_status_code, &body, object)?;
        crate::answer::parse(self.http_status_code, &body, object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORK: Select = Select {
        object: "AgentWork",
        needed: &["Id", "Status"],
        optional: &["AcwExtensionCount", "ServiceChannel.RelatedEntity"],
        rest: String::new(),
    };

    fn taken(missing: Missing) -> Vec<&'static str> {
        WORK.taken(WORK.optional, &Error::AskAdmin(missing))
    }

    #[test]
    fn only_what_is_named_is_left_out() {
        let field = |name: &str| taken(Missing::Field(name.into()));
        assert_eq!(field("AgentWork.AcwExtensionCount"), ["AcwExtensionCount"]);
        assert_eq!(
            field("ServiceChannel.RelatedEntity"),
            ["ServiceChannel.RelatedEntity"]
        );
        assert_eq!(field("AgentWork"), WORK.optional, "no field is named");
        assert!(field("AgentWork.Status").is_empty(), "it is needed");
        assert!(taken(Missing::Permission("API Enabled".into())).is_empty());
        assert!(WORK.taken(WORK.optional, &Error::NotSalesforce).is_empty());
    }

    #[test]
    fn a_query_asks_for_what_is_left() {
        let absent = Absent::default();
        absent.add("AgentWork", &["AcwExtensionCount"]);
        absent.add("User", &["ServiceChannel.RelatedEntity"]);
        let hoped = WORK.hoped(&absent);
        assert_eq!(
            WORK.soql(&hoped),
            "SELECT Id, Status, ServiceChannel.RelatedEntity FROM AgentWork"
        );
    }
}
