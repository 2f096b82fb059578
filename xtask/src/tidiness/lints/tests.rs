//! What the compiler said about a made-up package with a library, its tests, an integration test and a build script.

use std::fs;

use serde_json::{Value, json};

use super::*;

const TARGETS: [(&str, &str, bool); 4] = [
    ("lib", "own", false),
    ("lib", "own", true),
    ("test", "it", true),
    ("custom-build", "build-script-build", false),
];

fn target(kind: &str, name: &str) -> Value {
    json!({ "kind": [kind], "name": name, "src_path": format!("{name}.rs") })
}

/// What cargo prints after all targets were compiled, with a report for each target that does not use the crate `the_crate`.
fn output(unused_in: &[&str]) -> String {
    let compiled = TARGETS.iter().map(|(kind, name, test)| {
        json!({ "reason": "compiler-artifact", "package_id": "own", "target": target(kind, name), "profile": { "test": test } })
    });
    let targets = TARGETS.iter().filter(|(kind, ..)| unused_in.contains(kind));
    let reports = targets.map(|(kind, name, _)| {
        let text = format!("extern crate `the_crate` is unused in crate `{name}`");
        message(
            kind,
            name,
            &json!({ "message": text, "code": { "code": "unused_crate_dependencies" } }),
        )
    });
    let lines: Vec<String> = compiled.chain(reports).map(|line| line.to_string()).collect();
    lines.join("\n")
}

fn message(kind: &str, name: &str, diagnostic: &Value) -> Value {
    json!({ "reason": "compiler-message", "package_id": "own", "target": target(kind, name), "message": diagnostic })
}

/// The finding, if there is one, when the package lists the crate in the table of a kind and its library has a comment.
fn unused(kind: &Value, unused_in: &[&str], comment: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/lib.rs"), comment).unwrap();
    let dependency = json!({ "name": "the-crate", "req": "^1", "kind": kind, "optional": false, "features": [] });
    let metadata = json!({
        "workspace_members": ["own"],
        "packages": [{
            "id": "own", "name": "own", "version": "1.0.0", "targets": [],
            "manifest_path": folder.path().join("Cargo.toml"),
            "dependencies": [dependency],
        }],
    });
    let lints = Lints::read(&output(unused_in));
    assert!(lints.warnings.is_empty(), "{:?}", lints.warnings);
    let mut findings = lints.unused(&serde_json::from_value(metadata).unwrap()).unwrap();
    assert!(findings.len() < 2, "{findings:?}");
    findings.pop()
}

#[test]
fn a_dependency_is_used_by_the_targets_that_its_table_is_for() {
    let all = ["lib", "test", "custom-build"];
    for (kind, table, used_in) in [
        (Value::Null, "[dependencies]", &["lib"][..]),
        (json!("dev"), "[dev-dependencies]", &["lib", "test"]),
        (json!("build"), "[build-dependencies]", &["custom-build"]),
    ] {
        for user in all {
            let others: Vec<&str> = all.into_iter().filter(|target| *target != user).collect();
            let finding = unused(&kind, &others, "");
            assert_eq!(
                finding.is_none(),
                used_in.contains(&user),
                "{kind} used in {user}: {finding:?}"
            );
        }
        let finding = unused(&kind, &all, "// the_crate").unwrap();
        assert!(
            finding.starts_with(&format!("own lists the-crate in {table}, but no target")),
            "{finding}"
        );
        // An optional dependency whose feature is off is never reported.
        assert_eq!(unused(&kind, &[], ""), None);
    }
}

#[test]
fn an_example_in_the_documentation_uses_a_dev_dependency() {
    let example = "//! ```\n//! the_crate::call();\n//! ```";
    assert_eq!(unused(&json!("dev"), &["lib", "test"], example), None);
    assert!(unused(&Value::Null, &["lib"], example).is_some());
}

#[test]
fn other_messages_are_warnings_each_of_which_is_shown_once() {
    let warning = |text: &str| json!({ "message": text, "code": { "code": "dead_code" }, "rendered": text });
    let lines = [
        message("lib", "own", &warning("warning: never used")),
        message("test", "it", &warning("warning: never used")),
        message(
            "test",
            "it",
            &json!({ "message": "1 warning emitted", "code": null, "rendered": "" }),
        ),
        message(
            "lib",
            "own",
            &json!({ "message": "aborting due to 1 previous error", "code": null }),
        ),
        message(
            "lib",
            "own",
            &json!({ "message": "expected `;`", "code": null, "rendered": "error: expected `;`" }),
        ),
    ];
    let output: Vec<String> = lines.iter().map(ToString::to_string).collect();
    let lints = Lints::read(&output.join("\n"));
    assert_eq!(lints.warnings, ["warning: never used", "error: expected `;`"]);
}
