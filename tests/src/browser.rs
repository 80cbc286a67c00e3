//! What a rep does in the browser, played by HTTP: the consent page and the way back to Holdline.

use std::time::Duration;

use reqwest::{Client, StatusCode, Url};

/// A browser that has been sent to a consent page.
pub struct Browser {
    page: Url,
    client: Client,
}

/// A page as it was answered.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The status.
    pub status: StatusCode,
    /// The page.
    pub text: String,
}

impl Browser {
    /// At the address that Holdline has opened.
    #[track_caller]
    pub fn at(page: &str) -> Self {
        let client = Client::builder().timeout(Duration::from_secs(20)).no_proxy();
        Self {
            page: Url::parse(page).unwrap_or_else(|error| panic!("{page:?} was opened: {error}")),
            client: client.build().expect("a client without special wishes"),
        }
    }

    /// Chooses `pat`, and ends on Holdline's page.
    #[track_caller]
    pub fn allows(&self) {
        let consent = self.get(&self.page);
        assert!(consent.text.contains("Allow as Pat Morgan"), "{consent:?}");
        let end = self.decides(&[("user", "pat"), ("decision", "allow")]);
        assert!(
            end.status.is_success() && end.text.contains("Signed in"),
            "the browser ended on {end:?}"
        );
    }

    /// Denies, and ends on Holdline's page.
    #[track_caller]
    pub fn denies(&self) -> Answered {
        self.decides(&[("decision", "deny")])
    }

    /// What a hostile page could make the browser do: come back to Holdline with an answer of its own.
    #[track_caller]
    pub fn forged(oauth_port: u16) -> Answered {
        let page = format!("http://localhost:{oauth_port}/OauthRedirect?code=stolen&state=forged");
        let browser = Self::at(&page);
        browser.get(&browser.page)
    }

    #[track_caller]
    fn decides(&self, fields: &[(&str, &str)]) -> Answered {
        let mut form: Vec<(String, String)> = self.page.query_pairs().into_owned().collect();
        form.extend(
            fields
                .iter()
                .map(|(name, value)| ((*name).into(), (*value).into())),
        );
        let mut action = self.page.clone();
        action.set_query(None);
        self.answered(self.client.post(action).form(&form))
    }

    #[track_caller]
    fn get(&self, page: &Url) -> Answered {
        self.answered(self.client.get(page.clone()))
    }

    #[track_caller]
    fn answered(&self, request: reqwest::RequestBuilder) -> Answered {
        let answered = crate::runtime::wait_on(async {
            let response = request.send().await?;
            Ok::<_, reqwest::Error>((response.status(), response.text().await?))
        });
        let (status, text) = answered.unwrap_or_else(|error| panic!("the browser got no page: {error}"));
        Answered { status, text }
    }
}
