//! The result of validating one value, and the current path within it.

use std::collections::BTreeSet;

use super::mismatch::{Mismatch, MismatchKind};
use crate::spec::Pointer;

/// The result of validating one value.
#[derive(Debug, Default)]
pub(crate) struct Validation {
    /// The mismatches, in the order of the value.
    pub(crate) mismatches: Vec<Mismatch>,
    /// The described properties that occur in the value.
    pub(crate) seen: BTreeSet<Pointer>,
    /// The schemas that described an object of the value.
    pub(crate) objects: BTreeSet<Pointer>,
}

impl Validation {
    pub(super) fn push(&mut self, schema: &Pointer, path: &Path<'_>, kind: MismatchKind) {
        let pointer = path.steps.iter().fold(Pointer::root(), |at, step| match step {
            Step::Name(name) => at.child(name),
            Step::Index(index) => at.child(index),
        });
        self.mismatches.push(Mismatch {
            schema: schema.clone(),
            outer_schema: path.outer_schema.clone(),
            path: pointer.as_str().to_owned(),
            kind,
        });
    }

    pub(super) fn absorb(&mut self, other: Self) {
        self.mismatches.extend(other.mismatches);
        self.seen.extend(other.seen);
        self.objects.extend(other.objects);
    }
}

/// The path from the root of the value. It becomes text only when there is something to report.
#[derive(Default)]
pub(super) struct Path<'v> {
    pub(super) steps: Vec<Step<'v>>,
    pub(super) outer_schema: Pointer,
}

pub(super) enum Step<'v> {
    Name(&'v str),
    Index(usize),
}
