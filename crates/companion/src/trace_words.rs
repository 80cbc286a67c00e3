//! Lines of the trace in words.

use presence::effect::{ConsoleAction, Effect};
use presence::event::{Event, Target, WorkSeen};
use presence::note::Note;
use presence::rules::Destination;
use trace::labels::Labels;
use trace::line::Cause;

use crate::explain::seconds;
use crate::texts::{Texts, code_of};
use crate::view::{self, OFFLINE};

/// One cause on one line: when, what happened, why the engine did what it did, what it did, what changed.
pub fn words(cause: &Cause, labels: &Labels, texts: &Texts, time: &str) -> String {
    let teller = Teller { labels, texts };
    let event = teller.event(&cause.event);
    let n = format!("#{}", cause.n);
    let mut line = texts.text("trace-line", &[("time", time), ("n", &n), ("event", &event)]);
    let notes = cause.notes.iter().map(|note| teller.note(note));
    let effects = cause.effects.iter().map(|effect| teller.effect(effect));
    let came_of_it: Vec<String> = notes.chain(effects).collect();
    if !came_of_it.is_empty() {
        line.push_str(": ");
        line.push_str(&came_of_it.join("; "));
    }
    if !cause.changed.is_empty() {
        let parts: Vec<String> = cause.changed.iter().map(code_of).collect();
        line.push_str("; ");
        line.push_str(&texts.text("trace-changed", &[("parts", &parts.join(", "))]));
    }
    line
}

/// The `type` of an event or effect as it stands in a line.
pub fn type_of(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    value["type"].as_str().unwrap_or_default().to_owned()
}

/// The catalogue's code for what a target is called.
pub(crate) fn target_code(target: Target) -> String {
    format!("target-{}", type_of(&target))
}

struct Teller<'a> {
    labels: &'a Labels,
    texts: &'a Texts,
}

impl Teller<'_> {
    fn event(&self, event: &Event) -> String {
        let what = match event {
            Event::CommandAnswered { outcome, .. } => code_of(outcome),
            Event::ConsoleSnapshot { works, status, .. } => {
                let status = status.map_or_else(|| OFFLINE.to_owned(), |status| self.labels.of(status));
                join([status].into_iter().chain(works.iter().map(work)))
            }
            Event::Dismiss { code } | Event::ProblemCleared { code } => code_of(code),
            Event::OmniLogout { reason } => {
                reason.as_ref().map(|reason| reason.0.clone()).unwrap_or_default()
            }
            Event::PhoneAnswered { outcome, .. } => code_of(outcome),
            Event::PhoneAsks { state } => state.clone().unwrap_or_default(),
            Event::PhoneState(report) => {
                let contacts = report.contacts.iter().map(|contact| code_of(&contact.phase));
                join([report.state.name.clone()].into_iter().chain(contacts))
            }
            Event::ProblemRaised(problem) | Event::ReadFailed { problem, .. } => code_of(&problem.code),
            Event::Request { origin, target, .. } => {
                format!("{} ({})", self.target(*target), code_of(origin))
            }
            Event::Rows { works, presence, .. } => {
                let status = presence
                    .status
                    .map_or_else(|| OFFLINE.to_owned(), |status| self.labels.of(status));
                let works = works
                    .iter()
                    .filter(|row| row.voice)
                    .map(|row| code_of(&row.stage));
                join([status].into_iter().chain(works))
            }
            Event::StatusChanged { status } => self.labels.of(*status),
            Event::StreamStopped { why } => code_of(why),
            Event::Work { seen, .. } => work(seen),
            _ => String::new(),
        };
        let args = [("type", type_of(event)), ("what", what)];
        let text = self.texts.text("trace-event", &borrowed(&args));
        text.trim_end().to_owned()
    }

    fn effect(&self, effect: &Effect) -> String {
        let what = match effect {
            Effect::Answer { answer, .. } => self.answer(*answer),
            Effect::Console { action, .. } => self.action(action),
            Effect::Notify(notice) => view::notice(notice, self.texts).0,
            Effect::Phone { state, .. } => state.clone(),
            _ => String::new(),
        };
        self.texts.text(
            "trace-effect",
            &borrowed(&[("type", type_of(effect)), ("what", what)]),
        )
    }

    fn answer(&self, answer: presence::effect::Answer) -> String {
        type_of(&answer)
    }

    fn action(&self, action: &ConsoleAction) -> String {
        let status = match action {
            ConsoleAction::Login { status } | ConsoleAction::SetStatus { status, .. } => Some(*status),
            _ => None,
        };
        let status = status.map(|status| self.labels.of(status));
        join([type_of(action)].into_iter().chain(status))
    }

    fn note(&self, note: &Note) -> String {
        let say = |name: &str, args: &[(&str, String)]| {
            let args: Vec<_> = args.iter().map(|(name, text)| (*name, text.as_str())).collect();
            self.texts.text(&format!("trace-note-{name}"), &args)
        };
        match note {
            Note::Breaker { open } => say("breaker", &[("open", open.to_string())]),
            Note::Confirmed {
                side,
                state,
                after_ms,
            } => say(
                "confirmed",
                &[
                    ("side", self.side(*side)),
                    ("state", state.clone()),
                    ("seconds", seconds(*after_ms)),
                ],
            ),
            Note::Guarded {
                target, reason, how, ..
            } => say(
                "guarded",
                &[
                    ("how", code_of(how)),
                    ("target", self.target(*target)),
                    ("reason", reason.as_ref().map(code_of).unwrap_or_default()),
                ],
            ),
            Note::HoldEnded { target, how } => say(
                "hold_ended",
                &[("target", self.target(*target)), ("how", code_of(how))],
            ),
            Note::Ignored { source, why } => {
                say("ignored", &[("source", code_of(source)), ("why", code_of(why))])
            }
            Note::Phase { from, to, source, .. } => say(
                "phase",
                &[
                    ("from", code_of(from)),
                    ("to", code_of(to)),
                    ("source", code_of(source)),
                ],
            ),
            Note::Presence { from, to, by, source } => {
                let unknown = || self.texts.text("trace-presence-unknown", &[]);
                say(
                    "presence",
                    &[
                        ("from", from.map_or_else(unknown, |from| self.target(from))),
                        ("to", self.target(*to)),
                        ("by", code_of(by)),
                        ("source", code_of(source)),
                    ],
                )
            }
            Note::Problem { code, raised } => say(
                "problem",
                &[("code", code_of(code)), ("raised", raised.to_string())],
            ),
            Note::Rule {
                rule,
                destination,
                state,
                outcome,
                ..
            } => say(
                "rule",
                &[
                    ("rule", rule.clone()),
                    ("side", self.side(*destination)),
                    ("state", state.clone()),
                    ("outcome", code_of(outcome)),
                ],
            ),
            Note::Sent {
                side,
                state,
                attempt,
                enqueue,
                ..
            } => say(
                "sent",
                &[
                    ("side", self.side(*side)),
                    ("state", state.clone()),
                    ("attempt", attempt.to_string()),
                    ("enqueue", enqueue.to_string()),
                ],
            ),
        }
    }

    fn side(&self, side: Destination) -> String {
        match side {
            Destination::Connect => self.texts.text("telephony-title", &[]),
            Destination::Salesforce => self.texts.text("presence-title", &[]),
        }
    }

    fn target(&self, target: Target) -> String {
        let label = self.labels.of_target(target);
        label.unwrap_or_else(|| self.texts.text(&target_code(target), &[]))
    }
}

fn work(seen: &WorkSeen) -> String {
    code_of(&seen.stage)
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

fn borrowed<'a, const N: usize>(args: &'a [(&'static str, String); N]) -> [(&'a str, &'a str); N] {
    args.each_ref().map(|(name, text)| (*name, text.as_str()))
}
