//! The REST API: versions, resources, query, describe, records, limits.
//!
//! Paths are split here and not by the router, because clients differ in doubled and trailing slashes.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::composite;
use super::oauth::{Parameters, bearer, parameters};
use super::shared::{Shared, now};
use super::write;
use crate::records::{self, Field, FieldType, NEWEST_API, OBJECTS, OLDEST_API, Object};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/services/data", any(answer))
        .route("/services/data/", any(answer))
        .route("/services/data/{*rest}", any(answer))
}

/// An error in the REST API's shape.
pub(super) struct Refused {
    pub(super) status: StatusCode,
    pub(super) body: Value,
}

impl Refused {
    pub(super) fn new(status: StatusCode, error_code: &str, message: &str) -> Self {
        Self {
            status,
            body: json!([{ "message": message, "errorCode": error_code }]),
        }
    }

    fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "NOT_FOUND",
            "The requested resource does not exist",
        )
    }
}

pub(super) type Answer = Result<Value, Refused>;

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let parameters = parameters(parts.uri.query().unwrap_or_default().as_bytes());
    let used = shared.api_requests.fetch_add(1, Ordering::Relaxed) + 1;
    let limit = shared.read(|org| org.settings().api_request_limit);
    let read = |answer: Answer| answer.map(|body| (StatusCode::OK, Some(body)));
    let answer = match segments.get(2..).unwrap_or_default() {
        // The list of versions needs no sign-in.
        [] => Ok((StatusCode::OK, Some(versions()))),
        [version, rest @ ..] => {
            let admitted = signed_in(&shared, &parts.headers)
                .and_then(|()| within(used, limit))
                .and_then(|()| known_version(version));
            match (admitted, rest) {
                (Err(refused), _) => Err(refused),
                (Ok(()), ["composite"]) if parts.method == Method::POST => {
                    read(composite::answer(&shared, body, (used, limit)).await)
                }
                (Ok(()), ["sobjects", "PushTopic", rest @ ..]) if write::is_write(&parts.method) => {
                    write::push_topic(&shared, &parts.method, rest, body).await
                }
                (Ok(()), _) => read(
                    only_reads(&parts.method)
                        .and_then(|()| resource(&shared, version, rest, &parameters, (used, limit))),
                ),
            }
        }
    };
    let mut response = match answer {
        Ok((status, Some(body))) => (status, Json(body)).into_response(),
        Ok((status, None)) => status.into_response(),
        Err(refused) => (refused.status, Json(refused.body)).into_response(),
    };
    if let Ok(usage) = HeaderValue::from_str(&format!("api-usage={used}/{limit}")) {
        response.headers_mut().insert("sforce-limit-info", usage);
    }
    response
}

fn signed_in(shared: &Shared, headers: &HeaderMap) -> Result<(), Refused> {
    bearer(headers)
        .and_then(|token| shared.session(token))
        .map(|_| ())
        .ok_or_else(|| {
            Refused::new(
                StatusCode::UNAUTHORIZED,
                "INVALID_SESSION_ID",
                "Session expired or invalid",
            )
        })
}

fn within(used: u64, limit: u64) -> Result<(), Refused> {
    if used <= limit {
        return Ok(());
    }
    Err(Refused::new(
        StatusCode::FORBIDDEN,
        "REQUEST_LIMIT_EXCEEDED",
        "TotalRequests Limit exceeded.",
    ))
}

fn known_version(version: &str) -> Result<(), Refused> {
    let number = version.strip_prefix('v').and_then(|text| text.strip_suffix(".0"));
    match number.and_then(|number| number.parse().ok()) {
        Some(OLDEST_API..=NEWEST_API) => Ok(()),
        _ => Err(Refused::not_found()),
    }
}

/// Presence and work cannot be written by REST in any version (salesforce.md).
fn only_reads(method: &Method) -> Result<(), Refused> {
    if matches!(*method, Method::GET | Method::HEAD) {
        return Ok(());
    }
    Err(Refused::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "METHOD_NOT_ALLOWED",
        &format!("HTTP Method '{method}' not allowed. Allowed are HEAD,GET"),
    ))
}

fn versions() -> Value {
    (OLDEST_API..=NEWEST_API)
        .map(|version| {
            // Three versions a year.
            let season = ["Spring", "Summer", "Winter"][version as usize % 3];
            // The oldest here is Winter '15.
            let year = 15 + (version - OLDEST_API) / 3;
            json!({
                "label": format!("{season} '{year}"),
                "url": format!("/services/data/v{version}.0"),
                "version": format!("{version}.0"),
            })
        })
        .collect()
}

/// The answer to a GET of this path and query, as a subrequest of `composite` asks it.
pub(super) fn subrequest(shared: &Shared, url: &str, usage: (u64, u64)) -> Answer {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let ["services", "data", version, rest @ ..] = segments.as_slice() else {
        return Err(Refused::not_found());
    };
    known_version(version)?;
    resource(shared, version, rest, &parameters(query.as_bytes()), usage)
}

fn resource(
    shared: &Shared,
    version: &str,
    path: &[&str],
    parameters: &Parameters,
    usage: (u64, u64),
) -> Answer {
    let base = format!("/services/data/{version}");
    match path {
        [] => Ok(["composite", "limits", "query", "sobjects"]
            .iter()
            .map(|name| ((*name).to_owned(), Value::from(format!("{base}/{name}"))))
            .collect::<serde_json::Map<_, _>>()
            .into()),
        ["limits"] => Ok(limits(usage)),
        ["query" | "queryAll"] => query(shared, &base, parameters),
        ["sobjects"] => Ok(json!({
            "encoding": "UTF-8",
            "maxBatchSize": 200,
            "sobjects": OBJECTS
                .iter()
                .filter(|object| shared.read(|org| records::visible_object(org, object.name).is_some()))
                .map(|object| about(&base, object))
                .collect::<Vec<_>>(),
        })),
        ["sobjects", name] => {
            let object = object(shared, name)?;
            Ok(json!({ "objectDescribe": about(&base, object), "recentItems": [] }))
        }
        ["sobjects", name, "describe"] => Ok(describe(shared, &base, object(shared, name)?)),
        ["sobjects", name, id] => record(shared, &base, object(shared, name)?, id, parameters),
        _ => Err(Refused::not_found()),
    }
}

fn object(shared: &Shared, name: &str) -> Result<&'static Object, Refused> {
    shared
        .read(|org| records::visible_object(org, name))
        .ok_or_else(Refused::not_found)
}

fn limits((used, limit): (u64, u64)) -> Value {
    json!({ "DailyApiRequests": { "Max": limit, "Remaining": limit.saturating_sub(used) } })
}

fn query(shared: &Shared, base: &str, parameters: &Parameters) -> Answer {
    let soql = parameters.get("q").ok_or_else(|| {
        Refused::new(
            StatusCode::BAD_REQUEST,
            "MALFORMED_QUERY",
            "SOQL statements cannot be empty; give one in the parameter q",
        )
    })?;
    let sobjects = format!("{base}/sobjects");
    let result = shared
        .read(|org| records::query(org, now(), &sobjects, soql))
        .map_err(|error| Refused {
            status: StatusCode::BAD_REQUEST,
            body: json!([error]),
        })?;
    if parameters.get("columns").is_some_and(|columns| columns == "true") {
        let columns: Vec<Value> = result
            .columns
            .iter()
            .map(|(name, kind)| column(name, *kind))
            .collect();
        return Ok(json!({
            "columnMetadata": columns,
            "entityName": result.entity,
            "groupBy": false,
            "idSelected": result.columns.iter().any(|(name, _)| name == "Id"),
            "keyPrefix": records::object(result.entity).map(|object| object.key_prefix),
        }));
    }
    Ok(json!({ "totalSize": result.total, "done": true, "records": result.records }))
}

fn column(name: &str, kind: FieldType) -> Value {
    json!({
        "columnName": name,
        "displayName": name,
        "apexType": match kind {
            FieldType::Boolean => "Boolean",
            FieldType::DateTime => "Datetime",
            FieldType::Double | FieldType::Percent => "Double",
            FieldType::Id | FieldType::Reference(..) => "Id",
            FieldType::Int => "Integer",
            FieldType::Picklist | FieldType::Text => "String",
        },
        "aggregate": false,
        "booleanType": kind == FieldType::Boolean,
        "numberType": matches!(kind, FieldType::Double | FieldType::Int | FieldType::Percent),
        "textType": matches!(kind, FieldType::Picklist | FieldType::Text),
        "custom": false,
        "joinColumns": [],
    })
}

/// Fields that nobody writes.
const SET_BY_THE_ORG: [&str; 5] = [
    "Id",
    "CreatedDate",
    "LastModifiedDate",
    "SystemModstamp",
    "IsDeleted",
];

fn writable(object: &Object) -> bool {
    object.name == "PushTopic"
}

fn about(base: &str, object: &Object) -> Value {
    let url = format!("{base}/sobjects/{}", object.name);
    json!({
        "name": object.name,
        "label": object.label,
        "labelPlural": object.plural,
        "keyPrefix": object.key_prefix,
        "custom": false,
        "queryable": true,
        "retrieveable": true,
        "createable": writable(object),
        "updateable": writable(object),
        "deletable": writable(object),
        "urls": {
            "sobject": url,
            "describe": format!("{url}/describe"),
            "rowTemplate": format!("{url}/{{ID}}"),
        },
    })
}

fn describe(shared: &Shared, base: &str, object: &Object) -> Value {
    let mut body = about(base, object);
    body["fields"] = shared
        .read(|org| records::visible(org, object))
        .into_iter()
        .map(|field| {
            let (to, relationship) = match field.kind {
                FieldType::Reference(to, Some(relationship)) => (vec![to], Some(relationship)),
                _ => (Vec::new(), None),
            };
            json!({
                "name": field.name,
                "label": field.name,
                "type": field.kind.name(),
                "referenceTo": to,
                "relationshipName": relationship,
                "nillable": field.name != "Id",
                "filterable": true,
                "sortable": true,
                "createable": writable(object) && !SET_BY_THE_ORG.contains(&field.name),
                "updateable": writable(object) && !SET_BY_THE_ORG.contains(&field.name),
            })
        })
        .collect();
    body
}

fn record(shared: &Shared, base: &str, object: &Object, id: &str, parameters: &Parameters) -> Answer {
    let missing = || {
        Refused::new(
            StatusCode::NOT_FOUND,
            "NOT_FOUND",
            "Provided external ID field does not exist or is not accessible: Id",
        )
    };
    let wanted = id.parse().map_err(|_| missing())?;
    let (row, visible) = shared.read(|org| {
        let row = records::row(org, now(), object, wanted);
        (row, records::visible(org, object))
    });
    let row = row.ok_or_else(missing)?;
    let mut body = json!({
        "attributes": { "type": object.name, "url": format!("{base}/sobjects/{}/{wanted}", object.name) },
    });
    let asked = parameters.get("fields");
    let asked: Vec<&str> = match asked {
        Some(names) => names.split(',').map(str::trim).collect(),
        None => visible.iter().map(|field| field.name).collect(),
    };
    for name in asked {
        let same = |field: &&&Field| field.name.eq_ignore_ascii_case(name);
        let field = visible.iter().find(same).ok_or_else(|| {
            let message = format!("No such column '{name}' on sobject of type {}", object.name);
            Refused::new(StatusCode::BAD_REQUEST, "INVALID_FIELD", &message)
        })?;
        body[field.name] = row.value(field.name).json();
    }
    Ok(body)
}
