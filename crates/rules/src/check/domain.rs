//! Sets of values: of names, of numbers, of outcomes. All operations are exact.

use std::collections::BTreeSet;

/// A set of values of one variable. Only sets of the same kind meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Values<'a> {
    /// Of an operand that is text.
    Names(Names<'a>),
    /// Of an operand that is a number.
    Numbers(Numbers),
    /// Outcomes of a comparison, one bit each.
    Outcomes(u8),
}

/// The sets of names that a state may have: those with every name of `required`, none of `forbidden`, at
/// least one and at most `at_most` names (a status has a label and a developer name); and perhaps no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names<'a> {
    pub(super) required: BTreeSet<&'a str>,
    pub(super) forbidden: BTreeSet<&'a str>,
    pub(super) at_most: usize,
    pub(super) present: bool,
    pub(super) absent: bool,
}

/// Whole numbers in closed intervals, ascending and apart; and perhaps no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Numbers {
    pub(super) intervals: Vec<(i64, i64)>,
    pub(super) absent: bool,
}

impl<'a> Values<'a> {
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Names(names) => !names.absent && !names.present,
            Self::Numbers(numbers) => !numbers.absent && numbers.intervals.is_empty(),
            Self::Outcomes(bits) => *bits == 0,
        }
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Names(a), Self::Names(b)) => Self::Names(a.and(b)),
            (Self::Numbers(a), Self::Numbers(b)) => Self::Numbers(a.and(b)),
            (Self::Outcomes(a), Self::Outcomes(b)) => Self::Outcomes(a & b),
            _ => self.clone(),
        }
    }

    /// What is in `self` and not in `other`, in parts that do not overlap.
    pub(super) fn without(&self, other: &Self) -> Vec<Self> {
        let parts = match (self, other) {
            (Self::Names(a), Self::Names(b)) => a.without(b).into_iter().map(Self::Names).collect(),
            (Self::Numbers(a), Self::Numbers(b)) => vec![Self::Numbers(a.without(b))],
            (Self::Outcomes(a), Self::Outcomes(b)) => vec![Self::Outcomes(a & !b)],
            _ => vec![self.clone()],
        };
        parts.into_iter().filter(|part| !part.is_empty()).collect()
    }

    /// Those that have a value.
    pub(super) fn present(mut self) -> Self {
        match &mut self {
            Self::Names(names) => names.absent = false,
            Self::Numbers(numbers) => numbers.absent = false,
            Self::Outcomes(_) => {}
        }
        self
    }
}

impl<'a> Names<'a> {
    pub(super) fn all(at_most: usize, absent: bool) -> Self {
        Self {
            required: BTreeSet::new(),
            forbidden: BTreeSet::new(),
            at_most,
            present: true,
            absent,
        }
    }

    pub(super) fn require(mut self, name: &'a str) -> Self {
        self.required.insert(name);
        self.settled()
    }

    pub(super) fn forbid(mut self, name: &'a str) -> Self {
        self.forbidden.insert(name);
        self.settled()
    }

    /// Says so when no set of names is left.
    fn settled(mut self) -> Self {
        let possible = self.required.len() <= self.at_most && self.required.is_disjoint(&self.forbidden);
        if !self.present || !possible {
            self.present = false;
            self.required.clear();
            self.forbidden.clear();
        }
        self
    }

    fn and(&self, other: &Self) -> Self {
        Self {
            required: &self.required | &other.required,
            forbidden: &self.forbidden | &other.forbidden,
            at_most: self.at_most.min(other.at_most),
            present: self.present && other.present,
            absent: self.absent && other.absent,
        }
        .settled()
    }

    fn without(&self, other: &Self) -> Vec<Self> {
        let mut parts = Vec::new();
        if self.absent && !other.absent {
            parts.push(Self {
                present: false,
                ..Self::all(self.at_most, true)
            });
        }
        if !self.present {
            return parts;
        }
        let mut rest = Self {
            absent: false,
            ..self.clone()
        };
        if !other.present {
            parts.push(rest);
            return parts;
        }
        for name in other.required.difference(&self.required) {
            parts.push(rest.clone().forbid(name));
            rest = rest.require(name);
        }
        for name in other.forbidden.difference(&self.forbidden) {
            parts.push(rest.clone().require(name));
            rest = rest.forbid(name);
        }
        parts
    }
}

impl Numbers {
    pub(super) fn all(absent: bool) -> Self {
        Self {
            intervals: vec![(i64::MIN, i64::MAX)],
            absent,
        }
    }

    pub(super) fn within(from: i64, to: i64) -> Self {
        Self {
            intervals: if from <= to { vec![(from, to)] } else { Vec::new() },
            absent: false,
        }
    }

    fn and(&self, other: &Self) -> Self {
        let mut intervals = Vec::new();
        for &(from, to) in &self.intervals {
            for &(other_from, other_to) in &other.intervals {
                let (from, to) = (from.max(other_from), to.min(other_to));
                if from <= to {
                    intervals.push((from, to));
                }
            }
        }
        Self {
            intervals,
            absent: self.absent && other.absent,
        }
    }

    pub(super) fn without(&self, other: &Self) -> Self {
        let mut left = self.intervals.clone();
        for &(cut_from, cut_to) in &other.intervals {
            let mut next = Vec::new();
            for (from, to) in left {
                if to < cut_from || cut_to < from {
                    next.push((from, to));
                    continue;
                }
                if from < cut_from {
                    next.push((from, cut_from - 1));
                }
                if cut_to < to {
                    next.push((cut_to + 1, to));
                }
            }
            left = next;
        }
        Self {
            intervals: left,
            absent: self.absent && !other.absent,
        }
    }
}
