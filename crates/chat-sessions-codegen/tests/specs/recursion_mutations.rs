//! Schemas that contain themselves anywhere: the generator ends, with Rust or with a finding. A
//! stack that overflows would end the process of these tests.

use chat_sessions_codegen::{RuleSet, Spec, generate, lint};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::case_sample;
use crate::support::specs::{PROVIDERS, spec_text};

/// Five ways in which schemas refer to themselves: by properties and items, by the parts of an
/// `allOf`, by the variants of a union, by maps, and by each other.
fn shapes() -> [Value; 5] {
    let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let text = json!({"type": "string"});
    let list = |items: Value| json!({"type": "array", "items": items});
    [
        json!({"Tree": {"type": "object", "required": ["name"], "properties": {
            "name": text, "parent": to("Tree"), "children": list(to("Tree")),
        }}}),
        json!({
            "Base": {"type": "object", "nullable": true, "properties": {"id": text, "next": to("Node")}},
            "Node": {"allOf": [to("Base"), {"type": "object", "properties": {
                "previous": to("Node"), "others": list(to("Base")),
            }}]},
        }),
        json!({
            "Leaf": {"type": "object", "required": ["kind"], "properties": {
                "kind": {"type": "string", "enum": ["leaf"]}, "value": {"type": "integer"},
            }},
            "Branch": {"type": "object", "required": ["kind"], "properties": {
                "kind": {"type": "string", "enum": ["branch"]}, "left": to("Any"), "right": to("Any"),
            }},
            "Any": {"oneOf": [to("Leaf"), to("Branch")], "discriminator": {"propertyName": "kind"}},
        }),
        json!({
            "Map": {"type": "object", "additionalProperties": to("Map")},
            "Anything": {"anyOf": [text, list(to("Anything")), to("Map")]},
            "Free": {"type": "object", "properties": {"map": to("Map"), "any": to("Anything")}, "additionalProperties": to("Free")},
        }),
        json!({
            "First": {"type": "object", "properties": {"second": to("Second"), "not": {"not": to("Third")}}},
            "Second": {"allOf": [to("Third")], "nullable": true},
            "Third": {"type": "object", "properties": {
                "first": {"allOf": [to("First"), {"description": "The first."}]},
                "lists": list(list(to("Second"))),
            }},
        }),
    ]
}

/// Where an operation uses a schema.
#[derive(Clone, Copy, Debug)]
enum Use {
    Request,
    Response,
    Parameter,
    Nowhere,
}

const USES: [Use; 4] = [Use::Request, Use::Response, Use::Parameter, Use::Nowhere];

/// A document with these components, one of which an operation uses.
fn document(components: &Value, name: &str, used: Use) -> Value {
    let schema = json!({"$ref": format!("#/components/schemas/{name}")});
    let content = json!({"application/json": {"schema": schema}});
    let mut operation = json!({
        "operationId": "add",
        "responses": {"200": {"description": "Fine."}, "default": {"description": "Failed."}},
    });
    match used {
        Use::Request => operation["requestBody"] = json!({"required": true, "content": content}),
        Use::Response => operation["responses"]["200"]["content"] = content,
        Use::Parameter => operation["parameters"] = json!([{"name": "by", "in": "query", "schema": schema}]),
        Use::Nowhere => {}
    }
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Recursion", "version": "1"},
        "paths": {"/things": {"post": operation}},
        "components": {"schemas": components},
    })
}

/// The places of all schemas below components, as JSON pointers.
fn places(components: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (name, schema) in components.as_object().into_iter().flatten() {
        below(schema, format!("/{name}"), &mut found);
    }
    found
}

fn below(schema: &Value, at: String, found: &mut Vec<String>) {
    for name in ["items", "additionalProperties", "not"] {
        if let Some(inner) = schema.get(name).filter(|inner| inner.is_object()) {
            below(inner, format!("{at}/{name}"), found);
        }
    }
    for name in ["allOf", "oneOf", "anyOf"] {
        for (index, inner) in schema
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .enumerate()
        {
            below(inner, format!("{at}/{name}/{index}"), found);
        }
    }
    for (name, inner) in schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        below(
            inner,
            format!("{at}/properties/{}", name.replace('~', "~0").replace('/', "~1")),
            found,
        );
    }
    found.push(at);
}

/// Generates a document; whatever lint does not refuse is generated.
fn assert_ends(document: &Value) {
    let spec = Spec::parse("recursion.json", &document.to_string()).expect("it is JSON");
    let findings = lint(&spec, RuleSet::Generator);
    if let Err(refused) = generate(&spec) {
        assert!(findings.has_errors(), "{refused}\n{document}");
    }
}

/// What replaces a schema: a reference, alone and inside every keyword.
fn wrapped(name: &str, old: &Value) -> Vec<Value> {
    let to = json!({"$ref": format!("#/components/schemas/{name}")});
    vec![
        to.clone(),
        json!({"type": "array", "items": to}),
        json!({"type": "object", "additionalProperties": to}),
        json!({"type": "object", "properties": {"inner": to, "old": old}}),
        json!({"allOf": [to, old]}),
        json!({"allOf": [to], "nullable": true}),
        json!({"allOf": [{"properties": {"inner": to}}, {"properties": {"inner": {"allOf": [to, old]}}}]}),
        json!({"oneOf": [to, old]}),
        json!({"anyOf": [old, to]}),
        json!({"not": to}),
    ]
}

#[test]
fn recursion_in_every_position_ends() {
    let mut documents = Vec::new();
    for components in shapes() {
        let names: Vec<&String> = components
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name)
            .collect();
        for place in places(&components) {
            for name in &names {
                for new in wrapped(name, components.pointer(&place).unwrap_or(&Value::Null)) {
                    let mut changed = components.clone();
                    if let Some(schema) = changed.pointer_mut(&place) {
                        *schema = new;
                    }
                    for used in USES {
                        documents.push(document(&changed, names[names.len() - 1], used));
                    }
                }
            }
        }
    }
    assert!(documents.len() > 1500, "{}", documents.len());
    for document in case_sample::sample(17, documents) {
        assert_ends(&document);
    }
}

/// Our own specs, with a component in place of one of its own parts.
#[test]
fn recursion_in_our_specs_ends() {
    let mut documents = Vec::new();
    for provider in PROVIDERS {
        let spec = Spec::parse("ours.yaml", &spec_text(provider)).expect("the spec is YAML");
        let components = &spec.tree()["components"]["schemas"];
        for place in places(components) {
            let name = place.split('/').nth(1).unwrap_or_default();
            for new in wrapped(name, &components.pointer(&place).cloned().unwrap_or_default()) {
                let mut changed = spec.tree().clone();
                if let Some(schema) = changed.pointer_mut(&format!("/components/schemas{place}")) {
                    *schema = new;
                }
                documents.push(changed);
            }
        }
    }
    for document in case_sample::sample(documents.len() / 8, documents) {
        assert_ends(&document);
    }
}

/// A random schema of references and of everything that can contain one.
fn schema(names: Vec<String>) -> impl Strategy<Value = Value> {
    let to = prop::sample::select(names).prop_map(|name| json!({"$ref": format!("#/components/schemas/{name}")}));
    let leaf = prop_oneof![
        3 => to,
        1 => Just(json!({"type": "string"})),
        1 => Just(json!({"type": "object"})),
        1 => Just(json!({})),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let several = prop::collection::vec(inner.clone(), 1..4);
        let members = prop::collection::btree_map(prop::sample::select(vec!["a", "b", "kind"]), inner.clone(), 1..4);
        prop_oneof![
            inner.clone().prop_map(|items| json!({"type": "array", "items": items})),
            inner
                .clone()
                .prop_map(|others| json!({"type": "object", "additionalProperties": others})),
            members.prop_map(|members| json!({"type": "object", "properties": members})),
            several.clone().prop_map(|parts| json!({"allOf": parts})),
            several
                .clone()
                .prop_map(|parts| json!({"allOf": parts, "nullable": true})),
            several.clone().prop_map(|parts| json!({"oneOf": parts})),
            several.prop_map(|parts| json!({"anyOf": parts})),
            inner.prop_map(|inner| json!({"not": inner})),
        ]
    })
}

/// One of the shapes with some of its schemas replaced, and the use of one of its components.
fn mutated() -> impl Strategy<Value = Value> {
    (0..shapes().len()).prop_flat_map(|shape| {
        let components = shapes()[shape].clone();
        let names: Vec<String> = components
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect();
        let changes = prop::collection::vec((any::<prop::sample::Index>(), schema(names.clone())), 1..5);
        let used = (prop::sample::select(names), prop::sample::select(USES.to_vec()));
        (changes, used).prop_map(move |(changes, (name, used))| {
            let mut components = components.clone();
            for (index, new) in changes {
                let places = places(&components);
                let place = &places[index.index(places.len())];
                if let Some(schema) = components.pointer_mut(place) {
                    *schema = new;
                }
            }
            document(&components, &name, used)
        })
    })
}

proptest! {
    #![proptest_config(case_sample::random(100))]

    #[test]
    fn random_recursion_ends(document in mutated()) {
        assert_ends(&document);
    }
}
