//! Query parameters with two spellings: one argument, sent under both names.

use chat_sessions_codegen::{Facade, RuleSet, Spec, diff, generate, lint};

use crate::support::snapshot;

/// A spec with these parameters of the path, and of the operation.
fn spec(of_path: &str, own: &str) -> Spec {
    let text = format!(
        r##"
openapi: 3.0.3
info: {{title: Clock, version: "1"}}
paths:
  /zone:
    parameters: [{of_path}]
    get:
      operationId: get_zone
      parameters: [{own}]
      responses: {{"200": {{description: Fine.}}, default: {{description: Failed.}}}}
    delete:
      operationId: delete_zone
      responses: {{"204": {{description: Done.}}, default: {{description: Failed.}}}}
components:
  parameters:
    ZoneId: {{name: zone-id, in: query, required: true, schema: {{type: string}}}}
"##
    );
    Spec::parse("clock.yaml", &text).unwrap()
}

const CAMEL: &str = r#"{name: zoneId, in: query, required: true, description: The zone., x-evidence: table, schema: {type: string, example: a}}"#;
const SNAKE: &str =
    r#"{name: zone_id, in: query, required: true, description: The same., x-evidence: live, schema: {type: string}}"#;
const KEBAB: &str = r##"{$ref: "#/components/parameters/ZoneId"}"##;

/// The code of one method of the client, or of one matcher of the mocks.
fn function(text: &str, start: &str) -> String {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start} in {text}"));
    let end = rest
        .find("\n    }")
        .or_else(|| rest.find("\n        }"))
        .unwrap_or(rest.len());
    format!("{start}{}", &rest[..end])
}

/// The code of the first method that builds a request, and of the one that sends it.
fn methods(client: &str) -> String {
    let request = function(client, "/// Builds the request of");
    format!("{request}\n    }}\n    {}", function(client, "Arguments:"))
}

#[test]
fn two_spellings_become_one_argument_that_is_sent_under_both_names() {
    let generated = generate(&spec("", &[CAMEL, SNAKE, KEBAB].join(", "))).unwrap();
    snapshot::assert("generation", "spellings", &methods(&generated.client));
    snapshot::assert(
        "generation",
        "spellings-httpmock",
        &function(&generated.httpmock, "pub fn zone_id"),
    );
}

#[test]
fn an_optional_parameter_is_missing_under_both_names_or_none() {
    let optional = |parameter: &str| parameter.replace("required: true", "required: false");
    let generated = generate(&spec("", &[optional(CAMEL), optional(SNAKE)].join(", "))).unwrap();
    let mock = function(&generated.httpmock, "pub fn zone_id").replace([' ', '\n'], "");
    for call in [r#"query_param_missing("zoneId")"#, r#"query_param_missing("zone_id")"#] {
        assert!(mock.contains(call), "{mock}");
    }
}

#[test]
fn spellings_may_be_in_the_path_the_operation_or_a_component() {
    for (of_path, own) in [(CAMEL, SNAKE), (SNAKE, CAMEL), (KEBAB, CAMEL)] {
        let generated = generate(&spec(of_path, own)).unwrap();
        let get = function(&generated.client, "pub fn get_zone_request");
        assert_eq!(get.matches("QueryParam::new").count(), 2, "{get}");
        assert_eq!(get.matches("zone_id: &'a str").count(), 1, "{get}");
        // The other operation of the path has one spelling, and sends that.
        let delete = function(&generated.client, "pub fn delete_zone_request");
        assert_eq!(delete.matches("QueryParam::new").count(), 1, "{delete}");
    }
    let both = generate(&spec(&[CAMEL, SNAKE].join(", "), "")).unwrap();
    assert_eq!(both.client.matches("QueryParam::new").count(), 4, "{}", both.client);
}

#[test]
fn parameters_that_differ_in_more_than_their_names_are_refused() {
    for (one, other) in [
        (CAMEL.to_owned(), SNAKE.replace("type: string", "type: integer")),
        (CAMEL.to_owned(), SNAKE.replace("required: true, ", "")),
        (CAMEL.to_owned(), SNAKE.replace("in: query", "in: header")),
        (
            CAMEL.to_owned(),
            SNAKE.replace("type: string", "type: string, minLength: 1"),
        ),
    ] {
        let spec = spec("", &[one, other.clone()].join(", "));
        let findings = lint(&spec, RuleSet::Common);
        let found: Vec<_> = findings
            .iter()
            .filter(|finding| finding.rule == "parameter-names")
            .collect();
        assert_eq!(found.len(), 1, "{other}: {findings}");
        assert!(found[0].remedy.contains("two spellings"), "{findings}");
        assert!(generate(&spec).is_err());
    }
}

#[test]
fn diff_names_the_parameters_that_a_method_sends() {
    let found = diff(
        &spec("", CAMEL),
        &spec("", &[CAMEL, SNAKE].join(", ")),
        &Facade::default(),
    );
    let rust: Vec<_> = found.rust_changes().map(|change| change.message.as_str()).collect();
    assert!(
        rust.contains(&"method `get_zone` sends the query parameters `zoneId`, `zone_id` instead of `zoneId`"),
        "{rust:?}"
    );
}

#[test]
fn more_than_two_optional_parameters_become_a_struct() {
    let parameter = |name: &str, required: bool, schema: &str| {
        format!(
            "{{name: {name}, in: query, required: {required}, description: The {name}., x-evidence: table, schema: {schema}}}"
        )
    };
    let zone = parameter("zone", true, "{type: string}");
    let after = parameter("after", false, "{type: string}");
    let size = parameter("size", false, "{type: integer, minimum: 1}");
    let all = parameter("all", false, "{type: boolean}");
    let generated = |parameters: &[&String]| {
        let parameters: Vec<&str> = parameters.iter().map(|parameter| parameter.as_str()).collect();
        generate(&spec("", &parameters.join(", "))).unwrap()
    };
    let few = generated(&[&zone, &after, &size]);
    assert!(!few.client.contains("Params"), "two stay arguments");
    let many = generated(&[&zone, &after, &size, &all]);
    let (_, types) = many.client.split_once("///The optional").unwrap();
    let types = types.split_once("\n    }").unwrap().0;
    snapshot::assert(
        "generation",
        "optional-parameters",
        &format!("///The optional{types}\n    }}\n\n{}", methods(&many.client)),
    );
}
