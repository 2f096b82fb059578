//! Diff: what holds for every spec. Another way to write a schema is the same, a narrower schema
//! never is, and no recursion ends the program.

use chat_sessions_codegen::{Compatibility, Facade, Spec, diff, generate};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// A sequence of numbers that a seed determines.
struct Random(u64);

impl Random {
    /// Returns a number below `bound`.
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn is(&mut self) -> bool {
        self.below(2) == 0
    }
}

/// A random schema, in which every position of a schema occurs.
fn schema(random: &mut Random, depth: usize, name: &str) -> Value {
    let inner = |random: &mut Random, name: &str| schema(random, depth + 1, name);
    match random.below(if depth > 3 { 4 } else { 10 }) {
        0 => json!({"type": "string", "minLength": 1, "maxLength": 20}),
        1 => json!({"type": "integer", "minimum": 1, "maximum": 100}),
        2 => json!({"type": "string", "enum": ["a", "b", "c"]}),
        3 => json!({"type": "number", "nullable": true}),
        4 => json!({"type": "array", "maxItems": 9, "items": inner(random, name)}),
        5 => json!({"type": "object", "additionalProperties": inner(random, name)}),
        6 => json!({"allOf": [
            {"type": "object", "properties": {format!("{name}1"): inner(random, "p")}},
            {"type": "object", "properties": {format!("{name}2"): inner(random, "q")}},
        ]}),
        7 => json!({"anyOf": [inner(random, "v"), inner(random, "w")]}),
        8 => {
            json!({"type": "object", "not": {"type": "object", "required": ["bad"]}, "properties": {"n": inner(random, "n")}})
        }
        _ => {
            let names = ["one", "two", "three"];
            let properties: Map<String, Value> = names
                .map(|one| (one.to_owned(), inner(random, one)))
                .into_iter()
                .collect();
            json!({"type": "object", "required": ["one"], "properties": properties})
        }
    }
}

/// The schemas of a tree that are not references, by their JSON pointers.
fn positions(schema: &Value, at: &str, found: &mut Vec<String>) {
    if schema.get("$ref").is_some() {
        return;
    }
    found.push(at.to_owned());
    for (name, inner) in schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        positions(inner, &format!("{at}/properties/{name}"), found);
    }
    for name in ["items", "additionalProperties", "not"] {
        if let Some(inner) = schema.get(name).filter(|inner| inner.is_object()) {
            positions(inner, &format!("{at}/{name}"), found);
        }
    }
    for name in ["allOf", "anyOf", "oneOf"] {
        for (index, inner) in schema
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .enumerate()
        {
            positions(inner, &format!("{at}/{name}/{index}"), found);
        }
    }
}

/// A random position of a schema.
fn position(schema: &Value, random: &mut Random) -> String {
    let mut found = Vec::new();
    positions(schema, "", &mut found);
    found.swap_remove(random.below(found.len()))
}

/// Writes one part of a schema in another way.
fn rewrite(schema: &mut Value, components: &mut Map<String, Value>, random: &mut Random) {
    if schema.get("$ref").is_some() {
        return;
    }
    let at = position(schema, random);
    let node = schema.pointer_mut(&at).unwrap();
    let kind = node.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    match random.below(8) {
        0 => *node = json!({"allOf": [node.take()]}),
        1 => *node = json!({"description": "A wrapper.", "oneOf": [node.take()]}),
        2 => {
            let name = format!("Part[{}]", components.len());
            let written = if random.is() {
                name.clone()
            } else {
                name.replace('[', "%5B").replace(']', "%5d")
            };
            components.insert(name, node.take());
            *node = json!({"$ref": format!("#/components/schemas/{written}")});
        }
        3 => {
            for (key, value) in [
                ("deprecated", json!(false)),
                ("readOnly", json!(false)),
                ("title", json!("T")),
            ] {
                node[key] = value;
            }
            let defaults = match kind.as_str() {
                "string" => vec![("minLength", json!(0))],
                "array" => vec![("uniqueItems", json!(false)), ("minItems", json!(0))],
                "object" => vec![
                    ("required", json!([])),
                    ("additionalProperties", json!(true)),
                    ("minProperties", json!(0)),
                ],
                "integer" => vec![("multipleOf", json!(1)), ("exclusiveMinimum", json!(false))],
                _ => Vec::new(),
            };
            for (key, value) in defaults {
                node.as_object_mut().unwrap().entry(key).or_insert(value);
            }
        }
        4 => {
            for key in ["allOf", "anyOf", "enum", "required"] {
                if let Some(list) = node.get_mut(key).and_then(Value::as_array_mut) {
                    list.reverse();
                }
            }
        }
        5 if node.get("minimum") == Some(&json!(1)) => {
            node["minimum"] = json!(0);
            node["exclusiveMinimum"] = json!(true);
        }
        5 if node.get("enum").is_some() => node["nullable"] = json!(true),
        6 if kind == "object" && node.get("properties").is_some() && node.get("additionalProperties").is_none() => {
            let mut first = node.take();
            let mut second = json!({"type": "object"});
            let names = first["properties"].as_object().unwrap().keys();
            second["properties"] = names
                .map(|name| (name.clone(), json!({})))
                .collect::<Map<_, _>>()
                .into();
            if let Some(required) = first.as_object_mut().unwrap().remove("required") {
                second["required"] = required;
            }
            *node = json!({"allOf": [first, second]});
        }
        6 if kind == "string" || kind == "integer" => {
            let copy = node.clone();
            *node = json!({"allOf": [copy, {"type": kind}]});
        }
        _ => node["x-note"] = json!(random.below(9)),
    }
}

/// Makes one part of a schema narrower; `None` if it has no part for the way that was drawn.
fn narrow(schema: &mut Value, random: &mut Random) -> Option<String> {
    let at = position(schema, random);
    let node = schema.pointer_mut(&at)?;
    let kind = node.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let (key, value) = match (kind.as_str(), random.below(4)) {
        ("string", 0) if node.get("enum").is_some() => ("enum", json!(["a", "c"])),
        ("string", 1) if node.get("enum").is_none() => ("maxLength", json!(19)),
        ("string", 2) if node.get("enum").is_none() => ("enum", json!(["aa", "bb"])),
        ("string", 3) if node.get("enum").is_none() => ("pattern", json!("^a")),
        ("integer", 0) => ("minimum", json!(2)),
        ("integer", 1) => ("exclusiveMaximum", json!(true)),
        ("integer", 2) => ("multipleOf", json!(3)),
        ("number", 0) => ("type", json!("integer")),
        ("number", 1) => ("nullable", json!(false)),
        ("number", 2) => ("multipleOf", json!(0.5)),
        ("array", 0) => ("maxItems", json!(8)),
        ("array", 1) => ("uniqueItems", json!(true)),
        ("object", 0) => ("required", json!(["one", "undescribed"])),
        ("object", 1) if node.get("additionalProperties").is_none() => ("additionalProperties", json!(false)),
        ("object", 2) => ("minProperties", json!(2)),
        _ => return None,
    };
    node[key] = value;
    Some(format!("{key} at {at}"))
}

/// Returns a document with one operation.
fn document(operation: &Value, components: &Map<String, Value>) -> Spec {
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "paths": {"/v": {"post": operation}},
        "components": {"schemas": components},
    });
    Spec::parse("spec.json", &document.to_string()).expect("it is JSON")
}

/// Returns a document whose request has a schema.
fn request(schema: &Value, components: &Map<String, Value>) -> Spec {
    let body = json!({"content": {"application/json": {"schema": schema}}});
    let operation = json!({"requestBody": body, "responses": {"200": {"description": "OK"}}});
    document(&operation, components)
}

/// Returns a document whose response has a schema.
fn response(schema: &Value, components: &Map<String, Value>) -> Spec {
    let content = json!({"application/json": {"schema": schema}});
    let operation = json!({"responses": {"200": {"description": "OK", "content": content}}});
    document(&operation, components)
}

/// Returns a document whose request and one whose response has a schema.
fn documents(schema: &Value, components: &Map<String, Value>) -> [Spec; 2] {
    [request(schema, components), response(schema, components)]
}

fn verdict(old: &Spec, new: &Spec) -> (Compatibility, String) {
    let found = diff(old, new, &Facade::default());
    let gravest = found.changes.iter().map(|change| change.wire).max();
    let changes: Vec<String> = found
        .changes
        .iter()
        .map(|change| format!("{} {}", change.wire.name(), change.message))
        .collect();
    (gravest.unwrap_or(Compatibility::Same), changes.join("\n"))
}

proptest! {
    #![proptest_config(crate::support::case_sample::random(64))]

    #[test]
    fn another_way_to_write_a_schema_is_the_same(seed in any::<u64>(), rewrites in 1..6_usize) {
        let mut random = Random(seed);
        let old = schema(&mut random, 0, "a");
        let mut new = old.clone();
        let mut components = Map::new();
        for _ in 0..rewrites {
            rewrite(&mut new, &mut components, &mut random);
        }
        let (before, after) = (documents(&old, &Map::new()), documents(&new, &components));
        for (one, other) in before.iter().zip(&after).chain(after.iter().zip(&before)) {
            let (found, changes) = verdict(one, other);
            prop_assert_eq!(found, Compatibility::Same, "{}\n{}\n{}", changes, old, new);
        }
    }

    #[test]
    fn a_narrower_schema_breaks_requests_and_is_never_the_same(seed in any::<u64>(), rewrites in 0..3_usize) {
        let mut random = Random(seed);
        let old = schema(&mut random, 0, "a");
        let mut new = old.clone();
        let Some(narrowed) = narrow(&mut new, &mut random) else { return Ok(()) };
        let mut components = Map::new();
        for _ in 0..rewrites {
            rewrite(&mut new, &mut components, &mut random);
        }
        let (before, after) = (documents(&old, &Map::new()), documents(&new, &components));
        let [request, response] = [0, 1].map(|index| verdict(&before[index], &after[index]));
        prop_assert_eq!(request.0, Compatibility::Breaking, "{}\n{}\n{}\n{}", narrowed, request.1, old, new);
        prop_assert_ne!(response.0, Compatibility::Same, "{}\n{}\n{}\n{}", narrowed, response.1, old, new);
        let [request, response] = [0, 1].map(|index| verdict(&after[index], &before[index]));
        prop_assert_ne!(request.0, Compatibility::Same, "{}\n{}\n{}\n{}", narrowed, request.1, old, new);
        prop_assert_eq!(response.0, Compatibility::Breaking, "{}\n{}\n{}\n{}", narrowed, response.1, old, new);
    }
}

/// Shapes of recursion, each with the schemas that an operation uses.
const SHAPES: [&str; 5] = [
    r##"{"R": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/R"}, "value": {"type": "string"}}}}"##,
    r##"{"R": {"type": "array", "items": {"$ref": "#/components/schemas/M"}}, "M": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/R"}}}"##,
    r##"{"R": {"oneOf": [{"$ref": "#/components/schemas/L"}, {"type": "string"}]}, "L": {"type": "object", "properties": {"both": {"$ref": "#/components/schemas/R"}}}}"##,
    r##"{"R": {"allOf": [{"$ref": "#/components/schemas/B"}, {"type": "object", "properties": {"child": {"$ref": "#/components/schemas/R"}}}]}, "B": {"type": "object", "properties": {"id": {"type": "integer"}}}}"##,
    r##"{"R": {"type": "object", "not": {"$ref": "#/components/schemas/N"}, "properties": {"a": {"anyOf": [{"$ref": "#/components/schemas/R"}, {"type": "integer"}]}}}, "N": {"type": "object", "properties": {"r": {"$ref": "#/components/schemas/R"}}, "required": ["r"]}}"##,
];

/// Puts a reference to a component at a random position of a random component.
fn recurse(components: &mut Map<String, Value>, random: &mut Random) {
    let names: Vec<String> = components.keys().cloned().collect();
    let reference = json!({"$ref": format!("#/components/schemas/{}", names[random.below(names.len())])});
    let component = &mut components[&names[random.below(names.len())]];
    if component.get("$ref").is_some() {
        return;
    }
    let at = position(component, random);
    let node = component.pointer_mut(&at).unwrap();
    match random.below(9) {
        0 => *node = reference,
        1 => node["properties"]["again"] = reference,
        2 => node["items"] = reference,
        3 => node["additionalProperties"] = reference,
        4 => node["not"] = reference,
        5 => node["allOf"] = json!([reference, node.clone()]),
        6 => node["anyOf"] = json!([reference, {"type": "string"}]),
        7 => node["oneOf"] = json!([reference.clone(), reference]),
        _ => *node = json!({"allOf": [reference, node.clone()]}),
    }
}

proptest! {
    #![proptest_config(crate::support::case_sample::random(48))]

    #[test]
    fn recursion_in_any_position_ends_neither_diff_nor_generate(seed in any::<u64>(), shape in 0..SHAPES.len(), steps in 1..5_usize) {
        let mut random = Random(seed);
        let mut components: Map<String, Value> = serde_json::from_str(SHAPES[shape]).unwrap();
        let root = json!({"$ref": "#/components/schemas/R"});
        let old = documents(&root, &components);
        for _ in 0..steps {
            recurse(&mut components, &mut random);
        }
        let new = documents(&root, &components);
        for (one, other) in old.iter().zip(&new).chain(new.iter().zip(&old)) {
            let _ = diff(one, other, &Facade::default());
            let _ = generate(other);
        }
    }
}

/// A chain of components that is longer than any stack is deep.
#[test]
fn a_long_chain_of_components_is_compared_to_its_end() {
    const LENGTH: usize = 6_000;
    for link in [
        r##"{"type": "object", "properties": {"next": NEXT}}"##,
        r##"{"type": "array", "items": NEXT}"##,
        r##"{"allOf": [NEXT, {"type": "object"}]}"##,
        r##"{"anyOf": [NEXT, {"type": "boolean"}]}"##,
        r##"{"type": "object", "not": NEXT}"##,
        "NEXT",
    ] {
        let chain = |last: &str| {
            let links = (0..LENGTH).map(|index| {
                let next = json!({"$ref": format!("#/components/schemas/C{}", index + 1)}).to_string();
                (
                    format!("C{index}"),
                    serde_json::from_str(&link.replace("NEXT", &next)).unwrap(),
                )
            });
            let mut components: Map<String, Value> = links.collect();
            components.insert(format!("C{LENGTH}"), serde_json::from_str(last).unwrap());
            request(&json!({"$ref": "#/components/schemas/C0"}), &components)
        };
        let (old, new) = (
            chain(r#"{"type": "object"}"#),
            chain(r#"{"type": "object", "required": ["a"]}"#),
        );
        let (found, changes) = verdict(&old, &new);
        assert_eq!(found, Compatibility::Breaking, "{link}: {changes}");
    }
}
