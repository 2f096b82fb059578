//! One of the two documents: its normal form, the names of its nodes, and which nodes were compared.

use std::collections::HashSet;

use serde_json::Value;

use super::view::View;
use crate::diff::names::names;
use crate::spec::normal::normaliser::Normaliser;
use crate::spec::normal::schema::Place;
use crate::spec::{Pointer, Spec};

/// One of the two documents.
pub(super) struct Version<'s> {
    pub(super) spec: &'s Spec,
    pub(super) normal: Normaliser<'s>,
    /// The objects that were compared with one of the other document.
    pub(super) compared: HashSet<Pointer>,
    /// The nodes that need no comparison, with all that is below them.
    pub(super) settled: HashSet<Pointer>,
}

impl<'s> Version<'s> {
    pub(super) fn new(spec: &'s Spec) -> Self {
        Self {
            spec,
            normal: Normaliser::new(spec.tree()),
            compared: HashSet::new(),
            settled: HashSet::new(),
        }
    }

    pub(super) fn tree(&self) -> &'s Value {
        self.spec.tree()
    }

    /// Whether an object was compared, or is part of what needs no comparison.
    pub(super) fn is_compared(&self, at: &Pointer) -> bool {
        let above = std::iter::successors(Some(at.clone()), Pointer::parent);
        self.compared.contains(at) || above.into_iter().any(|at| self.settled.contains(&at))
    }

    /// The name of a node in a sentence.
    pub(super) fn label(&self, at: &Pointer) -> String {
        names(self.tree(), at).label
    }

    pub(super) fn view(&self, place: &Place<'s>) -> View<'s> {
        View {
            at: place.at(),
            place: place.clone(),
            schema: self.normal.schema(place),
        }
    }
}
