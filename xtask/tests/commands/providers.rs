//! A provider that only exists as `specs/a-third.yaml` is in the list that every command iterates.

use crate::copy::Copy;

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
