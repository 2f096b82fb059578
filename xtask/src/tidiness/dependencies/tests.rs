//! Every rule in a small made-up workspace: it has no finding, and each thing that is wrong in it is found once.

use serde_json::{Value, json};

use super::graphs::{Crates, Graphs, parse_crate};
use super::*;

/// A published library, a package of tests, and two crates from elsewhere.
fn metadata(edits: &[(&str, Value)]) -> Metadata {
    let package = |name: &str, licence: &str, publish: Value, dependencies: &[&Value]| {
        json!({ "id": name, "name": name, "version": "0.1.0", "license": licence, "publish": publish,
                "dependencies": dependencies, "manifest_path": "Cargo.toml",
                "targets": [{ "name": name, "kind": ["lib"], "src_path": "src/lib.rs" }] })
    };
    let decoder = json!({ "name": "decoder", "req": "^1", "optional": false, "features": ["a"] });
    let tester = json!({ "name": "tester", "req": "^1", "optional": false, "features": ["a"] });
    let dev = json!({ "name": "tester", "req": "^1", "kind": "dev", "optional": false, "features": ["a"] });
    let library = json!({ "name": "library", "req": "^1", "path": "../library", "optional": false, "features": [] });
    let mut sample = json!({
        "workspace_members": ["library", "tests"],
        "packages": [
            package("library", "MIT OR Apache-2.0", Value::Null, &[&decoder, &dev]),
            package("tests", "MIT", json!([]), &[&library, &tester]),
            package("decoder", "MIT/Apache-2.0", Value::Null, &[]),
            package("tester", "Apache-2.0 WITH LLVM-exception OR Zlib", Value::Null, &[]),
        ],
    });
    for (pointer, value) in edits {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        sample.pointer_mut(parent).unwrap()[name] = value.clone();
    }
    serde_json::from_value(sample).unwrap()
}

/// A policy in which one line replaces the default.
fn policy(line: &str) -> Policy {
    let defaults = "facade_crates = 9|pinned = []|licences = ['MIT', 'Zlib']|licence_exceptions = {}|duplicates = {}|\
                    tables = {}|bans.builds = {}|bans.manifests = {}|bans.libraries = {}";
    let (key, _) = line.split_once('=').unwrap();
    let others = defaults.split('|').filter(|default| !default.starts_with(key));
    toml::from_str(&others.chain([line]).collect::<Vec<_>>().join("\n")).unwrap()
}

/// Crates as `name@version`.
fn crates(text: &str) -> Crates {
    let crates = text.split_whitespace().map(|text| text.replace('@', " v"));
    crates.map(|text| parse_crate(&text).unwrap()).collect()
}

fn graphs(facade: &str, published: &str, workspace: &str) -> Graphs {
    let reaches = [Reach::Facade, Reach::Published, Reach::Workspace];
    let all = [facade, published, workspace];
    (0..3)
        .map(|last| (reaches[last], crates(&all[..=last].join(" "))))
        .collect()
}

/// Expects one finding with a remedy and all of the words, which `|` separates; or none if there are no words.
#[track_caller]
fn finds(findings: &[String], words: &str) {
    assert_eq!(findings.len(), usize::from(!words.is_empty()), "{words}: {findings:#?}");
    for finding in findings {
        for word in words.split('|').chain([" Remedy: "]) {
            assert!(finding.contains(word), "{word}: {finding}");
        }
        assert!(finding.ends_with('.') && !finding.contains('\n'), "{finding}");
    }
}

const BUILT: &str = "library@0.1.0 tests@0.1.0 decoder@0.1.0 tester@0.1.0";

#[test]
fn licences() {
    let check = |licence: &str, line: &str, words: &str| {
        let metadata = metadata(&[("/packages/2/license", json!(licence))]);
        let built = crates(BUILT);
        finds(&licences::check(&metadata, &built, &policy(line)), words);
    };
    let (none, refused) = ("licence_exceptions = {}", "not allowed");
    check("MIT/Apache-2.0", none, "");
    check("MIT AND MPL-2.0", none, refused);
    check("GPL-3.0-only", none, "decoder 0.1.0|GPL-3.0-only|not allowed");
    check("MIT WITH Classpath-exception-2.0", none, refused);
    check("as you like", none, "`as you like` of decoder 0.1.0|SPDX");
    check("", none, "not an SPDX expression");
    check("MIT", "licences = ['MIT', 'Apache-2.0 WITH LLVM-exception']", "");
    check("MIT", "licences = ['MIT']", "tester 0.1.0|not allowed");
    check("MIT", "licences = ['MIT', 'Zlib', 'ISC']", "licence entry ISC");
    let exception = "licence_exceptions = { decoder = { licence = 'MPL-2.0', reason = 'r' } }";
    check("MPL-2.0", exception, "");
    check("MIT", exception, "licence entry decoder");
    // An exception is for one crate: this one is refused here and not needed there.
    let other = policy(&exception.replace("decoder", "tester"));
    let metadata = metadata(&[("/packages/2/license", json!("MPL-2.0"))]);
    let found = licences::check(&metadata, &crates(BUILT), &other);
    assert_eq!(found.len(), 2, "{found:?}");
    // A crate that is never built may have any licence.
    let built = crates("library@0.1.0 tests@0.1.0 tester@0.1.0");
    finds(&licences::check(&metadata, &built, &policy(none)), "");
}

#[test]
fn duplicates() {
    let none = "duplicates = {}";
    let entry = "duplicates = { syn = { versions = ['0.8', '2'], reach = 'published', reason = 'r' } }";
    let two = "syn@2.0.1 syn@0.8.7";
    for (facade, published, workspace, line, words) in [
        ("syn@2.0.1", "other@1.0.0", "", none, ""),
        ("syn@2.0.1", "syn@0.8.7", "", entry, ""),
        (two, "", "", none, "the facade build syn|0.8.7, 2.0.1|syn@0.8.7"),
        ("syn@2.0.1", "syn@0.8.7", "", none, "published crates build syn"),
        ("syn@2.0.1", "", "syn@0.8.7", none, "developers build syn"),
        // An entry is for a group of people and for versions, and has to be needed.
        (two, "", "", entry, "users of the facade build syn"),
        ("syn@2.0.1", "", "syn@0.8.7", entry, "developers build syn"),
        ("syn@2.0.1", "syn@0.8.7", "syn@3.0.0", entry, "0.8.7, 2.0.1, 3.0.0"),
        ("syn@2.0.1", "", "", entry, "syn has one version only"),
    ] {
        let graphs = graphs(facade, published, workspace);
        finds(&duplicates::check(&graphs, &policy(line)), words);
    }
}

#[test]
fn bans() {
    let graphs = graphs("in-facade@1", "in-published@1", "in-workspace@1");
    let check = |edits: &[(&str, Value)], line: &str, words: &str| {
        finds(&bans::check(&metadata(edits), &graphs, &policy(line)), words);
    };
    let reaches = ["facade", "published", "workspace"];
    for (banned, reach) in reaches.iter().enumerate() {
        for (built, other) in reaches.iter().enumerate() {
            let line = format!("bans.builds = {{ {reach}.in-{other} = 'reason' }}");
            let words = format!("build in-{other}, which is banned: reason");
            check(&[], &line, if built <= banned { &words } else { "" });
        }
    }
    let binary = [("/packages/0/targets/0/kind", json!(["bin"]))];
    let library = "bans.libraries = { decoder = 'reason', tester = 'reason' }";
    check(&[], library, "library depends on decoder|: reason");
    check(&binary, library, "");
    let manifests = "bans.manifests = { decoder = 'reason', in-facade = 'reason' }";
    check(&[], manifests, "library depends on decoder|: reason");
}

#[test]
fn requirements() {
    let check = |edits: &[(&str, Value)], line: &str, words: &str| {
        let metadata = metadata(edits);
        finds(&manifests::requirements(&metadata, &policy(line)), words);
    };
    let (free, pinned) = ("pinned = []", "pinned = ['decoder']");
    for (req, line, words) in [
        (">=1, <3", free, ""),
        ("=1.0.0", free, "decoder = \"=1.0.0\" in library excludes"),
        (">=1, =1.0.0", free, "excludes fixes"),
        ("=1.0.0", pinned, ""),
        ("^1", pinned, "pin it with `=`"),
        ("*", free, "decoder = \"*\" in library accepts any version"),
        ("1.*", free, "any version"),
    ] {
        check(&[("/packages/0/dependencies/0/req", json!(req))], line, words);
    }
    // Only a dev-dependency may name a neighbour by path alone.
    let any = ("/packages/1/dependencies/0/req", json!("*"));
    let dev = ("/packages/1/dependencies/0/kind", json!("dev"));
    check(std::slice::from_ref(&any), free, "library = \"*\" in tests accepts");
    check(&[any, dev], free, "");
    // A dev-dependency repeats the dependency of the same name, unless it adds a feature.
    let twice = ("/packages/0/dependencies/0/name", json!("tester"));
    let feature = ("/packages/0/dependencies/1/features", json!(["b"]));
    check(std::slice::from_ref(&twice), free, "tester = \"^1\" in library repeats");
    check(&[twice, feature], free, "");
}

#[test]
fn sources_and_inherited_entries() {
    let check = |source: &str, words: &str| {
        let ours = "[[package]]\nname = \"library\"\nversion = \"1.0.0\"\n";
        let lock = format!("{ours}\n[[package]]\nname = \"decoder\"\nsource = \"{source}\"\n");
        finds(&manifests::sources(&lock).unwrap(), words);
    };
    check("registry+https://github.com/rust-lang/crates.io-index", "");
    check("git+https://example.org/decoder", "decoder is from git+");

    let root = "[workspace.dependencies]\none = '1'\ntwo = { version = '2' }\nthree = '3'\n";
    let all = "[dependencies]\none.workspace = true\n[dev-dependencies]\ntwo = { workspace = true, features = [] }\n\
               [target.'cfg(unix)'.build-dependencies]\nthree.workspace = true\n";
    for (line, words) in [("one.workspace = true", ""), ("one = '1'", "No member inherits one")] {
        let members = all.replace("one.workspace = true", line);
        finds(&manifests::inherited(root, &members).unwrap(), words);
    }
}

#[test]
fn reasons() {
    let check = |facade: &str, line: &str, text: &str, words: &str| {
        let metadata = metadata(&[]);
        finds(&reasons::check(&metadata, &crates(facade), &policy(line), text), words);
    };
    let (none, facade) = ("tables = {}", "library@0.1.0");
    let decoder = "| crate | in the facade for |\n|---|---|\n| `decoder` | decoding |\n";
    let tester = "| crate | in tests, the bench and xtask for |\n|---|---|\n| `tester` | asserting |\n";
    let all = format!("{decoder}\n{tester}");
    check(facade, none, &all, "");
    check("", "tables = { library = 'the facade' }", &all, "");
    check("", none, tester, "no table for decoder in library");
    check(facade, "tables = { gone = 'gone' }", &all, "gone has a table");
    for (from, to, words) in [
        ("| `decoder` | decoding |\n", "", "library depends on decoder|facade"),
        ("`tester`", "`tester`, `gone`", "lists gone|no member depends on it"),
        ("`tester`", "`tester`, `tester`", "lists tester twice|in tests"),
        ("| decoding |", "| |", "no crate or no reason|`decoder`"),
        ("asserting |", "asserting |\n| a | b |", "no crate or no reason: a"),
        ("in tests, the", "in the", "library, tests depends on tester"),
    ] {
        assert!(all.contains(from), "{from}");
        check(facade, none, &all.replace(from, to), words);
    }
}

#[test]
fn weight() {
    let page = "The facade needs 98 crates with rustls and 85\n\
                without TLS; 4 of them belong to this project.";
    let check = |weight, words| finds(&weight_of_facade(weight, 98, page), words);
    check([98, 85, 4], "");
    check([97, 85, 4], "docs/performance.md|97 crates with rustls");
    check([98, 84, 4], "docs/performance.md|84 without TLS");
    check([98, 85, 5], "docs/performance.md|5 of them");
    let found = weight_of_facade([98, 85, 4], 97, page);
    finds(&found, "needs 98 crates|limit is 97");
}

#[test]
fn every_decision_has_a_reason() {
    let text = include_str!("policy.toml");
    for entry in ["axum = ", "futures = ", "reason = "] {
        let (before, reason) = text.split_at(text.find(entry).unwrap() + entry.len());
        let (_, after) = reason.strip_prefix('"').unwrap().split_once('"').unwrap();
        let error = toml::from_str::<Policy>(&format!("{before}\"\"{after}")).unwrap_err();
        assert!(error.to_string().contains("an entry needs a reason"), "{error}");
    }
}

#[test]
fn this_workspace_is_clean() {
    finds(&check(&workspace::root()).unwrap().0, "");
}
