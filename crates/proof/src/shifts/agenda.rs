//! What happens when: virtual time.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// Things to come, the earliest first; what is due at the same time comes in the order in which it was put.
#[derive(Debug)]
pub(crate) struct Agenda<T> {
    heap: BinaryHeap<Reverse<Entry<T>>>,
    put: u64,
}

#[derive(Debug)]
pub(crate) struct Entry<T> {
    pub(crate) at: u64,
    number: u64,
    pub(crate) what: T,
}

impl<T> Agenda<T> {
    pub(crate) fn new() -> Self {
        Self {
            heap: BinaryHeap::new(),
            put: 0,
        }
    }

    pub(crate) fn put(&mut self, at: u64, what: T) {
        self.put += 1;
        let number = self.put;
        self.heap.push(Reverse(Entry { at, number, what }));
    }

    pub(crate) fn take(&mut self) -> Option<Entry<T>> {
        self.heap.pop().map(|Reverse(entry)| entry)
    }

    /// What was taken is put off, and keeps its place among what is due at the same time.
    pub(crate) fn put_again(&mut self, at: u64, entry: Entry<T>) {
        self.heap.push(Reverse(Entry { at, ..entry }));
    }

    /// Puts off everything that `which` names: the machine it happens on sleeps.
    pub(crate) fn put_off(&mut self, by: u64, which: impl Fn(&T) -> bool) {
        let mut entries = std::mem::take(&mut self.heap).into_vec();
        for Reverse(entry) in &mut entries {
            if which(&entry.what) {
                entry.at += by;
            }
        }
        self.heap = entries.into();
    }
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl<T> Eq for Entry<T> {}
