//! A provider that only exists as `specs/a-third.yaml` is in the list that every command iterates.

use crate::copy::{Copy, source};

const SPEC: &str = r##"openapi: 3.0.3
info: {title: A third provider, version: "1"}
paths:
  /third/chats:
    get:
      operationId: list_chats
      responses:
        "200":
          description: The chats.
          content: {application/json: {schema: {$ref: "#/components/schemas/Chats"}}}
components:
  schemas:
    Chats:
      type: object
      required: [third_chats]
      properties:
        third_chats: {type: array, items: {type: string}}
"##;

#[test]
fn every_command_includes_a_new_provider() {
    let copy = Copy::new();
    copy.write("crates/chat-sessions/src/provider/field_map.rs", "field_map! {}");
    copy.git(&["init", "--quiet"]);
    copy.git(&["add", "--all"]);
    copy.git(&["commit", "--quiet", "--message", "first"]);
    copy.write("specs/a-third.yaml", SPEC);

    copy.xtask(&["lint"])
        .exits(1)
        .prints("tests/fixtures/a-third/documented-example.json cannot be read");
    copy.write("tests/fixtures/a-third/documented-example.json", "{}");
    copy.xtask(&["lint"]).prints("3 files, ").prints("specs/a-third.yaml:");

    std::fs::create_dir_all(copy.path("crates/a-third-client/src")).unwrap();
    copy.xtask(&["generate"])
        .exits(0)
        .prints("crates/a-third-client/src/generated.rs: written")
        .prints("crates/a-third-client/src/generated_httpmock.rs: written");

    copy.write("response.json", r#"{"third_chats": [], "cursor": "x"}"#);
    copy.xtask(&["drift", "response.json"])
        .exits(1)
        .prints("+++ b/specs/a-third.yaml");
    copy.xtask(&["diff"]).exits(0).prints("specs/a-third.yaml: added");
    copy.xtask(&["field-map"])
        .exits(1)
        .prints("Chats.third_chats of a-third has no row");
    copy.xtask(&["fuzz", "nothing"]).exits(2).prints("a_third_answer");
}

/// A copy with every file that lists providers.
fn copy_with_lists() -> Copy {
    let copy = Copy::new();
    for file in [
        "Cargo.toml",
        "CHANGELOG.md",
        "crates/chat-sessions/Cargo.toml",
        "crates/chat-sessions/src/provider.rs",
        "crates/chat-sessions/src/provider/field_map.rs",
        "crates/chat-sessions/src/provider/llama_cloud.rs",
        "crates/chat-sessions/src/provider/memories_ai.rs",
        "crates/chat-sessions-cli/src/provider.rs",
        "crates/chat-sessions-sandbox/src/dialect.rs",
        "crates/chat-sessions-sandbox/src/dialect/llama_cloud.rs",
        "crates/chat-sessions-sandbox/src/dialect/memories_ai.rs",
        "crates/chat-sessions-sandbox/src/dialect/provider.rs",
        "crates/chat-sessions-sandbox/src/dialect/seed.rs",
        "crates/chat-sessions-sandbox/src/lib.rs",
        "crates/llama-cloud-client/src/lib.rs",
        "tests/Cargo.toml",
        "tests/suites/decoding/fixtures.rs",
        "tests/suites/support/clients.rs",
        "docs/performance.md",
    ] {
        copy.write(file, &std::fs::read_to_string(source(file)).unwrap());
    }
    for file in [
        "Cargo.toml",
        "build.rs",
        "src/build_time.rs",
        "src/build_time_httpmock.rs",
        "src/lib.rs",
    ] {
        for provider in ["llama-cloud", "memories-ai"] {
            let file = format!("crates/{provider}-client/{file}");
            copy.write(&file, &std::fs::read_to_string(source(&file)).unwrap());
        }
    }
    let published = "tests/fixtures/published/harbor.yaml";
    copy.write("harbor.yaml", &std::fs::read_to_string(source(published)).unwrap());
    copy
}

const HARBOR: [&str; 7] = [
    "provider",
    "new",
    "harbor",
    "--spec",
    "harbor.yaml",
    "--list",
    "listThreads",
];

#[test]
fn a_new_provider_is_written_and_its_decisions_are_listed() {
    let copy = copy_with_lists();
    let written = copy
        .xtask(&[&HARBOR[..], &["--no-build", "--also", "getThread"]].concat())
        .exits(0);
    let written = written
        .prints("specs/harbor.yaml: written")
        .prints("crates/chat-sessions/src/provider/harbor.rs:")
        .prints(": end rule: the list ends when `has_more` is false")
        .prints(": capabilities: ")
        .prints("crates/chat-sessions/src/provider/harbor/normalise.rs:")
        .prints("1 other operations of the document were left out");
    assert!(!written.out.contains("DECIDE"), "{}", written.out);

    // The spec follows every rule, what is checked in is what it generates, and every field of the
    // list has a row; the second operation, which the facade does not call, needs none.
    copy.xtask(&["lint"]).exits(0).prints("3 files, 0 errors, 0 warnings");
    copy.xtask(&["generate", "--check"]).exits(0);
    let rows = copy.xtask(&["field-map"]).exits(0);
    assert!(copy.read("specs/harbor.yaml").contains("getThread"), "{}", rows.out);
    let undecided = copy.xtask(&["invariants"]).exits(1);
    assert_eq!(undecided.err.matches(": to decide: ").count(), 3, "{}", undecided.err);
    for line in undecided.err.lines() {
        assert!(
            line.contains("to decide") || line.starts_with("No file "),
            "{}",
            undecided.err
        );
    }

    // A second provider of the same kind joins behind the first.
    let again = copy.xtask(&HARBOR).exits(1);
    again.prints("There is a provider harbor already");
    let mut other = HARBOR;
    other[2] = "other-harbor";
    copy.xtask(&[&other[..], &["--no-build"]].concat()).exits(0);
    let lists = copy.read("crates/chat-sessions/src/provider.rs");
    assert!(lists.contains("harbor::BUILT_IN, other_harbor::BUILT_IN]"), "{lists}");
    copy.xtask(&["field-map"]).exits(0);
}

#[test]
fn nothing_is_written_when_a_provider_cannot_be_added() {
    let copy = copy_with_lists();
    let refused = |arguments: &[&str], reason: &str| {
        copy.xtask(arguments).exits(1).prints(reason);
        assert!(!copy.path("specs/harbor.yaml").exists());
    };
    let mut arguments = HARBOR;
    arguments[2] = "Harbor_Chat";
    refused(
        &arguments,
        "`Harbor_Chat` is not a name. Remedy: write it like `some-provider`.",
    );
    arguments = HARBOR;
    arguments[6] = "listThread";
    refused(&arguments, "The most similar one is listThreads. Remedy: ");
    arguments[6] = "getThread";
    refused(&arguments, "Remedy: ");
    copy.write("harbor.yaml", "a: [");
    refused(&HARBOR, "error[yaml-syntax]");
}
