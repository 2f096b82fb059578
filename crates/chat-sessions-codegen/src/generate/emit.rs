//! From the lowered document to Rust text: progenitor twice, a few corrections to its syntax tree,
//! prettyplease, a header.

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypePatch};
use quote::quote;
use serde_json::Value;

use super::lower::lower;
use super::panic_guard::{panic_message, run_isolated};
use super::{corrections, deserialize};
use crate::lint::check;
use crate::spec::{Finding, Findings, Pointer, Spec};

/// The generated text of one raw crate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Generated {
    /// The client and its types: `src/generated.rs`.
    pub client: String,
    /// The typed mock helpers: `src/generated_httpmock.rs`.
    pub httpmock: String,
}

/// Generates the text of one raw crate. The same spec gives the same bytes.
///
/// # Errors
///
/// Fails with all findings when the spec holds something that the generator cannot take. A panic
/// inside the generator is a finding as well.
pub fn generate(spec: &Spec) -> Result<Generated, Findings> {
    let findings = check(spec);
    if findings.has_errors() {
        return Err(findings);
    }
    let tree = lower(spec);
    catch_panics(spec, || generate_lowered(spec, tree))
}

/// Generates the syntax tree of the client alone, for whoever looks at its interface: the same
/// items as in [`Generated::client`], in a quarter of the time.
pub(crate) fn client(spec: &Spec) -> Result<syn::File, Findings> {
    let findings = check(spec);
    if findings.has_errors() {
        return Err(findings);
    }
    let tree = lower(spec);
    // A syntax tree stays on its thread, a text does not.
    let text = catch_panics(spec, || {
        let tokens = Generator::new(&settings()).generate_tokens(&model(spec, tree)?);
        let tokens = tokens.map_err(|error| generator_refusal(spec, &error))?;
        Ok(tokens.to_string())
    })?;
    corrected(spec, &text)
}

/// Runs the generator so that its panics become findings.
fn catch_panics<T: Send>(spec: &Spec, work: impl FnOnce() -> Result<T, Findings> + Send) -> Result<T, Findings> {
    run_isolated(work).unwrap_or_else(|panic| {
        let message = format!("the generator stopped with: {}", panic_message(&*panic));
        Err(root_findings(
            spec,
            "generator-panic",
            &message,
            "Describe this part of the spec in simpler terms; take recent changes back one by one to find it.",
        ))
    })
}

/// Reads the hash of the spec out of the header of a generated text.
#[must_use]
pub fn header_hash(generated: &str) -> Option<u64> {
    let (_, rest) = generated.lines().take(3).find_map(|line| line.split_once("fnv1a64:"))?;
    u64::from_str_radix(rest.get(..16)?, 16).ok()
}

/// The document in the model that the generator takes.
fn model(spec: &Spec, tree: Value) -> Result<OpenAPI, Findings> {
    serde_json::from_value(tree).map_err(|error| {
        let message = format!("after lowering, the OpenAPI model does not take the document: {error}");
        root_findings(spec, "model", &message, "Compare the spec with the OpenAPI 3.0.3 text.")
    })
}

fn generator_refusal(spec: &Spec, error: &progenitor::Error) -> Findings {
    let message = format!("the generator refuses the document: {error}");
    root_findings(
        spec,
        "generator",
        &message,
        "Describe what the message names in simpler terms.",
    )
}

fn generate_lowered(spec: &Spec, tree: Value) -> Result<Generated, Findings> {
    let document = model(spec, tree)?;
    let generator_refusal = |error: progenitor::Error| generator_refusal(spec, &error);

    // The first pass only tells the names of the types, the second puts an attribute on each of
    // them.
    let mut first = Generator::new(&settings());
    first.generate_tokens(&document).map_err(generator_refusal)?;
    let mut settings = settings();
    let mut patch = TypePatch::default();
    patch.with_attr(r#"#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]"#);
    for name in first.get_type_space().iter_types().map(|generated| generated.name()) {
        settings.with_patch(&name, &patch);
    }

    let client = Generator::new(&settings)
        .generate_tokens(&document)
        .map_err(generator_refusal)?;
    let httpmock = Generator::new(&settings)
        .httpmock(&document, "crate")
        .map_err(generator_refusal)?;
    Ok(Generated {
        client: format_tokens(spec, client)?,
        httpmock: format_tokens(spec, httpmock)?,
    })
}

fn settings() -> GenerationSettings {
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Positional)
        // A raw crate without hooks would send no key; `Expected` makes that an error of the
        // compiler.
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(::chat_sessions_wire::Wire))
        .with_derive("PartialEq");
    settings
}

fn format_tokens(spec: &Spec, tokens: impl std::fmt::Display) -> Result<String, Findings> {
    let file = corrected(spec, &tokens.to_string())?;
    let text = prettyplease::unparse(&file);
    if let Err(error) = syn::parse_file(&text) {
        let message = format!("the formatted text is not Rust: {error}");
        let remedy = "Look for `*/` in a description, which ends a doc comment.";
        return Err(root_findings(spec, "generated-syntax", &message, remedy));
    }
    Ok(format!("{}{text}", header(spec)))
}

/// Parses what the generator wrote, corrects it, and refuses what the compiler would.
fn corrected(spec: &Spec, text: &str) -> Result<syn::File, Findings> {
    let mut file = syn::parse_file(text).map_err(|error| {
        let message = format!("the generated text is not Rust: {error}");
        root_findings(
            spec,
            "generated-syntax",
            &message,
            "Look for a name in the spec that is no Rust identifier.",
        )
    })?;
    corrections::drop_panicking_constructor(&mut file);
    corrections::drop_version_header(&mut file);
    corrections::decode_with_wire(&mut file);
    deserialize::write_deserializers(&mut file);
    corrections::list_fields(&mut file);
    let duplicates = corrections::duplicate_names(&file);
    if !duplicates.is_empty() {
        let findings = duplicates.iter().map(|name| {
            let message = format!("the generated Rust declares {name} twice");
            spec.error(
                "generated-duplicate",
                &Pointer::root(),
                &message,
                "Rename one of the schemas, properties or parameters that end up with this name.",
            )
        });
        return Err(Findings::new(findings.collect()));
    }
    Ok(file)
}

/// Line comments, since the text is also compiled through `include!`, where inner doc comments are
/// not allowed.
fn header(spec: &Spec) -> String {
    format!(
        "// Generated from {} (fnv1a64:{:016x}) by chat-sessions-codegen. Do not edit:\n// change the spec and run `cargo xtask generate`.\n\n",
        spec.name(),
        spec.hash()
    )
}

fn root_findings(spec: &Spec, rule: &'static str, message: &str, remedy: &str) -> Findings {
    Findings::new(vec![root_error(spec, rule, message, remedy)])
}

fn root_error(spec: &Spec, rule: &'static str, message: &str, remedy: &str) -> Finding {
    spec.error(rule, &Pointer::root(), message, remedy)
}
