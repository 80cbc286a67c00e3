//! Answers questions about Holdline itself.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use companion::bundle;
use companion::ports::SupportPort;
use companion::settings::Shown;
use companion::texts::Texts;
use wire::support::{Ask, Bundle, Setting, Told};

use crate::diagnose;
use crate::doctor::{self, Patient};

/// What a running Holdline knows of itself.
pub(crate) struct Support {
    pub(crate) patient: Patient,
    pub(crate) profile: PathBuf,
    pub(crate) shown: Vec<Shown>,
    pub(crate) texts: Texts,
    /// The bundle that was told last: what is saved is what was seen.
    pub(crate) told: Mutex<Option<Bundle>>,
}

impl SupportPort for Support {
    fn ask(&self, ask: Ask) -> Pin<Box<dyn Future<Output = Told> + Send + '_>> {
        Box::pin(async move {
            match ask {
                Ask::Bundle => {
                    let findings = doctor::examine(&self.patient, &self.texts).await;
                    let bundle = diagnose::of(self.profile.clone(), findings, self.settings(), true).await;
                    *self.told.lock().unwrap_or_else(PoisonError::into_inner) = Some(bundle.clone());
                    Told::Bundle { bundle }
                }
                Ask::Doctor => Told::Doctor {
                    findings: doctor::examine(&self.patient, &self.texts).await,
                },
                Ask::SaveBundle => self.save(),
                Ask::Settings => Told::Settings {
                    settings: self.settings(),
                    contact: self.patient.settings.support_contact.clone(),
                },
            }
        })
    }
}

impl Support {
    fn settings(&self) -> Vec<Setting> {
        self.shown.iter().map(|shown| shown.told(&self.texts)).collect()
    }

    fn save(&self) -> Told {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(bundle) = told else {
            return self.refused("support-nothing_shown", "");
        };
        let Some(path) = diagnose::place(&bundle) else {
            return self.refused("support-not_saved", "this system names no home folder");
        };
        match bundle::save(&bundle, &path) {
            Ok(()) => Told::Saved {
                path: path.display().to_string(),
            },
            Err(error) => self.refused("support-not_saved", &error.to_string()),
        }
    }

    fn refused(&self, code: &str, about: &str) -> Told {
        Told::Refused {
            text: self.texts.text(code, &[("about", about)]),
        }
    }
}
