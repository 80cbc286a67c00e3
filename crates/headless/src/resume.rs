//! Taking a kept sign-in up again: after a start, or because the rep has chosen it.

use std::time::Duration;

use presence::event::Event;
use presence::problem::{Problem, ProblemCode};
use salesforce::{Account, Client, Http, OrgConfig, Prompt, ResumeError, SignInReason, StoreError, TimeOuts};

use crate::remedy;
use crate::sign_in::SignIn;

/// Between attempts, so that a keyring or a network that comes up later is found.
const PAUSE: Duration = Duration::from_secs(10);

impl SignIn {
    /// Tries until the sign-in is back, or until only the rep can help. With [`Prompt::Allow`], because the rep has
    /// just asked for it, the keyring may ask back: once.
    pub(crate) async fn resume(self, config: OrgConfig, account: Account, mut prompt: Prompt) {
        let inbox = self.cloud.inbox.clone();
        let chosen = prompt == Prompt::Allow;
        inbox.post(Event::SignInStarted);
        loop {
            match self.attempt_resume(&config, account, prompt).await {
                Ok(()) => return,
                Err(ResumeError::Store(StoreError::NoEntry)) => {
                    self.cloud.keyring_is_well();
                    inbox.post(Event::SignedOut);
                    // After a start that is how it was left; a rep who has chosen it wants to know.
                    if chosen {
                        let reason = salesforce::Error::SignInAgain(SignInReason::NoRefreshToken);
                        inbox.post(Event::ProblemRaised(remedy::of_error(&reason).0));
                    }
                    return;
                }
                Err(ResumeError::Store(error)) => {
                    inbox.post(Event::ProblemRaised(remedy::of_store(error)));
                }
                Err(ResumeError::Salesforce(error)) => {
                    self.cloud.keyring_is_well();
                    let (problem, _) = remedy::of_error(&error);
                    if !error.passes_by_itself() {
                        inbox.post(Event::SignedOut);
                        return inbox.post(Event::ProblemRaised(problem));
                    }
                    inbox.post(Event::ProblemRaised(problem));
                }
            }
            prompt = Prompt::Never;
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn attempt_resume(
        &self,
        config: &OrgConfig,
        account: Account,
        prompt: Prompt,
    ) -> Result<(), ResumeError> {
        let http = Http::through(&self.network, &config.login_url, TimeOuts::default())
            .map_err(salesforce::Error::CheckNetwork)?
            .counting(self.cloud.api_calls.clone());
        let store = self.store.with_prompt(prompt);
        let client = Client::resume(http, config.clone(), store, account).await?;
        self.cloud.keyring_is_well();
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
