//! One of the two documents: its normal form, the names of its nodes, and which nodes were compared.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::view::View;
use crate::diff::names::names;
use crate::spec::normal::normaliser::Normaliser;
use crate::spec::normal::schema::{Place, Schema};
use crate::spec::normal::types::Types;
use crate::spec::refs::{self, Located, component_name};
use crate::spec::{Pointer, Spec};

/// One of the two documents.
pub(super) struct Version<'s> {
    pub(super) spec: &'s Spec,
    pub(super) normal: Normaliser<'s>,
    /// The objects that were compared with one of the other document.
    pub(super) compared: HashSet<Pointer>,
    /// The nodes that need no comparison, with all that is below them.
    pub(super) settled: HashSet<Pointer>,
    /// The schemas with a part that refers to a named one, by that name.
    heirs: HashMap<String, Vec<Located<'s>>>,
}

impl<'s> Version<'s> {
    pub(super) fn new(spec: &'s Spec) -> Self {
        let mut heirs: HashMap<String, Vec<Located<'s>>> = HashMap::new();
        for heir in refs::component_schemas(spec.tree()) {
            let parts = refs::items(heir.value, "allOf").filter_map(refs::reference);
            for base in parts.filter_map(|part| component_name(&Pointer::from_reference(part)?)) {
                heirs.entry(base).or_default().push(heir.clone());
            }
        }
        Self {
            spec,
            normal: Normaliser::new(spec.tree()),
            compared: HashSet::new(),
            settled: HashSet::new(),
            heirs,
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

    /// The named schemas that inherit from one with a discriminator, which leads to them.
    pub(super) fn subtypes(&self, view: &View<'s>) -> BTreeMap<String, Located<'s>> {
        let is_union = |part: &Located<'s>| ["oneOf", "anyOf"].iter().any(|name| part.value.get(name).is_some());
        let leads = |part: &Located<'s>| part.value.get("discriminator").is_some() && !is_union(part);
        let base = view
            .schema
            .component
            .as_ref()
            .filter(|_| view.schema.parts.iter().any(leads));
        let heirs = base.and_then(|base| self.heirs.get(base)).into_iter().flatten();
        heirs
            .filter_map(|heir| Some((component_name(&heir.at)?, heir.clone())))
            .collect()
    }

    /// Settles the inner schemas that restrict nothing: those for another type, and those that any
    /// value matches.
    pub(super) fn settle_without_effect(&mut self, view: &View<'s>) {
        let Schema {
            own_types,
            items,
            additional,
            ..
        } = &*view.schema;
        let is_free = |place: &Option<Place<'s>>| {
            let is_anything = |place: &Place<'s>| !place.is_forbidden && self.normal.schema(place).is_anything();
            place.as_ref().is_none_or(is_anything)
        };
        let without_effect = [
            ("items", is_free(items)),
            ("additionalProperties", is_free(additional)),
            ("properties", !own_types.has(Types::OBJECT)),
        ];
        for part in &view.schema.parts {
            let keywords = without_effect
                .iter()
                .filter(|(name, is_free)| *is_free && part.value.get(name).is_some());
            self.settled.extend(keywords.map(|(name, _)| part.at.child(name)));
        }
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
