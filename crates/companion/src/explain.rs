//! Why things are as they are, in words.

use presence::effect::HoldReason;
use presence::event::{Origin, Target};
use presence::note::Guarding;
use presence::picture::{HeldView, PendingView, Picture, PresenceView, SessionView, TelephonyView};
use presence::rules::Destination;
use trace::story::{Asked, Confirmed, Fired, Story};

use crate::texts::{Texts, code_of};
use crate::view::OFFLINE;

/// Writes a time (milliseconds since 1970 UTC) as people read it.
pub type Clock<'a> = &'a dyn Fn(i64) -> String;

/// One sentence a line: what presence is, since when, by whom; what is held; what the phone is.
pub fn words(story: &Story, texts: &Texts, clock: Clock<'_>) -> Vec<String> {
    let Some(picture) = story.picture() else {
        return vec![texts.text("explain-nothing", &[])];
    };
    let teller = Teller {
        story,
        picture,
        texts,
        clock,
    };
    let mut lines = Vec::new();
    if matches!(picture.session, SessionView::SignedIn { .. }) {
        teller.presence(&mut lines);
        teller.wishes(&mut lines);
        teller.call(&mut lines);
    } else {
        lines.push(teller.say("explain-signed_out", &[]));
    }
    teller.phone(&mut lines);
    if picture.sync_paused {
        lines.push(teller.say("explain-sync_paused", &[]));
    }
    if picture.observing {
        lines.push(teller.say("explain-observing", &[]));
    }
    if let Some(told_ms) = story.told_ms {
        lines.push(teller.say("explain-told", &[("time", &clock(told_ms))]));
    }
    lines
}

/// Milliseconds as seconds with one digit.
pub fn seconds(ms: u64) -> String {
    let tenths = ms.saturating_add(50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

struct Teller<'a> {
    story: &'a Story,
    picture: &'a Picture,
    texts: &'a Texts,
    clock: Clock<'a>,
}

impl Teller<'_> {
    fn say(&self, code: &str, args: &[(&str, &str)]) -> String {
        self.texts.text(code, args)
    }

    fn presence(&self, lines: &mut Vec<String>) {
        let (now, since_ms) = match &self.picture.presence {
            PresenceView::LoggedOut { since_ms } => {
                let time = (self.clock)(*since_ms);
                lines.push(self.say("explain-presence-logged_out", &[("time", &time)]));
                (OFFLINE.to_owned(), *since_ms)
            }
            PresenceView::Status { label, since_ms, .. } => {
                let args = [("status", label.as_str()), ("time", &(self.clock)(*since_ms))];
                lines.push(self.say("explain-presence-status", &args));
                (label.clone(), *since_ms)
            }
            PresenceView::Unknown => {
                return lines.push(self.say("explain-presence-unknown", &[]));
            }
        };
        lines.push(self.whose_doing());
        let confirmed = self.story.confirmed.get(&Destination::Salesforce);
        let own = |confirmed: &&Confirmed| confirmed.state == now && confirmed.at_ms >= since_ms;
        if let Some(confirmed) = confirmed.filter(own) {
            lines.push(self.confirmed("explain-confirmed", "status", confirmed));
        }
    }

    /// Of the presence there is.
    fn whose_doing(&self) -> String {
        let Some(change) = &self.story.presence else {
            let begins = self.story.begins_ms.map(self.clock).unwrap_or_default();
            return self.say("explain-by_untold", &[("time", &begins)]);
        };
        if let Some(asked) = &change.asked {
            let time = (self.clock)(asked.at_ms);
            return match &asked.rule {
                Some(rule) => {
                    let rule = self.rule(rule);
                    self.say("explain-by_holdline-rule", &[("rule", &rule), ("time", &time)])
                }
                None => {
                    let asker = self.asker(asked.origin);
                    self.say("explain-by_holdline-asked", &[("asker", &asker), ("time", &time)])
                }
            };
        }
        let by = self.say("explain-by", &[("doer", &code_of(&change.by))]);
        match &change.reason {
            Some(reason) => by + " " + &self.say("explain-by_reason", &[("reason", reason)]),
            None => by,
        }
    }

    fn wishes(&self, lines: &mut Vec<String>) {
        if let Some(held) = &self.picture.held {
            self.held(held, lines);
        } else if let Some(pending) = &self.picture.pending {
            lines.push(self.pending(pending));
        } else {
            lines.push(self.say("explain-nothing_held", &[]));
            self.what_became(lines);
        }
    }

    fn held(&self, held: &HeldView, lines: &mut Vec<String>) {
        let status = self.name_of(held.target, &held.label);
        let asker = self.asker_of(held.target);
        let args = [
            ("status", status.as_str()),
            ("time", &(self.clock)(held.since_ms)),
            ("asker", &asker),
        ];
        lines.push(self.say("explain-held", &args));
        lines.push(self.reason(held.reason, &status));
        if let Some(held_as) = &held.held_as {
            lines.push(self.say("explain-held_as", &[("status", held_as)]));
        }
    }

    fn reason(&self, reason: HoldReason, status: &str) -> String {
        self.say(&format!("held-{}", code_of(&reason)), &[("status", status)])
    }

    fn pending(&self, pending: &PendingView) -> String {
        let args = [
            ("status", self.name_of(pending.target, &pending.label)),
            ("time", (self.clock)(pending.since_ms)),
            ("asker", self.asker_of(pending.target)),
        ];
        self.say(
            "explain-pending",
            &args.each_ref().map(|(name, text)| (*name, text.as_str())),
        )
    }

    /// Of the last hold, or of a request that was not let through.
    fn what_became(&self, lines: &mut Vec<String>) {
        let asked = self.story.asked.as_ref();
        let turned_down = asked.and_then(|asked| match asked.how {
            Guarding::Refused => Some(("explain-refused", asked)),
            Guarding::WouldHold => Some(("explain-would_hold", asked)),
            Guarding::Held | Guarding::LetThrough => None,
        });
        if let Some((code, asked)) = turned_down {
            let args = [
                ("status", self.name_of(asked.target, "")),
                ("time", (self.clock)(asked.at_ms)),
            ];
            lines.push(self.say(code, &args.each_ref().map(|(name, text)| (*name, text.as_str()))));
        }
        if let Some(ended) = self.story.hold_ended {
            let args = [
                ("status", self.name_of(ended.target, "")),
                ("how", code_of(&ended.how)),
                ("time", (self.clock)(ended.at_ms)),
            ];
            let args = args.each_ref().map(|(name, text)| (*name, text.as_str()));
            lines.push(self.say("explain-hold_ended", &args));
        }
    }

    fn call(&self, lines: &mut Vec<String>) {
        let call = &self.picture.call;
        let phase = code_of(&call.phase);
        let name = self.say(&format!("call-{phase}"), &[]);
        let time = (self.clock)(call.since_ms);
        let since = self.say("explain-call", &[("phase", &name), ("time", &time)]);
        lines.push(since + " " + &self.say(&format!("call-{phase}-explain"), &[]));
    }

    fn phone(&self, lines: &mut Vec<String>) {
        let Some(phone) = &self.picture.telephony else {
            return lines.push(self.say("explain-phone_none", &[]));
        };
        self.phone_state(phone, lines);
        if let Some(fired) = self.story.rules.get(&Destination::Connect) {
            let args = [
                ("state", fired.state.clone()),
                ("time", (self.clock)(fired.at_ms)),
                ("rule", self.rule(fired)),
            ];
            let args = args.each_ref().map(|(name, text)| (*name, text.as_str()));
            lines.push(self.say("explain-phone_rule", &args));
        }
        if let Some(confirmed) = self.story.confirmed.get(&Destination::Connect) {
            lines.push(self.confirmed("explain-phone_confirmed", "state", confirmed));
        }
    }

    fn phone_state(&self, phone: &TelephonyView, lines: &mut Vec<String>) {
        let Some(state) = &phone.state else {
            let unknown = self.say("telephony-unknown", &[]);
            return lines.push(self.say("explain-phone", &[("state", &unknown)]));
        };
        lines.push(match self.story.phone_ms.map(self.clock) {
            Some(time) => self.say("explain-phone_since", &[("state", &state.name), ("time", &time)]),
            None => self.say("explain-phone", &[("state", &state.name)]),
        });
        if let Some(next) = &phone.next_state {
            lines.push(self.say("explain-phone_next", &[("state", next)]));
        }
    }

    fn confirmed(&self, code: &str, name: &str, confirmed: &Confirmed) -> String {
        let args = [
            (name, confirmed.state.as_str()),
            ("time", &(self.clock)(confirmed.at_ms)),
            ("seconds", &seconds(confirmed.after_ms)),
        ];
        self.say(code, &args)
    }

    fn rule(&self, fired: &Fired) -> String {
        let event = format!("{:?}", fired.event);
        let state = fired.new_state.as_deref().unwrap_or("none");
        self.say(
            "words-rule",
            &[("rule", &fired.rule), ("event", &event), ("state", state)],
        )
    }

    fn asker_of(&self, target: Target) -> String {
        let own = |asked: &&Asked| asked.target == target;
        match self.story.asked.as_ref().filter(own) {
            Some(Asked { rule: Some(rule), .. }) => self.rule(rule),
            Some(asked) => self.asker(asked.origin),
            None => self.say("words-asker_untold", &[]),
        }
    }

    fn asker(&self, origin: Origin) -> String {
        self.say("words-asker", &[("origin", &code_of(&origin))])
    }

    fn name_of(&self, target: Target, label: &str) -> String {
        target_words(target, label, self.story, self.texts)
    }
}

/// What a target is called.
fn target_words(target: Target, label: &str, story: &Story, texts: &Texts) -> String {
    match story.labels.of_target(target) {
        Some(label) => label,
        None if !label.is_empty() => label.to_owned(),
        None => texts.text(&crate::trace_words::target_code(target), &[]),
    }
}
