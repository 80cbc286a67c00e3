//! Sides that were apart: which of them counts (P7).

use presence::settings::{Authority, Timings};

use super::super::names::{PhoneChoice, Presence, Status};
use super::super::org::Org;
use super::super::page::{Page, Up};
use super::super::phone::Phone;
use super::super::world::World;
use super::Watch;

/// Both sides as Holdline must find them when it is back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Apart {
    presence: Presence,
    presence_ms: i64,
    phone: PhoneChoice,
    phone_ms: Option<i64>,
}

impl Apart {
    /// What both are to be in the end: the side that counts leads, and no rule logs a rep in.
    fn agreed(self, authority: Authority, timings: &Timings) -> (Presence, PhoneChoice) {
        match (self.phone_leads(authority, timings), self.presence) {
            (false, presence) => (presence, PhoneChoice::by_name(presence)),
            (true, None) => (None, self.phone),
            (true, Some(_)) => (by_name(self.phone), self.phone),
        }
    }

    fn phone_leads(self, authority: Authority, timings: &Timings) -> bool {
        match (authority, self.phone_ms) {
            (Authority::Omni, _) | (Authority::Last, None) => false,
            (Authority::Telephony, _) => true,
            (Authority::Last, Some(phone_ms)) => {
                phone_ms - self.presence_ms > i64::try_from(timings.skew_ms).unwrap_or(i64::MAX)
            }
        }
    }
}

fn by_name(phone: PhoneChoice) -> Presence {
    match phone {
        PhoneChoice::Available => Some(Status::Available),
        PhoneChoice::Break => Some(Status::Break),
        PhoneChoice::Offline => None,
    }
}

impl Watch {
    /// Holdline crashes. With words of choices still under way nobody can say how it will find the sides.
    pub(in super::super) fn come_apart(&mut self, org: &Org, page: &Page, phone: Option<&Phone>) {
        let choice_told = |up: &Up| !matches!(up, Up::Presence { .. });
        let told = page.up.iter().all(choice_told) && page.again.is_none();
        let phone = phone.filter(|_| told && !page.frozen);
        self.apart = phone.map(|phone| Apart {
            presence: org.presence,
            presence_ms: org.presence_ms,
            phone: phone.display.next.unwrap_or(phone.display.choice),
            phone_ms: phone.display.since_ms,
        });
    }

    /// What comes from here on is a matter of the usual rules.
    pub(in super::super) fn somebody_chose(&mut self) {
        self.apart = None;
    }
}

impl World {
    /// The sides were apart, and the phone's is the one that counts: it is not to follow.
    pub(in super::super) fn phone_leads(&self) -> bool {
        let scope = &self.scope.0;
        let authority = scope.settings.authority;
        let leads = |apart: Apart| apart.phone_leads(authority, &scope.settings.timings);
        let were_apart = self.runs > 1;
        (were_apart && authority == Authority::Telephony) || self.watch.apart.is_some_and(leads)
    }

    /// Whether the sides are as the one that counts has led them. Of worlds in which only choices are made.
    pub(in super::super) fn is_reunited(&self) -> bool {
        let scope = &self.scope.0;
        let only_choices = scope.calls == 0 && scope.asks.is_empty() && scope.settings.rules.by_name;
        let (Some(apart), Some(phone)) = (self.watch.apart, &self.phone) else {
            return true;
        };
        let (presence, choice) = apart.agreed(scope.settings.authority, &scope.settings.timings);
        !only_choices || (self.org.presence == presence && phone.display.choice == choice)
    }
}
