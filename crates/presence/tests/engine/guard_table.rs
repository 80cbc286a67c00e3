//! `docs/guard.md` is the guard's specification: its table is read, and every row is run against a real
//! engine, brought into each situation by events only.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use presence::effect::{Answer, ConsoleAction, Effect, HoldReason, RefusalReason};
use presence::event::{Event, Origin, Target};
use presence::ids::WorkId;
use presence::phone::{AgentState, AgentStateKind, Contact, ContactPhase, PhoneJoined, PhoneState};
use presence::picture::CallPhase;
use presence::problem::ProblemCode;
use presence::settings::{GuardPolicy, GuardedStatuses, Mode, Policy, Profile, Settings, WrapUpPolicy};
use pulldown_cmark::{Event as Markdown, Options, Parser, Tag, TagEnd};

use crate::world::{BACKUP, BREAK, World, id, status};

/// Everything a cell of each column may say, in the table's order; the last column is the decision.
const COLUMNS: [(&str, &[&str]); 8] = [
    (
        "origin",
        &[
            "Idle",
            "Rule",
            "ScreenLock",
            "Shortcut",
            "Shutdown",
            "StatusApi",
            "Tray",
            "Updater",
            "Window",
            "Omni-Channel",
        ],
    ),
    (
        "request",
        &[
            "Offline",
            "Busy",
            "Online",
            "SignOut",
            "Quit",
            "Restart",
            "CloseWork",
        ],
    ),
    ("phase", &["Idle", "Ringing", "OnCall", "WrapUp", "Unknown"]),
    ("contact", &["none", "Ringing", "Connected", "AfterCallWork"]),
    ("guard", &["queue", "block"]),
    ("guarded", &["offline", "non_routable"]),
    ("wrap-up", &["hold", "allow"]),
    ("mode", &["act", "observe"]),
];

type Cells = [&'static str; 8];

/// One row of the table: for each column the values it stands for.
struct Row {
    line: String,
    values: Vec<Vec<&'static str>>,
    decision: String,
}

/// Names for several values, from the document's other table.
type Groups = BTreeMap<String, Vec<String>>;

/// Every table of the document, as rows of cells.
fn tables(text: &str) -> Vec<Vec<Vec<String>>> {
    let mut tables: Vec<Vec<Vec<String>>> = Vec::new();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Markdown::Start(Tag::Table(_)) => tables.push(Vec::new()),
            Markdown::Start(Tag::TableHead | Tag::TableRow) => {
                tables.last_mut().expect("inside a table").push(Vec::new());
            }
            Markdown::Start(Tag::TableCell) => {
                let row = tables.last_mut().and_then(|table| table.last_mut());
                row.expect("inside a row").push(String::new());
            }
            Markdown::Text(text) | Markdown::Code(text) => {
                let row = tables.last_mut().and_then(|table| table.last_mut());
                if let Some(cell) = row.and_then(|row| row.last_mut()) {
                    cell.push_str(&text);
                }
            }
            Markdown::End(TagEnd::Table) => {}
            _ => {}
        }
    }
    tables
}

fn parse(text: &str) -> Result<Vec<Row>, String> {
    let tables = tables(text);
    let table_of = |head: &[&str]| {
        let found = tables
            .iter()
            .find(|table| table[0].iter().map(String::as_str).eq(head.iter().copied()));
        found.ok_or_else(|| format!("no table with the columns {head:?}"))
    };
    let list = |cell: &String| cell.split(", ").map(str::to_owned).collect::<Vec<_>>();
    let named = table_of(&["name", "stands for"])?[1..].iter();
    let groups: Groups = named.map(|row| (row[0].clone(), list(&row[1]))).collect();
    let mut head: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    head.push("decision");
    table_of(&head)?[1..]
        .iter()
        .map(|cells| parse_row(cells, &groups))
        .collect()
}

fn parse_row(cells: &[String], groups: &Groups) -> Result<Row, String> {
    let line = cells.join(" | ");
    let mut values = Vec::new();
    for ((name, known), cell) in COLUMNS.iter().zip(cells) {
        let mut of_cell = Vec::new();
        for word in cell.split(", ") {
            let words = match (word, groups.get(word)) {
                ("any", _) => known.to_vec(),
                (_, Some(group)) => group
                    .iter()
                    .filter_map(|w| known.iter().find(|k| *k == w).copied())
                    .collect(),
                (_, None) => known
                    .iter()
                    .find(|known| **known == word)
                    .copied()
                    .into_iter()
                    .collect(),
            };
            if words.is_empty() {
                return Err(format!("{name} is never {word:?}, in: {line}"));
            }
            of_cell.extend(words);
        }
        values.push(of_cell);
    }
    let decision = cells[COLUMNS.len()].clone();
    Ok(Row {
        line,
        values,
        decision,
    })
}

/// Every combination there is.
fn combinations() -> Vec<Cells> {
    let mut all: Vec<Vec<&'static str>> = vec![Vec::new()];
    for (_, values) in COLUMNS {
        let longer = |row: &Vec<&'static str>| {
            let row = row.clone();
            values
                .iter()
                .map(move |value| [row.clone(), vec![*value]].concat())
        };
        all = all.iter().flat_map(longer).collect();
    }
    all.into_iter()
        .map(|row| row.try_into().expect("eight columns"))
        .collect()
}

/// What the table says about one combination; an error names what is missing or contradicts.
fn decided_by<'a>(rows: &'a [Row], cells: &Cells) -> Result<&'a str, String> {
    let fits = |row: &&Row| {
        row.values
            .iter()
            .zip(cells)
            .all(|(values, cell)| values.contains(cell))
    };
    let mut fitting = rows.iter().filter(fits);
    let Some(first) = fitting.next() else {
        return Err(format!("no row for {cells:?}"));
    };
    match fitting.find(|row| row.decision != first.decision) {
        Some(other) => Err(format!("two rows contradict: {} / {}", first.line, other.line)),
        None => Ok(&first.decision),
    }
}

fn settings(cells: &Cells) -> Settings {
    Settings {
        policy: Policy {
            guard: match cells[4] {
                "block" => GuardPolicy::Block,
                _ => GuardPolicy::Queue,
            },
            guarded: match cells[5] {
                "non_routable" => GuardedStatuses::NonRoutable,
                _ => GuardedStatuses::Offline,
            },
            wrap_up: match cells[6] {
                "allow" => WrapUpPolicy::Allow,
                _ => WrapUpPolicy::Hold,
            },
        },
        mode: match cells[7] {
            "observe" => Mode::Observe,
            _ => Mode::Act,
        },
        ..Settings::default()
    }
}

fn phone_state(name: &str) -> AgentState {
    let kind = match name {
        "Offline" => AgentStateKind::Offline,
        "Break" => AgentStateKind::NotRoutable,
        _ => AgentStateKind::Routable,
    };
    AgentState {
        name: name.to_owned(),
        kind,
    }
}

fn report(state: &str, contact: &str) -> Event {
    let phase = match contact {
        "Ringing" => Some(ContactPhase::Ringing),
        "Connected" => Some(ContactPhase::Connected),
        "AfterCallWork" => Some(ContactPhase::AfterCallWork),
        _ => None,
    };
    Event::PhoneState(PhoneState {
        state: phone_state(state),
        next_state: None,
        contacts: phase
            .map(|phase| Contact {
                id: "contact-1".to_owned(),
                phase,
                vendor_call_key: None,
            })
            .into_iter()
            .collect(),
        since_ms: None,
    })
}

fn join_phone(world: &mut World) {
    world.tell(Event::PhoneJoined(PhoneJoined {
        name: "Phone".to_owned(),
        enqueues: true,
        states: ["Available", "Break", "Backup", "Offline"]
            .map(phone_state)
            .into(),
        profile: Profile::Connector,
        writable: true,
    }));
    world.tell(report("Available", "none"));
}

/// A rep in Available with a phone, in that phase and with that contact. `reports_contact`: the phone has
/// reported it already; else the work is to come with the next report.
fn situation(cells: &Cells, reports_contact: bool) -> (World, WorkId) {
    let [_, _, phase, contact, ..] = *cells;
    let mut world = World::working_with(settings(cells));
    join_phone(&mut world);
    let work = match phase {
        "Idle" => id("0Bz", 99),
        _ => world.call(),
    };
    if matches!(phase, "OnCall" | "WrapUp" | "Unknown") {
        world.accept(work);
    }
    if reports_contact {
        world.tell(report("Available", contact));
    }
    match phase {
        "WrapUp" => {
            if matches!(contact, "Ringing" | "Connected") {
                // A live contact and a wrap-up: only of a phone that has left in the middle of it.
                world.tell(Event::PhoneGone);
            }
            world.hang_up(work);
        }
        "Unknown" => {
            world.org_down = true;
            world.lose_console();
            world.pass(120_000);
        }
        _ => {}
    }
    let expected = match phase {
        "Idle" => CallPhase::Idle,
        "Ringing" => CallPhase::Ringing,
        "OnCall" => CallPhase::OnCall,
        "WrapUp" => CallPhase::WrapUp,
        _ => CallPhase::Unknown,
    };
    assert_eq!(world.phase(), expected, "{cells:?}");
    world.prompt = false;
    world.effects.clear();
    (world, work)
}

fn origin(name: &str) -> Option<Origin> {
    Some(match name {
        "Idle" => Origin::Idle,
        "ScreenLock" => Origin::ScreenLock,
        "Shortcut" => Origin::Shortcut,
        "Shutdown" => Origin::Shutdown,
        "StatusApi" => Origin::StatusApi,
        "Tray" => Origin::Tray,
        "Updater" => Origin::Updater,
        "Window" => Origin::Window,
        _ => return None,
    })
}

fn target(name: &str, work: WorkId) -> Target {
    match name {
        "Offline" => Target::Offline,
        "Busy" => Target::Status(status(BREAK)),
        "Online" => Target::Status(status(BACKUP)),
        "SignOut" => Target::SignOut,
        "Quit" => Target::Quit,
        "Restart" => Target::Restart,
        _ => Target::CloseWork(work),
    }
}

/// What really happens.
fn happens(cells: &Cells) -> String {
    let [by, request, phase, contact, ..] = *cells;
    let asks_presence = matches!(request, "Offline" | "Busy" | "Online");
    match by {
        "Rule" | "Omni-Channel" if !asks_presence => "cannot be".to_owned(),
        // The phone that would be asked for by the rule has left.
        "Rule" if phase == "WrapUp" && matches!(contact, "Ringing" | "Connected") => "cannot be".to_owned(),
        "Rule" => by_rule(cells),
        "Omni-Channel" => by_omni_channel(cells),
        _ => by_request(cells),
    }
}

fn by_request(cells: &Cells) -> String {
    let (mut world, work) = situation(cells, true);
    let origin = origin(cells[0]).expect("an origin");
    let ticket = world.request_from(origin, target(cells[1], work));
    while world.run_disk() {}
    if cells[1] == "CloseWork" && closes(&world) {
        return "written".to_owned();
    }
    match world.answer_to(ticket) {
        Answer::Held(reason) => {
            assert!(!acts(&world), "{cells:?}: held and done");
            format!("held: {}", name(reason))
        }
        Answer::Refused(why) => {
            assert!(!acts(&world), "{cells:?}: refused and done");
            match why {
                RefusalReason::Blocked(reason) => format!("refused: {}", name(reason)),
                RefusalReason::Observing => "refused: observing".to_owned(),
                RefusalReason::UnknownWork => "refused: unknown work".to_owned(),
                why => format!("refused: {why:?}"),
            }
        }
        Answer::Applying => done(&world),
        answer => format!("{answer:?}"),
    }
}

/// The rep chooses it at the phone; the rule by name asks for the same in Omni-Channel.
fn by_rule(cells: &Cells) -> String {
    let [_, request, _, contact, ..] = *cells;
    let (mut world, _) = situation(cells, false);
    let state = match request {
        "Offline" => "Offline",
        "Busy" => "Break",
        _ => "Backup",
    };
    world.tell(report(state, contact));
    while world.run_disk() {}
    match world.picture().held {
        Some(held) => {
            assert!(!acts(&world), "{cells:?}: held and done");
            format!("held: {}", name(held.reason))
        }
        None => done(&world),
    }
}

/// The rep chooses it in the Omni-Channel widget, or a supervisor does: it has happened.
fn by_omni_channel(cells: &Cells) -> String {
    let (mut world, _) = situation(cells, true);
    let event = match cells[1] {
        "Offline" => Event::OmniLogout { reason: None },
        "Busy" => Event::StatusChanged {
            status: status(BREAK),
        },
        _ => Event::StatusChanged {
            status: status(BACKUP),
        },
    };
    world.tell(event);
    assert!(!acts(&world), "{cells:?}: written back");
    let told = world.has_problem(ProblemCode::LoggedOutDuringCall);
    let phone = world.effects.iter().find_map(|effect| match effect {
        Effect::Phone { enqueue: true, .. } => Some("phone enqueued"),
        Effect::Phone { enqueue: false, .. } => Some("phone set"),
        _ => None,
    });
    let phone = phone.unwrap_or("phone untouched");
    match told {
        true => format!("told, {phone}"),
        false => phone.to_owned(),
    }
}

fn closes(world: &World) -> bool {
    let close = |effect: &Effect| {
        matches!(
            effect,
            Effect::Console {
                action: ConsoleAction::CloseWork { .. },
                ..
            }
        )
    };
    world.effects.iter().any(close)
}

fn writes_presence(world: &World) -> bool {
    world.effects.iter().any(|effect| {
        matches!(
            effect,
            Effect::Console {
                action: ConsoleAction::Login { .. }
                    | ConsoleAction::Logout { .. }
                    | ConsoleAction::SetStatus { .. },
                ..
            }
        )
    })
}

fn leaves(world: &World) -> bool {
    let leave = |effect: &Effect| matches!(effect, Effect::Quit | Effect::Restart | Effect::SignOut);
    world.effects.iter().any(leave)
}

fn acts(world: &World) -> bool {
    writes_presence(world) || leaves(world) || closes(world)
}

fn done(world: &World) -> String {
    match (writes_presence(world), leaves(world), world.picture().pending) {
        (true, false, _) => "written",
        (false, true, _) => "left",
        // Allowed, with nobody there to write it yet.
        (false, false, Some(_)) => "waits for the console",
        (false, false, None) => "nothing",
        (true, true, _) => "written and left",
    }
    .to_owned()
}

fn name(reason: HoldReason) -> &'static str {
    match reason {
        HoldReason::CallActive => "call active",
        HoldReason::CallRinging => "call ringing",
        HoldReason::NoEvidence => "no evidence",
        HoldReason::PhoneContact => "phone contact",
        HoldReason::WrapUp => "wrap-up",
    }
}

fn document() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guard.md");
    std::fs::read_to_string(path).expect("docs/guard.md is there")
}

/// The table is complete, does not contradict itself, and is what the engine does.
#[test]
fn the_engine_decides_as_the_table_says() {
    let rows = parse(&document()).unwrap_or_else(|error| panic!("{error}"));
    let mut wrong = String::new();
    let mut count = 0;
    for cells in combinations() {
        let really = happens(&cells);
        match decided_by(&rows, &cells) {
            Ok(said) if said == really => continue,
            Ok(said) => writeln!(wrong, "{cells:?}: the table says {said:?}, the engine {really:?}"),
            Err(error) => writeln!(wrong, "{error}: {really:?}"),
        }
        .expect("a String takes everything");
        count += 1;
    }
    let first: String = wrong.lines().take(40).map(|line| format!("{line}\n")).collect();
    assert_eq!(
        count,
        0,
        "{count} of {} combinations:\n{first}",
        combinations().len()
    );
}

#[test]
fn no_row_is_without_use() {
    let rows = parse(&document()).unwrap_or_else(|error| panic!("{error}"));
    for (at, row) in rows.iter().enumerate() {
        let others: Vec<&Row> = rows
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != at)
            .map(|(_, row)| row)
            .collect();
        let fits = |row: &Row, cells: &Cells| row.values.iter().zip(cells).all(|(v, cell)| v.contains(cell));
        let alone = |cells: &Cells| fits(row, cells) && !others.iter().any(|other| fits(other, cells));
        assert!(
            combinations().iter().any(alone),
            "other rows say all of it: {}",
            row.line
        );
    }
}

#[test]
fn a_table_with_a_hole_a_contradiction_or_a_slip_is_found_out() {
    let document = document();
    let rows = |text: &str| {
        parse(text).map(|rows| {
            combinations()
                .iter()
                .map(|c| decided_by(&rows, c).map(drop))
                .collect::<Result<Vec<_>, _>>()
        })
    };
    assert!(matches!(rows(&document), Ok(Ok(_))));
    let any_row = document
        .lines()
        .find(|line| line.contains("held: call active"))
        .expect("a row")
        .to_owned();
    let without = document.replace(&any_row, "");
    assert!(matches!(rows(&without), Ok(Err(error)) if error.starts_with("no row for")));
    let twice = format!("{any_row}\n{}", any_row.replace("held: call active", "written"));
    let contradicting = document.replace(&any_row, &twice);
    assert!(matches!(rows(&contradicting), Ok(Err(error)) if error.starts_with("two rows contradict")));
    let slip = document.replace(&any_row, &any_row.replace("OnCall", "OnTheCall"));
    assert!(matches!(rows(&slip), Err(error) if error.contains("never \"OnTheCall\"")));
}
