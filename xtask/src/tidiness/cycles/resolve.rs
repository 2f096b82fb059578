//! Resolves the paths of a crate to the files that define what they name.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use super::modules::{Module, Name};

/// The modules of a crate, found by their paths.
pub(super) struct Crate {
    modules: Vec<Module>,
    by_path: HashMap<Vec<String>, usize>,
}

/// What a path may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    /// A module of this crate.
    Module(usize),
    /// An item that this module defines.
    Item(usize),
    /// Something of another crate.
    Outside,
}

/// The lookups in progress, so that imports that lead to each other end.
type Seen = BTreeSet<(usize, String)>;

impl Crate {
    pub(super) fn new(modules: Vec<Module>) -> Self {
        let by_path = modules
            .iter()
            .enumerate()
            .filter(|(_, module)| !module.is_test)
            .map(|(index, module)| (module.path.clone(), index))
            .collect();
        Self { modules, by_path }
    }

    /// All imports: the file that names a path, the file that defines it, and the path.
    pub(super) fn imports(&self) -> Vec<(&Path, &Path, Vec<String>)> {
        let mut found = Vec::new();
        for (index, module) in self.modules.iter().enumerate() {
            let mut add = |name: &Name, glob: bool| {
                if name.is_test {
                    return;
                }
                let mut targets = self.resolve(index, name, &mut Seen::new());
                if name.is_qualified {
                    keep_modules(&mut targets);
                }
                for target in targets {
                    let defined_in = match target {
                        Target::Item(module) => module,
                        // A single word in code is never a module, though a variable may have the name of one.
                        Target::Module(module) if name.is_qualified => module,
                        Target::Module(_) | Target::Outside => continue,
                    };
                    let mut path = name.segments.clone();
                    path.extend(glob.then(|| "*".to_owned()));
                    let file = |index: usize| self.modules[index].file.as_path();
                    found.push((file(index), file(defined_in), path));
                }
            };
            for import in module.imports.iter().filter(|import| !import.is_reexport) {
                add(&import.name, import.alias.is_none());
            }
            for name in &module.names {
                add(name, false);
            }
        }
        found
    }

    fn resolve(&self, module: usize, name: &Name, seen: &mut Seen) -> Vec<Target> {
        let Some((first, rest)) = name.segments.split_first().filter(|_| !name.is_external) else {
            return vec![Target::Outside];
        };
        let mut targets = match first.as_str() {
            "crate" => self
                .by_path
                .get(&[][..])
                .map(|root| Target::Module(*root))
                .into_iter()
                .collect(),
            "self" => vec![Target::Module(module)],
            "super" => self.parent(module).into_iter().collect(),
            first => match self.lookup(module, first, seen) {
                found if found.is_empty() => vec![Target::Outside],
                found => found,
            },
        };
        for segment in rest {
            keep_modules(&mut targets);
            targets = targets
                .into_iter()
                .flat_map(|target| match target {
                    Target::Module(module) if segment == "super" => self.parent(module).into_iter().collect(),
                    Target::Module(module) => match self.lookup(module, segment, seen) {
                        // A macro may define what the sources do not show.
                        found if found.is_empty() => vec![Target::Item(module)],
                        found => found,
                    },
                    // A variant or an associated item is where its type is.
                    other => vec![other],
                })
                .collect();
        }
        targets
    }

    fn parent(&self, module: usize) -> Option<Target> {
        let (_, parent) = self.modules[module].path.split_last()?;
        self.by_path.get(parent).map(|parent| Target::Module(*parent))
    }

    /// What a name means in a module.
    fn lookup(&self, index: usize, name: &str, seen: &mut Seen) -> Vec<Target> {
        let module = &self.modules[index];
        let mut found = Vec::new();
        let child = [module.path.as_slice(), &[name.to_owned()]].concat();
        found.extend(self.by_path.get(&child).map(|child| Target::Module(*child)));
        if module.items.contains(name) {
            found.push(Target::Item(index));
        }
        if !seen.insert((index, name.to_owned())) {
            return found;
        }
        let imports = || module.imports.iter().filter(|import| !import.name.is_test);
        for import in imports().filter(|import| import.alias.as_deref() == Some(name)) {
            found.extend(self.resolve(index, &import.name, seen));
        }
        if found.is_empty() {
            for glob in imports().filter(|import| import.alias.is_none()) {
                for target in self.resolve(index, &glob.name, seen) {
                    if let Target::Module(from) = target {
                        found.extend(self.lookup(from, name, seen));
                    }
                }
            }
        }
        seen.remove(&(index, name.to_owned()));
        found
    }
}

/// Where a module and a function share a name, a path means the module; a call of the function is a single word.
fn keep_modules(targets: &mut Vec<Target>) {
    let is_module = |target: &Target| matches!(target, Target::Module(_));
    if targets.iter().any(is_module) {
        targets.retain(is_module);
    }
}
