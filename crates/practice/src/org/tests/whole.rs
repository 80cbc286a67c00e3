//! What holds whatever is done.

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Accept(usize),
    Call(bool),
    Decline(usize),
    Extend(usize),
    Finish(usize),
    HangUp(usize),
    LogOut,
    Phone(usize, bool),
    Presence(usize),
    Switch(u8),
    Wait(i64),
}

fn any_step() -> impl Strategy<Value = Step> {
    let call = 0..4_usize;
    prop_oneof![
        call.clone().prop_map(Step::Accept),
        any::<bool>().prop_map(Step::Call),
        call.clone().prop_map(Step::Decline),
        call.clone().prop_map(Step::Extend),
        call.clone().prop_map(Step::Finish),
        call.prop_map(Step::HangUp),
        Just(Step::LogOut),
        (0..3_usize, any::<bool>()).prop_map(|(state, enqueue)| Step::Phone(state, enqueue)),
        (0..4_usize).prop_map(Step::Presence),
        any::<u8>().prop_map(Step::Switch),
        (0..200_i64).prop_map(Step::Wait),
    ]
}

proptest! {
    #[test]
    fn whatever_is_done_the_org_stays_whole(steps in proptest::collection::vec(any_step(), 0..40), naive: bool) {
        let Scene { mut org, pat } = available();
        let connector = if naive { "naive" } else { "honours" };
        org.change_settings(&json!({ "connector": connector, "pushTimeoutMs": 50_000,
            "wrapUpExtensionMs": 20_000 })).unwrap();
        let mut second = 2;
        let mut before = Versions::default();
        for step in steps {
            let now = at(second);
            let work = |org: &Org, call: usize| org.calls().get(call).and_then(|call| call.work);
            match step {
                Step::Accept(call) => drop(work(&org, call).map(|work| org.accept(now, work))),
                Step::Call(force) => drop(org.start_call(now, pat, "x", force)),
                Step::Decline(call) => drop(work(&org, call).map(|work| org.decline(now, work, None))),
                Step::Extend(call) => drop(work(&org, call).map(|work| org.extend_wrap_up(now, work))),
                Step::Finish(call) => drop(work(&org, call).map(|work| org.finish(now, work))),
                Step::HangUp(call) => {
                    if call < org.calls().len() {
                        drop(org.hang_up(now, call));
                    }
                }
                Step::LogOut => drop(org.log_out(now, pat, Source::Console, None)),
                Step::Phone(state, enqueue) => {
                    drop(org.set_phone(now, pat, Choice::ALL[state].name(), enqueue, Source::Phone));
                }
                Step::Presence(status) => org.set_presence(now, pat, status, Source::Console),
                Step::Switch(instance) => drop(org.switch_instance(now, &instance.to_string())),
                Step::Wait(seconds) => second += seconds,
            }
            org.tick(at(second));
            whole(&org, pat)?;
            before = versions(&org, &before)?;
        }
    }
}

/// What holds in every state.
fn whole(org: &Org, pat: RepKey) -> Result<(), TestCaseError> {
    let view = org.rep_view(pat);
    let current = org
        .presences()
        .iter()
        .filter(|row| row.ended_at.is_none())
        .count();
    prop_assert_eq!(current, usize::from(org.rep(pat).status.is_some()));
    for call in org.calls() {
        let contact = view
            .phone
            .state
            .contacts
            .iter()
            .find(|contact| contact.id == call.key)
            .map(|contact| contact.phase);
        let expected = match org.call_phase(call) {
            _ if is_lost(org, call) => Some(ContactPhase::Connected),
            CallPhase::Ringing => Some(ContactPhase::Ringing),
            CallPhase::OnCall => Some(ContactPhase::Connected),
            // An Offline may have torn the contact down; then the work is open without one.
            CallPhase::WrapUp => contact.map(|_| ContactPhase::AfterCallWork),
            CallPhase::Over | CallPhase::Queued => None,
        };
        prop_assert_eq!(contact, expected, "{:?}", call);
    }
    let live = org.calls().iter().any(|call| {
        is_lost(org, call) || matches!(org.call_phase(call), CallPhase::Ringing | CallPhase::OnCall)
    });
    prop_assert_eq!(org.call_active(pat), live);
    if view.phone.state.contacts.is_empty() {
        prop_assert_eq!(&view.phone.state.next_state, &None);
    }
    for dropped in org.dropped() {
        let by = &org.log()[usize::try_from(dropped.by).unwrap() - 1];
        prop_assert!(by.status == "Offline" && !by.enqueue && by.call_active);
    }
    let rep_may_take = org.rep(pat).status == Some(AVAILABLE);
    if rep_may_take && view.queued > 0 {
        prop_assert!(
            view.workload.current_workload > 0.into(),
            "a call waits for a free rep"
        );
    }
    Ok(())
}

/// A data-centre switch has lost the work, not the line.
fn is_lost(org: &Org, call: &Call) -> bool {
    let status = call.work.map(|work| org.works()[work].status);
    status == Some(WorkStatus::Unavailable) && call.ended_at.is_none()
}

/// Every record's content and SystemModstamp.
type Versions = std::collections::BTreeMap<String, (String, Timestamp)>;

/// A record that differs from before has a later SystemModstamp.
fn versions(org: &Org, before: &Versions) -> Result<Versions, TestCaseError> {
    let works = org.works().iter().map(|work| {
        // The deadlines are the practice org's own, no fields.
        let work = Work {
            modified_at: at(0),
            push_deadline: None,
            wrap_up_deadline: None,
            ..work.clone()
        };
        (work.id.to_string(), format!("{work:?}"))
    });
    let calls = org.calls().iter().map(|call| {
        // Which work routes it stands in the work.
        let call = Call {
            modified_at: at(0),
            work: None,
            ..call.clone()
        };
        (call.id.to_string(), format!("{call:?}"))
    });
    let presences = org.presences().iter().map(|row| {
        let row = PresenceRow {
            modified_at: at(0),
            ..row.clone()
        };
        (row.id.to_string(), format!("{row:?}"))
    });
    let contents = works.chain(calls).chain(presences);
    let stamps = (org.works().iter().map(|work| work.modified_at))
        .chain(org.calls().iter().map(|call| call.modified_at))
        .chain(org.presences().iter().map(|row| row.modified_at));
    let now: Versions = contents
        .zip(stamps)
        .map(|((id, content), stamp)| (id, (content, stamp)))
        .collect();
    for (id, (content, stamp)) in &now {
        if let Some((earlier, earlier_stamp)) = before.get(id) {
            let in_order = if content == earlier {
                stamp >= earlier_stamp
            } else {
                stamp > earlier_stamp
            };
            prop_assert!(in_order, "{} {} {}", id, earlier, content);
        }
    }
    Ok(now)
}
