//! Components, security schemes and tags: those that are used but not declared, and those that are
//! declared but not used.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::checker::Checker;
use crate::spec::discriminator::mapped;
use crate::spec::grammar::ObjectKind;
use crate::spec::nodes::Node;
use crate::spec::{Pointer, refs};

impl Checker<'_> {
    pub(super) fn components(&mut self) {
        let schemes = self.security();
        self.names_of_components();
        self.unused(&schemes);
        self.tags();
    }

    /// Checks the names in security requirements, and returns them.
    fn security(&mut self) -> BTreeSet<String> {
        let tree = self.tree();
        let mut names = BTreeSet::new();
        for node in self.nodes().iter() {
            if !matches!(node.kind, ObjectKind::Document | ObjectKind::Operation) {
                continue;
            }
            for (index, requirement) in refs::items(node.value, "security").enumerate() {
                for (name, scopes) in requirement.as_object().into_iter().flatten() {
                    let at = node.at.child("security").child(index).child(name);
                    let declared = tree
                        .pointer("/components/securitySchemes")
                        .and_then(|all| all.get(name));
                    if declared.is_none() {
                        let message = format!("there is no security scheme `{name}`");
                        let remedy = "Correct the name, or describe the scheme under #/components/securitySchemes.";
                        self.report("security-scheme", &at, &message, remedy);
                    }
                    let kind = declared.and_then(|scheme| scheme.get("type")?.as_str());
                    let has_scopes = scopes.as_array().is_some_and(|scopes| !scopes.is_empty());
                    if has_scopes && matches!(kind, Some("apiKey" | "http")) {
                        let message =
                            format!("the security scheme `{name}` has no scopes, because it is not an OAuth flow");
                        self.report("security-scheme", &at, &message, "Write an empty list.");
                    }
                    names.insert(name.clone());
                }
            }
        }
        names
    }

    fn names_of_components(&mut self) {
        for node in self
            .nodes()
            .iter()
            .filter(|node| component(&node.at) == Some(node.at.as_str()))
        {
            let name = node.at.name();
            let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            if name.is_empty() || !name.chars().all(allowed) {
                let message = format!("strict readers do not accept `{name}` as the name of a component");
                let remedy = "Use only letters, digits, dots, hyphens and underscores.";
                self.report("component-name", &node.at, &message, remedy);
            }
        }
    }

    /// Reports every component that no operation reaches, even if other unused components refer to
    /// it.
    fn unused(&mut self, schemes: &BTreeSet<String>) {
        let used = used(self.tree(), &self.nodes());
        for node in self.nodes().iter() {
            let Some(own) = component(&node.at).filter(|own| *own == node.at.as_str()) else {
                continue;
            };
            let is_used = match node.kind {
                ObjectKind::SecurityScheme => schemes.contains(&node.at.name()),
                _ => used.contains(own),
            };
            if !is_used {
                let message = format!("no operation uses the {} `{}`", node.kind.noun(), node.at.name());
                let remedy = "Remove it, or refer to it where it is meant.";
                self.report("unused-component", &node.at, &message, remedy);
            }
        }
    }

    fn tags(&mut self) {
        let tree = self.tree();
        if tree.get("tags").is_none() {
            // Declaring tags is optional; a document that declares some must declare all.
            return;
        }
        let mut unused: BTreeMap<&str, Pointer> = BTreeMap::new();
        let mut declared: BTreeSet<&str> = BTreeSet::new();
        for (index, tag) in refs::items(tree, "tags").enumerate() {
            let Some(name) = tag.get("name").and_then(Value::as_str) else {
                continue;
            };
            let at = Pointer::root().child("tags").child(index);
            if declared.insert(name) {
                unused.insert(name, at);
            } else {
                self.report(
                    "tag-twice",
                    &at,
                    &format!("the tag `{name}` is declared twice"),
                    "Keep one of them.",
                );
            }
        }
        for operation in refs::operations(tree) {
            for (index, name) in refs::items(operation.value, "tags").enumerate() {
                let Some(name) = name.as_str() else { continue };
                unused.remove(name);
                if declared.contains(name) {
                    continue;
                }
                let at = operation.at.child("tags").child(index);
                let message = format!("the tag `{name}` is not declared, but others are");
                self.report("tags", &at, &message, "Correct the name, or declare it under `tags`.");
            }
        }
        for (name, at) in unused {
            self.report("tags", &at, &format!("no operation has the tag `{name}`"), "Remove it.");
        }
    }
}

/// The component that contains a node, as the text of a pointer.
fn component(at: &Pointer) -> Option<&str> {
    let rest = at.as_str().strip_prefix("/components/")?;
    let (list, name) = rest.split_once('/')?;
    let name = name.split('/').next()?;
    at.as_str().get(.."/components/".len() + list.len() + 1 + name.len())
}

/// The components that are reached from outside `components`.
fn used(tree: &Value, nodes: &[Node<'_>]) -> BTreeSet<String> {
    let mut leads: BTreeMap<Option<&str>, Vec<Pointer>> = BTreeMap::new();
    for node in nodes {
        let owner = component(&node.at);
        let targets = leads.entry(owner).or_default();
        targets.extend(node.reference().and_then(Pointer::from_reference));
        if node.kind == ObjectKind::Discriminator {
            targets
                .extend(refs::members(node.value, "mapping").filter_map(|(_, target)| mapped(tree, target.as_str()?)));
        }
    }
    // A schema with a discriminator stands for all schemas that extend it through `allOf`.
    let bases: BTreeSet<&str> = nodes
        .iter()
        .filter(|node| node.kind == ObjectKind::Discriminator)
        .filter_map(|node| component(&node.at))
        .collect();
    for node in nodes
        .iter()
        .filter(|node| node.kind == ObjectKind::Schema && !bases.is_empty())
    {
        let base = node.reference().and_then(Pointer::from_reference);
        let base = base.and_then(|base| bases.get(base.as_str()).copied());
        let is_part = node.at.parent().is_some_and(|above| above.name() == "allOf");
        if let (Some(base), true, Some(owner)) = (base, is_part, component(&node.at)) {
            let target = Pointer::from_reference(&format!("#{owner}"));
            leads.entry(Some(base)).or_default().extend(target);
        }
    }
    let mut used = BTreeSet::new();
    let mut open: Vec<Option<&str>> = vec![None];
    while let Some(owner) = open.pop() {
        for target in leads.get(&owner).into_iter().flatten() {
            if let Some(name) = component(target)
                && used.insert(name.to_owned())
            {
                open.push(Some(name));
            }
        }
    }
    used
}

/// Whether components refer to each other in a circle.
pub(super) fn is_recursive(nodes: &[Node<'_>]) -> bool {
    let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut waiting: BTreeMap<&str, usize> = BTreeMap::new();
    let targets: Vec<(&Node<'_>, Option<Pointer>)> = nodes
        .iter()
        .map(|node| (node, node.reference().and_then(Pointer::from_reference)))
        .collect();
    for (node, target) in &targets {
        let Some(owner) = component(&node.at) else { continue };
        let waits = waiting.entry(owner).or_default();
        if let Some(target) = target.as_ref().and_then(component) {
            *waits += 1;
            users.entry(target).or_default().push(owner);
        }
    }
    // What refers only to finished components is finished. In the end, only circles are left.
    let mut open: Vec<&str> = waiting
        .iter()
        .filter(|(_, waits)| **waits == 0)
        .map(|(name, _)| *name)
        .collect();
    let mut finished = 0;
    while let Some(name) = open.pop() {
        finished += 1;
        for user in users.get(name).into_iter().flatten() {
            if let Some(waits) = waiting.get_mut(user) {
                *waits -= 1;
                if *waits == 0 {
                    open.push(user);
                }
            }
        }
    }
    finished < waiting.len()
}
