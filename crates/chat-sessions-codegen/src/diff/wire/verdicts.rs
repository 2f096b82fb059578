//! What was found about each pair of schemas, and the checks that depend on what is found later.
//!
//! Schemas are recursive, so a pair may be compared before the pairs inside it. When all are done,
//! the verdict of each is the gravest inside it.

use std::collections::HashMap;

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
        let mut checks = std::mem::take(&mut self.checks);
        for check in checks.iter().filter(|check| check.condition == Condition::Always) {
            for pair in &check.pairs {
                self.outer[*pair].extend(check.owner);
            }
        }
        // A change that a check reports can be what another check waits for.
        loop {
            self.spread();
            let (holding, waiting): (Vec<Check>, Vec<Check>) = checks.into_iter().partition(|check| {
                let gravest = self.gravest(&check.pairs);
                match check.condition {
                    Condition::Differs => gravest != Compatibility::Same,
                    Condition::OnlyCompatible => gravest == Compatibility::Compatible,
                    Condition::Always => false,
                }
            });
            checks = waiting;
            if holding.is_empty() {
                break;
            }
            for check in holding {
                if let Some(owner) = check.owner {
                    self.add(owner, check.change.wire);
                }
                reported.extend((!check.is_quiet).then_some(check.change));
            }
        }
        for mut check in checks {
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

    fn gravest(&self, pairs: &[Pair]) -> Compatibility {
        let found = pairs.iter().map(|pair| self.found[*pair]);
        found.max().unwrap_or(Compatibility::Same)
    }

    /// Sets the verdict of each pair to the most severe one inside it.
    fn spread(&mut self) {
        for verdict in [Compatibility::Compatible, Compatibility::Breaking] {
            let mut open: Vec<Pair> = (0..self.found.len())
                .filter(|pair| self.found[*pair] == verdict)
                .collect();
            while let Some(pair) = open.pop() {
                for index in 0..self.outer[pair].len() {
                    let outer = self.outer[pair][index];
                    if self.found[outer] < verdict {
                        self.found[outer] = verdict;
                        open.push(outer);
                    }
                }
            }
        }
    }
}
