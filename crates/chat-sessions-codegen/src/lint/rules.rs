//! The table of rules: what each one says, how bad a violation is, and what helps.
//!
//! A finding says what is wrong in its place and what to do there; here stands what the rule is
//! about.

use serde_json::Value;

use crate::spec::Severity;

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// The text: YAML that readers would take differently.
    Text,
    /// What the generator cannot take and lowering cannot cure, or what gets lost on the way to
    /// Rust.
    Generator,
    /// The structure of the document.
    Structure,
    /// Examples and defaults.
    Values,
    /// The rules of this repository for its own specs; see
    /// [`RuleSet::House`](crate::RuleSet::House).
    House,
}

impl Subject {
    /// The word for it.
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

/// A rule that specs are held against.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Rule {
    /// The stable name, which findings carry.
    pub name: &'static str,
    /// How bad a violation is.
    pub severity: Severity,
    /// What the rule is about.
    pub subject: Subject,
    /// What is wrong when it is violated.
    pub about: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

/// Which rules a spec is held against.
#[derive(Clone, Copy, Debug)]
pub enum RuleSet<'f> {
    /// Those that hold for any OpenAPI 3.0 document.
    Common,
    /// Also those for specs that are written by hand from what a provider says: evidence and a
    /// description everywhere.
    House {
        /// What the answer example named `documented` must equal; `None` when there is nothing to
        /// compare it with.
        documented: Option<DocumentedExample<'f>>,
    },
}

/// The example of the provider's own document, as a fixture holds it.
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
/// [`generate`](crate::generate()) has four more, which are about what came out: `generator`,
/// `generator-panic`, `generated-syntax` and `generated-duplicate`. A spec that meets one of them
/// shows a trap that has no rule here yet.
#[must_use]
pub fn rules() -> &'static [Rule] {
    &RULES
}

/// How bad a violation of a rule is. What has no place in the table would be a mistake of ours, and
/// is an error.
pub(crate) fn severity(name: &str) -> Severity {
    let rule = RULES.iter().find(|rule| rule.name == name);
    debug_assert!(rule.is_some(), "the rule {name} has no place in the table");
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
const RULES: [Rule; 72] = [
    error(Text, "yaml-alias", "A YAML alias.", "Use a $ref, or repeat the value."),
    error(Text, "yaml-ambiguous", "A word or number that YAML 1.1 and 1.2 read differently.", "Quote it."),
    error(Text, "yaml-depth", "Nesting deeper than 64 levels.", "Give inner schemas names under components."),
    error(Text, "yaml-documents", "A second document in the file.", "Keep one."),
    error(Text, "yaml-duplicate", "A member that is there twice.", "Keep one."),
    error(Text, "yaml-empty", "No document in the file.", "Write one."),
    error(Text, "yaml-key", "A member whose name is no text.", "Use a plain or quoted name."),
    error(Text, "yaml-merge", "A merge key.", "Repeat the members."),
    error(Text, "yaml-number", "A number that JSON or 64 bits do not have.", "Quote it, or leave it out."),
    error(Text, "yaml-syntax", "Something that is not YAML.", "Correct the syntax."),
    error(Text, "yaml-tag", "A YAML tag.", "Quote the value instead."),

    error(Generator, "answers", "No success among the answers of an operation, or several that differ in type.", "Describe one."),
    error(Generator, "enum-names", "Enum values that become the same Rust variant.", "Rename one."),
    error(Generator, "info-version", "A version that is missing, or no plain text for `Client::api_version`.", "Use printable ASCII."),
    error(Generator, "json-schema", "JSON content without a schema.", "Write a schema; the empty one takes any JSON."),
    error(Generator, "lowering-mark", "An `x-lowering` that lowering does not know there.", "Write `id` or `extra`, on a property of an answer."),
    error(Generator, "media-type", "A request body with several media types, an encoding, or one that has no code.", "Keep one without an encoding, such as JSON."),
    error(Generator, "model", "A document that the OpenAPI model refuses.", "Compare it with the OpenAPI 3.0.3 text."),
    error(Generator, "openapi-3-1", "A construct of OpenAPI 3.1.", "Say it in the words of 3.0."),
    error(Generator, "openapi-version", "Another version than 3.0.", "Write `openapi: 3.0.3`."),
    error(Generator, "operation-id", "An operationId that is missing, taken, or there twice.", "Choose another."),
    error(Generator, "operation-method", "OPTIONS or TRACE.", "Leave the operation out."),
    error(Generator, "parameter-content", "A parameter that is described by content.", "Describe it by a schema."),
    error(Generator, "parameter-header", "A header parameter whose name no header can have.", "Write letters, digits and hyphens."),
    error(Generator, "parameter-names", "Parameters that become the same Rust argument.", "Rename one."),
    error(Generator, "parameter-schema", "A parameter without a schema.", "Say its type."),
    error(Generator, "parameter-style", "A way of writing a parameter that the generated client does not know.", "Use the default style."),
    error(Generator, "path-parameter", "A path parameter that is not declared, not in the path, or not required.", "Make path and parameters agree."),
    error(Generator, "path-reference", "A $ref in place of a path's operations.", "Write the operations there."),
    error(Generator, "path-template", "A path without a leading slash, with a query, or with braces that do not pair.", "Correct the path."),
    error(Generator, "paths", "No paths.", "Describe an operation."),
    error(Generator, "property-names", "Properties that become the same Rust field.", "Mark one with `x-lowering: extra`."),
    warning(Generator, "request-body-optional", "A request body that need not be sent; the generated method asks for it.", "Write `required: true` if so."),
    warning(Generator, "schema-additional", "`additionalProperties: true` in a request, for which the generated type has no place.", "Write `additionalProperties: {}`."),
    error(Generator, "schema-any-of", "`anyOf` of other things than scalars in a request.", "Use `oneOf`, or one object."),
    error(Generator, "schema-dependency", "A format or pattern in a request that needs another crate.", "Say it in the description."),
    error(Generator, "schema-direction", "A schema that requests and answers share.", "Split it."),
    error(Generator, "schema-names", "Schemas that become the same Rust type.", "Rename one."),
    error(Generator, "schema-not", "`not` in a request.", "Say what is allowed."),
    error(Generator, "schema-nullable-union", "A named union that is nullable itself.", "Put `nullable` on the properties that use it."),
    error(Generator, "union-tag", "A union of objects in an answer that nothing tells apart.", "Give each a property with an enum of one value."),
    error(Generator, "unknown-key", "A key that OpenAPI does not have in this place, which is lost without a word.", "Correct the spelling or the place."),

    warning(Structure, "answer-failure", "An operation that describes no failure.", "Describe a 4XX or `default`."),
    warning(Structure, "component-name", "A component whose name strict readers refuse.", "Write letters, digits, dots, hyphens and underscores."),
    error(Structure, "discriminator", "A mapping that leads nowhere, or a variant without the property that tells it apart.", "Correct the mapping, or describe the property."),
    error(Structure, "enum-values", "An enum without values, with one of another type, or with one twice.", "Correct the list or the type."),
    error(Structure, "keyword-missing", "An object without a key that OpenAPI asks for.", "Write it."),
    error(Structure, "keyword-value", "A value of another JSON type than its key has.", "Correct the value."),
    warning(Structure, "nullable-type", "`nullable` without `type`, which strict readers ignore.", "Say the type as well."),
    error(Structure, "parameter-duplicate", "A parameter that one list holds twice.", "Keep one."),
    warning(Structure, "parameter-ignored", "A header parameter that OpenAPI leaves to other objects.", "Use security schemes and media types."),
    error(Structure, "path-ambiguous", "Paths that differ in the names of parameters only.", "Make them one path."),
    error(Structure, "reference-circle", "A component that is composed of itself.", "Break the circle at a property."),
    error(Structure, "reference-siblings", "Keys beside a $ref, which are lost.", "Wrap the reference in `allOf`."),
    error(Structure, "reference-target", "A reference that leads nowhere, out of the document, or to another kind of component.", "Correct it, or describe the component."),
    error(Structure, "schema-bounds", "A lower bound above the upper one.", "Correct one."),
    warning(Structure, "schema-keyword", "A keyword that says nothing about the type beside it.", "Correct the type, or take the keyword out."),
    error(Structure, "schema-required", "A required property that is not described.", "Correct the name, or describe it."),
    error(Structure, "schema-type", "A type that OpenAPI does not have, an array without items, or bounds without a type.", "Say the type."),
    error(Structure, "security-scheme", "A security scheme that is required and not described.", "Correct the name, or describe it."),
    error(Structure, "status-code", "An answer whose key is no status.", "Write 404, 4XX or `default`."),
    warning(Structure, "tags", "A tag that is declared twice or not used, or not declared where others are.", "Make the lists agree."),
    warning(Structure, "unused-component", "A component that no operation leads to.", "Take it out, or refer to it."),

    warning(Values, "example-both", "`example` and `examples` beside each other.", "Keep one of the two keys."),
    error(Values, "example-value", "An example that does not fit its schema.", "Correct one of them."),
    error(Values, "schema-default", "A default that does not fit its schema.", "Correct one of them."),
    error(Values, "time-without-zone", "An example or default for a date-time that has no zone.", "Describe it as a text, and say which zone is meant."),
    warning(Values, "undescribed-property", "A property of an example or default that the schema does not describe.", "Describe it, or correct its name."),

    error(House, "description-missing", "A fact without a description, or an operation or example without a summary.", "Say what it means."),
    error(House, "evidence-mark", "A kind of evidence that is not known.", "Write table, example, live, sdk or inferred."),
    error(House, "evidence-missing", "An operation, parameter, response, property, example, schema or security scheme without evidence.", "Write `x-evidence`."),
    error(House, "example-fixture", "The provider's own example differs from the fixture that holds it.", "Bring back the one that was edited."),
];
