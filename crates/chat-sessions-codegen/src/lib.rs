//! Generates the raw clients: OpenAPI text in, Rust text out.
//!
//! Everything here is a pure function of the spec's text, without clock, network or files; only
//! [`generate_in_build_script`] touches files. There are two callers: `cargo xtask generate` writes
//! the checked-in files, and the build scripts of the raw crates generate under their feature
//! `build-time`.
//!
//! The steps, which are also the order to read the modules in:
//!
//! 1. [`Spec::parse`] reads YAML (or JSON) into a tree and remembers the line and column of every
//!    node.
//! 2. [`check`] reports what the generator cannot handle and lowering cannot fix, each as a
//!    [`Finding`] with a remedy. [`lint`] also reports everything else that is wrong with a spec.
//!    [`rules`] lists the rules of both.
//! 3. [`lower`] makes a tolerant copy: a spec states what the provider documents, a reader must
//!    survive what it sends.
//! 4. [`generate`] runs progenitor over that copy, corrects the result, writes the deserializers of
//!    types that keep unknown fields, and formats it.
//!
//! Two functions work on specs in other ways. [`diff()`] compares two versions of a spec and
//! reports the consequences on the wire, in the generated Rust and, by the [`FieldMap`], in the
//! facade. [`drift()`] compares recorded responses with specs and patches the text of the specs.
//! [`adopt()`] makes a spec from a published document, for a new provider.
//!
//! ```
//! let text = r##"
//! openapi: 3.0.3
//! info: {title: Clock, version: "1"}
//! paths:
//!   /time:
//!     get:
//!       operationId: time
//!       responses:
//!         "200":
//!           description: The time.
//!           content: {application/json: {schema: {$ref: "#/components/schemas/Time"}}}
//! components:
//!   schemas:
//!     Time: {type: object, required: [iso], properties: {iso: {type: string, format: date-time}}}
//! "##;
//! let spec = chat_sessions_codegen::Spec::parse("clock.yaml", text)?;
//! let generated = chat_sessions_codegen::generate(&spec)?;
//! // The spec requires a date-time. The generated reader accepts any string, or none, so that one
//! // bad value does not lose the response.
//! assert!(generated.client.contains("pub iso: ::std::option::Option<::std::string::String>"));
//! # Ok::<(), chat_sessions_codegen::Findings>(())
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]
#![doc(test(attr(deny(warnings))))]

mod spec;

mod lint;

mod rust_names;
mod validate;

mod generate;

mod adopt;
mod build_script;
mod diff;
mod drift;
mod field_map;

pub use adopt::{
    AdoptError, Adopted, Argument, Field, FieldKind, ListOutline, NamedSchema, Paging, Scoped, adopt, signature,
};
pub use build_script::generate_in_build_script;
pub use diff::{
    Bump, Change, Compatibility, Diff, Facade, NodeLocation, RequiredBump, RustChange, Side, Versions, changelog, diff,
};
pub use drift::{Deviation, Drift, DriftError, NamedText, PatchedSpec, drift};
pub use field_map::{FieldMap, FieldMapEntry, FieldMapError, FieldTarget};
pub use generate::{Generated, generate, header_hash, lower};
pub use lint::{DocumentedExample, Rule, RuleSet, Subject, check, lint, lint_text, rules};
pub use spec::{Finding, Findings, Location, Pointer, Severity, Spec, fnv1a64};
