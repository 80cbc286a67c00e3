//! Finding things on a page by what they say to a rep, screen readers included.

use std::fmt;

use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, Locator};
use reqwest::{Method, Url};

/// What to look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Find<'a> {
    /// A CSS selector.
    Css(&'a str),
    /// A form control by its accessible name.
    Label(&'a str),
    /// A role and an accessible name, as the browser computes them for screen readers.
    Role(&'a str, &'a str),
    /// `data-testid`, for what has no name.
    TestId(&'a str),
}

impl Find<'_> {
    /// The first visible one.
    pub(super) async fn visible(&self, client: &Client) -> Option<Element> {
        for element in client.find_all(Locator::Css(&self.selector())).await.ok()? {
            let name = match self {
                Find::Label(name) | Find::Role(_, name) => Some(*name),
                Find::Css(_) | Find::TestId(_) => None,
            };
            let named = match name {
                Some(name) => label(client, &element).await.is_some_and(|label| label == name),
                None => true,
            };
            if named && element.is_displayed().await.unwrap_or(false) {
                return Some(element);
            }
        }
        None
    }

    fn selector(&self) -> String {
        match self {
            Find::Css(selector) => (*selector).to_owned(),
            Find::Label(_) => "button, input, meter, output, progress, select, textarea, [role]".to_owned(),
            Find::Role(role, _) => match implicit(role) {
                "" => format!("[role={role}]"),
                tags => format!("[role={role}], {tags}"),
            },
            Find::TestId(id) => format!("[data-testid={id:?}]"),
        }
    }
}

impl fmt::Display for Find<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Find::Css(selector) => write!(f, "{selector}"),
            Find::Label(name) => write!(f, "the control {name:?}"),
            Find::Role(role, name) => write!(f, "the {role} {name:?}"),
            Find::TestId(id) => write!(f, "the element with test id {id:?}"),
        }
    }
}

/// The elements that have a role by themselves (HTML-AAM).
fn implicit(role: &str) -> &'static str {
    match role {
        "alertdialog" | "dialog" => "dialog",
        "button" => "button, input[type=button], input[type=submit], summary",
        "checkbox" => "input[type=checkbox]",
        "combobox" => "select",
        "group" => "fieldset, details",
        "heading" => "h1, h2, h3, h4, h5, h6",
        "img" => "img, svg",
        "link" => "a[href]",
        "list" => "ul, ol",
        "listitem" => "li",
        "main" => "main",
        "option" => "option",
        "radio" => "input[type=radio]",
        "region" => "section",
        "status" => "output",
        "textbox" => "input:not([type]), input[type=text], input[type=url], textarea",
        _ => "",
    }
}

/// The accessible name, as the browser computes it.
pub(super) async fn label(client: &Client, element: &Element) -> Option<String> {
    let answer = client
        .issue_cmd(ComputedLabel(element.element_id().to_string()))
        .await
        .ok()?;
    // Some versions of Chromium leave the space in that separates a label from its control.
    answer.as_str().map(|name| name.trim().to_owned())
}

/// WebDriver's Get Computed Label.
#[derive(Debug)]
struct ComputedLabel(String);

impl WebDriverCompatibleCommand for ComputedLabel {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!(
            "session/{}/element/{}/computedlabel",
            session.unwrap_or_default(),
            self.0
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::GET, None)
    }
}
