//! Taking a kept sign-in up again after a start.

use std::time::Duration;

use presence::event::Event;
use presence::problem::{Problem, ProblemCode};
use presence::saved::SavedSession;
use salesforce::{Account, Client, Http, OrgConfig, ResumeError, StoreError, TimeOuts};

use crate::remedy;
use crate::sign_in::SignIn;

/// Between attempts, so that a keyring or a network that comes up later is found.
const PAUSE: Duration = Duration::from_secs(10);

impl SignIn {
    /// Tries until the sign-in is back, or until only the rep can help.
    pub(crate) async fn resume(self, config: OrgConfig, session: SavedSession) {
        let inbox = self.cloud.inbox.clone();
        inbox.post(Event::SignInStarted);
        loop {
            match self.attempt_resume(&config, &session).await {
                Ok(()) => return,
                Err(ResumeError::Store(StoreError::NoEntry)) => return inbox.post(Event::SignedOut),
                Err(ResumeError::Store(error)) => {
                    inbox.post(Event::ProblemRaised(remedy::of_store(error)));
                }
                Err(ResumeError::Salesforce(error)) => {
                    let (problem, _) = remedy::of_error(&error);
                    if !error.passes_by_itself() {
                        inbox.post(Event::SignedOut);
                        return inbox.post(Event::ProblemRaised(problem));
                    }
                    inbox.post(Event::ProblemRaised(problem));
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn attempt_resume(&self, config: &OrgConfig, session: &SavedSession) -> Result<(), ResumeError> {
        let http =
            Http::new(&config.login_url, TimeOuts::default()).map_err(salesforce::Error::CheckNetwork)?;
        let account = Account {
            org: session.org,
            user: session.user,
        };
        let client = Client::resume(http, config.clone(), self.store.clone(), account).await?;
        self.keyring_is_well();
        self.cloud.inbox.post(Event::ProblemCleared {
            code: ProblemCode::OrgUnreachable,
        });
        if let Some(error) = client.unsaved() {
            let Problem { code, about } = remedy::of_store(error);
            self.cloud
                .inbox
                .post(Event::ProblemRaised(Problem { code, about }));
        }
        self.cloud.take_into_service(config, client).await?;
        Ok(())
    }
}
