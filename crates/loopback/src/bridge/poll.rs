//! A poll, held until there is something to answer.

use presence::event::ConsoleId;
use tokio::time::{Instant, sleep_until};
use wire::bridge::Commands;

use super::Bridge;
use super::sessions::Found;
use crate::problem::Refusal;

/// Waits for commands or withdrawals; empty when the hold is over.
pub(super) async fn held(bridge: &Bridge, session: &str) -> Result<Commands, Refusal> {
    let begun = Instant::now();
    let (console, number) = bridge.sessions().begin_poll(session, begun)?;
    bridge.woken();
    let mut poll = Poll {
        bridge,
        console,
        number,
        answered: false,
    };
    let answer = poll.wait(session, begun + bridge.0.timings.poll_hold).await;
    poll.answered = true;
    answer
}

struct Poll<'a> {
    bridge: &'a Bridge,
    console: ConsoleId,
    number: u64,
    answered: bool,
}

impl Poll<'_> {
    async fn wait(&self, session: &str, until: Instant) -> Result<Commands, Refusal> {
        let shared = &self.bridge.0;
        loop {
            let mut news = std::pin::pin!(shared.news.notified());
            // Listening begins before looking, so that nothing queued in between is slept over.
            news.as_mut().enable();
            if shared.stop.said() {
                return Ok(self.bridge.sessions().find_at_end());
            }
            match self
                .bridge
                .sessions()
                .find(session, self.number, Instant::now())?
            {
                Found::Commands(commands) => return Ok(commands),
                Found::NewerPoll => return Ok(Commands::default()),
                Found::Nothing => {}
            }
            tokio::select! {
                () = news => {}
                () = shared.stop.heard() => {}
                () = sleep_until(until) => return Ok(Commands::default()),
            }
        }
    }
}

impl Drop for Poll<'_> {
    /// Also when it was not answered: the server drops a handler whose connection is closed.
    fn drop(&mut self) {
        self.bridge
            .sessions()
            .end_poll(self.console, self.number, self.answered, Instant::now());
        self.bridge.0.deadlines.notify_one();
    }
}
