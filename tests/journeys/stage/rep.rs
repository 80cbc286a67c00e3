//! What a rep does with Holdline, whichever surface it has.

use journeys::http::PracticeOrg;

use super::{Seen, Windowed};

/// A rep in front of Holdline.
pub(crate) trait Rep {
    /// Starts Holdline.
    #[track_caller]
    fn starts(&mut self);

    /// Signs in to this practice org as `pat`, where nobody is signed in yet.
    #[track_caller]
    fn signs_in(&mut self, org: &str);

    /// Compares the codes of console and phone and lets both join.
    #[track_caller]
    fn pairs(&mut self, org: &mut PracticeOrg);

    /// Waits until there is this to see.
    #[track_caller]
    fn sees(&mut self, what: &str, holds: &dyn Fn(&Seen) -> bool) -> Seen;

    /// Asks for a status, or for `Offline`.
    #[track_caller]
    fn asks_for(&mut self, status: &str);

    /// Cancels what is held.
    #[track_caller]
    fn cancels(&mut self);

    /// Takes the way back that a problem offers.
    #[track_caller]
    fn goes_back_online(&mut self);

    /// Holdline dies without a chance to save anything.
    #[track_caller]
    fn kill_9(&mut self);

    /// The window, where there is one.
    fn window(&mut self) -> Option<&mut Windowed> {
        None
    }
}
