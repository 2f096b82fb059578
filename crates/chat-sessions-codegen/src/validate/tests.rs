//! One table: a schema, a value, and the expected mismatches.

use serde_json::{Value, json};

use super::mismatch::{Mismatch, MismatchKind};
use super::validator::Validator;
use crate::spec::{Pointer, Spec};

/// The schemas that the table may refer to.
fn components(schema: &Value) -> Value {
    json!({
        "components": {"schemas": {
            "Tested": schema,
            "Id": {"type": "string", "minLength": 1},
            "Named": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
            "Circle": {"allOf": [{"$ref": "#/components/schemas/Circle"}]},
            "Tree": {"type": "object", "properties": {"leaf": {"type": "integer"}, "inner": {"$ref": "#/components/schemas/Tree"}}},
            "Cat": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string", "enum": ["cat"]}, "lives": {"type": "integer"}}},
            "Dog": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string", "enum": ["dog"]}, "tricks": {"type": "integer"}}},
        }}
    })
}

/// The mismatches, one line each: `path schema kind`, with the schema relative to the tested one.
fn found(schema: &Value, value: &Value) -> Vec<String> {
    let spec = Spec::parse("tested.yaml", &components(schema).to_string()).unwrap();
    let at = Pointer::root().below(&["components", "schemas", "Tested"]);
    let line = |mismatch: Mismatch| {
        let schema = mismatch.schema.as_str().replace("/components/schemas/", "");
        format!(
            "{} {} {}",
            mismatch.path,
            schema.replace("Tested", ""),
            words(&mismatch.kind)
        )
    };
    let validation = Validator::new(&spec).validate(&at, value);
    validation.mismatches.into_iter().map(line).collect()
}

fn words(kind: &MismatchKind) -> String {
    match kind {
        MismatchKind::Type { expected, found } => format!("{found} for {expected}"),
        MismatchKind::Null => "null".to_owned(),
        MismatchKind::EnumValue => "enum".to_owned(),
        MismatchKind::Missing { name } => format!("missing {name}"),
        MismatchKind::Unknown { name, closed: false } => format!("unknown {name}"),
        MismatchKind::Unknown { name, closed: true } => format!("forbidden {name}"),
        MismatchKind::Format { format } => format!("not a {format}"),
        MismatchKind::NoZone => "no zone".to_owned(),
        MismatchKind::Bound { keyword } => (*keyword).to_owned(),
        MismatchKind::NoVariant => "no variant".to_owned(),
        MismatchKind::SeveralVariants => "several variants".to_owned(),
        MismatchKind::Not => "not".to_owned(),
    }
}

#[track_caller]
fn table(rows: Vec<(Value, Value, &[&str])>) {
    for (schema, value, expected) in rows {
        assert_eq!(found(&schema, &value), expected, "{schema} with {value}");
    }
}

#[test]
fn types() {
    let integer = json!({"type": "integer"});
    table(vec![
        (json!({}), json!({"any": [1, null]}), &[]),
        (json!({"type": "string"}), json!("text"), &[]),
        (json!({"type": "string"}), json!(1), &["  integer for string"]),
        (json!({"type": "boolean"}), json!("true"), &["  string for boolean"]),
        (json!({"type": "number"}), json!(1), &[]),
        (json!({"type": "number"}), json!(1.5), &[]),
        (integer.clone(), json!(1.5), &["  number for integer"]),
        (integer.clone(), json!(18.0), &["  number for integer"]),
        (integer.clone(), json!(u64::MAX), &[]),
        (integer.clone(), json!("18"), &["  string for integer"]),
        (integer, json!(null), &["  null"]),
        (json!({"type": "integer", "nullable": true}), json!(null), &[]),
        // `spec/null` has the whole table.
        (
            json!({"type": "string", "enum": ["a"], "nullable": true}),
            json!(null),
            &["  null"],
        ),
        (
            json!({"type": "object", "nullable": true, "allOf": [{"$ref": "#/components/schemas/Named"}]}),
            json!(null),
            &[" Named null"],
        ),
        (json!({"properties": {"a": {}}}), json!(null), &[]),
        (json!({"enum": ["a", 1]}), json!(1), &[]),
        (json!({"enum": ["a", 1]}), json!("b"), &["  enum"]),
        (json!({"enum": ["a", 1]}), json!(null), &["  null"]),
        (json!({"properties": {"a": {}}}), json!([]), &["  array for object"]),
        (
            json!({"items": {"type": "integer"}}),
            json!({}),
            &["  object for array"],
        ),
    ]);
}

#[test]
fn objects_and_arrays() {
    let named = json!({"$ref": "#/components/schemas/Named"});
    table(vec![
        (named.clone(), json!({"name": "a"}), &[]),
        (named.clone(), json!({}), &[" Named missing name"]),
        (
            named.clone(),
            json!({"name": 1}),
            &["/name Named/properties/name integer for string"],
        ),
        (
            named.clone(),
            json!({"name": "a", "age": 1}),
            &["/age Named unknown age"],
        ),
        (json!({"type": "object"}), json!({"a": 1}), &["/a  unknown a"]),
        (
            json!({"type": "object", "additionalProperties": true}),
            json!({"a": 1}),
            &["/a  unknown a"],
        ),
        (
            json!({"type": "object", "additionalProperties": false}),
            json!({"a": 1}),
            &["/a  forbidden a"],
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": "integer"}}),
            json!({"a": 1, "b/c": "2"}),
            &["/b~1c /additionalProperties string for integer"],
        ),
        (
            json!({"allOf": [named, {"type": "object", "properties": {"age": {"type": "integer"}}}]}),
            json!({"name": "a", "age": 1}),
            &[],
        ),
        (
            json!({"type": "object", "nullable": true, "allOf": [named]}),
            json!({"name": "a", "age": 1}),
            &["/age Named unknown age"],
        ),
        (
            json!({"type": "array", "items": named}),
            json!([{"name": "a"}, {}, null]),
            &["/1 Named missing name", "/2 Named null"],
        ),
        (
            json!({"$ref": "#/components/schemas/Tree"}),
            json!({"inner": {"inner": {"leaf": "x"}}}),
            &["/inner/inner/leaf Tree/properties/leaf string for integer"],
        ),
        (json!({"$ref": "#/components/schemas/Nothing"}), json!(1), &[]),
        (json!({"$ref": "#/components/schemas/Circle"}), json!(1), &[]),
    ]);
}

#[test]
fn unions() {
    let count = json!({"oneOf": [{"type": "integer"}, {"type": "string"}]});
    let pet = json!({"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]});
    table(vec![
        (count.clone(), json!(18), &[]),
        (count.clone(), json!("18"), &[]),
        (count.clone(), json!(1.5), &["  no variant"]),
        (count, json!(null), &["  null"]),
        (
            json!({"oneOf": [{"type": "integer"}, {"type": "number"}]}),
            json!(1),
            &["  several variants"],
        ),
        (
            json!({"anyOf": [{"type": "integer"}, {"type": "number"}]}),
            json!(1),
            &[],
        ),
        (
            json!({"oneOf": [{"type": "string", "nullable": true}, {"type": "integer"}]}),
            json!(null),
            &[],
        ),
        (pet.clone(), json!({"kind": "cat", "lives": 9}), &[]),
        (
            pet.clone(),
            json!({"kind": "dog", "lives": 9}),
            &["/lives Dog unknown lives"],
        ),
        (
            pet.clone(),
            json!({"kind": "dog", "tricks": "many"}),
            &["/tricks Dog/properties/tricks string for integer"],
        ),
        (pet.clone(), json!({"kind": "bird"}), &["  no variant"]),
        (pet, json!([]), &["  no variant"]),
        (
            json!({"oneOf": [{"$ref": "#/components/schemas/Id"}, {"type": "integer"}]}),
            json!(""),
            &[" Id minLength"],
        ),
        (
            json!({"type": "string", "not": {"enum": ["b"]}}),
            json!("b"),
            &["  not"],
        ),
        (json!({"type": "string", "not": {"enum": ["b"]}}), json!("a"), &[]),
    ]);
}

#[test]
fn formats() {
    let time = json!({"type": "string", "format": "date-time"});
    let good = [
        "2026-04-22T12:34:41Z",
        "2026-04-22t12:34:41.342245+02:00",
        "2024-02-29 23:59:60z",
    ];
    let bad = [
        "2026-02-29T12:34:41Z",
        "2026-04-22T24:00:00Z",
        "2026-04-22T12:34:41.Z",
        "2026-04-22T12:34:41+2:00",
        "yesterday",
        "",
        "2026-04-22",
        "ä2026-04-2",
    ];
    let mut rows: Vec<(Value, Value, &[&str])> = Vec::new();
    rows.extend(good.iter().map(|text| (time.clone(), json!(text), &[] as &[&str])));
    rows.extend(
        bad.iter()
            .map(|text| (time.clone(), json!(text), &["  not a date-time"] as &[&str])),
    );
    rows.push((time, json!("2026-04-22T12:34:41.342245"), &["  no zone"]));
    for (format, good, bad) in [
        ("date", json!("2026-12-31"), json!("2026-13-01")),
        (
            "uuid",
            json!("7f3c2a10-5b1e-4c7d-9a52-0d6f8e1b4c33"),
            json!("7f3c2a105b1e4c7d9a520d6f8e1b4c33"),
        ),
        ("byte", json!("YQ=="), json!("Y")),
        ("ipv4", json!("127.0.0.1"), json!("127.0.0.256")),
        ("ipv6", json!("::1"), json!("1")),
        ("int32", json!(i32::MAX), json!(i64::from(i32::MAX) + 1)),
        ("int64", json!(i64::MAX), json!(u64::MAX)),
        ("uint64", json!(u64::MAX), json!(-1)),
    ] {
        let expected: &[&str] = match format {
            "date" => &["  not a date"],
            "uuid" => &["  not a uuid"],
            "byte" => &["  not a byte"],
            "ipv4" => &["  not a ipv4"],
            "ipv6" => &["  not a ipv6"],
            "int32" => &["  not a int32"],
            "int64" => &["  not a int64"],
            _ => &["  not a uint64"],
        };
        rows.push((json!({"format": format}), good, &[]));
        rows.push((json!({"format": format}), bad, expected));
    }
    rows.push((json!({"format": "no-such-format"}), json!("anything"), &[]));
    table(rows);
}

#[test]
fn bounds() {
    table(vec![
        (json!({"minimum": 1}), json!(1), &[]),
        (json!({"minimum": 1}), json!(0), &["  minimum"]),
        (
            json!({"minimum": 1, "exclusiveMinimum": true}),
            json!(1),
            &["  exclusiveMinimum"],
        ),
        (
            json!({"maximum": 9_007_199_254_740_992_u64}),
            json!(9_007_199_254_740_993_u64),
            &["  maximum"],
        ),
        (
            json!({"maximum": 1.5, "exclusiveMaximum": true}),
            json!(1.5),
            &["  exclusiveMaximum"],
        ),
        (json!({"multipleOf": 3}), json!(7), &["  multipleOf"]),
        (json!({"multipleOf": 0.1}), json!(0.3), &[]),
        (json!({"minLength": 2, "maxLength": 3}), json!("äöü"), &[]),
        (json!({"maxLength": 2}), json!("abc"), &["  maxLength"]),
        (json!({"minItems": 1}), json!([]), &["  minItems"]),
        (json!({"uniqueItems": true}), json!([1, 2, 1]), &["  uniqueItems"]),
        (
            json!({"type": "object", "maxProperties": 0, "additionalProperties": {"type": "integer"}}),
            json!({"a": 1}),
            &["  maxProperties"],
        ),
        (json!({"pattern": "^ses-"}), json!("ses-1"), &[]),
        (json!({"pattern": "^ses-"}), json!("idx-1"), &["  pattern"]),
        (json!({"pattern": "(?=look-ahead)"}), json!("anything"), &[]),
    ]);
}

#[test]
fn described_properties_that_occur_are_recorded() {
    let schema = json!({"type": "object", "properties": {"here": {"type": "string"}, "gone": {"type": "string"}}});
    let spec = Spec::parse("tested.yaml", &components(&schema).to_string()).unwrap();
    let at = Pointer::root().below(&["components", "schemas", "Tested"]);
    let validation = Validator::new(&spec).validate(&at, &json!({"here": "a"}));
    assert!(validation.objects.contains(&at));
    assert!(validation.seen.contains(&at.below(&["properties", "here"])));
    assert!(!validation.seen.contains(&at.below(&["properties", "gone"])));
}
