//! Cycles in small made-up crates.

use std::fs;

use super::*;

/// Reads a crate made of files and returns its cycles: the shortest way around, and how many files each has.
fn cycles(files: &[(&str, &str)]) -> Vec<(String, usize)> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let cycles = of_crate(&folder.path().join("lib.rs")).unwrap();
    let report = |cycle: &Cycle| {
        let report = cycle.report(folder.path());
        let first = report.lines().next().unwrap();
        (
            first.strip_prefix("import cycle: ").unwrap().to_owned(),
            cycle.files.len(),
        )
    };
    cycles.iter().map(report).collect()
}

/// Whether `a.rs` and `b.rs` form a cycle, when `b.rs` names `crate::a::A` and `a.rs` has this text.
fn is_cycle(a: &str) -> bool {
    let lib = "mod a; mod b; mod inner; pub use b::B; pub use b::helper; mod same; pub use b::same; pub(crate) use inner::*; use b as renamed;";
    let b = "use crate::a::A; pub struct B; pub fn helper() {} pub fn same() {} macro_rules! make { () => {} } pub(crate) use make;";
    let inner = "pub use crate::b::B as Deep; pub mod nested { pub(crate) use super::super::b::*; }";
    let a = format!("pub struct A;\n{a}");
    let found = cycles(&[
        ("lib.rs", lib),
        ("a.rs", &a),
        ("b.rs", b),
        ("inner.rs", inner),
        ("same.rs", "pub fn inner() {}"),
    ]);
    assert!(
        found.is_empty() || found == [("a.rs → b.rs → a.rs".to_owned(), 2)],
        "{found:?}"
    );
    !found.is_empty()
}

#[test]
fn every_way_to_name_an_item_of_another_file_is_an_import() {
    for text in [
        "use crate::b::B;",
        "use super::b::B;",
        "use crate::{b::{B, helper}};",
        "use crate::b;",
        "use crate::b::{self};",
        "use crate::b as other;",
        "use crate::b::*;",
        "fn f(_: crate::b::B) {}",
        "fn f() { self::super::b::helper() }",
        "fn f() { use super::b::helper; }",
        "fn f() { let _ = <crate::b::B as Default>::default(); }",
        "impl From<crate::b::B> for A {}",
        // Through re-exports: by name, under another name, by `*`, and several in a row.
        "use crate::B;",
        "use crate::helper;",
        "use crate::inner::Deep;",
        "use crate::Deep;",
        "use crate::inner::nested::B;",
        "use crate::nested::helper;",
        "fn f() { crate::helper() }",
        // By an import of its own module, a module of the parent, or a name that `*` brings in.
        "use super::renamed::B;",
        "mod deep { use super::super::b::B; }",
        "pub use crate::b::B; fn f(_: B) {}",
        "pub use super::b::*; fn f() -> B { B }",
        "pub use super::b::helper; fn f() { helper() }",
        "pub use crate::b::B; fn f() -> String { format!(\"{:?}\", B) }",
        // In macros and attributes.
        "fn f() { println!(\"{}\", crate::b::helper()); }",
        "fn f() { write!(f, \"{}\", crate::B) }",
        "fn f() { matches!(x, Some(crate::b::B)) }",
        "fn f() { crate::b::make!(); }",
        "macro_rules! m { () => { $crate::b::helper() }; }",
        "macro_rules! m { ($x:ty) => { fn f() -> $x { use crate::b::{B}; } }; }",
        "#[derive(crate::b::B)] struct S;",
        "#[serde(with = \"crate::b::helper\")] struct S;",
        "#[cfg(feature = \"c\")] use crate::B;",
        "#[cfg(any(test, feature = \"c\"))] use crate::B;",
        "use super::same; fn f() { same() }",
        // An item that only a macro defines belongs to the module that the path names.
        "use crate::b::made_by_a_macro;",
    ] {
        assert!(is_cycle(text), "{text}");
    }
}

#[test]
fn what_names_no_other_file_is_no_import() {
    for text in [
        "",
        "pub use crate::b::B;",
        "pub(crate) use crate::b::helper;",
        "pub use crate::b::*;",
        "use b::B;",
        "use ::b::B;",
        "fn f(b: u8) -> u8 { b }",
        "pub(in crate::a) fn f() {}",
        "// use crate::b::B;",
        "/// [`crate::b::B`]\nfn f() {}",
        "fn f() { print!(\"crate::b::helper()\"); }",
        "fn f() { quote!(crate::b::helper()); }",
        "#[cfg(test)] use crate::b::B;",
        "#[cfg(all(test, unix))] use crate::b::B;",
        "#[cfg(test)] mod tests { use crate::b::B; fn f() { crate::b::helper() } }",
        "#[cfg(test)] fn f() { crate::b::helper() }",
        "impl A { #[cfg(test)] fn f() { crate::b::helper() } }",
        "struct S { #[cfg(test)] b: crate::b::B }",
        "fn f() { #[cfg(test)] let b = crate::b::B; }",
        "struct B; fn f(_: B) {}",
        "macro_rules! m { () => { fn f() { super::b::helper() } }; }",
        // The module, not the function of the same name, unless that is called.
        "use super::same;",
        "use super::same; fn f() { same::inner() }",
    ] {
        assert!(!is_cycle(text), "{text}");
    }
}

#[test]
fn a_parent_and_its_children_must_not_name_each_other() {
    let lib = ("lib.rs", "mod list;");
    let child = ("list/page.rs", "use super::Limit; pub struct Page;");
    let uses = "mod page; pub struct Limit; fn f() -> page::Page { todo() }";
    let found = cycles(&[lib, ("list.rs", uses), child]);
    assert_eq!(found, [("list/page.rs → list.rs → list/page.rs".to_owned(), 2)]);
    let found = cycles(&[
        lib,
        ("list.rs", "mod page; pub struct Limit; pub use page::Page;"),
        child,
    ]);
    assert!(found.is_empty(), "{found:?}");
    let found = cycles(&[lib, ("list.rs", uses), ("list/page.rs", "pub struct Page;")]);
    assert!(found.is_empty(), "{found:?}");
    let root = ("lib.rs", "mod list; pub struct Limit; fn f() { list::f() }");
    let found = cycles(&[root, ("list.rs", "pub fn f(_: crate::Limit) {}")]);
    assert_eq!(found, [("lib.rs → list.rs → lib.rs".to_owned(), 2)]);
}

#[test]
fn files_of_tests_may_name_what_they_test() {
    let lib = "mod walk; #[cfg(test)] mod walk_tests; #[cfg(test)] #[path = \"odd.rs\"] mod more;";
    let walk = "pub fn step() {} #[cfg(test)] mod tests; #[cfg(test)] use crate::walk_tests::sample;";
    let test = "mod deep; use super::step; pub fn sample() { crate::walk::step() }";
    let found = cycles(&[
        ("lib.rs", lib),
        ("walk.rs", walk),
        ("walk/tests.rs", test),
        ("walk/tests/deep.rs", "use super::sample;"),
        ("walk_tests.rs", "use super::walk; use crate::more::f;"),
        ("odd.rs", "use crate::walk_tests::sample;"),
    ]);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_long_cycle_is_reported_by_its_shortest_way_around_with_a_line_for_each_import() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("lib.rs", "mod a;\nmod b;\nmod c;\nmod d;\nmod e;\n"),
        (
            "a.rs",
            "//! Text: b::B.\nuse crate::{\n    e::E,\n    b::B,\n};\npub struct A;\n",
        ),
        ("b.rs", "pub struct B;\nfn f() {\n    crate::c::C::new();\n}\n"),
        ("c.rs", "use super::a::A;\nuse super::d::D;\npub struct C;\n"),
        ("d.rs", "use super::b::B;\npub struct D;\n"),
        ("e.rs", "pub struct E;\n"),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let cycles = of_crate(&folder.path().join("lib.rs")).unwrap();
    let reports: Vec<String> = cycles.iter().map(|cycle| cycle.report(folder.path())).collect();
    assert_eq!(
        reports.join("\n"),
        "import cycle: a.rs → b.rs → c.rs → a.rs
  a.rs:4 names crate::b::B, defined in b.rs
  b.rs:3 names crate::c::C::new, defined in c.rs
  c.rs:1 names super::a::A, defined in a.rs
  c.rs:2 names super::d::D, defined in d.rs
  d.rs:1 names super::b::B, defined in b.rs
  4 files in all. Remedy: move what both sides need into a file that imports neither."
    );
}

/// The facade as it is has no cycle; with one import of the list in the model, it has one.
#[test]
fn an_import_put_back_into_the_facade_is_found() {
    let source = workspace::root().join("crates/chat-sessions/src");
    let folder = tempfile::tempdir().unwrap();
    for file in workspace::rust_files(&source).unwrap() {
        let copy = folder.path().join(file.strip_prefix(&source).unwrap());
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(&file, copy).unwrap();
    }
    let root = folder.path().join("lib.rs");
    assert!(of_crate(&root).unwrap().is_empty());
    let session = folder.path().join("model/session.rs");
    let text = fs::read_to_string(&session).unwrap();
    fs::write(&session, format!("{text}\nuse crate::list::ListSessions;\n")).unwrap();
    let found = of_crate(&root).unwrap();
    assert_eq!(found.len(), 1);
    assert!(found[0].files.contains(&session), "{:?}", found[0].files);
}
