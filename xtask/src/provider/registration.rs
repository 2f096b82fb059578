//! The lists of this workspace that every provider is in, and what a new one adds to each.

use std::path::Path;

use chat_sessions_codegen::{ListOutline, Paging};

use super::edits::Edit;
use super::field_rows;
use super::names::Values;
use crate::outcome::Failure;
use crate::providers::Provider;
use crate::workspace;

/// A file with lists of providers, and the change that adds one.
struct Registration {
    file: &'static str,
    change: fn(&mut Edit<'_>, &Rows) -> Option<()>,
}

/// Texts that depend on the new provider.
pub(super) struct Rows {
    pub(super) values: Values,
    pub(super) field_map: String,
    pub(super) info: String,
    pub(super) test: String,
    pub(super) client: String,
}

const FILES: &[Registration] = &[
    Registration {
        file: "Cargo.toml",
        change: |edit, _| edit.line("{name}-client = {"),
    },
    Registration {
        file: "crates/chat-sessions/Cargo.toml",
        change: |edit, _| edit.line("{name}-client.workspace = true"),
    },
    Registration {
        file: "tests/Cargo.toml",
        change: |edit, _| edit.line("{name}-client = {"),
    },
    Registration {
        file: "crates/chat-sessions/src/provider.rs",
        change: |edit, _| {
            edit.line("mod {module};")?;
            edit.line("pub use {module}::{{type}")?;
            edit.item("pub const BUILT_IN", "{module}::BUILT_IN")
        },
    },
    Registration {
        file: "crates/chat-sessions/src/provider/field_map.rs",
        change: |edit, rows| {
            // The table begins with the first provider and ends with the first closing brace after it.
            let start = edit.text.find("\nfield_map! {\n")?;
            let end = start + edit.text[start..].find("\n}\n")? + 1;
            edit.text.insert_str(end, &rows.field_map);
            Some(())
        },
    },
    Registration {
        file: "crates/chat-sessions-sandbox/src/dialect.rs",
        change: |edit, _| edit.line("pub(crate) mod {module};"),
    },
    Registration {
        file: "crates/chat-sessions-sandbox/src/dialect/provider.rs",
        change: |edit, rows| {
            edit.item("use crate::dialect::{", "{module}")?;
            let variant = format!("    {},\n", rows.values["type"]);
            edit.line("    {type},")?;
            let documented = format!(
                "    /// {}, below `{}`.\n{variant}",
                rows.values["title"], rows.values["path"]
            );
            edit.text = edit.text.replacen(&variant, &documented, 1);
            edit.item("    pub(crate) const ALL:", "Self::{type}")?;
            edit.line("Self::{type} => &{module}::PROFILE,")
        },
    },
    Registration {
        file: "crates/chat-sessions-sandbox/src/dialect/seed.rs",
        change: |edit, rows| {
            let row = format!("(Provider::{}, \"default\", None)", rows.values["type"]);
            let (before, list) = edit.text.split_once("const LATER_SCOPES: ")?;
            let (head, items) = list.split_once("= &[")?;
            let (items, after) = items.split_once("];")?;
            let items = items.trim().trim_end_matches(',');
            let separator = if items.is_empty() { "" } else { ", " };
            edit.text = format!("{before}const LATER_SCOPES: {head}= &[{items}{separator}{row}];{after}");
            Some(())
        },
    },
    Registration {
        file: "crates/chat-sessions-sandbox/src/lib.rs",
        change: |edit, rows| {
            let key = format!("        {}::{}_KEY,", rows.values["module"], rows.values["constant"]);
            edit.after("    dialect::{", &key)
        },
    },
    Registration {
        file: "crates/chat-sessions-cli/src/provider.rs",
        change: |edit, rows| {
            edit.item("use chat_sessions_sandbox::{", "{constant}_KEY")?;
            edit.line("    {type},")?;
            edit.before("/// All known ids are snowflakes", &rows.info)?;
            edit.item("    pub(crate) const ALL:", "Self::{type}")?;
            edit.line("Self::{type} => &{constant},")
        },
    },
    Registration {
        file: "tests/suites/support/clients.rs",
        change: |edit, rows| {
            edit.text += &rows.client;
            Some(())
        },
    },
    Registration {
        file: "tests/suites/decoding/fixtures.rs",
        change: |edit, rows| edit.before("/// Sends every fixture of a provider", &rows.test),
    },
    Registration {
        file: "docs/performance.md",
        change: |edit, _| edit.raise("The facade needs ", " belong to"),
    },
    Registration {
        file: "CHANGELOG.md",
        change: |edit, rows| {
            let entry = format!(
                "\n- The provider {}: `provider::{}` in the library, `{}` in the program.",
                rows.values["title"], rows.values["type"], rows.values["name"]
            );
            edit.after("### Library", &entry)
        },
    },
];

/// Returns the files that change, with their new text.
pub(super) fn changed(
    root: &Path,
    known: &[Provider],
    new: &Provider,
    rows: &Rows,
) -> Result<Vec<(String, String)>, Failure> {
    let changed = FILES.iter().map(|Registration { file, change }| {
        let text = workspace::read(&root.join(file))?;
        let mut edit = Edit { text, known, new };
        change(&mut edit, rows).ok_or_else(|| {
            format!(
                "{file} has no list of providers where this command expects one. Remedy: adapt \
                 xtask/src/provider/registration.rs."
            )
        })?;
        Ok(((*file).to_owned(), edit.text))
    });
    changed.collect()
}

impl Rows {
    pub(super) fn new(values: &Values, provider: &Provider, list: &ListOutline, call: &str) -> Self {
        Self {
            field_map: field_rows::section(provider, list),
            info: info(values, list),
            test: test(values, list, call),
            client: client(values, list),
            values: values.clone(),
        }
    }
}

/// What the program prints about the provider.
fn info(values: &Values, list: &ListOutline) -> String {
    let paging = match &list.paging {
        Paging::Number { .. } => "numbered pages",
        Paging::Offset { .. } => "a number of sessions to skip",
        Paging::Token { .. } | Paging::LastId { .. } => "page tokens",
        _ => "one page",
    };
    let size = match &list.page_size {
        None => "fixed; --page-size has no effect".to_owned(),
        Some((_, Some(most))) => format!("as many as needed, up to {most}; or --page-size"),
        Some((_, None)) => "the provider's own; or --page-size".to_owned(),
    };
    let times = match (&list.created, &list.updated) {
        (Some(_), Some(_)) => "creation and last update",
        (Some(_), None) => "creation time",
        (None, Some(_)) => "last update",
        (None, None) => "none",
    };
    let (constant, name, title, path) = (&values["constant"], &values["name"], &values["title"], &list.path);
    format!(
        "static {constant}: ProviderInfo = ProviderInfo {{
    name: \"{name}\",
    sandbox_key: {constant}_KEY,
    in_sandbox_list: false,
    title: \"{title}\",
    request: \"GET {path}\",
    transcript_request: \"none\",
    transcript_rate: \"none\",
    scopes_request: \"none\",
    paging: \"{paging}\",
    page_size: \"{size}\",
    order: \"not documented\",
    rate: \"not documented\",
    requests_per_second: None,
    transcripts_per_second: None,
    times: \"{times}\",
    ids: \"not documented\",
    is_id: |_| false,
}};

"
    )
}

/// The test that compares each fixture with its snapshot.
fn test(values: &Values, list: &ListOutline, call: &str) -> String {
    let (constant, name, module, kind) = (&values["constant"], &values["name"], &values["module"], &values["type"]);
    let method = &list.method;
    format!(
        "#[tokio::test]
async fn each_{module}_body_has_the_outcome_of_its_snapshot() {{
    let sandbox = Sandbox::start().await.unwrap();
    let raw = {module}_client::Client::new_with_client(
        &sandbox.url(),
        plain_http(),
        {module}_client::wire(chat_sessions_sandbox::{constant}_KEY).unwrap(),
    );
    let client = ChatSessions::new(crate::support::clients::{module}(&sandbox));
    let decode = async || decoded(raw.{method}({call}).await);
    compare_all(\"{name}\", &sandbox, Provider::{kind}, &client, decode).await;
}}

/// The whole list of the sandbox, page by page.
#[tokio::test]
async fn the_list_of_{module}_is_read_to_its_end() {{
    let sandbox = Sandbox::start().await.unwrap();
    let client = ChatSessions::new(crate::support::clients::{module}(&sandbox));
    let mut sessions = client.list_sessions().by_item();
    let mut ids = Vec::new();
    while let Some(session) = sessions.next().await {{
        ids.push(session.unwrap().id.as_str().to_owned());
    }}
    let expected = sandbox.sessions(Provider::{kind}, None);
    assert_eq!((ids.len(), ids.is_empty()), (expected.len(), false));
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), expected.len(), \"no session occurs twice\");
}}

"
    )
}

/// The client of the tests.
fn client(values: &Values, list: &ListOutline) -> String {
    let is_required = list.scope.as_ref().is_some_and(|scope| scope.is_required);
    let scope = if is_required {
        "\n        .scope(\"default\")"
    } else {
        ""
    };
    let (constant, module, kind) = (&values["constant"], &values["module"], &values["type"]);
    format!(
        "
pub(crate) fn {module}(sandbox: &Sandbox) -> chat_sessions::provider::{kind} {{
    chat_sessions::provider::{kind}::builder()
        .pacing(Pacing::none())
        .retry(RetryPolicy::none())
        .api_key(chat_sessions_sandbox::{constant}_KEY){scope}
        .base_url(sandbox.url())
        .build()
        .unwrap()
}}
"
    )
}
