//! The armed partner: at the end of the last call it logs out by itself.

use presence::event::{CommandOutcome, WorkStage};

use super::due::Due;
use super::omni::{Channel, Word};
use super::page::Answer;
use super::world::World;

impl World {
    /// The last voice work was closed: what is armed looks once more and logs out.
    pub(crate) fn fire_arms(&mut self, word: &Word) {
        let Word::Work {
            work,
            stage: WorkStage::Ended,
            ..
        } = word
        else {
            return;
        };
        if self.omni.works[*work].channel != Channel::Voice || self.page_shows_call(&[]) {
            return;
        }
        let Some(instance) = self.page.instance else {
            return;
        };
        for order in std::mem::take(&mut self.page.arms) {
            if self.is_late(&order) {
                self.page_answers(
                    Answer {
                        command: order.command,
                        outcome: CommandOutcome::Expired,
                        state: None,
                    },
                    true,
                );
            } else {
                let ms = self.dice.between(1, 20);
                self.soon(
                    ms,
                    Due::PageLooked {
                        instance,
                        order,
                        armed: true,
                    },
                );
            }
        }
    }
}
