//! Import cycles: no two files of a crate import each other, directly or in a circle (invariant 7).
//!
//! One file imports another if it names something that the other one defines: in a `use`, in a qualified path, or by a name
//! that a `use` or a `pub use` brings in. Re-exports are followed to the file that defines the name, so that it makes no
//! difference whether code writes `crate::Session` or `crate::model::session::Session`. `mod`, `pub use` and everything under
//! `cfg(test)` import nothing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use self::resolve::Crate;
use crate::outcome::{Failure, Outcome};
use crate::packages::Metadata;
use crate::{parallel, workspace};

mod modules;
mod resolve;
#[cfg(test)]
mod tests;

/// The command: the step of `check` alone, for this workspace or another.
pub(crate) fn command(root: Option<PathBuf>) -> Result<Outcome, Failure> {
    let root = root.unwrap_or_else(workspace::root);
    Ok(Outcome::of(run(&root.canonicalize()?)?))
}

/// Prints the cycles of all crates of a workspace.
pub(crate) fn run(root: &Path) -> Result<bool, Failure> {
    let members = Metadata::of_members(root)?;
    let targets: Vec<_> = members.members().flat_map(|member| &member.targets).collect();
    let mut found = Vec::new();
    parallel::for_each(
        targets,
        |target| of_crate(&target.src_path).map_err(|failure| failure.to_string()),
        |cycles| found.push(cycles),
    );
    let mut reports = BTreeSet::new();
    for cycles in found {
        reports.extend(cycles?.iter().map(|cycle| cycle.report(root)));
    }
    for report in &reports {
        eprintln!("{report}");
    }
    Ok(reports.is_empty())
}

/// Files of a crate that import each other.
#[derive(Debug)]
struct Cycle {
    /// One of the shortest ways around, which ends where it starts.
    shortest: Vec<PathBuf>,
    files: BTreeSet<PathBuf>,
    /// All imports among the files.
    imports: Imports,
}

/// Which file imports which, and by what path, as far as the first that was found.
type Imports = BTreeMap<PathBuf, BTreeMap<PathBuf, Evidence>>;

/// A path that a file names, and its line if the path is contiguous in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Evidence {
    path: String,
    line: Option<usize>,
}

impl Cycle {
    fn report(&self, root: &Path) -> String {
        let name = |file: &Path| file.strip_prefix(root).unwrap_or(file).display().to_string();
        let shortest: Vec<String> = self.shortest.iter().map(|file| name(file)).collect();
        let mut report = format!("import cycle: {}\n", shortest.join(" → "));
        let mut line = |from: &Path, to: &Path| {
            let Evidence { path, line } = &self.imports[from][to];
            let line = line.map(|line| format!(":{line}")).unwrap_or_default();
            // Writing to a string cannot fail.
            let _ = writeln!(report, "  {}{line} names {path}, defined in {}", name(from), name(to));
        };
        let around: Vec<(&PathBuf, &PathBuf)> = self.shortest.iter().zip(self.shortest.iter().skip(1)).collect();
        around.iter().for_each(|(from, to)| line(from, to));
        for (from, targets) in &self.imports {
            for to in targets.keys().filter(|to| !around.contains(&(from, to))) {
                line(from, to);
            }
        }
        let _ = write!(
            report,
            "  {} files in all. Remedy: move what both sides need into a file that imports neither.",
            self.files.len()
        );
        report
    }
}

/// Finds the cycles of one crate.
fn of_crate(root: &Path) -> Result<Vec<Cycle>, Failure> {
    let imports = imports(root)?;
    let reachable: BTreeMap<&PathBuf, BTreeSet<PathBuf>> =
        imports.keys().map(|file| (file, reachable(&imports, file))).collect();
    let mut cycles = Vec::new();
    let mut done = BTreeSet::new();
    for (file, targets) in &reachable {
        if done.contains(*file) || !targets.contains(*file) {
            continue;
        }
        let files: BTreeSet<PathBuf> = targets
            .iter()
            .filter(|target| reachable.get(target).is_some_and(|back| back.contains(*file)))
            .cloned()
            .collect();
        done.extend(files.clone());
        let inside = |file: &PathBuf| files.contains(file);
        let imports: Imports = files
            .iter()
            .map(|from| {
                let targets = imports[from].iter().filter(|(to, _)| inside(to));
                (
                    from.clone(),
                    targets.map(|(to, evidence)| (to.clone(), evidence.clone())).collect(),
                )
            })
            .collect();
        let shortest = files.iter().filter_map(|file| way_around(&imports, file));
        cycles.push(Cycle {
            shortest: shortest.min_by_key(Vec::len).unwrap_or_default(),
            files,
            imports,
        });
    }
    Ok(cycles)
}

/// Reads which file of a crate imports which.
fn imports(root: &Path) -> Result<Imports, Failure> {
    let the_crate = Crate::new(modules::of_crate(root)?);
    let mut imports = Imports::new();
    for (from, to, path) in the_crate.imports() {
        if from != to {
            let targets = imports.entry(from.to_path_buf()).or_default();
            if !targets.contains_key(to) {
                let line = find_line(&workspace::read(from)?, &path);
                let path = path.join("::");
                targets.insert(to.to_path_buf(), Evidence { path, line });
            }
        }
    }
    Ok(imports)
}

/// The files that a file imports, and those that they import.
fn reachable(imports: &Imports, start: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut open = vec![start];
    while let Some(file) = open.pop() {
        for target in imports.get(file).into_iter().flat_map(BTreeMap::keys) {
            if found.insert(target.clone()) {
                open.push(target);
            }
        }
    }
    found
}

/// The shortest way from a file back to it.
fn way_around(imports: &Imports, start: &PathBuf) -> Option<Vec<PathBuf>> {
    let mut came_from: BTreeMap<&PathBuf, &PathBuf> = BTreeMap::new();
    let mut open = VecDeque::from([start]);
    while let Some(file) = open.pop_front() {
        for target in imports.get(file).into_iter().flat_map(BTreeMap::keys) {
            if came_from.contains_key(target) {
                continue;
            }
            came_from.insert(target, file);
            if target == start {
                let mut way = vec![start.clone()];
                let mut at = file;
                while at != start {
                    way.push(at.clone());
                    at = came_from.get(at)?;
                }
                way.push(start.clone());
                way.reverse();
                return Some(way);
            }
            open.push_back(target);
        }
    }
    None
}

/// The first line with a path, or with the contiguous part at its end: in `use a::{b::C}`, that is `b::C`.
fn find_line(text: &str, path: &[String]) -> Option<usize> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let has = |line: &str, words: &str| {
        let code = line.split("//").next().unwrap_or_default();
        code.match_indices(words).any(|(at, _)| {
            let (before, rest) = code.split_at(at);
            let after = rest.get(words.len()..).unwrap_or_default();
            !before.ends_with(is_word) && !after.starts_with(is_word)
        })
    };
    (0..path.len()).find_map(|skipped| {
        let words = path.get(skipped..)?.join("::");
        text.lines().position(|line| has(line, &words)).map(|index| index + 1)
    })
}
