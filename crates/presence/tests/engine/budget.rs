//! What the state may weigh.

use presence::state::State;

#[test]
fn the_decision_state_is_at_most_a_kilobyte() {
    let bytes = std::mem::size_of::<State>();
    assert!(bytes <= 1024, "{bytes} bytes");
}
