//! Every rule on a small made-up workspace: it passes as it stands, and each thing that is broken in it is found, once.

use serde_json::{Value, json};

use super::banned::{Ban, Place};
use super::duplicates::Duplicate;
use super::graph::{Crate, Graphs, Metadata, Reach};
use super::licences::ByName;
use super::names::Names;
use super::table::Group;
use super::unused::NamedNowhere;
use super::{BTreeMap, banned, duplicates, licences, look, table, unused, weight};
use crate::workspace;

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// A library that is published and a package of tests, and two crates from elsewhere.
fn sample() -> Value {
    json!({
        "workspace_members": ["our-lib 0.1.0", "tests 0.1.0"],
        "packages": [
            package("our-lib", "MIT OR Apache-2.0", &json!({
                "dependencies": [
                    dependency("serde-like", &json!({ "req": "^1" })),
                    dependency("tester", &json!({ "req": "^2", "kind": "dev" })),
                ],
            })),
            package("tests", "MIT", &json!({
                "publish": [],
                "dependencies": [
                    dependency("our-lib", &json!({ "req": "^0.1", "source": null, "path": "/here/our-lib" })),
                    dependency("tester", &json!({ "req": "^2" })),
                ],
            })),
            package("serde-like", "MIT/Apache-2.0", &json!({ "source": REGISTRY })),
            package("tester", "Apache-2.0 WITH LLVM-exception OR Zlib", &json!({ "source": REGISTRY })),
        ],
    })
}

fn package(name: &str, license: &str, more: &Value) -> Value {
    let fixed = json!({
        "id": format!("{name} 0.1.0"), "name": name, "version": "0.1.0", "license": license,
        "manifest_path": format!("/here/{name}/Cargo.toml"), "dependencies": [],
        "targets": [{ "name": name.replace('-', "_"), "kind": ["lib"], "src_path": "src/lib.rs" }],
    });
    merged(fixed, more)
}

fn dependency(name: &str, more: &Value) -> Value {
    merged(
        json!({ "name": name, "source": REGISTRY, "optional": false, "features": [] }),
        more,
    )
}

fn merged(mut into: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        into[name] = value.clone();
    }
    into
}

fn metadata(edits: &[(&str, Value)]) -> Metadata {
    let mut sample = sample();
    for (pointer, value) in edits {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        sample.pointer_mut(parent).unwrap()[name] = value.clone();
    }
    serde_json::from_value(sample).unwrap()
}

fn crates(crates: &[&str]) -> impl Iterator<Item = Crate> {
    crates.iter().map(|text| {
        let (name, version) = text.split_once('@').unwrap_or((text, "0.1.0"));
        (name.to_owned(), version.to_owned())
    })
}

fn graphs(facade: &[&str], published: &[&str], workspace: &[&str]) -> Graphs {
    Graphs {
        facade: crates(facade).collect(),
        published: crates(facade).chain(crates(published)).collect(),
        workspace: crates(facade)
            .chain(crates(published))
            .chain(crates(workspace))
            .collect(),
    }
}

/// One finding, which holds all of the words and ends in a remedy.
#[track_caller]
fn finds(findings: &[String], words: &[&str]) {
    let [finding] = findings else {
        panic!("one finding with {words:?} was expected: {findings:#?}");
    };
    for word in words {
        assert!(finding.contains(word), "{word:?} is not in {finding:?}");
    }
    let (_, remedy) = finding.split_once(" Remedy: ").expect("a finding has a remedy");
    assert!(remedy.ends_with('.') && !finding.contains('\n'), "{finding:?}");
}

#[track_caller]
fn finds_nothing(findings: &[String]) {
    assert!(findings.is_empty(), "{findings:#?}");
}

const LICENCES: [&str; 2] = ["MIT", "Zlib"];

fn licences_of(edits: &[(&str, Value)], allowed: &[&str], by_name: &[ByName]) -> Vec<String> {
    let graph = crates(&["our-lib", "tests", "serde-like", "tester"]).collect();
    licences::check(&metadata(edits), &graph, allowed, by_name)
}

#[test]
fn licences_that_are_allowed_pass_in_the_old_form_and_the_new() {
    finds_nothing(&licences_of(&[], &LICENCES, &[]));
    let with_exception = ["MIT", "Apache-2.0 WITH LLVM-exception"];
    finds_nothing(&licences_of(&[], &with_exception, &[]));
}

#[test]
fn every_fault_of_a_licence_is_found() {
    let of_serde = "/packages/2/license";
    for (licence, words) in [
        (json!("GPL-3.0-only"), ["GPL-3.0-only", "not allowed"]),
        (json!("MIT AND MPL-2.0"), ["MPL-2.0", "not allowed"]),
        (json!("MIT WITH Classpath-exception-2.0"), ["Classpath", "not allowed"]),
        (json!("as you like"), ["as you like", "not an SPDX expression"]),
        (Value::Null, ["serde-like 0.1.0", "no licence"]),
    ] {
        finds(&licences_of(&[(of_serde, licence)], &LICENCES, &[]), &words);
    }
    let file = [(of_serde, Value::Null), ("/packages/2/license_file", json!("COPYING"))];
    finds(&licences_of(&file, &LICENCES, &[]), &["only the file COPYING"]);
    finds(&licences_of(&[], &["MIT"], &[]), &["tester 0.1.0", "not allowed"]);
    finds(
        &licences_of(&[], &["MIT", "Zlib", "Apache-2.0"], &[]),
        &["Apache-2.0 is allowed, but no crate needs it"],
    );
    let elsewhere = metadata(&[(of_serde, json!("GPL-3.0-only"))]);
    let graph = crates(&["our-lib", "tests", "tester"]).collect();
    finds_nothing(&licences::check(&elsewhere, &graph, &LICENCES, &[]));
}

#[test]
fn a_licence_by_name_is_for_that_crate_and_has_to_be_needed() {
    let mpl = [("/packages/2/license", json!("MPL-2.0"))];
    let named = |name, licence, reason| [ByName { name, licence, reason }];
    let right = named("serde-like", "MPL-2.0", "reason");
    finds_nothing(&licences_of(&mpl, &LICENCES, &right));
    finds(
        &licences_of(&[], &LICENCES, &right),
        &["serde-like", "does not need that"],
    );
    finds(
        &licences_of(&mpl, &LICENCES, &named("serde-like", "MPL-2.0", "")),
        &["without a reason"],
    );
    let wrong = licences_of(&mpl, &LICENCES, &named("tester", "MPL-2.0", "reason"));
    assert_eq!(wrong.len(), 2, "not allowed here, not needed there: {wrong:#?}");
}

const TWICE: Duplicate = Duplicate {
    name: "syn",
    versions: &["0.8", "2"],
    reach: Reach::Published,
    reason: "reason",
};

#[test]
fn a_duplicate_is_judged_by_the_most_people_who_get_it() {
    let check = |facade: &[&str], published: &[&str], workspace: &[&str], allowed: &[Duplicate]| {
        duplicates::check(&graphs(facade, published, workspace), allowed)
    };
    finds_nothing(&check(&["syn@2.0.1"], &["other@1.0.0"], &[], &[]));
    finds_nothing(&check(&["syn@2.0.1"], &["syn@0.8.7"], &[], &[TWICE]));

    let facade = check(&["syn@2.0.1", "syn@0.8.7"], &[], &[], &[]);
    finds(&facade, &["0.8.7, 2.0.1", "whoever depends on the facade", "syn@0.8.7"]);
    let published = check(&["syn@2.0.1"], &["syn@0.8.7"], &[], &[]);
    finds(&published, &["whoever builds the published crates"]);
    let workspace = check(&["syn@2.0.1"], &[], &["syn@0.8.7"], &[]);
    finds(&workspace, &["only developers"]);

    let nearer = check(&["syn@2.0.1", "syn@0.8.7"], &[], &[], &[TWICE]);
    finds(
        &nearer,
        &["for whoever depends on the facade, but is allowed for whoever builds"],
    );
    let farther = check(&["syn@2.0.1"], &[], &["syn@0.8.7"], &[TWICE]);
    finds(&farther, &["for only developers", "but is allowed for whoever builds"]);
    let third = check(&["syn@2.0.1"], &["syn@0.8.7"], &["syn@3.0.0"], &[TWICE]);
    finds(&third, &["0.8.7, 2.0.1, 3.0.0", "0.8, 2 are allowed"]);
    let stale = check(&["syn@2.0.1"], &[], &[], &[TWICE]);
    finds(&stale, &["syn is allowed to be there more than once, but is not"]);
    let silent = check(
        &["syn@2.0.1"],
        &["syn@0.8.7"],
        &[],
        &[Duplicate { reason: "", ..TWICE }],
    );
    finds(&silent, &["without a reason"]);
}

fn names(code: &[&str], tests: &[&str], build: &[&str]) -> Names {
    let set = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    Names {
        code: set(code),
        tests: set(tests),
        build: set(build),
    }
}

fn unused_of(edits: &[(&str, Value)], our: Names, allowed: &[NamedNowhere]) -> Vec<String> {
    let tests = names(&["our_lib", "tester"], &[], &[]);
    let named: BTreeMap<String, Names> = [("our-lib".to_owned(), our), ("tests".to_owned(), tests)].into();
    unused::check(&metadata(edits), &named, allowed)
}

#[test]
fn a_dependency_is_named_where_its_table_says() {
    let right = || names(&["serde_like"], &["tester"], &[]);
    finds_nothing(&unused_of(&[], right(), &[]));

    let nowhere = unused_of(&[], names(&[], &["tester"], &[]), &[]);
    finds(
        &nowhere,
        &["our-lib lists serde-like in [dependencies]", "`serde_like`"],
    );
    let only_tests = unused_of(&[], names(&[], &["tester", "serde_like"], &[]), &[]);
    finds(&only_tests, &["serde-like", "move it to [dev-dependencies]"]);
    let no_test = unused_of(&[], names(&["serde_like"], &[], &[]), &[]);
    finds(&no_test, &["our-lib lists tester in [dev-dependencies]"]);
    let only_code = unused_of(&[], names(&["serde_like", "tester"], &[], &[]), &[]);
    finds(&only_code, &["its code names it and its tests do not"]);

    let kind = "/packages/0/dependencies/0/kind";
    let build = [(kind, json!("build"))];
    finds(&unused_of(&build, right(), &[]), &["in [build-dependencies]"]);
    finds_nothing(&unused_of(&build, names(&[], &["tester"], &["serde_like"]), &[]));

    let optional = [("/packages/0/dependencies/0/optional", json!(true))];
    let unnamed = unused_of(&optional, names(&[], &["tester"], &[]), &[]);
    finds(&unnamed, &["serde-like"]);
}

#[test]
fn a_dependency_goes_by_its_new_name_or_by_its_library() {
    let renamed = [("/packages/0/dependencies/0/rename", json!("other-name"))];
    finds_nothing(&unused_of(&renamed, names(&["other_name"], &["tester"], &[]), &[]));
    finds(
        &unused_of(&renamed, names(&["serde_like"], &["tester"], &[]), &[]),
        &["`other_name`"],
    );
    let library = [("/packages/2/targets/0/name", json!("sl"))];
    finds_nothing(&unused_of(&library, names(&["sl"], &["tester"], &[]), &[]));
}

#[test]
fn a_dev_dependency_that_adds_nothing_is_found() {
    let twice = |features: Value| {
        let normal = dependency("tester", &json!({ "req": "^2", "features": ["a"] }));
        let dev = dependency("tester", &json!({ "req": "^2", "kind": "dev", "features": features }));
        unused_of(
            &[("/packages/0/dependencies", json!([normal, dev]))],
            names(&["tester"], &["tester"], &[]),
            &[],
        )
    };
    finds(&twice(json!(["a"])), &["tester", "with the same features"]);
    finds(&twice(json!([])), &["tester", "with the same features"]);
    finds_nothing(&twice(json!(["b"])));
}

#[test]
fn what_need_not_be_named_has_a_reason_and_is_there() {
    let entry = |name, reason| NamedNowhere {
        member: "our-lib",
        name,
        reason,
    };
    let unnamed = || names(&[], &["tester"], &[]);
    finds_nothing(&unused_of(&[], unnamed(), &[entry("serde-like", "reason")]));
    finds(
        &unused_of(&[], unnamed(), &[entry("serde-like", "")]),
        &["for no reason"],
    );
    let needless = unused_of(
        &[],
        names(&["serde_like"], &["tester"], &[]),
        &[entry("serde-like", "reason")],
    );
    finds(&needless, &["our-lib may list serde-like", "but does not"]);
}

#[test]
fn an_entry_of_the_workspace_that_no_member_takes_is_found() {
    let root = "[workspace.dependencies]\none = \"1\"\ntwo = { version = \"2\" }\nthree = \"3\"\n";
    let members = |text: &str| vec![text.to_owned(), "[package]\nname = \"other\"\n".to_owned()];
    let all = "[dependencies]\none.workspace = true\n[dev-dependencies]\ntwo = { workspace = true, features = [] }\n\
               [target.'cfg(unix)'.build-dependencies]\nthree.workspace = true\n";
    finds_nothing(&unused::check_workspace(root, &members(all)).unwrap());
    let own = all.replace("one.workspace = true", "one = \"1\"");
    finds(&unused::check_workspace(root, &members(&own)).unwrap(), &["lists one"]);
}

#[test]
fn a_ban_holds_where_it_is_meant_to() {
    let ban = |name, place| Ban {
        name,
        place,
        reason: "reason",
    };
    let check = |edits: &[(&str, Value)], ban: Ban| {
        let graphs = graphs(&["in-facade"], &["in-published"], &["in-workspace"]);
        banned::bans(&metadata(edits), &graphs, &[ban])
    };
    let places = [Reach::Facade, Reach::Published, Reach::Workspace];
    for (found, name) in ["in-facade", "in-published", "in-workspace"].into_iter().enumerate() {
        for (banned, reach) in places.into_iter().enumerate() {
            let findings = check(&[], ban(name, Place::Graph(reach)));
            if banned >= found {
                finds(&findings, &[name, "banned there: reason"]);
            } else {
                finds_nothing(&findings);
            }
        }
    }
    finds(
        &check(&[], ban("serde-like", Place::Manifests)),
        &["our-lib depends on serde-like"],
    );
    finds_nothing(&check(&[], ban("in-facade", Place::Manifests)));
    finds(
        &check(&[], ban("serde-like", Place::Libraries)),
        &["our-lib depends on serde-like"],
    );
    finds_nothing(&check(&[], ban("tester", Place::Libraries)));
    let binary = [("/packages/0/targets/0/kind", json!(["bin"]))];
    finds_nothing(&check(&binary, ban("serde-like", Place::Libraries)));
    let silent = Ban {
        reason: "",
        ..ban("other", Place::Manifests)
    };
    finds(&check(&[], silent), &["without a reason"]);
}

#[test]
fn only_the_generator_is_pinned_and_nothing_is_taken_in_any_version() {
    let check =
        |req: &str, pinned: &[&str]| banned::pins(&metadata(&[("/packages/0/dependencies/0/req", json!(req))]), pinned);
    finds_nothing(&check("^1", &[]));
    finds_nothing(&check(">=1, <3", &[]));
    finds(&check("=1.0.0", &[]), &["our-lib pins serde-like to `=1.0.0`"]);
    finds(&check(">=1, =1.0.0", &[]), &["pins"]);
    finds_nothing(&check("=1.0.0", &["serde-like"]));
    finds(&check("^1", &["serde-like"]), &["pin it with `=`"]);
    finds(&check("*", &[]), &["any version (`*`)"]);
    finds(&check("1.*", &[]), &["any version (`1.*`)"]);

    // A package may name itself or a neighbour by path for its tests, and only for them.
    let neighbour = |kind: Value| {
        let own = json!({ "req": "*", "kind": kind, "path": "/here/our-lib", "source": null });
        banned::pins(
            &metadata(&[("/packages/0/dependencies", json!([dependency("our-lib", &own)]))]),
            &[],
        )
    };
    finds_nothing(&neighbour(json!("dev")));
    finds(&neighbour(Value::Null), &["any version"]);
}

#[test]
fn crates_come_from_the_registry_or_from_here() {
    finds_nothing(&banned::sources(&metadata(&[])));
    let git = json!("git+https://github.com/someone/serde-like");
    for source in [git.clone(), json!("registry+https://elsewhere.example/index")] {
        let found = banned::sources(&metadata(&[("/packages/2/source", source)]));
        finds(&found, &["serde-like 0.1.0 comes from"]);
    }
    let outside = banned::sources(&metadata(&[("/packages/2/source", Value::Null)]));
    finds(
        &outside,
        &["lies outside of the workspace, at /here/serde-like/Cargo.toml"],
    );
    let unresolved = banned::sources(&metadata(&[("/packages/0/dependencies/0/source", git)]));
    finds(&unresolved, &["our-lib asks for serde-like from git+"]);
}

const GROUPS: [Group; 2] = [
    Group {
        title: "the library",
        members: &["our-lib"],
    },
    Group {
        title: "tests",
        members: &[],
    },
];

const TABLES: &str = "\
Words.

| crate | in the library for |
|---|---|
| `serde-like` | decoding |

| crate | in tests for |
|---|---|
| `tester` | asserting |
";

#[test]
fn the_tables_and_the_manifests_list_the_same() {
    let check = |text: &str| table::check(&metadata(&[]), text, &GROUPS);
    finds_nothing(&check(TABLES));
    for (from, to, words) in [
        (
            "| `serde-like` | decoding |\n",
            "",
            ["does not say what serde-like is for", "our-lib"],
        ),
        ("`tester`", "`tester`, `gone`", ["lists gone", "no manifest"]),
        (
            "| decoding |",
            "| |",
            ["no reason for serde-like", "in the library for"],
        ),
        (
            "| `tester` | asserting |",
            "| `tester` | a |\n| `tester` | b |",
            ["lists tester twice", "one row"],
        ),
        (
            "| `tester` | asserting |",
            "| `tester` | a |\n| words | b |",
            ["without a crate", "in tests for"],
        ),
        (
            "in tests for",
            "elsewhere for",
            ["no table `| crate | in tests for |`", "each of: tester"],
        ),
    ] {
        let broken = TABLES.replace(from, to);
        assert_ne!(broken, TABLES);
        finds(&check(&broken), &words);
    }
}

#[test]
fn every_published_member_has_a_table_and_every_table_its_members() {
    let groups = |members| [Group { members, ..GROUPS[0] }, GROUPS[1]];
    let two = groups(&["our-lib", "gone"]);
    finds(
        &table::check(&metadata(&[]), TABLES, &two),
        &["is for gone, which is not a member"],
    );
    let nobody = table::check(&metadata(&[]), TABLES, &GROUPS[1..]);
    finds(&nobody, &["No table of CONTRIBUTING.md is for our-lib"]);
}

#[test]
fn the_number_of_crates_is_bounded_and_stated_on_the_page() {
    let weight = super::Weight {
        with_tls: 98,
        without_tls: 85,
        ours: 4,
    };
    let page = "The facade needs 98 crates with rustls and 85\nwithout TLS; 4 of them belong to this project.";
    finds_nothing(&weight::check(weight, 98, page));
    finds(&weight::check(weight, 97, page), &["needs 98 crates", "bound is 97"]);
    for (right, wrong) in [("98", "99"), ("85", "84"), ("4 of", "5 of")] {
        let found = weight::check(weight, 98, &page.replace(right, wrong));
        finds(
            &found,
            &["docs/performance.md", "98 crates with rustls and 85 without TLS; 4"],
        );
    }
}

#[test]
fn this_workspace_is_clean() {
    finds_nothing(&look(&workspace::root()).unwrap().findings);
}
