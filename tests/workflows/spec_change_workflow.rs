//! The workflow of a maintainer when a provider adds a field, from the edit of the spec to the
//! accepted snapshot. Every tool must report what it should. Runs in a copy of the workspace.

use std::fs;
use std::path::PathBuf;

use crate::workspace_copy::{Copied, shown, stderr, stdout};

/// A field that the provider's SDK requires since 2.17.0 and that its reference page does not have.
const FIELD: &str = r"        shared_access:
          type: string
          enum: [query, read_only]
          description: What a link to the session grants.
          x-evidence: sdk
";
/// The line of the spec before which the field is inserted.
const NEXT: &str = "        generated_title:\n";

#[test]
fn a_field_travels_from_the_spec_to_the_accepted_snapshot() {
    let copy = Copied::new("workspace");
    let spec = copy.root.join("specs/llama-cloud.yaml");
    let text = fs::read_to_string(&spec).unwrap();
    assert_eq!(text.matches(NEXT).count(), 1, "the field has one place");
    fs::write(&spec, text.replacen(NEXT, &format!("{FIELD}{NEXT}"), 1)).unwrap();

    let check = copy.cargo(&["xtask", "generate", "--check"]);
    assert_eq!(check.status.code(), Some(1), "{}", shown(&check));
    assert!(
        stdout(&check).contains("+        pub shared_access: "),
        "{}",
        shown(&check)
    );
    assert!(
        stderr(&check).contains("run `cargo xtask generate`"),
        "{}",
        shown(&check)
    );

    // Without TLS, the crate is the same and builds in a third of the time.
    let raw = ["build", "-p", "llama-cloud-client", "--no-default-features"];
    let build = copy.cargo(&raw);
    assert!(build.status.success(), "{}", shown(&build));
    let warning =
        "specs/llama-cloud.yaml was changed after src/generated.rs was generated from it; run `cargo xtask generate`";
    assert!(stderr(&build).contains(warning), "{}", shown(&build));

    let mut at_build_time = raw.to_vec();
    at_build_time.extend([
        "--features",
        "build-time,httpmock",
        "--message-format",
        "json-render-diagnostics",
    ]);
    let build = copy.cargo(&at_build_time);
    assert!(build.status.success(), "{}", shown(&build));
    assert!(!stderr(&build).contains("warning:"), "{}", shown(&build));
    let out = out_dir(&stdout(&build));
    let generated = fs::read_to_string(out.join("generated.rs")).unwrap();
    assert!(
        generated.contains("pub shared_access: "),
        "the compiled text has the field"
    );

    let generate = copy.cargo(&["xtask", "generate"]);
    assert!(generate.status.success(), "{}", shown(&generate));
    for file in ["generated.rs", "generated_httpmock.rs"] {
        let written = fs::read_to_string(copy.root.join("crates/llama-cloud-client/src").join(file)).unwrap();
        let built = fs::read_to_string(out.join(file)).unwrap();
        assert!(written == built, "{file}: both ways generate the same text");
    }

    let tests = [
        "-p",
        "llama-cloud-client",
        "--no-default-features",
        "--features",
        "schemars",
        "--test",
        "schema",
    ];
    let snapshots = |accept: &[&str]| {
        let mut arguments = vec!["xtask", "snapshots"];
        arguments.extend(accept);
        arguments.push("--");
        arguments.extend(tests);
        copy.cargo(&arguments)
    };
    let changed = snapshots(&[]);
    assert_eq!(changed.status.code(), Some(1), "{}", shown(&changed));
    assert!(
        stdout(&changed).contains("+        \"shared_access\": {"),
        "{}",
        shown(&changed)
    );
    assert!(
        stderr(&changed).contains("cargo xtask snapshots --accept"),
        "{}",
        shown(&changed)
    );
    let accepted = snapshots(&["--accept"]);
    assert!(accepted.status.success(), "{}", shown(&accepted));
    let settled = snapshots(&[]);
    assert!(settled.status.success(), "{}", shown(&settled));

    let again = copy.cargo(&["xtask", "generate"]);
    assert!(again.status.success(), "{}", shown(&again));
    assert!(
        stdout(&again).lines().all(|line| line.ends_with(": up to date")),
        "{}",
        shown(&again)
    );

    // A new typed field that the facade does not use neither breaks the facade nor is lost.
    let facade = copy.cargo(&["check", "-p", "chat-sessions", "--no-default-features"]);
    assert!(facade.status.success(), "{}", shown(&facade));
    assert!(!stderr(&facade).contains("was changed after"), "{}", shown(&facade));
}

/// The output directory of the raw client's build script, from cargo's messages.
fn out_dir(messages: &str) -> PathBuf {
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let mut of_client = messages.filter(|message| {
        let package = message["package_id"].as_str().unwrap_or_default();
        message["reason"] == "build-script-executed" && package.contains("llama-cloud-client")
    });
    of_client.next().unwrap()["out_dir"].as_str().unwrap().into()
}
