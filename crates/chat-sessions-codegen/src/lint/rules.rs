//! The table of rules: what each rule is about, its severity, and the general remedy.
//!
//! A finding says what is wrong at its location and how to fix it there.

use serde_json::Value;

use crate::spec::Severity;

/// The subject of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// The text: YAML that parsers interpret differently.
    Text,
    /// What the generator cannot handle and lowering cannot fix, or what is lost on the way to
    /// Rust.
    Generator,
    /// The structure of the document.
    Structure,
    /// Examples and defaults.
    Values,
    /// The rules for the specs of this repository; see [`RuleSet::House`](crate::RuleSet::House).
    House,
}

impl Subject {
    /// The stable name of the subject.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Generator => "generator",
            Self::Structure => "structure",
            Self::Values => "values",
            Self::House => "house",
        }
    }
}

/// A rule for specs.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Rule {
    /// The stable name, which findings repeat.
    pub name: &'static str,
    /// The severity of a violation.
    pub severity: Severity,
    /// What the rule is about.
    pub subject: Subject,
    /// What is wrong when it is violated.
    pub about: &'static str,
    /// The general remedy.
    pub remedy: &'static str,
}

/// Which rules to apply to a spec.
#[derive(Clone, Copy, Debug)]
pub enum RuleSet<'f> {
    /// The rules for any OpenAPI 3.0 document.
    Common,
    /// Also the rules for specs that are written by hand from a provider's documentation:
    /// everything needs evidence and a description.
    House {
        /// The value that the response example named `documented` must equal; `None` when there is
        /// no such value.
        documented: Option<DocumentedExample<'f>>,
    },
}

/// The example from the provider's own documentation, as a fixture holds it.
#[derive(Clone, Copy, Debug)]
pub struct DocumentedExample<'f> {
    /// What findings call the fixture.
    pub file: &'f str,
    /// The JSON in it.
    pub value: &'f Value,
}

/// All rules of [`Spec::parse`](crate::Spec::parse), [`check`](crate::check()) and
/// [`lint`](crate::lint()), by subject and name.
///
/// [`generate`](crate::generate()) has four more, about the generated text: `generator`,
/// `generator-panic`, `generated-syntax` and `generated-duplicate`. A spec that violates one of
/// them reveals a case that needs a rule here.
#[must_use]
pub fn rules() -> &'static [Rule] {
    &RULES
}

/// The severity of a rule. A rule that is missing from the table is a bug, and counts as an error.
pub(crate) fn severity(name: &str) -> Severity {
    let rule = RULES.iter().find(|rule| rule.name == name);
    debug_assert!(rule.is_some(), "the rule {name} is not in the table");
    rule.map_or(Severity::Error, |rule| rule.severity)
}

const fn error(subject: Subject, name: &'static str, about: &'static str, remedy: &'static str) -> Rule {
    Rule {
        name,
        severity: Severity::Error,
        subject,
        about,
        remedy,
    }
}

const fn warning(subject: Subject, name: &'static str, about: &'static str, remedy: &'static str) -> Rule {
    Rule {
        name,
        severity: Severity::Warning,
        subject,
        about,
        remedy,
    }
}

use Subject::{Generator, House, Structure, Text, Values};

#[rustfmt::skip]
const RULES: [Rule; 74] = [
    error(Text, "yaml-alias", "A YAML alias.", "Use a $ref, or repeat the value."),
    error(Text, "yaml-ambiguous", "A word or number that YAML 1.1 and 1.2 interpret differently.", "Quote it."),
    error(Text, "yaml-depth", "Nesting deeper than 64 levels.", "Move inner schemas to components."),
    error(Text, "yaml-documents", "A second document in the file.", "Keep one."),
    error(Text, "yaml-duplicate", "A key that occurs twice.", "Keep one."),
    error(Text, "yaml-empty", "No document in the file.", "Write one."),
    error(Text, "yaml-key", "A key that is not a string.", "Use a plain or quoted string."),
    error(Text, "yaml-merge", "A merge key.", "Repeat the members."),
    error(Text, "yaml-number", "A number that JSON or 64 bits cannot represent.", "Quote it, or remove it."),
    error(Text, "yaml-syntax", "Something that is not YAML.", "Correct the syntax."),
    error(Text, "yaml-tag", "A YAML tag.", "Quote the value instead."),

    error(Generator, "enum-names", "Enum values that become the same Rust variant.", "Rename one."),
    error(Generator, "event-stream", "A response of type text/event-stream; the generated client would return it when it has ended.", "Remove the media type, or the operation."),
    error(Generator, "info-version", "A version that is missing, or not printable ASCII for `Client::api_version`.", "Use printable ASCII."),
    error(Generator, "json-schema", "JSON content without a schema.", "Write a schema; an empty one accepts any JSON."),
    error(Generator, "lowering-mark", "An `x-lowering` that lowering does not know in this position.", "Write `id` or `extra`, on a property of a response."),
    error(Generator, "media-type", "A request body with several media types, an encoding, or a type that the generator does not support.", "Keep one without an encoding, such as JSON."),
    error(Generator, "model", "A document that the OpenAPI model rejects.", "Compare it with the OpenAPI 3.0.3 specification."),
    error(Generator, "openapi-3-1", "A keyword or construct of OpenAPI 3.1.", "Use the equivalent of 3.0."),
    error(Generator, "openapi-version", "A version other than 3.0.", "Write `openapi: 3.0.3`."),
    error(Generator, "operation-id", "An operationId that is missing, reserved or used twice.", "Choose another."),
    error(Generator, "operation-method", "The method OPTIONS or TRACE.", "Remove the operation."),
    error(Generator, "parameter-content", "A parameter described by `content`.", "Describe it with a schema."),
    error(Generator, "parameter-header", "A header parameter whose name is not a valid header name.", "Use letters, digits and hyphens."),
    error(Generator, "parameter-names", "Parameters that become the same Rust argument.", "Rename one."),
    error(Generator, "parameter-schema", "A parameter without a schema.", "Add its type."),
    error(Generator, "parameter-style", "A parameter style that the generated client does not support.", "Use the default style."),
    error(Generator, "path-parameter", "A path parameter that is not declared, not in the path, or not required.", "Make the path and its parameters agree."),
    error(Generator, "path-reference", "A $ref in place of the operations of a path.", "Write the operations there."),
    error(Generator, "path-template", "A path without a leading slash, with a query, or with unbalanced braces.", "Correct the path."),
    error(Generator, "paths", "No paths.", "Describe an operation."),
    error(Generator, "property-names", "Properties that become the same Rust field.", "Mark one with `x-lowering: extra`."),
    warning(Generator, "request-body-optional", "An optional request body; the generated method requires it.", "Write `required: true` if that is correct."),
    error(Generator, "responses", "An operation without a success response, or with several that differ in type.", "Describe one."),
    warning(Generator, "schema-additional", "`additionalProperties: true` in a request; the generated type does not keep additional properties.", "Write `additionalProperties: {}`."),
    error(Generator, "schema-any-of", "`anyOf` of anything but scalars in a request.", "Use `oneOf`, or one object."),
    error(Generator, "schema-dependency", "A format or pattern in a request that needs another crate.", "Move it into the description."),
    error(Generator, "schema-direction", "A schema used by both requests and responses.", "Split it."),
    error(Generator, "schema-names", "Schemas that become the same Rust type.", "Rename one."),
    error(Generator, "schema-not", "`not` in a request.", "Describe what is allowed."),
    error(Generator, "schema-recursion", "A composition whose parts contain it again, so that its type would have no end.", "Make the composition a component that its properties refer to."),
    error(Generator, "union-tag", "A union of objects in a response without a property that distinguishes them.", "Give each a property with a single-value enum."),
    error(Generator, "unknown-key", "A key that OpenAPI does not define here; it would be lost silently.", "Correct the spelling or the position."),

    warning(Structure, "component-name", "A component whose name strict readers reject.", "Use letters, digits, dots, hyphens and underscores."),
    error(Structure, "discriminator", "A mapping to nothing, or a variant without the discriminator property.", "Correct the mapping, or describe the property."),
    error(Structure, "enum-values", "An enum without values, with a value of another type, or with a duplicate.", "Correct the list or the type."),
    error(Structure, "keyword-missing", "An object without a key that OpenAPI requires.", "Add it."),
    error(Structure, "keyword-value", "A value of the wrong JSON type.", "Correct the value."),
    error(Structure, "nullable-ignored", "`nullable: true` where something else forbids null; it only adds null to the type beside it.", "Write it beside the type that forbids null, and list null in an enum."),
    warning(Structure, "nullable-type", "`nullable` without `type`, which has no effect.", "Remove it, or add the type."),
    error(Structure, "parameter-duplicate", "A parameter that occurs twice in one list.", "Keep one."),
    warning(Structure, "parameter-ignored", "A header parameter that OpenAPI ignores.", "Use security schemes and media types."),
    error(Structure, "path-ambiguous", "Paths that differ only in the names of their parameters.", "Merge them."),
    error(Structure, "reference-cycle", "A component that is composed of itself.", "Break the cycle at a property."),
    error(Structure, "reference-siblings", "Keys beside a $ref, which are ignored.", "Wrap the reference in `allOf`."),
    error(Structure, "reference-target", "A reference to nothing, to another document, or to the wrong kind of component.", "Correct it, or describe the component."),
    warning(Structure, "response-failure", "An operation without a failure response.", "Describe a 4XX or `default`."),
    error(Structure, "schema-bounds", "A lower bound above the upper bound.", "Correct one."),
    warning(Structure, "schema-keyword", "A keyword that has no effect on the type beside it.", "Correct the type, or remove the keyword."),
    error(Structure, "schema-required", "A required property that is not described.", "Correct the name, or describe it."),
    error(Structure, "schema-type", "A type that OpenAPI does not have, an array without items, or bounds without a type.", "Add or correct the type."),
    error(Structure, "security-scheme", "A security scheme that is required but not described.", "Correct the name, or describe it."),
    error(Structure, "status-code", "A response key that is not a status.", "Write 404, 4XX or `default`."),
    warning(Structure, "tags", "A tag that is declared twice, not used, or not declared although others are.", "Make the lists agree."),
    warning(Structure, "unused-component", "A component that no operation reaches.", "Remove it, or refer to it."),

    warning(Values, "example-both", "`example` beside `examples`.", "Keep one of them."),
    error(Values, "example-value", "An example that does not match its schema.", "Correct one of them."),
    error(Values, "schema-default", "A default that does not match its schema.", "Correct one of them."),
    error(Values, "time-without-zone", "An example or default for a date-time without a time zone.", "Describe it as a string, and state the time zone."),
    warning(Values, "undescribed-property", "A property in an example or default that the schema does not describe.", "Describe it, or correct its name."),

    error(House, "description-missing", "A fact without a description, or an operation or example without a summary.", "Explain it."),
    error(House, "evidence-mark", "An unknown kind of evidence.", "Write table, example, live, sdk or inferred."),
    error(House, "evidence-missing", "An operation, parameter, response, property, example, schema or security scheme without evidence.", "Write `x-evidence`."),
    error(House, "example-fixture", "The provider's own example differs from its fixture.", "Restore the one that was edited."),
];
