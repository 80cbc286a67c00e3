//! How far each console page's events have been taken in.

use std::collections::VecDeque;

/// More pages than this at once no rep has; the one heard longest ago is forgotten.
const MOST: usize = 64;

/// The last number taken per page, newest page last.
#[derive(Debug, Default)]
pub(super) struct Instances(VecDeque<(String, u64)>);

impl Instances {
    /// The last number taken of this page; 0 before the first. The page counts as heard now.
    pub(super) fn last_taken(&mut self, instance: &str) -> &mut u64 {
        let entry = match self.0.iter().position(|(known, _)| known == instance) {
            Some(place) => self.0.remove(place),
            None => None,
        };
        if self.0.len() >= MOST {
            self.0.pop_front();
        }
        self.0
            .push_back(entry.unwrap_or_else(|| (instance.to_owned(), 0)));
        // Just pushed, so there is a last one.
        let last = self.0.len() - 1;
        &mut self.0[last].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_remembered_while_it_is_heard_and_the_memory_is_bounded() {
        let mut instances = Instances::default();
        *instances.last_taken("kept") = 7;
        for number in 0..10 * MOST {
            *instances.last_taken(&number.to_string()) = 1;
            assert_eq!(*instances.last_taken("kept"), 7);
        }
        assert_eq!(instances.0.len(), MOST);
        assert_eq!(*instances.last_taken("0"), 0);
    }
}
