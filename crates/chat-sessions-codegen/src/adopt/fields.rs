//! The fields of a list that matter to a client, recognised by their names.

use serde_json::Value;

use crate::rust_names::snake;
use crate::spec::refs;

/// The JSON type of a field, as far as generated code depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldKind {
    /// A text.
    Text,
    /// An integer.
    Integer,
    /// A boolean.
    Flag,
    /// Anything else.
    Other,
}

/// A property of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// Its name in JSON.
    pub json: String,
    /// Its name in the generated type.
    pub rust: String,
    /// Its type.
    pub kind: FieldKind,
}

impl Field {
    pub(super) fn new(name: &str, schema: &Value) -> Self {
        let snake = snake(name);
        let rust = if syn::parse_str::<syn::Ident>(&snake).is_ok() {
            snake
        } else {
            format!("{snake}_")
        };
        let kind = match schema.get("type").and_then(Value::as_str) {
            Some("string") => FieldKind::Text,
            Some("integer") => FieldKind::Integer,
            Some("boolean") => FieldKind::Flag,
            _ => FieldKind::Other,
        };
        Self {
            json: name.to_owned(),
            rust,
            kind,
        }
    }
}

/// The properties of a schema.
pub(super) fn fields(schema: &Value) -> Vec<Field> {
    refs::members(schema, "properties")
        .map(|(name, schema)| Field::new(name, schema))
        .collect()
}

/// The first field with one of these names, in the order of the names. Spelling with capitals or
/// underscores makes no difference.
pub(super) fn named<'f>(fields: &'f [Field], names: &[&str], kinds: &[FieldKind]) -> Option<&'f Field> {
    let plain = |name: &str| name.replace(['_', '-'], "").to_ascii_lowercase();
    let mut wanted = names.iter().map(|name| plain(name));
    wanted.find_map(|name| {
        fields
            .iter()
            .find(|field| plain(&field.json) == name && kinds.contains(&field.kind))
    })
}

pub(super) const TITLES: &[&str] = &[
    "title",
    "name",
    "subject",
    "display_name",
    "generated_title",
    "label",
    "topic",
    "summary",
];
pub(super) const CREATED: &[&str] = &[
    "created_at",
    "created",
    "created_time",
    "create_time",
    "creation_time",
    "date_created",
    "created_on",
    "created_ts",
    "created_timestamp",
    "started_at",
    "start_time",
    "inserted_at",
];
pub(super) const UPDATED: &[&str] = &[
    "updated_at",
    "last_updated_at",
    "updated",
    "updated_time",
    "update_time",
    "updated_ts",
    "updated_timestamp",
    "modified_at",
    "modified_ts",
    "modified_on",
    "modified",
    "last_modified",
    "last_modified_at",
    "last_updated",
    "last_active_at",
    "last_activity_at",
    "last_message_at",
    "updated_on",
];
pub(super) const MORE: &[&str] = &["has_more", "has_next", "has_next_page", "more", "is_truncated"];
pub(super) const TOKENS: &[&str] = &[
    "next_cursor",
    "next_page_token",
    "next_token",
    "next_page_cursor",
    "continuation_token",
    "end_cursor",
    "next_page",
    "next",
    "last_id",
    "cursor",
    "after",
];
pub(super) const TOTALS: &[&str] = &["total", "total_count", "total_items", "total_results", "count"];

pub(super) const CURSOR_PARAMETERS: &[&str] = &[
    "cursor",
    "page_token",
    "next_token",
    "next_cursor",
    "after",
    "starting_after",
    "continuation_token",
    "page_cursor",
    "start_cursor",
    "after_id",
    "marker",
];
pub(super) const OFFSET_PARAMETERS: &[&str] = &["offset", "skip", "start", "start_index"];
pub(super) const PAGE_PARAMETERS: &[&str] = &["page", "page_number", "page_no", "page_index"];
pub(super) const SIZE_PARAMETERS: &[&str] = &[
    "limit",
    "page_size",
    "per_page",
    "max_results",
    "size",
    "take",
    "top",
    "first",
    "count",
];
pub(super) const SCOPE_PARAMETERS: &[&str] = &[
    "project_id",
    "workspace_id",
    "organization_id",
    "namespace",
    "tenant_id",
    "team_id",
    "account_id",
    "user_id",
    "assistant_id",
    "agent_id",
    "bot_id",
    "app_id",
];
