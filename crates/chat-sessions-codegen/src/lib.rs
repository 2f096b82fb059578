//! The generator of the raw clients: an OpenAPI text in, Rust text out.
//!
//! Everything here is a pure function of the spec's text: no clock, no network, no file. Two
//! callers use it, `cargo xtask generate`, which writes the checked-in files, and the build scripts
//! of the raw crates under their feature `build-time`.
//!
//! The way of a spec, which is also the order to read the modules in:
//!
//! 1. [`Spec::parse`] reads YAML (or JSON) into a tree and remembers the line and column of every
//!    node;
//! 2. [`check`] finds what the generator cannot take and lowering cannot cure, each as a
//!    [`Finding`] with its remedy; [`lint`] finds what else is wrong with a spec, and [`rules`] is
//!    the table of both;
//! 3. [`lower`] makes a tolerant copy: specs say what the provider says, readers must survive what
//!    it sends;
//! 4. [`generate`] runs progenitor over that copy, corrects what comes out, writes the readers of
//!    types that keep unknown fields, and formats it.
//!
//! Beside this way stand [`diff()`], which compares two versions of a spec and says what follows on
//! the wire, in the generated Rust and, by its normalisation [`FieldMap`], in the facade; and
//! [`drift()`], which holds recorded answers against specs and changes the specs' texts.
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
//! // The spec promises a date-time; the generated reader takes any text, or none, rather than lose the answer.
//! assert!(generated.client.contains("pub iso: ::std::option::Option<::std::string::String>"));
//! # Ok::<(), chat_sessions_codegen::Findings>(())
//! ```

#![forbid(unsafe_code)]
#![doc(test(attr(deny(warnings))))]

mod spec;

mod lint;

mod rust_names;
mod validate;

mod generate;

mod diff;
mod drift;
mod field_map;

pub use diff::{
    Bump, Change, Compatibility, Diff, Facade, NodeLocation, RequiredBump, RustChange, Side, Versions, changelog, diff,
};
pub use drift::{Deviation, Drift, DriftError, NamedText, PatchedSpec, drift};
pub use field_map::{FieldMap, FieldMapEntry, FieldMapError, FieldTarget};
pub use generate::{Generated, generate, header_hash, lower};
pub use lint::{DocumentedExample, Rule, RuleSet, Subject, check, lint, rules};
pub use spec::{Finding, Findings, Location, Pointer, Severity, Spec, fnv1a64};
