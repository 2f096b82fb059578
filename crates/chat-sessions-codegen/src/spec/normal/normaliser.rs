//! Normalises the schemas of one document, one level at a time.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use serde_json::Value;

use super::merge::Merge;
use super::schema::{Place, Schema, Union};
use super::types::Types;
use crate::spec::Pointer;
use crate::spec::refs::{self, Located, component_name};

/// The limit on unions directly inside unions when types are merged. A deeper one counts as any
/// type, and is still compared.
const MAX_UNIONS: usize = 24;

/// Normalises the schemas of one document, each place once.
pub(crate) struct Normaliser<'t> {
    tree: &'t Value,
    ids: RefCell<HashMap<(Vec<usize>, bool), usize>>,
    schemas: RefCell<HashMap<usize, Rc<Schema<'t>>>>,
    /// The places whose types are being merged.
    open: RefCell<HashSet<usize>>,
}

impl<'t> Normaliser<'t> {
    pub(crate) fn new(tree: &'t Value) -> Self {
        Self {
            tree,
            ids: RefCell::default(),
            schemas: RefCell::default(),
            open: RefCell::default(),
        }
    }

    /// A number for a place; equal for two places to which the same nodes apply.
    pub(crate) fn id(&self, place: &Place<'t>) -> usize {
        // The address of a node in the tree is unique, and much shorter than its pointer.
        let nodes = place.nodes.iter().map(|node| std::ptr::from_ref(node.value).addr());
        let mut nodes: Vec<usize> = nodes.collect();
        nodes.sort_unstable();
        nodes.dedup();
        let mut ids = self.ids.borrow_mut();
        let next = ids.len();
        *ids.entry((nodes, place.is_forbidden)).or_insert(next)
    }

    /// The place that a place refers to, if it only refers.
    pub(crate) fn resolved(&self, place: &Place<'t>) -> Place<'t> {
        let resolve = |node: &Located<'t>| refs::resolve(self.tree, node.clone()).unwrap_or_else(|| node.clone());
        Place {
            nodes: place.nodes.iter().map(resolve).collect(),
            is_forbidden: place.is_forbidden,
        }
    }

    /// The normal form of what applies at a place.
    pub(crate) fn schema(&self, place: &Place<'t>) -> Rc<Schema<'t>> {
        let id = self.id(place);
        if let Some(schema) = self.schemas.borrow().get(&id) {
            return Rc::clone(schema);
        }
        let schema = Rc::new(self.merged(place, id));
        self.schemas.borrow_mut().insert(id, Rc::clone(&schema));
        schema
    }

    fn merged(&self, place: &Place<'t>, id: usize) -> Schema<'t> {
        let mut merge = Merge::new();
        let mut seen = HashSet::new();
        // A stack, since a document may be composed over thousands of components.
        let mut open: Vec<(Located<'t>, bool)> = Vec::new();
        let is_one = place.nodes.len() == 1;
        open.extend(place.nodes.iter().rev().map(|node| (node.clone(), is_one)));
        while let Some((node, is_named)) = open.pop() {
            if !seen.insert(std::ptr::from_ref(node.value).addr()) {
                continue;
            }
            if is_named && let Some(name) = component_name(&node.at) {
                merge.schema.component = Some(name);
            }
            // Keys beside a reference are not keywords, but may be a description.
            if let Some(target) = refs::reference(node.value).and_then(Pointer::from_reference) {
                merge.schema.parts.push(node);
                if let Some(value) = self.tree.pointer(target.as_str()) {
                    open.push((Located { at: target, value }, is_named));
                }
                continue;
            }
            merge.keywords(&node);
            let parts: Vec<Located<'t>> = listed(&node, "allOf").collect();
            // A single part is a wrapper and keeps its name; several parts form a new schema.
            let is_named = is_named && parts.len() == 1;
            let unions = ["oneOf", "anyOf"].into_iter().flat_map(|keyword| {
                let variants: Vec<_> = listed(&node, keyword).collect();
                if variants.len() > 1 {
                    let union = Union {
                        keyword,
                        variants,
                        owner: node.clone(),
                    };
                    // The same union in two parts restricts nothing further.
                    if !merge.schema.unions.iter().any(|other| other.is_written_as(&union)) {
                        merge.schema.unions.push(union);
                    }
                    return Vec::new();
                }
                variants
            });
            let only_variants: Vec<_> = unions.map(|variant| (variant, false)).collect();
            open.extend(only_variants.into_iter().rev());
            open.extend(parts.into_iter().rev().map(|part| (part, is_named)));
            merge.schema.parts.push(node);
        }
        let mut schema = merge.finish();
        if place.is_forbidden {
            schema.own_types = Types::NONE;
        }
        schema.types = self.types(&schema, id);
        schema
    }

    /// The types that both the schema and its unions allow.
    fn types(&self, schema: &Schema<'t>, id: usize) -> Types {
        let mut types = schema.own_types;
        if schema.unions.is_empty() || self.open.borrow().len() >= MAX_UNIONS {
            return types;
        }
        self.open.borrow_mut().insert(id);
        for union in &schema.unions {
            types = types.and(self.variant_types(union));
        }
        self.open.borrow_mut().remove(&id);
        types
    }

    /// The types that any variant of a union allows. Where the union contains itself, it is not
    /// known yet and counts as any type.
    pub(crate) fn variant_types(&self, union: &Union<'t>) -> Types {
        let types = union.variants.iter().map(|variant| {
            let place = self.resolved(&Place::of(variant));
            if self.open.borrow().contains(&self.id(&place)) {
                return Types::ANY;
            }
            self.schema(&place).types
        });
        types.fold(Types::NONE, Types::or)
    }
}

/// The schemas in a list of a schema.
pub(crate) fn listed<'t>(node: &Located<'t>, keyword: &str) -> impl Iterator<Item = Located<'t>> + use<'t> {
    let at = node.at.child(keyword);
    refs::items(node.value, keyword)
        .enumerate()
        .map(move |(index, value)| Located {
            at: at.child(index),
            value,
        })
}
