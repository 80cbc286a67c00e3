//! The model check: the small worlds are exhausted, and a wrong guard is found out.

mod guards;

use proof::model::{run, worlds};

#[test]
fn in_every_reachable_state_of_the_small_worlds_every_promise_holds() {
    for scope in worlds::small() {
        let report = run::check(scope, 2, 1_000_000);
        println!("{report}");
        assert!(report.broken.is_empty(), "{}: {}", report.name, report.broken[0]);
        assert!(report.exhausted, "{}", report.name);
        assert!(report.unique_states > 300, "{} is no world at all", report.name);
    }
}
