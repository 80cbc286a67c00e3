//! Rows have versions, streaming messages come late, twice and out of order, and answers overlap.

use presence::effect::{ConsoleAction, Effect};
use presence::event::{Event, PresenceRow, Target, WorkRow, WorkSeen, WorkStage};
use presence::ids::{RecordId, StatusId, WorkId};
use presence::note::{Doer, Note, Source, Staleness};
use presence::picture::{CallPhase, PresenceView};
use presence::problem::ProblemCode;

use crate::org::row_of;
use crate::world::{AVAILABLE, BREAK, World, id, status};

fn streamed(works: Vec<WorkRow>, presence: Option<PresenceRow>) -> Event {
    Event::Streamed {
        works,
        presence,
        replay: None,
    }
}

fn presence_row(number: u32, status: Option<StatusId>, modstamp_ms: i64) -> PresenceRow {
    let row: RecordId = id::<StatusId>("0NX", number).0;
    PresenceRow {
        row: Some(row),
        status,
        since_ms: None,
        modstamp_ms: Some(modstamp_ms),
    }
}

/// Signed in, read by REST, and no console.
fn by_rest() -> World {
    let mut world = World::working();
    world.lose_console();
    world.pass(30_000);
    world
}

impl World {
    fn row(&self, work: WorkId) -> WorkRow {
        row_of((&work, &self.works[&work]))
    }

    fn ignored(&mut self, event: Event) -> Vec<(Source, Staleness)> {
        self.notes.clear();
        self.tell(event);
        let ignored = self.notes.iter().filter_map(|note| match note {
            Note::Ignored { source, why } => Some((*source, *why)),
            _ => None,
        });
        ignored.collect()
    }
}

#[test]
fn a_streamed_work_counts_at_once_and_its_end_too() {
    let mut world = by_rest();
    let work = world.call();
    world.tell(streamed(vec![world.row(work)], None));
    assert_eq!(world.phase(), CallPhase::Ringing);
    world.accept(work);
    world.tell(streamed(vec![world.row(work)], None));
    assert_eq!(world.phase(), CallPhase::OnCall);
    // Absence from a message means nothing.
    let other = world.call();
    world.tell(streamed(vec![world.row(other)], None));
    assert_eq!(world.phase(), CallPhase::OnCall);
    world.close(work);
    world.close(other);
    world.tell(streamed(vec![world.row(work), world.row(other)], None));
    assert_eq!(world.phase(), CallPhase::Idle);
}

#[test]
fn a_stream_is_no_complete_evidence() {
    let mut world = World::new(presence::settings::Settings::default());
    world.org_down = true;
    world.sign_in();
    let work = world.call();
    world.tell(streamed(vec![world.row(work)], None));
    assert_eq!(world.phase(), CallPhase::Unknown);
}

#[test]
fn a_late_version_of_a_work_that_is_over_changes_nothing() {
    let mut world = by_rest();
    let work = world.call();
    world.accept(work);
    let opened = world.row(work);
    world.close(work);
    world.tell(streamed(vec![world.row(work)], None));
    let told = world.ignored(streamed(vec![opened], None));
    assert_eq!(told, [(Source::Stream, Staleness::WorkIsOver)]);
    assert_eq!(world.phase(), CallPhase::Idle);
}

#[test]
fn a_version_that_a_later_answer_has_not_found_any_more_does_not_come_back() {
    let mut world = by_rest();
    let work = world.call();
    world.accept(work);
    let opened = world.row(work);
    world.tell(streamed(vec![opened.clone()], None));
    assert_eq!(world.phase(), CallPhase::OnCall);
    world.close(work);
    world.pass(30_000);
    assert_eq!(world.phase(), CallPhase::Idle);
    let told = world.ignored(streamed(vec![opened.clone()], None));
    assert_eq!(told, [(Source::Stream, Staleness::OlderVersion)]);
    assert_eq!(world.phase(), CallPhase::Idle);
    // A list may be wrong once: a newer version is believed.
    let newer = WorkRow {
        modstamp_ms: opened.modstamp_ms.map(|ms| ms + 1),
        ..opened
    };
    world.tell(streamed(vec![newer], None));
    assert_eq!(world.phase(), CallPhase::OnCall);
}

#[test]
fn an_older_version_is_left_out_of_an_answer_too() {
    let mut world = by_rest();
    let work = world.call();
    world.accept(work);
    let old = world.row(work);
    world.extend(work);
    world.hang_up(work);
    world.tell(streamed(vec![world.row(work)], None));
    assert_eq!(world.phase(), CallPhase::WrapUp);
    world.pass(1);
    let Event::Rows { asked, presence, .. } = world.rows(world.now, &[]) else {
        panic!("rows");
    };
    world.pass(1);
    let lagging = Event::Rows {
        asked,
        works: vec![old],
        presence,
    };
    assert_eq!(world.ignored(lagging), [(Source::Rest, Staleness::OlderVersion)]);
    assert_eq!(world.phase(), CallPhase::WrapUp);
}

#[test]
fn an_answer_does_not_bring_back_what_a_later_question_has_not_found() {
    let mut world = World::working();
    let work = world.call();
    world.accept(work);
    world.prompt = false;
    world.pass(1);
    let answer = world.rows(world.now, &[]);
    // The page's words are lost; the next snapshot, asked for later, does not have the call.
    world.close(work);
    world.page.outbox.clear();
    world.pass(1);
    world.tell(Event::ConnectionError);
    while world.run_page() || world.deliver_page() {}
    assert_eq!(world.phase(), CallPhase::Idle);
    let told = world.ignored(answer);
    assert!(told.contains(&(Source::Rest, Staleness::OlderAnswer)), "{told:?}");
    assert_eq!(world.phase(), CallPhase::Idle);
}

#[test]
fn a_snapshot_never_resurrects_what_an_event_closed() {
    let mut world = World::working();
    let work = world.call();
    world.accept(work);
    world.prompt = false;
    world.tell(Event::ConnectionError);
    // The page works the snapshot out, and the call is closed before it arrives.
    while world.run_page() {}
    let item = world.works[&work].item;
    let snapshot = world.page.outbox.pop_front().unwrap().0;
    let stage = WorkStage::Ended;
    world.tell(Event::Work {
        seen: WorkSeen { work, item, stage },
        declined: false,
    });
    let told = world.ignored(snapshot);
    assert_eq!(told, [(Source::ConsoleSnapshot, Staleness::WorkIsOver)]);
    assert_eq!(world.phase(), CallPhase::Idle);
}

#[test]
fn what_was_asked_before_a_contradiction_is_no_evidence_after_it() {
    let mut world = World::working();
    world.prompt = false;
    world.lose_console();
    world.pass(30_000);
    let (asked, _) = world.reads.pop_back().expect("a read under way");
    let before = world.rows(asked, &[]);
    world.pass(1);
    world.catalogue.channels[0].item_prefix = "0a1".to_owned();
    let catalogue = world.catalogue.clone();
    world.tell(Event::Catalogue(catalogue));
    assert_eq!(world.ignored(before), [(Source::Rest, Staleness::OlderAnswer)]);
    assert_eq!(world.phase(), CallPhase::Unknown);
    let (asked, _) = world.reads.pop_back().expect("asked again at once");
    let after = world.rows(asked, &[]);
    world.tell(after);
    assert_eq!(world.phase(), CallPhase::Idle);
}

#[test]
fn streamed_presence_counts_and_yields_to_newer_versions() {
    let mut world = by_rest();
    let shown = |world: &World| match world.picture().presence {
        PresenceView::Status { id, .. } => Some(id),
        PresenceView::LoggedOut { .. } => None,
        PresenceView::Unknown => panic!("unknown"),
    };
    let newer = presence_row(7, Some(status(BREAK)), 9_000);
    world.notes.clear();
    world.tell(streamed(Vec::new(), Some(newer)));
    assert_eq!(shown(&world), Some(status(BREAK)));
    assert!(world.notes.contains(&Note::Presence {
        from: Some(Target::Status(status(AVAILABLE))),
        to: Target::Status(status(BREAK)),
        by: Doer::Salesforce,
        source: Source::Stream,
    }));
    for old in [
        newer,
        presence_row(7, None, 8_999),
        presence_row(6, Some(status(AVAILABLE)), 8_000),
    ] {
        let told = world.ignored(streamed(Vec::new(), Some(old)));
        assert_eq!(told, [(Source::Stream, Staleness::OlderVersion)]);
        assert_eq!(shown(&world), Some(status(BREAK)));
    }
    // The same row, changed: logged out.
    world.tell(streamed(Vec::new(), Some(presence_row(7, None, 9_001))));
    assert_eq!(shown(&world), None);
}

#[test]
fn a_page_that_lives_is_asked_when_the_stream_says_otherwise() {
    let mut world = World::working();
    let held = world.call();
    world.accept(held);
    world.request(Target::Offline);
    world.pass(1_000);
    world.effects.clear();
    // A late message about a status that the rep has left since; Holdline has only heard of it by the page.
    let late = presence_row(3, Some(status(BREAK)), 4_500);
    world.tell(streamed(Vec::new(), Some(late)));
    assert!(world.effects.iter().any(|effect| matches!(
        effect,
        Effect::Console {
            action: ConsoleAction::Snapshot,
            ..
        }
    )));
    let picture = world.picture();
    assert!(matches!(picture.presence, PresenceView::Status { id, .. } if id == status(AVAILABLE)));
    assert!(picture.held.is_some(), "nobody chose anything");
}

/// After a restart nobody remembers that a work is over, and the stream tells again of when it was offered.
#[test]
fn a_page_that_lives_is_asked_about_a_work_that_only_the_stream_knows() {
    let mut world = World::working();
    let over = world.call();
    let offered = world.row(over);
    world.accept(over);
    world.close(over);
    world.crash();
    world.sign_in();
    world.connect_console();
    world.pass(1_000);
    world.tell(streamed(vec![offered], None));
    assert_eq!(world.phase(), CallPhase::Ringing);
    world.pass(3_000);
    assert_eq!(world.phase(), CallPhase::Idle);
}

#[test]
fn the_streams_position_is_kept_and_only_goes_forward() {
    let mut world = by_rest();
    let at = |replay| Event::Streamed {
        works: Vec::new(),
        presence: None,
        replay: Some(replay),
    };
    world.tell(at(12));
    world.tell(at(11));
    let saved = |world: &World| world.stored.session.clone().unwrap().replay;
    assert_eq!(saved(&world), Some(12));
    world.crash();
    world.sign_in();
    assert_eq!(saved(&world), Some(12));
    world.tell(at(13));
    assert_eq!(saved(&world), Some(13));
}

#[test]
fn the_notes_say_what_made_the_phase() {
    let mut world = World::working();
    world.notes.clear();
    let work = world.call();
    let phase = |from, to, source, work| Note::Phase {
        from,
        to,
        source,
        work,
    };
    let ringing = phase(CallPhase::Idle, CallPhase::Ringing, Source::Console, Some(work));
    assert_eq!(world.notes.first(), Some(&ringing));
    world.page.frozen = true;
    world.org_down = true;
    world.notes.clear();
    world.pass(700_000);
    let unknown = phase(CallPhase::Ringing, CallPhase::Unknown, Source::Time, None);
    assert!(world.notes.contains(&unknown));
    assert!(!world.has_problem(ProblemCode::OrgMoved));
}
