//! A published document becomes a spec that follows every rule, and an outline of its list.

use serde_json::json;

use super::*;
use crate::generate::generate;
use crate::lint::{DocumentedExample, RuleSet, lint};

/// A document of OpenAPI 3.1, as frameworks publish it.
const PUBLISHED: &str = r##"{
  "openapi": "3.1.0",
  "info": {"title": "Threads", "version": "2.0", "x-logo": {"url": "https://example.com/logo.png"}},
  "servers": [{"url": "https://api.threads.example/v1/"}, {"url": "/v1"}],
  "paths": {
    "/threads": {"get": {
      "operationId": "listThreads", "summary": "List threads", "tags": ["threads"],
      "security": [{"key": []}],
      "parameters": [
        {"name": "after", "in": "query", "required": false, "schema": {"anyOf": [{"type": "string"}, {"type": "null"}], "title": "After"}},
        {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}},
        {"name": "since", "in": "query", "schema": {"type": "string", "format": "date-time"}},
        {"name": "order", "in": "query", "schema": {"$ref": "#/components/schemas/Order"}},
        {"name": "authorization", "in": "header", "schema": {"type": "string"}}
      ],
      "responses": {
        "200": {"description": "Threads", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ThreadPage"}}}},
        "206": {"description": "Some", "content": {"application/json": {"schema": {"type": "object"}}}},
        "422": {"description": "Refused", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/HTTPProblem"}}}}
      }}},
    "/threads/{id}": {"delete": {"operationId": "deleteThread", "responses": {"204": {"description": "Gone"}}}}
  },
  "components": {
    "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}, "other": {"type": "apiKey", "in": "header", "name": "X-Key"}},
    "schemas": {
      "Order": {"type": "string", "enum": ["asc", "desc"], "title": "Order"},
      "ThreadPage": {"type": "object", "required": ["data", "has_more"], "properties": {
        "data": {"type": "array", "items": {"$ref": "#/components/schemas/Thread"}},
        "has_more": {"type": "boolean", "title": "Has More"},
        "order": {"$ref": "#/components/schemas/Order"},
        "last_id": {"type": ["string", "null"]}}},
      "Thread": {"type": "object", "required": ["id"], "properties": {
        "object": {"const": "thread"},
        "id": {"type": "string", "examples": ["thr_1"]},
        "name": {"anyOf": [{"type": "string"}, {"type": "null"}], "description": "What people call it: the subject."},
        "created_at": {"type": "string", "format": "date-time"},
        "owner": {"anyOf": [{"$ref": "#/components/schemas/Person"}, {"type": "null"}]},
        "type": {"type": "string"}}},
      "Person": {"type": "object", "properties": {"email": {"type": "string", "format": "email"}}},
      "HTTPProblem": {"type": "object", "properties": {"detail": {"type": "string"}}},
      "Unused": {"type": "object"}
    }
  }
}"##;

fn adopted(published: &str, list: &str) -> Adopted {
    adopt(&Spec::parse("published.json", published).unwrap(), list, &[]).unwrap()
}

#[test]
fn the_spec_follows_every_rule_and_can_be_generated() {
    for list in ["listThreads", "GET /threads", "/threads"] {
        let adopted = adopted(PUBLISHED, list);
        let spec = Spec::parse("specs/threads.yaml", &adopted.text).unwrap();
        let documented = Some(DocumentedExample {
            file: "documented-example.json",
            value: &adopted.example,
        });
        let findings = lint(&spec, RuleSet::House { documented });
        assert!(findings.is_empty(), "{findings}\n{}", adopted.text);
        let generated = generate(&spec).unwrap();
        let arguments = signature(&generated.client, "list_threads").unwrap();
        // So many optional parameters are fields of one argument.
        let [params] = &arguments[..] else {
            panic!("{arguments:?}")
        };
        let names: Vec<&str> = params.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["after", "limit", "order", "since"]);
        assert_eq!(params.fields[0].kind, "Option<&str>");
        assert!(adopted.text.contains("      x-lowering: id\n"), "{}", adopted.text);
        assert!(
            !adopted.text.contains("Unused") && !adopted.text.contains("X-Key"),
            "{}",
            adopted.text
        );
    }
}

#[test]
fn what_was_left_out_is_said() {
    let notes = adopted(PUBLISHED, "listThreads").notes.join("\n");
    for note in [
        "`authorization` of listThreads was left out",
        "`since` is a text without the format `date-time`",
        "The success response 206 was left out",
        "1 other operations of the document were left out",
        "one was made from its schemas",
    ] {
        assert!(notes.contains(note), "{note}: {notes}");
    }
}

#[test]
fn the_outline_says_how_the_list_works() {
    let Adopted { outline, example, .. } = adopted(PUBLISHED, "listThreads");
    let names = |way: &[Field]| way.iter().map(|field| field.json.clone()).collect::<Vec<_>>().join(".");
    assert_eq!(
        (outline.method.as_str(), outline.path.as_str()),
        ("list_threads", "/v1/threads")
    );
    assert_eq!(
        (outline.response.as_str(), outline.item.as_str()),
        ("ThreadPage", "Thread")
    );
    assert_eq!(
        (names(&outline.items).as_str(), outline.id.json.as_str()),
        ("data", "id")
    );
    assert_eq!(outline.title.map(|field| field.json).as_deref(), Some("name"));
    assert_eq!(outline.created.map(|field| field.rust).as_deref(), Some("created_at"));
    assert_eq!(outline.has_more.as_deref().map(names).as_deref(), Some("has_more"));
    assert_eq!(
        outline.page_size.map(|(field, most)| (field.json, most)),
        Some(("limit".to_owned(), Some(100)))
    );
    assert!(matches!(&outline.paging, Paging::Token { parameter, token }
        if parameter.json == "after" && names(token) == "last_id"));
    assert_eq!(outline.key_header, ("authorization".to_owned(), "Bearer".to_owned()));
    let schemas: Vec<(&str, bool)> = outline
        .schemas
        .iter()
        .map(|schema| (schema.name.as_str(), schema.is_failure))
        .collect();
    assert_eq!(
        schemas,
        [
            ("Person", false),
            ("Thread", false),
            ("ThreadPage", false),
            ("HttpProblem", true)
        ]
    );
    assert_eq!(example["data"][0]["id"], json!("thr_1"));
    assert_eq!(outline.server, "https://api.threads.example");
}

#[test]
fn other_kinds_of_lists_are_recognised() {
    let list = |parameters: &str, page: &str| {
        let text = format!(
            r##"
openapi: 3.0.3
info: {{title: Chats, version: "1"}}
paths:
  /chats:
    get:
      operationId: chats
      parameters: [{parameters}]
      responses:
        "200":
          description: Chats.
          content: {{application/json: {{schema: {{$ref: "#/components/schemas/Page"}}}}}}
components:
  schemas:
    Page: {{type: object, properties: {page}}}
    Chat: {{type: object, required: [chat_id], properties: {{chat_id: {{type: integer}}, subject: {{type: string}}}}}}
"##
        );
        adopted(&text, "chats").outline
    };
    let query = |name: &str, kind: &str| format!("{{name: {name}, in: query, schema: {{type: {kind}}}}}");
    let items = r##"{type: array, items: {$ref: "#/components/schemas/Chat"}}"##;
    let offset = list(
        &format!("{}, {}", query("offset", "integer"), query("limit", "integer")),
        &format!("{{results: {items}, meta: {{type: object, properties: {{total: {{type: integer}}}}}}}}"),
    );
    assert!(matches!(offset.paging, Paging::Offset { .. }), "{offset:?}");
    assert_eq!(offset.total.map(|way| way.len()), Some(2));
    let last = list(
        &query("starting_after", "string"),
        &format!("{{data: {items}, hasMore: {{type: boolean}}}}"),
    );
    assert!(
        matches!(last.paging, Paging::LastId { .. }) && last.has_more.is_some(),
        "{last:?}"
    );
    let numbered = list(&query("page", "integer"), &format!("{{chats: {items}}}"));
    assert!(matches!(numbered.paging, Paging::Number { .. }), "{numbered:?}");
    let single = list("", &format!("{{chats: {items}}}"));
    assert_eq!(single.paging, Paging::Single);
}

#[test]
fn a_document_that_cannot_be_adopted_is_refused_with_a_remedy() {
    let refusal = |text: &str, list: &str| {
        let spec = Spec::parse("published.json", text).unwrap();
        adopt(&spec, list, &[]).unwrap_err().to_string()
    };
    let unknown = refusal(PUBLISHED, "listThread");
    assert!(
        unknown.contains("The most similar one is listThreads. Remedy:"),
        "{unknown}"
    );
    let no_list = refusal(PUBLISHED, "deleteThread");
    assert!(no_list.contains("no success response with JSON"), "{no_list}");
    let no_id = refusal(
        &PUBLISHED
            .replace("\"id\": {\"type\": \"string\", \"examples\": [\"thr_1\"]},", "")
            .replace("\"required\": [\"id\"], ", ""),
        "listThreads",
    );
    assert!(no_id.contains("x-lowering: id"), "{no_id}");
}
