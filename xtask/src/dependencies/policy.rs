//! What was decided about dependencies, with the reasons. Every list is checked for entries that nothing needs any more.

use super::banned::{Ban, Place};
use super::duplicates::Duplicate;
use super::graph::Reach;
use super::licences::ByName;
use super::table::Group;
use super::unused::NamedNowhere;

/// Licences that whoever builds this can meet by passing on their text.
pub(super) const LICENCES: [&str; 7] = [
    "Apache-2.0",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Zlib",
];

/// Licences that ask for more, and are right where they are.
pub(super) const LICENSED_BY_NAME: [ByName; 4] = [
    ByName {
        name: "progenitor",
        licence: "MPL-2.0",
        reason: "the generator; changes to its own files would have to be published, and there are none",
    },
    ByName {
        name: "progenitor-client",
        licence: "MPL-2.0",
        reason: "the runtime of the generated clients, unchanged; the README says so to whoever ships it",
    },
    ByName {
        name: "progenitor-impl",
        licence: "MPL-2.0",
        reason: "the generator's inside, which only builds run",
    },
    ByName {
        name: "webpki-root-certs",
        licence: "CDLA-Permissive-2.0",
        reason: "certificates, which are data; only platforms without a store of their own link it",
    },
];

/// Crates that are there in several versions.
pub(super) const DUPLICATES: [Duplicate; 8] = [
    Duplicate {
        name: "syn",
        versions: &["2", "3"],
        reach: Reach::Facade,
        reason: "derive macros move from 2 to 3 one by one, and jiff's and jni's have not yet; none of it is linked",
    },
    Duplicate {
        name: "schemars",
        versions: &["0.8", "1"],
        reach: Reach::Published,
        reason: "the generator reads schemas with 0.8; what is generated describes itself with 1",
    },
    Duplicate {
        name: "schemars_derive",
        versions: &["0.8", "1"],
        reach: Reach::Published,
        reason: "comes with schemars",
    },
    Duplicate {
        name: "serde_derive_internals",
        versions: &["0.29", "0.30"],
        reach: Reach::Published,
        reason: "comes with schemars",
    },
    Duplicate {
        name: "getrandom",
        versions: &["0.3", "0.4"],
        reach: Reach::Workspace,
        reason: "jsonschema, which only tests use, has not moved to 0.4",
    },
    Duplicate {
        name: "r-efi",
        versions: &["5", "6"],
        reach: Reach::Workspace,
        reason: "comes with getrandom, for UEFI",
    },
    Duplicate {
        name: "similar",
        versions: &["2", "3"],
        reach: Reach::Workspace,
        reason: "insta has not moved to 3",
    },
    Duplicate {
        name: "vte",
        versions: &["0.14", "0.15"],
        reach: Reach::Workspace,
        reason: "insta takes styles off with 0.14, and the terminal of the tests reads them with 0.15",
    },
];

/// Dependencies that no source names.
pub(super) const NAMED_NOWHERE: [NamedNowhere; 0] = [];

/// The generator, whose output is checked in byte by byte.
pub(super) const PINNED: [&str; 1] = ["progenitor"];

/// The most crates that depending on the facade may take.
pub(super) const MOST_CRATES: usize = 110;

/// The tables in CONTRIBUTING.md.
pub(super) const GROUPS: [Group; 5] = [
    Group {
        title: "the facade",
        members: &[
            "chat-sessions",
            "chat-sessions-wire",
            "llama-cloud-client",
            "memories-ai-client",
        ],
    },
    Group {
        title: "the command line",
        members: &["chat-sessions-cli"],
    },
    Group {
        title: "the sandbox",
        members: &["chat-sessions-sandbox"],
    },
    Group {
        title: "the generator",
        members: &["chat-sessions-codegen"],
    },
    Group {
        title: "tests, the bench and xtask",
        members: &[],
    },
];

const FACADE: Place = Place::Graph(Reach::Facade);
const PUBLISHED: Place = Place::Graph(Reach::Published);
const ANYWHERE: Place = Place::Graph(Reach::Workspace);
const MANIFESTS: Place = Place::Manifests;
const LIBRARIES: Place = Place::Libraries;

/// Crates that were turned down.
pub(super) const BANS: [Ban; 28] = [
    ban(
        "progenitor",
        FACADE,
        "the generator; the generated clients are checked in",
    ),
    ban(
        "progenitor-impl",
        FACADE,
        "the generator; the generated clients are checked in",
    ),
    ban("typify", FACADE, "the generator; the generated clients are checked in"),
    ban("clap", FACADE, "belongs to the command line"),
    ban("axum", FACADE, "belongs to the sandbox"),
    ban("httpmock", FACADE, "belongs to tests"),
    ban(
        "tracing-attributes",
        FACADE,
        "a macro costs every user a compiler for macros; spans and events do without",
    ),
    ban(
        "tracing-subscriber",
        FACADE,
        "who listens is the program's choice, never a library's",
    ),
    ban("openssl", PUBLISHED, "TLS is rustls unless `native-tls` is asked for"),
    ban(
        "openssl-sys",
        PUBLISHED,
        "TLS is rustls unless `native-tls` is asked for",
    ),
    ban(
        "native-tls",
        PUBLISHED,
        "TLS is rustls unless `native-tls` is asked for",
    ),
    ban(
        "chrono",
        PUBLISHED,
        "jiff does the dates; two libraries for them would disagree",
    ),
    ban(
        "reqwest-middleware",
        ANYWHERE,
        "hides the client's own builder, and its retry knows no Retry-After",
    ),
    ban("reqwest-retry", ANYWHERE, "knows no Retry-After"),
    ban("governor", ANYWHERE, "36 crates for what a clock and a number do"),
    ban("keyring", ANYWHERE, "a hundred crates; a key can stand in a file"),
    ban(
        "figment",
        ANYWHERE,
        "the one configuration file has a dozen keys, whose lines are told; values from it stand beneath the environment",
    ),
    ban(
        "config",
        ANYWHERE,
        "the one configuration file has a dozen keys, whose lines are told; values from it stand beneath the environment",
    ),
    ban(
        "async-stream",
        ANYWHERE,
        "a macro, without a release in years; a stream is one function",
    ),
    ban(
        "serde_yaml",
        ANYWHERE,
        "given up by its author; saphyr-parser reads the specs",
    ),
    ban(
        "parquet",
        ANYWHERE,
        "a breaking version every other month; other programs read NDJSON and CSV",
    ),
    ban("futures", MANIFESTS, "the umbrella; futures-core has the trait"),
    ban(
        "bon",
        MANIFESTS,
        "setters by hand are few, and stand in the documentation as they are",
    ),
    ban(
        "derive_builder",
        MANIFESTS,
        "setters by hand are few, and stand in the documentation as they are",
    ),
    ban("miette", MANIFESTS, "the errors say what to do without it"),
    ban(
        "wiremock",
        MANIFESTS,
        "httpmock, for which the generator writes typed helpers, is there already",
    ),
    ban("anyhow", LIBRARIES, "an error that is not a type cannot be acted on"),
    ban("eyre", LIBRARIES, "an error that is not a type cannot be acted on"),
];

const fn ban(name: &'static str, place: Place, reason: &'static str) -> Ban {
    Ban { name, place, reason }
}
