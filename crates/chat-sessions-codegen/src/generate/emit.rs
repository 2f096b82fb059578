//! Turns the lowered document into Rust text: progenitor, corrections to its syntax tree,
//! prettyplease, and a header.

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle};
use quote::{ToTokens, quote};
use serde_json::Value;

use super::lower::{Lowered, lower_with_notes};
use super::optional_parameters::collect_optional_parameters;
use super::panic_guard::{panic_message, run_isolated};
use super::parameters::send_spellings;
use super::request_methods::divide_methods;
use super::union_impls::write_unions;
use super::{corrections, deserialize};
use crate::lint::check;
use crate::rust_names::pascal;
use crate::spec::{Finding, Findings, Pointer, Spec, refs};

/// The generated text of one raw crate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Generated {
    /// The client and its types: `src/generated.rs`.
    pub client: String,
    /// The typed mock helpers: `src/generated_httpmock.rs`.
    pub httpmock: String,
}

/// Generates the text of one raw crate. The same spec always yields the same bytes.
///
/// # Errors
///
/// Fails with all findings when the spec contains something that the generator does not support. A
/// panic inside the generator becomes a finding as well.
pub fn generate(spec: &Spec) -> Result<Generated, Findings> {
    let findings = check(spec);
    if findings.has_errors() {
        return Err(findings);
    }
    let lowered = lower_with_notes(spec);
    catch_panics(spec, || generate_lowered(spec, &lowered))
}

/// Generates only the syntax tree of the client, without the methods that only build a request, and
/// reads something from it, in half the time of [`generate`]. The tree cannot leave the thread of the
/// generator, so `read` runs there.
pub(crate) fn read_client<T: Send>(spec: &Spec, read: impl FnOnce(&syn::File) -> T + Send) -> Result<T, Findings> {
    let findings = check(spec);
    if findings.has_errors() {
        return Err(findings);
    }
    let lowered = lower_with_notes(spec);
    catch_panics(spec, || {
        Ok(read(&client(spec, &lowered, &model(spec, &lowered.tree)?)?))
    })
}

/// Runs the generator and turns its panics into findings.
fn catch_panics<T: Send>(spec: &Spec, work: impl FnOnce() -> Result<T, Findings> + Send) -> Result<T, Findings> {
    run_isolated(work).unwrap_or_else(|panic| {
        let message = format!("the generator panicked: {}", panic_message(&*panic));
        Err(root_findings(
            spec,
            "generation",
            &message,
            "Simplify this part of the spec; revert recent changes one by one to find it.",
        ))
    })
}

/// Reads the hash of the spec from the header of a generated text.
#[must_use]
pub fn header_hash(generated: &str) -> Option<u64> {
    let (_, rest) = generated.lines().take(3).find_map(|line| line.split_once("fnv1a64:"))?;
    u64::from_str_radix(rest.get(..16)?, 16).ok()
}

/// The document as the typed model that the generator takes.
fn model(spec: &Spec, tree: &Value) -> Result<OpenAPI, Findings> {
    serde_json::from_value(tree.clone()).map_err(|error| {
        let message = format!("the OpenAPI model rejects the lowered document: {error}");
        root_findings(
            spec,
            "model",
            &message,
            "Compare the spec with the OpenAPI 3.0.3 specification.",
        )
    })
}

fn generator_refusal(spec: &Spec, error: &progenitor::Error) -> Findings {
    let message = format!("the generator rejects the document: {error}");
    root_findings(spec, "generation", &message, "Simplify what the message names.")
}

fn generate_lowered(spec: &Spec, lowered: &Lowered) -> Result<Generated, Findings> {
    let document = model(spec, &lowered.tree)?;
    let mut client = client(spec, lowered, &document)?;
    divide_methods(&mut client);
    reject_duplicates(spec, &client)?;
    let httpmock = Generator::new(&settings())
        .httpmock(&document, "crate")
        .map_err(|error| generator_refusal(spec, &error))?;
    Ok(Generated {
        client: format(spec, &client)?,
        httpmock: format(spec, &corrected(spec, lowered, httpmock)?)?,
    })
}

fn client(spec: &Spec, lowered: &Lowered, document: &OpenAPI) -> Result<syn::File, Findings> {
    let tokens = Generator::new(&settings())
        .generate_tokens(document)
        .map_err(|error| generator_refusal(spec, &error))?;
    let mut file = corrected(spec, lowered, tokens)?;
    collect_optional_parameters(&mut file);
    reject_duplicates(spec, &file)?;
    Ok(file)
}

fn settings() -> GenerationSettings {
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Positional)
        // Without hooks, a raw crate would send no key. `Expected` makes a missing hook a compile
        // error.
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(::chat_sessions_wire::Wire))
        .with_derive("PartialEq");
    settings
}

fn format(spec: &Spec, file: &syn::File) -> Result<String, Findings> {
    let text = prettyplease::unparse(file);
    if let Err(error) = syn::parse_file(&text) {
        let message = format!("the formatted text is not Rust: {error}");
        let remedy = "Look for `*/` in a description; it ends a doc comment.";
        return Err(root_findings(spec, "generation", &message, remedy));
    }
    Ok(format!("{}{text}", header(spec)))
}

/// Parses the generator's output, corrects it, and rejects what the compiler would reject.
fn corrected(spec: &Spec, lowered: &Lowered, tokens: impl ToTokens) -> Result<syn::File, Findings> {
    let mut file: syn::File = syn::parse2(tokens.into_token_stream()).map_err(|error| {
        let message = format!("the generated text is not Rust: {error}");
        root_findings(
            spec,
            "generation",
            &message,
            "Look for a name in the spec that is not a Rust identifier.",
        )
    })?;
    corrections::drop_panicking_constructor(&mut file);
    corrections::drop_version_header(&mut file);
    corrections::decode_with_wire(&mut file);
    send_spellings(&mut file, &lowered.spellings);
    let unions = write_unions(&mut file, &lowered.unions);
    deserialize::write_deserializers(&mut file, &unions);
    corrections::list_fields(&mut file);
    corrections::derive_json_schema(&mut file);
    reject_duplicates(spec, &file)?;
    Ok(file)
}

fn reject_duplicates(spec: &Spec, file: &syn::File) -> Result<(), Findings> {
    let duplicates = corrections::duplicate_names(file);
    if duplicates.is_empty() {
        return Ok(());
    }
    let findings = duplicates.iter().map(|name| {
        let message = format!("the generated Rust declares {name} twice");
        spec.error(
            "schema-inline-name",
            &component_named(spec, name),
            &message,
            "Rename one of the schemas, properties, parameters or operations that end up with this name.",
        )
    });
    Err(Findings::new(findings.collect()))
}

/// The component whose type is among the duplicates; the root if it has no component. The text
/// names the type in backticks.
fn component_named(spec: &Spec, duplicate: &str) -> Pointer {
    let name = duplicate.split('`').nth(1).unwrap_or_default();
    let components = refs::component_schemas(spec.tree()).into_iter();
    let mut named = components.filter(|found| pascal(&found.at.name()) == name);
    named.next().map_or_else(Pointer::root, |found| found.at)
}

/// The header is in line comments, because the text is also compiled through `include!`, which does
/// not allow inner doc comments.
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
