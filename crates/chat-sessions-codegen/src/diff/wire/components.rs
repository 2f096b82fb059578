//! Compares the named schemas of two documents: added, removed and renamed ones, and those that no
//! operation reaches.

use crate::spec::Pointer;
use crate::spec::refs::{self, Located};

use super::comparer::Comparer;
use super::schemas::bare;
use crate::diff::change::Side;
use crate::spec::refs::component_name;

impl Comparer<'_> {
    /// Finds renamed components: those with the same content, except for references to themselves.
    pub(super) fn find_renamed_components(&mut self) {
        let (old, new) = self.trees();
        let (before, after) = (refs::component_schemas(old), refs::component_schemas(new));
        let is_in = |all: &[Located<'_>], at: &Pointer| all.iter().any(|found| &found.at == at);
        let gone: Vec<_> = before.iter().filter(|found| !is_in(&after, &found.at)).collect();
        let mut fresh: Vec<_> = after.iter().filter(|found| !is_in(&before, &found.at)).collect();
        for found in gone {
            let (Some(name), value) = (component_name(&found.at), found.value) else {
                continue;
            };
            let same = fresh.iter().position(|other| bare(other.value) == bare(value));
            let Some(other) = same.map(|index| fresh.remove(index)) else {
                let message = format!("the schema `{name}` was removed");
                self.note("schema-removed", Some(&found.at), None, &message);
                continue;
            };
            let Some(now) = component_name(&other.at) else { continue };
            let message = format!("the schema `{name}` was renamed to `{now}`");
            self.note("schema-renamed", Some(&found.at), Some(&other.at), &message);
            self.renamed.insert(name, now);
        }
        for found in fresh {
            let name = component_name(&found.at).unwrap_or_default();
            let message = format!("the schema `{name}` was added");
            self.note("schema-added", None, Some(&found.at), &message);
        }
    }

    /// Compares the components that no operation reached.
    pub(super) fn components(&mut self) {
        let (old, new) = self.trees();
        let after = refs::component_schemas(new);
        for before in refs::component_schemas(old) {
            let Some(name) = component_name(&before.at) else {
                continue;
            };
            let at = Pointer::root().below(&["components", "schemas", self.renamed.get(&name).unwrap_or(&name)]);
            let Some(other) = after.iter().find(|other| other.at == at) else {
                continue;
            };
            let sides = [Side::Sent, Side::Received, Side::Both];
            let met = sides
                .iter()
                .any(|side| self.seen.contains(&(before.at.clone(), at.clone(), *side)));
            if !met {
                self.schemas(&before, other, Side::Neither);
            }
        }
    }
}
