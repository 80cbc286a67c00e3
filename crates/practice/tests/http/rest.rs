//! The REST API over real sockets.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::Org;

struct Rest {
    org: Org,
    token: String,
}

impl Rest {
    async fn start() -> Self {
        let org = Org::start().await;
        let tokens = org.sign_in("pat").await;
        let token = tokens["access_token"].as_str().unwrap().to_owned();
        Self { org, token }
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let answer = self.org.authorized(&self.token, path).await;
        (answer.status(), answer.json().await.unwrap())
    }

    async fn ok(&self, path: &str) -> Value {
        let (status, body) = self.get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    async fn query(&self, soql: &str) -> Value {
        let q: String = url::form_urlencoded::byte_serialize(soql.as_bytes()).collect();
        self.ok(&format!("/services/data/v67.0/query?q={q}")).await
    }
}

#[tokio::test]
async fn a_call_is_seen_by_query() {
    let rest = Rest::start().await;
    rest.org.set_status("pat", "Available").await;
    let call = rest.org.call("pat").await;
    let works =
        "SELECT Id, Status, WorkItemId FROM AgentWork WHERE ServiceChannel.RelatedEntity = 'VoiceCall'";
    let found = rest.query(works).await;
    assert_eq!((&found["totalSize"], &found["done"]), (&json!(1), &json!(true)));
    assert_eq!(found["records"][0]["Status"], "Assigned");
    rest.org.act(&call, "accept").await;
    rest.org.act(&call, "hangup").await;
    let work = &rest.query(works).await["records"][0];
    assert_eq!(work["Status"], "Opened");
    let item = work["WorkItemId"].as_str().unwrap();
    let voice = rest
        .ok(&format!(
            "/services/data/v60.0/sobjects/VoiceCall/{item}?fields=CallEndDateTime,VendorCallKey"
        ))
        .await;
    assert!(voice["CallEndDateTime"].is_string());
    assert_eq!(voice["VendorCallKey"], call.as_str());
    assert!(voice.get("CallType").is_none(), "only what was asked for");
    assert_eq!(rest.org.rep("pat").await["presence"]["status"], "Available");
}

#[tokio::test]
async fn answers_count_requests_and_tell_the_time() {
    let rest = Rest::start().await;
    let usage = |answer: &reqwest::Response| {
        assert!(answer.headers().contains_key("date"));
        let info = answer.headers()["sforce-limit-info"].to_str().unwrap().to_owned();
        let used = info
            .strip_prefix("api-usage=")
            .unwrap()
            .split('/')
            .next()
            .unwrap();
        used.parse::<u64>().unwrap()
    };
    let first = rest
        .org
        .authorized(&rest.token, "/services/data/v67.0/limits")
        .await;
    let second = rest
        .org
        .authorized(&rest.token, "/services/data/v67.0/limits")
        .await;
    assert_eq!(usage(&second), usage(&first) + 1);
    let limits: Value = second.json().await.unwrap();
    assert_eq!(limits["DailyApiRequests"]["Max"], 15_000);
}

#[tokio::test]
async fn versions_are_listed_without_a_session_and_nothing_else() {
    let rest = Rest::start().await;
    let versions = rest.org.get("/services/data").await;
    let last = versions.as_array().unwrap().last().unwrap();
    assert_eq!(last["version"], "67.0");
    assert_eq!(last["label"], "Summer '26");
    let (status, body) = rest
        .org
        .send(reqwest::Method::GET, "/services/data/v67.0/limits", None)
        .await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        body,
        json!([{ "message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID" }])
    );
}

#[tokio::test]
async fn a_session_that_is_idle_for_too_long_ends() {
    let rest = Rest::start().await;
    rest.ok("/services/data/v67.0/").await;
    rest.org.settings(json!({ "sessionTimeoutMs": 0 })).await;
    let (status, body) = rest.get("/services/data/v67.0/").await;
    assert_eq!(
        (status, &body[0]["errorCode"]),
        (StatusCode::UNAUTHORIZED, &json!("INVALID_SESSION_ID"))
    );
}

#[tokio::test]
async fn slashes_are_tolerated() {
    let rest = Rest::start().await;
    for path in [
        "//services/data/v67.0/limits",
        "/services/data/v67.0/limits/",
        "/services/data/v67.0/query/?q=SELECT+Id+FROM+User",
        "/services/data/v67.0/sobjects/User/",
        "/services//data//v67.0//sobjects",
        "/services/data/",
    ] {
        rest.ok(path).await;
    }
}

#[tokio::test]
async fn describe_tells_the_key_prefix_and_the_fields() {
    let rest = Rest::start().await;
    let all = rest.ok("/services/data/v67.0/sobjects").await;
    assert_eq!(all["sobjects"].as_array().unwrap().len(), 16);
    let voice = rest.ok("/services/data/v67.0/sobjects/voicecall/describe").await;
    assert_eq!(voice["keyPrefix"], "0LQ");
    let work = rest.ok("/services/data/v67.0/sobjects/AgentWork/describe").await;
    let fields = work["fields"].as_array().unwrap();
    let channel = fields
        .iter()
        .find(|field| field["name"] == "ServiceChannelId")
        .unwrap();
    assert_eq!(channel["relationshipName"], "ServiceChannel");
    assert_eq!(channel["type"], "reference");
}

#[tokio::test]
async fn errors_are_in_salesforces_shape() {
    let rest = Rest::start().await;
    for (path, status, code) in [
        (
            "/services/data/v67.0/query?q=SELECT+Id+FRM+User",
            400,
            "MALFORMED_QUERY",
        ),
        (
            "/services/data/v67.0/query?q=SELECT+Id+FROM+ScratchOrgInfo",
            400,
            "INVALID_TYPE",
        ),
        (
            "/services/data/v67.0/query?q=SELECT+Foo+FROM+User",
            400,
            "INVALID_FIELD",
        ),
        ("/services/data/v67.0/query", 400, "MALFORMED_QUERY"),
        ("/services/data/v99.0/limits", 404, "NOT_FOUND"),
        ("/services/data/v67.0/sobjects/Nope/describe", 404, "NOT_FOUND"),
        ("/services/data/v67.0/sobjects/User/nonsense", 404, "NOT_FOUND"),
        (
            "/services/data/v67.0/sobjects/User/005000000000000AAA",
            404,
            "NOT_FOUND",
        ),
        ("/services/data/v67.0/nope", 404, "NOT_FOUND"),
    ] {
        let (got, body) = rest.get(path).await;
        assert_eq!(
            (got.as_u16(), &body[0]["errorCode"]),
            (status, &json!(code)),
            "{path}: {body}"
        );
    }
    let written = rest
        .org
        .http
        .post(rest.org.url("/services/data/v67.0/sobjects/UserServicePresence"))
        .bearer_auth(&rest.token)
        .json(&json!({}))
        .send()
        .await
        .unwrap();
    assert_eq!(written.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn outage_limit_and_permission_are_settings() {
    let rest = Rest::start().await;
    let names = "/services/data/v67.0/query?q=SELECT+MasterLabel,DeveloperName+FROM+ServicePresenceStatus";
    rest.ok(names).await;
    rest.org.settings(json!({ "viewDeveloperName": false })).await;
    let (status, body) = rest.get(names).await;
    assert_eq!(
        (status.as_u16(), &body[0]["errorCode"]),
        (400, &json!("INVALID_FIELD"))
    );
    let described = rest
        .ok("/services/data/v67.0/sobjects/ServicePresenceStatus/describe")
        .await;
    let mut fields = described["fields"].as_array().unwrap().iter();
    assert!(fields.all(|field| field["name"] != "DeveloperName"));
    rest.org.settings(json!({ "apiRequestLimit": 1 })).await;
    let (status, body) = rest.get("/services/data/v67.0/limits").await;
    assert_eq!(
        (status.as_u16(), &body[0]["errorCode"]),
        (403, &json!("REQUEST_LIMIT_EXCEEDED"))
    );
    rest.org
        .settings(json!({ "apiRequestLimit": 15_000, "outage": true }))
        .await;
    assert_eq!(rest.get("/services/data/v67.0/limits").await.0.as_u16(), 503);
    rest.org.settings(json!({ "outage": false })).await;
    rest.ok("/services/data/v67.0/limits").await;
}

#[tokio::test]
async fn column_metadata_for_the_cli() {
    let rest = Rest::start().await;
    let body = rest
        .ok("/services/data/v67.0/query?q=SELECT+Id,ServiceChannel.MasterLabel+FROM+AgentWork&columns=true")
        .await;
    assert_eq!(
        body["columnMetadata"][1]["columnName"],
        "ServiceChannel.MasterLabel"
    );
    assert_eq!(body["entityName"], "AgentWork");
}

impl Rest {
    async fn composite(&self, subrequests: Value) -> (StatusCode, Value) {
        let url = self.org.url("/services/data/v67.0/composite");
        let body = json!({ "allOrNone": false, "compositeRequest": subrequests });
        let request = self.org.http.post(url).bearer_auth(&self.token).json(&body);
        let answer = request.send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }
}

fn subrequest(reference: &str, path: &str) -> Value {
    json!({ "method": "GET", "referenceId": reference, "url": format!("/services/data/v67.0/{path}") })
}

#[tokio::test]
async fn composite_is_one_call_with_an_answer_for_each_part() {
    let rest = Rest::start().await;
    let used = |body: &Value| body["DailyApiRequests"]["Remaining"].as_u64().unwrap();
    let before = used(&rest.ok("/services/data/v67.0/limits").await);
    let mut posted = subrequest("post", "sobjects/Case");
    posted["method"] = json!("POST");
    let (status, body) = rest
        .composite(json!([
            subrequest("org", "query?q=SELECT+InstanceName+FROM+Organization"),
            subrequest("none", "query?q=SELECT+Nothing+FROM+User"),
            subrequest("prefix", "sobjects/MessagingSession/describe"),
            posted,
        ]))
        .await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let answers = body["compositeResponse"].as_array().unwrap();
    let codes: Vec<_> = answers
        .iter()
        .map(|answer| answer["httpStatusCode"].as_u64().unwrap())
        .collect();
    assert_eq!(codes, [200, 400, 200, 405]);
    assert_eq!(answers[0]["referenceId"], "org");
    assert_eq!(answers[0]["body"]["records"][0]["InstanceName"], "PRACTICE1");
    assert_eq!(answers[1]["body"][0]["errorCode"], "INVALID_FIELD");
    assert_eq!(answers[2]["body"]["keyPrefix"], "0Mw");
    let after = used(&rest.ok("/services/data/v67.0/limits").await);
    assert_eq!(before - after, 2, "the composite and this question");

    let query = subrequest("q", "query?q=SELECT+Id+FROM+User");
    let (status, body) = rest.composite(json!(vec![query; 6])).await;
    assert_eq!(
        (status.as_u16(), &body[0]["errorCode"]),
        (400, &json!("LIMIT_EXCEEDED"))
    );
    let (status, _) = rest.composite(json!("all")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_an_administrator_has_set_up_is_read() {
    let rest = Rest::start().await;
    let setup = json!({ "wrapUpMs": 45_000, "wrapUpExtensionMs": 15_000, "callCenter": true });
    rest.org.settings(setup).await;
    let user = &rest
        .query("SELECT ProfileId, CallCenterId FROM User WHERE Alias = 'pat'")
        .await["records"][0];
    assert!(user["CallCenterId"].as_str().unwrap().starts_with("04v"));
    let profile = user["ProfileId"].as_str().unwrap();
    let assigned = rest
        .query(&format!(
            "SELECT PresenceUserConfigId FROM PresenceUserConfigProfile WHERE ProfileId = '{profile}'"
        ))
        .await;
    let config = assigned["records"][0]["PresenceUserConfigId"].as_str().unwrap();
    let config = rest
        .query(&format!(
            "SELECT MasterLabel, HasAfterConvoWorkTimer, AfterConvoWorkMaxTime, HasAcwExtensionEnabled, \
             AcwExtensionDuration, MaxExtensions FROM PresenceUserConfig WHERE Id = '{config}'"
        ))
        .await["records"][0]
        .clone();
    assert_eq!(config["MasterLabel"], "Service Reps");
    assert_eq!(config["HasAfterConvoWorkTimer"], true);
    assert_eq!(config["AfterConvoWorkMaxTime"], 45);
    assert_eq!(
        (
            &config["HasAcwExtensionEnabled"],
            &config["AcwExtensionDuration"],
            &config["MaxExtensions"]
        ),
        (&json!(true), &json!(15), &json!(3))
    );
    let own = "SELECT Id FROM PresenceUserConfigUser WHERE User.Alias =";
    for (rep, count) in [("alex", 1), ("pat", 0)] {
        assert_eq!(rest.query(&format!("{own} '{rep}'")).await["totalSize"], count);
    }
}

#[tokio::test]
async fn hidden_objects_and_fields_do_not_exist_for_the_reps() {
    let rest = Rest::start().await;
    let hidden = [
        "PresenceUserConfig",
        "AgentWork.AcwExtensionCount",
        "ServiceChannel",
    ];
    rest.org.settings(json!({ "hidden": hidden })).await;
    let code = async |soql: &str| {
        let q: String = url::form_urlencoded::byte_serialize(soql.as_bytes()).collect();
        rest.get(&format!("/services/data/v67.0/query?q={q}")).await.1[0]["errorCode"].clone()
    };
    assert_eq!(code("SELECT Id FROM PresenceUserConfig").await, "INVALID_TYPE");
    assert_eq!(
        code("SELECT AcwExtensionCount FROM AgentWork").await,
        "INVALID_FIELD"
    );
    assert_eq!(
        code("SELECT ServiceChannel.RelatedEntity FROM AgentWork").await,
        "INVALID_FIELD"
    );
    let (status, _) = rest
        .get("/services/data/v67.0/sobjects/PresenceUserConfig/describe")
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let listed = rest.ok("/services/data/v67.0/sobjects").await;
    let mut names = listed["sobjects"].as_array().unwrap().iter();
    assert!(names.all(|object| object["name"] != "PresenceUserConfig"));
}
