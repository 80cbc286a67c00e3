//! The status API's routes, for programs that can read the profile.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json as Body, Router};
use companion::desk::Desk;
use presence::event::Origin;
use wire::picture::Picture;
use wire::status_api::{
    ACTIONS_PATH, Action, Answer, CANCEL_PATH, PICTURE_PATH, REQUESTS_PATH, SHOW_PATH, SUPPORT_PATH,
    USE_ORG_PATH, UseOrg, WORKS_PATH, WorkRequest,
};
use wire::support::{Ask, Told};

use crate::json::Json;
use crate::problem::Refusal;
use crate::secret::Digest;

/// Who takes the requests: the companion's desk.
pub trait Requests: Clone + Send + Sync + 'static {
    /// Asks for a status by its label; answered when it is durably accepted or refused.
    fn request(&self, origin: Origin, label: &str) -> impl Future<Output = Answer> + Send;
    /// One of the other actions; answered likewise.
    fn act(&self, origin: Origin, action: Action) -> impl Future<Output = Answer> + Send;
    /// Leaves the active org for another one; answered likewise.
    fn use_org(&self, origin: Origin, org: &str) -> impl Future<Output = Answer> + Send;
    /// Something to be done with a work; answered when the console has.
    fn work(&self, origin: Origin, wanted: WorkRequest) -> impl Future<Output = Answer> + Send;
    /// Cancels the hold.
    fn cancel(&self) -> impl Future<Output = Answer> + Send;
    /// The picture, with the age of its evidence.
    fn picture(&self) -> Picture;
    /// Asks about Holdline itself.
    fn support(&self, ask: Ask) -> impl Future<Output = Told> + Send;
    /// Brings the window to the front.
    fn show(&self);
}

impl Requests for Desk {
    async fn request(&self, origin: Origin, label: &str) -> Answer {
        Self::request(self, origin, label).await
    }

    async fn act(&self, origin: Origin, action: Action) -> Answer {
        Self::act(self, origin, action).await
    }

    async fn use_org(&self, origin: Origin, org: &str) -> Answer {
        Self::use_org(self, origin, org).await
    }

    async fn work(&self, origin: Origin, wanted: WorkRequest) -> Answer {
        Self::work(self, origin, wanted.work, wanted.action).await
    }

    async fn cancel(&self) -> Answer {
        Self::cancel(self).await
    }

    fn picture(&self) -> Picture {
        Self::picture(self)
    }

    async fn support(&self, ask: Ask) -> Told {
        Self::support(self, ask).await
    }

    fn show(&self) {
        Self::show(self);
    }
}

/// The routes, each behind the key of this run.
pub(crate) fn routes<R: Requests>(desk: R, key: Digest) -> Router {
    Router::new()
        .route(PICTURE_PATH, get(picture::<R>))
        .route(REQUESTS_PATH, post(request::<R>))
        .route(ACTIONS_PATH, post(act::<R>))
        .route(USE_ORG_PATH, post(use_org::<R>))
        .route(WORKS_PATH, post(work::<R>))
        .route(CANCEL_PATH, post(cancel::<R>))
        .route(SHOW_PATH, post(show::<R>))
        .route(SUPPORT_PATH, post(support::<R>))
        .route_layer(middleware::from_fn_with_state(key, with_key))
        .with_state(desk)
}

pub(crate) async fn with_key(State(key): State<Digest>, request: Request, next: Next) -> Response {
    let given = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|given| given.to_str().ok());
    let given = given
        .and_then(|given| given.strip_prefix("Bearer "))
        .unwrap_or_default();
    if !key.matches(&Digest::of(given)) {
        tracing::warn!(code = "unknown_key", path = request.uri().path(), "refused");
        return Refusal::unknown_key().into_response();
    }
    next.run(request).await
}

async fn picture<R: Requests>(State(desk): State<R>) -> Body<Picture> {
    Body(desk.picture())
}

async fn request<R: Requests>(
    State(desk): State<R>,
    Json(request): Json<wire::status_api::Request>,
) -> Body<Answer> {
    Body(desk.request(Origin::StatusApi, &request.status).await)
}

async fn act<R: Requests>(State(desk): State<R>, Json(action): Json<Action>) -> Body<Answer> {
    Body(desk.act(Origin::StatusApi, action).await)
}

async fn use_org<R: Requests>(State(desk): State<R>, Json(wanted): Json<UseOrg>) -> Body<Answer> {
    Body(desk.use_org(Origin::StatusApi, &wanted.org).await)
}

async fn work<R: Requests>(State(desk): State<R>, Json(wanted): Json<WorkRequest>) -> Body<Answer> {
    Body(desk.work(Origin::StatusApi, wanted).await)
}

async fn cancel<R: Requests>(State(desk): State<R>) -> Body<Answer> {
    Body(desk.cancel().await)
}

async fn show<R: Requests>(State(desk): State<R>) -> StatusCode {
    desk.show();
    StatusCode::NO_CONTENT
}

async fn support<R: Requests>(State(desk): State<R>, Json(ask): Json<Ask>) -> Body<Told> {
    Body(desk.support(ask).await)
}
