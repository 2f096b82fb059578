//! Every rule in a small made-up workspace: it has no finding, and each thing that is wrong in it is found once.

use serde_json::{Value, json};

use super::graphs::{Crates, Graphs, parse_crate};
use super::*;

/// A published library, a package of tests, and two crates from elsewhere.
fn metadata(edits: &[(&str, Value)]) -> Metadata {
    let package = |name: &str, licence: &str, publish: Value, dependencies: Value| {
        json!({
            "id": name, "name": name, "version": "0.1.0", "license": licence, "publish": publish, "dependencies": dependencies,
            "manifest_path": "Cargo.toml", "targets": [{ "name": name, "kind": ["lib"], "src_path": "src/lib.rs" }],
        })
    };
    let dependency = |name: &str, kind: Value, path: Value| json!({ "name": name, "req": "^1", "kind": kind, "path": path, "optional": false, "features": ["a"] });
    let decoder = dependency("decoder", Value::Null, Value::Null);
    let tester = |kind: Value| dependency("tester", kind, Value::Null);
    let library = dependency("library", Value::Null, json!("../library"));
    let mut sample = json!({
        "workspace_members": ["library", "tests"],
        "packages": [
            package("library", "MIT OR Apache-2.0", Value::Null, json!([decoder, tester(json!("dev"))])),
            package("tests", "MIT", json!([]), json!([library, tester(Value::Null)])),
            package("decoder", "MIT/Apache-2.0", Value::Null, json!([])),
            package("tester", "Apache-2.0 WITH LLVM-exception OR Zlib", Value::Null, json!([])),
        ],
    });
    for (pointer, value) in edits {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        sample.pointer_mut(parent).unwrap()[name] = value.clone();
    }
    serde_json::from_value(sample).unwrap()
}

/// A policy with a part that replaces one of its lines.
fn policy(part: &str) -> Policy {
    let mut text =
        "facade_crates = 9\npinned = []\nlicences = [\"MIT\", \"Zlib\"]\nlicence_exceptions = {}\nduplicates = {}\n\
                    tables = {}\nbans.facade = {}\nbans.published = {}\nbans.workspace = {}\nbans.manifests = {}\n\
                    bans.libraries = {}\n"
            .to_owned();
    for line in part.lines() {
        let key = line.split(" = ").next().unwrap();
        let old = text
            .lines()
            .find(|old| old.split(" = ").next() == Some(key))
            .unwrap()
            .to_owned();
        text = text.replace(&old, line);
    }
    Policy::parse(&text).unwrap()
}

fn crates(text: &str) -> Crates {
    let version = |name: &str| name.replace('@', " v") + if name.contains('@') { "" } else { " v0.1.0" };
    text.split_whitespace()
        .filter_map(|name| parse_crate(&version(name)))
        .collect()
}

fn graphs(facade: &str, published: &str, workspace: &str) -> Graphs {
    let published = format!("{facade} {published}");
    let workspace = format!("{published} {workspace}");
    Graphs::from([
        (Reach::Facade, crates(facade)),
        (Reach::Published, crates(&published)),
        (Reach::Workspace, crates(&workspace)),
    ])
}

/// Expects one finding, with all of the words and a remedy, or none if there are no words.
#[track_caller]
fn finds(findings: &[String], words: &[&str]) {
    assert_eq!(
        findings.len(),
        usize::from(!words.is_empty()),
        "{words:?}: {findings:#?}"
    );
    for finding in findings {
        assert!(words.iter().all(|word| finding.contains(word)), "{words:?}: {finding}");
        let (_, remedy) = finding.split_once(" Remedy: ").unwrap();
        assert!(remedy.ends_with('.') && !finding.contains('\n'), "{finding}");
    }
}

#[test]
fn licences() {
    let exception =
        |name: &str| format!("licence_exceptions = {{ {name} = {{ licence = \"MPL-2.0\", reason = \"r\" }} }}");
    let check = |licence: &str, part: &str| {
        let metadata = metadata(&[("/packages/2/license", json!(licence))]);
        licences::check(&metadata, &crates("library tests decoder tester"), &policy(part))
    };
    finds(&check("MIT/Apache-2.0", ""), &[]);
    finds(
        &check("MIT", "licences = [\"MIT\", \"Apache-2.0 WITH LLVM-exception\"]"),
        &[],
    );
    finds(
        &check("GPL-3.0-only", ""),
        &["decoder 0.1.0", "GPL-3.0-only", "not allowed"],
    );
    finds(&check("MIT AND MPL-2.0", ""), &["MPL-2.0", "not allowed"]);
    finds(
        &check("MIT WITH Classpath-exception-2.0", ""),
        &["Classpath", "not allowed"],
    );
    finds(
        &check("as you like", ""),
        &["`as you like` of decoder 0.1.0", "not an SPDX expression"],
    );
    finds(&check("", ""), &["not an SPDX expression"]);
    finds(&check("MIT", "licences = [\"MIT\"]"), &["tester 0.1.0", "not allowed"]);
    finds(
        &check("MIT", "licences = [\"MIT\", \"Zlib\", \"ISC\"]"),
        &["No crate needs the entry ISC"],
    );
    finds(&check("MPL-2.0", &exception("decoder")), &[]);
    finds(
        &check("MIT", &exception("decoder")),
        &["No crate needs the entry decoder"],
    );
    assert_eq!(
        check("MPL-2.0", &exception("tester")).len(),
        2,
        "not allowed here, not needed there"
    );
    let without_decoder = metadata(&[("/packages/2/license", json!("GPL-3.0-only"))]);
    finds(
        &licences::check(&without_decoder, &crates("library tests tester"), &policy("")),
        &[],
    );
}

#[test]
fn duplicates() {
    let allowed = "duplicates = { syn = { versions = [\"0.8\", \"2\"], reach = \"published\", reason = \"r\" } }";
    let two = "syn@2.0.1 syn@0.8.7";
    for (facade, published, workspace, part, words) in [
        ("syn@2.0.1", "other@1.0.0", "", "", &[][..]),
        ("syn@2.0.1", "syn@0.8.7", "", allowed, &[]),
        (
            two,
            "",
            "",
            "",
            &["users of the facade build syn", "0.8.7, 2.0.1", "syn@0.8.7"],
        ),
        (
            "syn@2.0.1",
            "syn@0.8.7",
            "",
            "",
            &["users of the published crates build syn"],
        ),
        ("syn@2.0.1", "", "syn@0.8.7", "", &["developers build syn"]),
        // An entry is for a group of people and for versions, and has to be needed.
        (two, "", "", allowed, &["users of the facade build syn"]),
        ("syn@2.0.1", "", "syn@0.8.7", allowed, &["developers build syn"]),
        ("syn@2.0.1", "syn@0.8.7", "syn@3.0.0", allowed, &["0.8.7, 2.0.1, 3.0.0"]),
        ("syn@2.0.1", "", "", allowed, &["syn is built in one version only"]),
    ] {
        finds(
            &duplicates::check(&graphs(facade, published, workspace), &policy(part)),
            words,
        );
    }
}

#[test]
fn bans() {
    let check = |edits: &[(&str, Value)], scope: &str, name: &str| {
        let graphs = graphs("in-facade", "in-published", "in-workspace");
        bans::check(
            &metadata(edits),
            &graphs,
            &policy(&format!("bans.{scope} = {{ {name} = \"reason\" }}")),
        )
    };
    let names = ["in-facade", "in-published", "in-workspace"];
    for (banned, scope) in ["facade", "published", "workspace"].into_iter().enumerate() {
        for (built, name) in names.into_iter().enumerate() {
            let words = [name, "banned: reason"];
            finds(&check(&[], scope, name), if built <= banned { &words } else { &[] });
        }
    }
    finds(
        &check(&[], "manifests", "decoder"),
        &["library depends on decoder", "banned: reason"],
    );
    finds(&check(&[], "manifests", "in-facade"), &[]);
    finds(&check(&[], "libraries", "decoder"), &["library depends on decoder"]);
    finds(&check(&[], "libraries", "tester"), &[]);
    let binary = [("/packages/0/targets/0/kind", json!(["bin"]))];
    finds(&check(&binary, "libraries", "decoder"), &[]);
}

#[test]
fn requirements() {
    let check = |edits: &[(&str, Value)], part: &str| manifests::requirements(&metadata(edits), &policy(part));
    let pinned = "pinned = [\"decoder\"]";
    for (req, part, words) in [
        (">=1, <3", "", &[][..]),
        ("=1.0.0", "", &["library pins decoder to `=1.0.0`"]),
        (">=1, =1.0.0", "", &["pins"]),
        ("=1.0.0", pinned, &[]),
        ("^1", pinned, &["pin it with `=`"]),
        ("*", "", &["any version of decoder (`*`)"]),
        ("1.*", "", &["any version"]),
    ] {
        finds(&check(&[("/packages/0/dependencies/0/req", json!(req))], part), words);
    }
    // Only a dev-dependency may name a neighbour by path alone.
    let neighbour = [("/packages/1/dependencies/0/req", json!("*"))];
    finds(&check(&neighbour, ""), &["any version of library"]);
    let dev = [neighbour[0].clone(), ("/packages/1/dependencies/0/kind", json!("dev"))];
    finds(&check(&dev, ""), &[]);
    // A dev-dependency repeats the dependency of the same name, unless it adds a feature.
    let twice = [("/packages/0/dependencies/0/name", json!("tester"))];
    finds(
        &check(&twice, ""),
        &["library lists tester in [dependencies] and, with no more features"],
    );
    let more = [twice[0].clone(), ("/packages/0/dependencies/1/features", json!(["b"]))];
    finds(&check(&more, ""), &[]);
}

#[test]
fn sources_and_inherited_entries() {
    let lock = |source: &str| {
        let member = "[[package]]\nname = \"library\"\nversion = \"1.0.0\"\n";
        manifests::sources(&format!(
            "{member}\n[[package]]\nname = \"decoder\"\nsource = \"{source}\"\n"
        ))
    };
    finds(&lock("registry+https://github.com/rust-lang/crates.io-index"), &[]);
    finds(&lock("git+https://example.org/decoder"), &["decoder is from git+"]);

    let root = "[workspace.dependencies]\none = \"1\"\ntwo = { version = \"2\" }\nthree = \"3\"\n";
    let all = "[dependencies]\none.workspace = true\n[dev-dependencies]\ntwo = { workspace = true, features = [] }\n\
               [target.'cfg(unix)'.build-dependencies]\nthree.workspace = true\n";
    let check = |member: String| manifests::inherited(root, &[member, "[package]".to_owned()]).unwrap();
    finds(&check(all.to_owned()), &[]);
    finds(
        &check(all.replace("one.workspace = true", "one = \"1\"")),
        &["No member inherits one"],
    );
}

#[test]
fn reasons() {
    let tables = "| crate | in the facade for |\n|---|---|\n| `decoder` | decoding |\n\n\
                  | crate | in tests, the bench and xtask for |\n|---|---|\n| `tester` | asserting |\n";
    let check =
        |facade: &str, part: &str, text: &str| reasons::check(&metadata(&[]), &crates(facade), &policy(part), text);
    finds(&check("library", "", tables), &[]);
    let own = tables.replace("the facade", "the library");
    finds(&check("", "tables = { library = \"the library\" }", &own), &[]);
    finds(
        &check("", "", tables.split_once("\n\n").unwrap().1),
        &["no table for the dependencies of library"],
    );
    for (from, to, words) in [
        (
            "| `decoder` | decoding |\n",
            "",
            ["library depends on decoder", "\"in the facade for\""],
        ),
        (
            "`tester`",
            "`tester`, `gone`",
            ["lists gone", "no member depends on it"],
        ),
        ("`tester`", "`tester`, `tester`", ["lists tester twice", "in tests"]),
        ("| decoding |", "| |", ["no crate or no reason", "`decoder`"]),
        (
            "| asserting |",
            "| asserting |\n| words | words |",
            ["no crate or no reason", "words"],
        ),
        (
            "in tests, the bench and xtask for",
            "elsewhere for",
            ["library, tests depends on tester", "in tests"],
        ),
    ] {
        assert!(tables.contains(from), "{from}");
        finds(&check("library", "", &tables.replace(from, to)), &words);
    }
}

#[test]
fn weight() {
    let weight = Weight {
        with_tls: 98,
        without_tls: 85,
        ours: 4,
    };
    let readme = "Depending on the facade means 98 crates with TLS by rustls, 85\nwithout TLS; 4 of them are this project's, and";
    finds(&weight_of_facade(weight, 98, readme), &[]);
    finds(
        &weight_of_facade(weight, 97, readme),
        &["takes 98 crates; the limit is 97"],
    );
    for (right, wrong) in [("98", "99"), ("85", "84"), ("4 of", "5 of")] {
        finds(
            &weight_of_facade(weight, 98, &readme.replace(right, wrong)),
            &["README.md", "85 without TLS; 4 of"],
        );
    }
}

#[test]
fn every_decision_has_a_reason() {
    let text = include_str!("policy.toml");
    for reason in [
        "comes with schemars",
        "belongs to the sandbox",
        "part of the generator, which only runs while building",
    ] {
        let silent = text.replacen(&format!("\"{reason}\""), "\"\"", 1);
        assert!(
            Policy::parse(&silent)
                .unwrap_err()
                .to_string()
                .contains("gives no reason for")
        );
    }
}

#[test]
fn this_workspace_is_clean() {
    finds(&check(&workspace::root()).unwrap().0, &[]);
}
