//! Which crates the sources of a package name, and whether its code, its tests or its build script does.
//!
//! The sources are parsed and their modules followed from each target, so that what stands behind `#[cfg(test)]` counts as a
//! test; features and platforms are not looked at: behind a feature is used too. Macro calls and attributes are searched
//! token by token, the code in doc comments as text. What `quote!` holds is the code of another crate.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use syn::buffer::{Cursor, TokenBuffer};
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{
    Attribute, Expr, Item, ItemExternCrate, ItemMod, ItemUse, Lit, LitStr, Macro, Meta, MetaList, Token, UseTree,
};

use super::graph::{Package, Target};
use crate::{Failure, workspace};

/// The first words of the paths in the sources of a package: crates, and what looks like them.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// In libraries and binaries.
    pub(super) code: BTreeSet<String>,
    /// In tests, examples, benches, and the code of doc comments.
    pub(super) tests: BTreeSet<String>,
    /// In the build script.
    pub(super) build: BTreeSet<String>,
}

/// Reads all targets of a package.
pub(super) fn of_package(package: &Package) -> Result<Names, Failure> {
    let mut names = Names::default();
    for target in &package.targets {
        let mut found = Found::default();
        follow(&target.src_path, Place::Root, false, &mut found)?;
        match room(target) {
            Room::Code => {
                names.code.append(&mut found.code);
                names.tests.append(&mut found.tests);
            }
            Room::Tests => {
                names.tests.append(&mut found.code);
                names.tests.append(&mut found.tests);
            }
            Room::Build => names.build.append(&mut found.code),
        }
    }
    Ok(names)
}

enum Room {
    Code,
    Tests,
    Build,
}

fn room(target: &Target) -> Room {
    match target.kind.first().map(String::as_str) {
        Some("custom-build") => Room::Build,
        Some("test" | "example" | "bench") => Room::Tests,
        _ => Room::Code,
    }
}

#[derive(Debug, Default)]
struct Found {
    code: BTreeSet<String>,
    tests: BTreeSet<String>,
}

/// Where the modules of a file lie: beside the root of a target, or in a folder of the file's name.
#[derive(Clone, Copy)]
enum Place {
    Root,
    Module,
}

/// Reads a file and the modules that it declares.
fn follow(path: &Path, place: Place, is_test: bool, found: &mut Found) -> Result<(), Failure> {
    let file = syn::parse_file(&workspace::read(path)?)
        .map_err(|error| format!("{} cannot be read as Rust: {error}", path.display()))?;
    let folder = path.parent().unwrap_or(path);
    let is_root = matches!(place, Place::Root) || path.file_name().is_some_and(|name| name == "mod.rs");
    let mut reader = Reader {
        file: path,
        modules: if is_root {
            folder.to_path_buf()
        } else {
            folder.join(path.file_stem().unwrap_or_default())
        },
        is_test: is_test || file.attrs.iter().any(is_cfg_test),
        in_fence: false,
        local: BTreeSet::new(),
        code: BTreeSet::new(),
        tests: BTreeSet::new(),
        open: Vec::new(),
    };
    reader.visit_file(&file);
    // A module beside the code shadows a crate of the same name.
    let local = reader.local;
    found
        .code
        .extend(reader.code.into_iter().filter(|name| !local.contains(name)));
    found
        .tests
        .extend(reader.tests.into_iter().filter(|name| !local.contains(name)));
    for (path, is_test) in reader.open {
        follow(&path, Place::Module, is_test, found)?;
    }
    Ok(())
}

struct Reader<'a> {
    file: &'a Path,
    /// The folder in which the modules declared here lie.
    modules: PathBuf,
    is_test: bool,
    /// Whether the doc comment is inside a block of code.
    in_fence: bool,
    /// The modules that the file declares itself.
    local: BTreeSet<String>,
    code: BTreeSet<String>,
    tests: BTreeSet<String>,
    /// Files of modules, and whether they are tests.
    open: Vec<(PathBuf, bool)>,
}

impl Reader<'_> {
    fn name(&mut self, name: String) {
        if self.is_test {
            self.tests.insert(name);
        } else {
            self.code.insert(name);
        }
    }

    fn roots(&mut self, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => self.name(path.ident.to_string()),
            UseTree::Name(name) => self.name(name.ident.to_string()),
            UseTree::Rename(rename) => self.name(rename.ident.to_string()),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.roots(tree)),
            UseTree::Glob(_) => {}
        }
    }

    /// The first words of what looks like a path, and words after `use`.
    fn tokens(&mut self, mut cursor: Cursor<'_>) {
        // Two colons go on with a path after a word or a closing bracket, and begin one anywhere else.
        let (mut is_part, mut is_after_use, mut colons) = (false, false, 0);
        while !cursor.eof() {
            if let Some((ident, rest)) = cursor.ident() {
                let goes_on = is_part && colons == 2;
                if !goes_on && (is_after_use || starts_with_colons(rest)) {
                    self.name(ident.to_string());
                }
                (is_part, is_after_use, colons) = (true, ident == "use", 0);
                cursor = rest;
            } else if let Some((punct, rest)) = cursor.punct() {
                if punct.as_char() == ':' {
                    colons += 1;
                } else {
                    (is_part, colons) = (punct.as_char() == '>', 0);
                }
                is_after_use = false;
                cursor = rest;
            } else {
                if let Some((inside, ..)) = cursor.any_group() {
                    self.tokens(inside);
                }
                (is_part, is_after_use, colons) = (false, false, 0);
                let Some((_, rest)) = cursor.token_tree() else {
                    return;
                };
                cursor = rest;
            }
        }
    }

    /// A line of a doc comment; code between fences is a test.
    fn doc(&mut self, text: &str) {
        for line in text.lines() {
            if line.trim_start().starts_with("```") {
                self.in_fence = !self.in_fence;
            } else if self.in_fence {
                self.tests.extend(names_in_text(line));
            }
        }
    }

    fn module(&mut self, module: &ItemMod) {
        let name = module.ident.to_string();
        self.local.insert(name.clone());
        if module.content.is_some() {
            self.modules.push(name);
            visit::visit_item_mod(self, module);
            self.modules.pop();
            return;
        }
        visit::visit_item_mod(self, module);
        let beside = self.file.parent().unwrap_or(self.file);
        // With `cfg_attr` there are several; whichever is compiled, it is part of the package.
        let mut paths: Vec<PathBuf> = module
            .attrs
            .iter()
            .flat_map(paths)
            .map(|path| beside.join(path))
            .collect();
        if paths.is_empty() {
            paths = vec![
                self.modules.join(format!("{name}.rs")),
                self.modules.join(name).join("mod.rs"),
            ];
        }
        // That none exists is for the compiler to say.
        let is_test = self.is_test;
        self.open.extend(
            paths
                .into_iter()
                .filter(|path| path.exists())
                .map(|path| (path, is_test)),
        );
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let outside = self.is_test;
        self.is_test |= attributes(item).iter().any(is_cfg_test);
        self.in_fence = false;
        if let Item::Mod(module) = item {
            self.module(module);
        } else {
            visit::visit_item(self, item);
        }
        self.is_test = outside;
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.roots(&item.tree);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast ItemExternCrate) {
        self.name(item.ident.to_string());
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let Some(first) = path.segments.first()
            && (path.leading_colon.is_some() || path.segments.len() > 1)
        {
            self.name(first.ident.to_string());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        visit::visit_macro(self, call);
        let quotes = ["quote", "quote_spanned", "parse_quote"];
        let last = call.path.segments.last().map(|segment| segment.ident.to_string());
        if !last.is_some_and(|name| quotes.contains(&name.as_str())) {
            self.tokens(TokenBuffer::new2(call.tokens.clone()).begin());
        }
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        visit::visit_attribute(self, attribute);
        match &attribute.meta {
            Meta::Path(_) => {}
            Meta::List(list) => self.tokens(TokenBuffer::new2(list.tokens.clone()).begin()),
            Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
                Expr::Lit(literal) => {
                    if let Lit::Str(text) = &literal.lit {
                        self.doc(&text.value());
                    }
                }
                Expr::Macro(included) => {
                    if let Ok(name) = included.mac.parse_body::<LitStr>() {
                        let beside = self.file.parent().unwrap_or(self.file);
                        // A file that is not there is for the compiler to say.
                        if let Ok(text) = workspace::read(&beside.join(name.value())) {
                            self.doc(&text);
                        }
                    }
                }
                _ => {}
            },
            Meta::NameValue(_) => {}
        }
    }
}

fn starts_with_colons(cursor: Cursor<'_>) -> bool {
    let colon = |cursor: Cursor<'_>| cursor.punct().is_some_and(|(punct, _)| punct.as_char() == ':');
    colon(cursor) && cursor.punct().is_some_and(|(_, rest)| colon(rest))
}

/// The same words in a text that is not parsed.
fn names_in_text(text: &str) -> Vec<String> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut names = Vec::new();
    for (at, _) in text.match_indices("::") {
        let before = text.get(..at).unwrap_or_default();
        let word = before.trim_end_matches(is_word).len();
        let (rest, name) = before.split_at(word);
        if !name.is_empty() && !rest.ends_with(':') {
            names.push(name.to_owned());
        }
    }
    names
}

/// Whether an attribute leaves its item out of everything but tests.
fn is_cfg_test(attribute: &Attribute) -> bool {
    if !attribute.path().is_ident("cfg") {
        return false;
    }
    let Ok(condition) = attribute.parse_args::<Meta>() else {
        return false;
    };
    needs_test(&condition)
}

fn needs_test(condition: &Meta) -> bool {
    match condition {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => metas(list).iter().any(needs_test),
        _ => false,
    }
}

/// The files that `#[path = …]` names, also inside of `cfg_attr`.
fn paths(attribute: &Attribute) -> Vec<String> {
    paths_in(&attribute.meta)
}

fn paths_in(meta: &Meta) -> Vec<String> {
    match meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(path) => vec![path.value()],
                _ => Vec::new(),
            },
            _ => Vec::new(),
        },
        Meta::List(list) if list.path.is_ident("cfg_attr") => metas(list).iter().skip(1).flat_map(paths_in).collect(),
        _ => Vec::new(),
    }
}

/// What stands between the parentheses of an attribute; nothing if it is of another kind.
fn metas(list: &MetaList) -> Vec<Meta> {
    let parse = Punctuated::<Meta, Token![,]>::parse_terminated;
    list.parse_args_with(parse)
        .map(|metas| metas.into_iter().collect())
        .unwrap_or_default()
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::*;

    /// Writes files into a folder and reads the targets of the package that they make.
    fn read(targets: &[(&str, &str)], files: &[(&str, &str)]) -> Names {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let targets: Vec<_> = targets
            .iter()
            .map(|(kind, path)| json!({ "name": "it", "kind": [kind], "src_path": folder.path().join(path) }))
            .collect();
        let package = json!({
            "id": "it", "name": "it", "version": "1.0.0", "manifest_path": "Cargo.toml",
            "dependencies": [], "targets": targets,
        });
        of_package(&serde_json::from_value(package).unwrap()).unwrap()
    }

    fn code(text: &str) -> Vec<String> {
        read(&[("lib", "src/lib.rs")], &[("src/lib.rs", text)])
            .code
            .into_iter()
            .collect()
    }

    #[test]
    fn every_way_to_name_a_crate_is_seen() {
        for text in [
            "use it;",
            "use it::Type;",
            "use {std::fs, it::{One, Two}};",
            "use it as that;",
            "pub use it::*;",
            "extern crate it;",
            "fn f() -> it::Type { todo() }",
            "fn f() { ::it::call() }",
            "fn f() { <it::Type as Default>::default(); }",
            "fn f() { it::call!(); }",
            "fn f() { print(format!(\"{}\", it::call())); }",
            "fn f() { macro_of!(field: it::Type); }",
            "fn f() { macro_of! { use it; } }",
            "#[it::main] fn f() {}",
            "#[derive(it::Derive)] struct S;",
            "#[derive(::it::Derive)] struct S;",
            "#[cfg_attr(feature = \"it\", derive(it::Derive))] struct S;",
            "#[cfg(feature = \"it\")] use it::Type;",
            "#[cfg(any(test, feature = \"it\"))] use it::Type;",
            "fn f() { use it::call; call() }",
        ] {
            assert!(code(text).contains(&"it".to_owned()), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_crate_is_none() {
        for text in [
            "use other::it;",
            "use other::it::Type;",
            "fn f() { other::it::call() }",
            "fn f() { print!(\"{}\", other::it::call()); }",
            "fn f() { it() }",
            "fn f() { print!(\"it::call\"); }",
            "// it::call()",
            "/// It calls `it::call`.\nfn f() {}",
            "fn f() { quote!(it::call()); }",
            "mod it { pub fn call() {} }\nfn f() { it::call() }",
        ] {
            assert!(!code(text).contains(&"it".to_owned()), "{text}");
        }
    }

    #[test]
    fn modules_are_followed_and_tests_kept_apart() {
        let names = read(
            &[("lib", "src/lib.rs")],
            &[
                (
                    "src/lib.rs",
                    "mod one; mod two; #[cfg(test)] mod tests; #[path = \"odd.rs\"] mod three; mod inside { mod four; }
                     #[cfg_attr(feature = \"a\", path = \"a.rs\")] #[cfg_attr(not(feature = \"a\"), path = \"b.rs\")] mod five;
                     #[cfg(all(test, unix))] mod six { use in_cfg_all::Type; }",
                ),
                ("src/one.rs", "mod deep; use in_one::Type;"),
                ("src/one/deep.rs", "use in_deep::Type;"),
                ("src/two/mod.rs", "mod beside; use in_two::Type;"),
                ("src/two/beside.rs", "use in_beside::Type;"),
                ("src/odd.rs", "use in_odd::Type;"),
                ("src/inside/four.rs", "use in_four::Type;"),
                ("src/a.rs", "use in_a::Type;"),
                ("src/b.rs", "use in_b::Type;"),
                ("src/tests.rs", "mod more; use in_tests::Type;"),
                ("src/tests/more.rs", "use in_more::Type;"),
                ("src/forgotten.rs", "use in_forgotten::Type;"),
            ],
        );
        let code = [
            "in_a",
            "in_b",
            "in_beside",
            "in_deep",
            "in_four",
            "in_odd",
            "in_one",
            "in_two",
        ];
        assert_eq!(names.code, code.map(ToOwned::to_owned).into());
        let tests = ["in_cfg_all", "in_more", "in_tests"];
        assert_eq!(names.tests, tests.map(ToOwned::to_owned).into());
    }

    #[test]
    fn the_code_of_doc_comments_is_a_test() {
        let lib = "//! `in_prose::Type`
                   //! ```
                   //! # use in_example::Type;
                   //! ```
                   #[doc = include_str!(\"../README.md\")] struct S;";
        let readme = "in_text::Type\n```rust\nin_readme::call();\n```\nin_text::Type";
        let names = read(&[("lib", "src/lib.rs")], &[("src/lib.rs", lib), ("README.md", readme)]);
        let tests = ["in_example", "in_readme"];
        assert_eq!(names.tests, tests.map(ToOwned::to_owned).into());
        assert!(names.code.is_empty(), "{:?}", names.code);
    }

    #[test]
    fn each_target_counts_for_its_room() {
        let targets = [
            ("bin", "src/main.rs"),
            ("test", "tests/it.rs"),
            ("example", "examples/it.rs"),
            ("custom-build", "build.rs"),
        ];
        let names = read(
            &targets,
            &[
                ("src/main.rs", "use in_main::Type;"),
                ("tests/it.rs", "use in_test::Type;"),
                ("examples/it.rs", "use in_example::Type;"),
                ("build.rs", "use in_build::Type;"),
            ],
        );
        assert_eq!(names.code, ["in_main".to_owned()].into());
        assert_eq!(names.tests, ["in_example", "in_test"].map(ToOwned::to_owned).into());
        assert_eq!(names.build, ["in_build".to_owned()].into());
    }
}
