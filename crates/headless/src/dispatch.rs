//! What window and tray ask for, handed to whom it concerns.

use companion::view;
use presence::event::{Event, Origin, Target};
use presence::problem::ProblemCode;
use salesforce::{OrgConfig, parse_org_url};
use wire::dispatch::{Dispatch, DispatchError};
use wire::status_api::Answer;

use crate::phone_page::PhonePage;
use crate::running::Running;

impl Running {
    /// Takes a request of window or tray. Comes back once it is durably accepted, never waiting for
    /// Salesforce.
    ///
    /// # Errors
    /// It was not accepted; the text is for the rep.
    pub async fn dispatch(&self, origin: Origin, request: Dispatch) -> Result<(), DispatchError> {
        let inbox = self.desk.inbox();
        let answer = match request {
            Dispatch::Cancel => self.desk.cancel().await,
            Dispatch::CancelSignIn => {
                if self.signing_in.stop() {
                    inbox.post(Event::SignedOut);
                }
                Answer::Nothing
            }
            Dispatch::CloseWork { id } => self.desk.request_target(origin, Target::CloseWork(id)).await,
            Dispatch::ConfirmPairing { id } => {
                self.doors.iter().for_each(|doors| doors.confirm_pairing(&id));
                Answer::Nothing
            }
            Dispatch::DismissProblem { code } => {
                inbox.post(Event::Dismiss { code });
                Answer::Nothing
            }
            Dispatch::Quit => self.desk.request_target(origin, Target::Quit).await,
            Dispatch::RefusePairing { id } => {
                self.doors.iter().for_each(|doors| doors.refuse_pairing(&id));
                Answer::Nothing
            }
            Dispatch::RequestOffline => self.desk.request_target(origin, Target::Offline).await,
            Dispatch::RequestStatus { id } => self.desk.request_target(origin, Target::Status(id)).await,
            Dispatch::ResumeSync => {
                inbox.post(Event::ResumeSync);
                Answer::Nothing
            }
            Dispatch::Return => self.desk.take_way_back(origin).await,
            Dispatch::Restart => self.desk.request_target(origin, Target::Restart).await,
            Dispatch::ShowPhone => {
                self.phone_page().iter().for_each(PhonePage::open);
                Answer::Nothing
            }
            Dispatch::SignIn { org } => return self.begin_sign_in(org.as_deref()),
            Dispatch::SignOut => self.desk.request_target(origin, Target::SignOut).await,
            Dispatch::Work { id, action } => self.desk.work(origin, id, action).await,
            Dispatch::UseOrg { id } => self.desk.use_org(origin, &id).await,
        };
        match answer {
            Answer::Refused { code, text } => Err(DispatchError { code, text }),
            Answer::Applying | Answer::Cancelled | Answer::Held { .. } | Answer::Nothing => Ok(()),
        }
    }

    /// Starts a sign-in; an older one that still waits for the browser is given up.
    ///
    /// # Errors
    /// There is no org address, or it is none.
    pub fn begin_sign_in(&self, org: Option<&str>) -> Result<(), DispatchError> {
        let wanted = org.map(str::to_owned).or_else(|| self.signing_in.org());
        let ours = self
            .settings
            .org_url
            .clone()
            .filter(|_| self.settings.org_is_policys);
        let typed = match (ours, wanted) {
            (Some(ours), Some(wanted)) if !same_org(&ours, &wanted) => {
                let text = self.desk.texts().text("refused-org_of_policy", &[("org", &ours)]);
                return Err(DispatchError {
                    code: "org_of_policy".to_owned(),
                    text,
                });
            }
            (Some(ours), _) => ours,
            (None, wanted) => wanted.unwrap_or_default(),
        };
        let login_url = parse_org_url(&typed).map_err(|error| DispatchError {
            code: "bad_org_url".to_owned(),
            text: error.to_string(),
        })?;
        self.signing_in.goes_to(typed);
        if org.is_none()
            && self.keyring_has_refused()
            && let Ok(kept) = self.sign_in.cloud.orgs.find(login_url.as_str())
        {
            // The sign-in is kept, only the keyring would not give it: asked by the rep, it may ask back.
            self.sign_in.cloud.orgs.take_up(kept);
            return Ok(());
        }
        let config = OrgConfig::new(login_url, &self.settings.client_id);
        self.signing_in
            .run(tokio::spawn(self.sign_in.clone().run(config)).abort_handle());
        Ok(())
    }

    fn keyring_has_refused(&self) -> bool {
        let picture = self.desk.picture();
        let refused = picture.problems.iter().any(|problem| {
            matches!(
                problem.code,
                ProblemCode::KeyringDenied | ProblemCode::KeyringHung | ProblemCode::KeyringLocked
            )
        });
        refused && self.sign_in.cloud.client().is_none()
    }

    /// Title and body of a notification.
    pub fn notice(&self, notice: &presence::effect::Notice) -> (String, String) {
        view::notice(notice, self.desk.texts())
    }
}

/// Whether two addresses, as typed, mean one org.
pub(crate) fn same_org(one: &str, other: &str) -> bool {
    match (parse_org_url(one), parse_org_url(other)) {
        (Ok(one), Ok(other)) => one == other,
        (_, _) => one == other,
    }
}
