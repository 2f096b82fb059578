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
    /// The severity for any file: an error if OpenAPI 3.0 forbids it, a note if only our generator
    /// does not support it.
    pub severity: Severity,
    /// The severity for a spec that the generator must support: our own, and any with
    /// [`RuleSet::Generator`].
    pub with_generator: Severity,
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
    /// The rules for any OpenAPI 3.0 document. What the generator does not support is a note.
    Common,
    /// The same, for a document that is to be generated. What the generator does not support is an
    /// error.
    Generator,
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

/// All rules of [`Spec::parse`](crate::Spec::parse), [`check`](crate::check()),
/// [`generate`](crate::generate()) and [`lint`](crate::lint()), by subject and name.
#[must_use]
pub fn rules() -> &'static [Rule] {
    &RULES
}

/// The severity of a rule for any file, and with the generator. A rule that is missing from the
/// table is a bug, and counts as an error.
pub(crate) fn severities(name: &str) -> (Severity, Severity) {
    let rule = RULES.iter().find(|rule| rule.name == name);
    debug_assert!(rule.is_some(), "the rule {name} is not in the table");
    rule.map_or((Severity::Error, Severity::Error), |rule| {
        (rule.severity, rule.with_generator)
    })
}

/// OpenAPI 3.0 forbids it.
const fn error(subject: Subject, name: &'static str, about: &'static str, remedy: &'static str) -> Rule {
    rule([Severity::Error, Severity::Error], subject, name, about, remedy)
}

/// Valid, and worth a look.
const fn warning(subject: Subject, name: &'static str, about: &'static str, remedy: &'static str) -> Rule {
    rule([Severity::Warning, Severity::Warning], subject, name, about, remedy)
}

/// Valid, but most likely a mistake, and what it says is lost in the generated Rust.
const fn doubt(subject: Subject, name: &'static str, about: &'static str, remedy: &'static str) -> Rule {
    rule([Severity::Warning, Severity::Error], subject, name, about, remedy)
}

/// Valid, but the generator cannot handle it.
const fn limit(subject: Subject, name: &'static str, about: &'static str, remedy: &'static str) -> Rule {
    rule([Severity::Note, Severity::Error], subject, name, about, remedy)
}

/// Valid, and the generated Rust differs a little from what it says.
const fn loss(subject: Subject, name: &'static str, about: &'static str, remedy: &'static str) -> Rule {
    rule([Severity::Note, Severity::Warning], subject, name, about, remedy)
}

const fn rule(
    [severity, with_generator]: [Severity; 2],
    subject: Subject,
    name: &'static str,
    about: &'static str,
    remedy: &'static str,
) -> Rule {
    Rule {
        name,
        severity,
        with_generator,
        subject,
        about,
        remedy,
    }
}

use Subject::{Generator, House, Structure, Text, Values};

#[rustfmt::skip]
const RULES: [Rule; 98] = [
    limit(Text, "yaml-alias", "A YAML alias.", "Use a $ref, or repeat the value."),
    doubt(Text, "yaml-ambiguous", "A word or number that YAML 1.1 and 1.2 interpret differently.", "Quote it."),
    warning(Text, "yaml-ambiguous-date", "A plain date or time, which is no string in YAML 1.1.", "Quote it."),
    warning(Text, "yaml-ambiguous-letter", "A plain `y` or `n`, which is a boolean by YAML 1.1, but not to most of its parsers.", "Quote it."),
    limit(Text, "yaml-depth", "Nesting deeper than 64 levels, or aliases that repeat more than 100,000 nodes.", "Move inner schemas to components."),
    error(Text, "yaml-documents", "A second document in the file.", "Keep one."),
    error(Text, "yaml-duplicate", "A key that occurs twice.", "Keep one."),
    error(Text, "yaml-empty", "No document in the file.", "Write one."),
    error(Text, "yaml-key", "A key that is not a string.", "Use a plain or quoted string."),
    error(Text, "yaml-merge", "A merge key.", "Repeat the members."),
    error(Text, "yaml-number", "An infinite number, or none.", "Quote it, or remove it."),
    limit(Text, "yaml-range", "A number that 64 bits cannot represent.", "Quote it if it is a string."),
    error(Text, "yaml-syntax", "Something that is not YAML.", "Correct the syntax."),
    error(Text, "yaml-tag", "A YAML tag that OpenAPI does not allow.", "Quote the value instead."),
    limit(Text, "yaml-type-tag", "A YAML tag for a type of JSON, such as `!!str`.", "Quote the value instead."),

    limit(Generator, "enum-names", "Enum values that become the same Rust variant.", "Rename one."),
    limit(Generator, "event-stream", "A response of type text/event-stream; the generated client would return it when it has ended.", "Remove the media type, or the operation."),
    limit(Generator, "generation", "Anything else that the generator refuses.", "Simplify what the message names."),
    limit(Generator, "info-version", "A version that is empty or not printable ASCII, for `Client::api_version`.", "Use printable ASCII."),
    limit(Generator, "json-schema", "Content without a schema, where the generator needs one.", "Write a schema; an empty one accepts any JSON."),
    limit(Generator, "lowering-mark", "An `x-lowering` that lowering does not know in this position.", "Write `id` or `extra`, on a property of a response."),
    limit(Generator, "media-type", "A request body with several media types, an encoding, or a type that the generator does not support.", "Keep one without an encoding, such as JSON."),
    limit(Generator, "model", "A document that the generator's OpenAPI model rejects.", "Compare it with the OpenAPI 3.0.3 specification."),
    limit(Generator, "model-loss", "A key that the generator's OpenAPI model does not keep.", "Remove it, or move it where it has an effect."),
    limit(Generator, "operation-id", "An operationId that is missing or reserved, or that becomes the same Rust method as another.", "Choose another."),
    limit(Generator, "operation-method", "The method OPTIONS or TRACE.", "Remove the operation."),
    limit(Generator, "parameter-content", "A parameter described by `content`.", "Describe it with a schema."),
    limit(Generator, "parameter-names", "Parameters that become the same Rust argument.", "Rename one."),
    limit(Generator, "parameter-style", "A parameter style that the generated client does not support.", "Use the default style."),
    limit(Generator, "path-query", "A path with a query or a fragment.", "Describe the query with parameters."),
    limit(Generator, "path-reference", "A $ref in place of the operations of a path.", "Write the operations there."),
    limit(Generator, "property-names", "Properties that become the same Rust field.", "Mark one with `x-lowering: extra`."),
    limit(Generator, "reference-inner", "A reference to a part of a component, such as a property.", "Move the part to a component of its own."),
    loss(Generator, "request-body-optional", "An optional request body; the generated method requires it.", "Write `required: true` if that is correct."),
    limit(Generator, "responses", "An operation without a success response, or with several that differ in type.", "Describe one."),
    loss(Generator, "schema-additional", "`additionalProperties: true` in a request; the generated type does not keep additional properties.", "Write `additionalProperties: {}`."),
    limit(Generator, "schema-any-of", "`anyOf` of anything but scalars in a request.", "Use `oneOf`, or one object."),
    limit(Generator, "schema-dependency", "A format or pattern in a request that needs another crate.", "Move it into the description."),
    limit(Generator, "schema-direction", "A schema used by both requests and responses.", "Split it."),
    limit(Generator, "schema-enum", "An enum in a request that lists values of several types, or nothing but null.", "Add the type, or write a `oneOf`."),
    limit(Generator, "schema-format", "A format in a request beside a type for which the generator knows no formats.", "Move it into the description."),
    limit(Generator, "schema-inline-name", "A schema inside another whose generated name another schema has.", "Rename the other."),
    limit(Generator, "schema-mixed", "Keywords that the generator cannot combine, such as those of several types without a type.", "Add the type, or write a `oneOf`."),
    limit(Generator, "schema-names", "Schemas that become the same Rust type.", "Rename one."),
    limit(Generator, "schema-not", "`not` in a request.", "Describe what is allowed."),
    limit(Generator, "schema-recursion", "A composition whose parts contain it again, so that its type would have no end.", "Make the composition a component that its properties refer to."),
    limit(Generator, "schema-untyped", "Bounds in a request without the type that they apply to.", "Add the type."),
    limit(Generator, "union-tag", "A union of objects in a response without a property that distinguishes them.", "Give each a property with a single-value enum."),

    warning(Structure, "component-name", "A component whose name strict readers reject.", "Use letters, digits, dots, hyphens and underscores."),
    error(Structure, "discriminator", "A mapping to nothing.", "Correct the mapping."),
    doubt(Structure, "discriminator-variant", "A variant without the discriminator property or without a value of its own, or a mapping to no variant.", "Describe the property, and correct the mapping."),
    error(Structure, "enum-values", "An enum without values, with a value of another type, or with a duplicate.", "Correct the list or the type."),
    error(Structure, "keyword-missing", "An object without a key that OpenAPI requires.", "Add it."),
    error(Structure, "keyword-value", "A value of the wrong JSON type, or one that OpenAPI forbids.", "Correct the value."),
    doubt(Structure, "nullable-ignored", "`nullable: true` where something else forbids null; it only adds null to the type beside it.", "Write it beside the type that forbids null, and list null in an enum."),
    warning(Structure, "nullable-type", "`nullable` without `type`, which has no effect.", "Remove it, or add the type."),
    error(Structure, "openapi-3-1", "A keyword or construct of OpenAPI 3.1.", "Use the equivalent of 3.0."),
    error(Structure, "openapi-version", "A version other than 3.0.", "Write `openapi: 3.0.3`."),
    error(Structure, "operation-id-twice", "An operationId that is used twice.", "Choose another."),
    error(Structure, "parameter-duplicate", "A parameter that occurs twice in one list.", "Keep one."),
    error(Structure, "parameter-header", "A header parameter whose name is not a valid header name.", "Use letters, digits and hyphens."),
    warning(Structure, "parameter-ignored", "A header parameter that OpenAPI ignores.", "Use security schemes and media types."),
    error(Structure, "parameter-schema", "A parameter with neither a schema nor content, or with both.", "Describe it by one of them."),
    error(Structure, "path-ambiguous", "Paths that differ only in the names of their parameters.", "Merge them."),
    error(Structure, "path-parameter", "A path parameter that is not declared, not in the path, or not required.", "Make the path and its parameters agree."),
    error(Structure, "path-template", "A path without a leading slash, or with unbalanced braces.", "Correct the path."),
    error(Structure, "paths", "No paths.", "Describe an operation."),
    error(Structure, "reference-cycle", "A component that is composed of itself.", "Break the cycle at a property."),
    error(Structure, "reference-external", "References to other documents, which are not read.", "Bundle all documents into one first."),
    doubt(Structure, "reference-siblings", "Keys beside a $ref, which are ignored.", "Wrap the reference in `allOf`."),
    error(Structure, "reference-target", "A reference to nothing, or to the wrong kind of object.", "Correct it, or describe the component."),
    error(Structure, "required-twice", "A name that `required` lists twice.", "Keep one."),
    warning(Structure, "response-failure", "An operation without a failure response.", "Describe a 4XX or `default`."),
    error(Structure, "responses-empty", "An operation without any response.", "Describe the response with status 200."),
    error(Structure, "schema-bounds", "A lower bound above the upper bound.", "Correct one."),
    doubt(Structure, "schema-impossible", "Parts of a composition that no value matches together.", "Correct one of the parts."),
    warning(Structure, "schema-keyword", "A keyword that has no effect on the type beside it.", "Correct the type, or remove the keyword."),
    error(Structure, "schema-pattern", "A pattern that is not a regular expression.", "Correct it."),
    warning(Structure, "schema-pattern-dialect", "A pattern that is a regular expression, but not in the dialect of JavaScript.", "Rewrite it."),
    doubt(Structure, "schema-required", "A required property that is not described.", "Correct the name, or describe it."),
    error(Structure, "schema-type", "A type that OpenAPI does not have, or an array without items.", "Add or correct the type."),
    error(Structure, "security-scheme", "A security scheme that is required but not described, or scopes for one that has none.", "Correct the name, or describe it."),
    error(Structure, "server-variable", "A variable in the URL of a server that is not declared, or unbalanced braces.", "Declare it under `variables`."),
    error(Structure, "status-code", "A response key that is not a status.", "Write 404, 4XX or `default`."),
    error(Structure, "tag-twice", "A tag that is declared twice.", "Keep one."),
    warning(Structure, "tags", "A tag that is not used, or not declared although others are.", "Make the lists agree."),
    error(Structure, "unknown-key", "A key that OpenAPI does not define here; it would be lost silently.", "Correct the spelling or the position."),
    warning(Structure, "unused-component", "A component that no operation reaches.", "Remove it, or refer to it."),

    doubt(Values, "default-property", "A property in a default that the schema does not describe.", "Describe it, or correct its name."),
    warning(Values, "example-both", "`example` beside `examples`.", "Keep one of them."),
    error(Values, "example-value", "An example that does not match its schema.", "Correct one of them."),
    error(Values, "schema-default", "A default that does not match its schema.", "Correct one of them."),
    error(Values, "time-without-zone", "An example or default for a date-time without a time zone.", "Describe it as a string, and state the time zone."),
    warning(Values, "undescribed-property", "A property in an example that the schema does not describe.", "Describe it, or correct its name."),

    error(House, "description-missing", "A fact without a description, or an operation or example without a summary.", "Explain it."),
    error(House, "evidence-mark", "An unknown kind of evidence.", "Write table, example, live, sdk or inferred."),
    error(House, "evidence-missing", "An operation, parameter, response, property, example, schema or security scheme without evidence.", "Write `x-evidence`."),
    error(House, "example-fixture", "The provider's own example differs from its fixture.", "Restore the one that was edited."),
];
