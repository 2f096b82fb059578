//! What was found about each pair of schemas, and the checks that depend on what is found later.
//!
//! Schemas are recursive, so a pair may be compared before the pairs inside it. When all are done,
//! the verdict of each is the gravest inside it.

use std::collections::{BTreeSet, HashMap};

use crate::diff::change::{Change, Compatibility, Side};

/// How a value is written on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Writing {
    /// With the types of JSON.
    Json,
    /// As text, in which `1` may be a number or a string.
    Text,
    /// As the parts of a form: scalars as text, and objects as JSON.
    Parts,
    /// As XML, whose names are in the schema.
    Xml,
}

/// How two schemas are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Mode {
    pub(super) side: Side,
    pub(super) writing: Writing,
    /// Whether only the verdict counts, and no change is reported.
    pub(super) is_quiet: bool,
}

/// The number of a pair of schemas.
pub(super) type Pair = usize;

/// A change that is reported if something was found in other pairs.
pub(super) struct Check {
    pub(super) pairs: Vec<Pair>,
    pub(super) condition: Condition,
    /// The pair that the change belongs to.
    pub(super) owner: Option<Pair>,
    pub(super) is_quiet: bool,
    pub(super) change: Change,
}

/// When a [`Check`] reports its change.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    /// If anything differs.
    Differs,
    /// If something differs but nothing breaks.
    OnlyCompatible,
    /// Always, and it is as grave as what was found.
    Always,
}

/// What was found about each pair.
#[derive(Default)]
pub(super) struct Verdicts {
    numbers: HashMap<(usize, usize, Option<Mode>), Pair>,
    found: Vec<Compatibility>,
    /// The pairs that contain a pair.
    outer: Vec<Vec<Pair>>,
    pub(super) checks: Vec<Check>,
}

impl Verdicts {
    /// The number of a pair of places, each given by its number in its document.
    pub(super) fn pair(&mut self, old: usize, new: usize, mode: Mode) -> Pair {
        let next = self.found.len();
        let pair = *self.numbers.entry((old, new, Some(mode))).or_insert(next);
        if pair == next {
            self.add_pair();
        }
        pair
    }

    /// The number of a pair of other objects.
    pub(super) fn add_pair(&mut self) -> Pair {
        self.found.push(Compatibility::Same);
        self.outer.push(Vec::new());
        self.found.len() - 1
    }

    pub(super) fn contains(&mut self, outer: Pair, inner: Pair) {
        self.outer[inner].push(outer);
    }

    pub(super) fn add(&mut self, pair: Pair, found: Compatibility) {
        self.found[pair] = self.found[pair].max(found);
    }

    /// The changes of all checks whose condition holds.
    pub(super) fn finish(mut self) -> Vec<Change> {
        let mut reported = Vec::new();
        let checks = std::mem::take(&mut self.checks);
        for check in checks.iter().filter(|check| check.condition == Condition::Always) {
            for pair in &check.pairs {
                self.outer[*pair].extend(check.owner);
            }
        }
        self.spread();
        let mut waiting: HashMap<Pair, Vec<usize>> = HashMap::new();
        for (index, check) in checks.iter().enumerate() {
            for pair in &check.pairs {
                waiting.entry(*pair).or_default().push(index);
            }
        }
        let mut checks: Vec<Option<Check>> = checks.into_iter().map(Some).collect();
        // A change that a check reports can be what another check waits for.
        let mut candidates: BTreeSet<usize> = (0..checks.len()).collect();
        while !candidates.is_empty() {
            let holds = |index: &usize| checks[*index].as_ref().is_some_and(|check| self.holds(check));
            let holding: Vec<usize> = candidates.iter().copied().filter(holds).collect();
            let mut changed = Vec::new();
            for check in holding.into_iter().filter_map(|index| checks[index].take()) {
                if let Some(owner) = check.owner {
                    self.raise(owner, check.change.wire, &mut changed);
                }
                reported.extend((!check.is_quiet).then_some(check.change));
            }
            let waiting = changed.iter().filter_map(|pair| waiting.get(pair));
            candidates = waiting.flatten().copied().collect();
        }
        for mut check in checks.into_iter().flatten() {
            if check.condition == Condition::Always && !check.is_quiet {
                check.change.wire = self.gravest(&check.pairs);
                if check.change.wire == Compatibility::Same {
                    (check.change.kind, check.change.side) = ("schema-reference", Side::Neither);
                }
                reported.push(check.change);
            }
        }
        reported
    }

    fn holds(&self, check: &Check) -> bool {
        let gravest = self.gravest(&check.pairs);
        match check.condition {
            Condition::Differs => gravest != Compatibility::Same,
            Condition::OnlyCompatible => gravest == Compatibility::Compatible,
            Condition::Always => false,
        }
    }

    fn gravest(&self, pairs: &[Pair]) -> Compatibility {
        let found = pairs.iter().map(|pair| self.found[*pair]);
        found.max().unwrap_or(Compatibility::Same)
    }

    /// Sets the verdict of each pair to the most severe one inside it.
    fn spread(&mut self) {
        let mut changed = Vec::new();
        for pair in 0..self.found.len() {
            let verdict = self.found[pair];
            for index in 0..self.outer[pair].len() {
                self.raise(self.outer[pair][index], verdict, &mut changed);
            }
        }
    }

    /// Raises the verdict of a pair and of all that contain it, and notes those that change.
    fn raise(&mut self, pair: Pair, verdict: Compatibility, changed: &mut Vec<Pair>) {
        let mut open = vec![pair];
        while let Some(pair) = open.pop() {
            if self.found[pair] < verdict {
                self.found[pair] = verdict;
                changed.push(pair);
                open.extend(&self.outer[pair]);
            }
        }
    }
}
