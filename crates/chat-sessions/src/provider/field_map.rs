//! The field map: a table with the use of every field that a provider sends.
//!
//! Three readers use the table below. The compiler checks it against both sides: in tests every raw
//! type is destructured without `..`, so that a field without a row does not compile, and every
//! facade field that a row names must exist. rustdoc shows it as the module `normalisation`. And
//! `cargo xtask diff` reads it as text, to report what a change of a spec means for the facade.

use serde::Serialize;
use serde_json::{Map, Value};

#[cfg(test)]
use crate::error::Error;
#[cfg(test)]
use crate::model::{
    Attachment, End, Message, Place, Reference, Run, ScopeInfo, Session, Text, Thinking, ToolCall, ToolResult,
    Transcript, Usage,
};
#[cfg(test)]
use crate::source::SourcePage;

/// The use of one raw field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldUse {
    /// The facade reads it from the raw type, or omits it for a reason.
    Mapped,
    /// It is kept among the unknown fields: its use is not decided yet, or the facade reads it from
    /// there.
    Unknown,
}

/// One row: the JSON name of the field, and its use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) field: &'static str,
    pub(crate) usage: FieldUse,
}

/// A raw type whose fields are in the field map.
pub(crate) trait MappedFields {
    /// The JSON names of all its fields in the spec.
    const FIELDS: &'static [&'static str];
    /// Its rows in the field map.
    const ROWS: &'static [Row];
    /// Whether the use of each of its fields is decided. Outside tests, a field without a row
    /// counts as undecided.
    const ALL_MAPPED: bool = all_mapped(Self::FIELDS, Self::ROWS);

    /// Returns the use of a field.
    fn use_of(field: &str) -> FieldUse {
        let row = Self::ROWS.iter().find(|row| row.field == field);
        row.map_or(FieldUse::Unknown, |row| row.usage)
    }
}

const fn all_mapped(fields: &[&str], rows: &[Row]) -> bool {
    let mut index = 0;
    while index < fields.len() {
        if !is_mapped(fields[index], rows) {
            return false;
        }
        index += 1;
    }
    true
}

const fn is_mapped(field: &str, rows: &[Row]) -> bool {
    let mut index = 0;
    while index < rows.len() {
        let Row { field: name, usage } = rows[index];
        if matches!(usage, FieldUse::Mapped) && same(name.as_bytes(), field.as_bytes()) {
            return true;
        }
        index += 1;
    }
    false
}

/// Compares two texts at compile time, where `==` is not available.
const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut index = 0;
    while index < a.len() && index < b.len() && a[index] == b[index] {
        index += 1;
    }
    index == a.len() && index == b.len()
}

/// Returns the fields that the spec has and this crate does not use yet, so that they are kept like
/// unknown ones.
///
/// A spec can gain a field before this crate uses it; the raw type then has a field for it and no
/// longer keeps it among the unknown ones. As long as the field map has a use for every field, this
/// costs nothing.
#[inline]
pub(crate) fn unmapped_fields<T: MappedFields + Serialize>(item: &T) -> Option<Map<String, Value>> {
    if T::ALL_MAPPED {
        return None;
    }
    let Ok(Value::Object(mut all)) = serde_json::to_value(item) else {
        return None;
    };
    all.retain(|name, _| T::FIELDS.contains(&name.as_str()) && T::use_of(name) == FieldUse::Unknown);
    Some(all)
}

/// Adds what [`unmapped_fields`] returned to the unknown fields. Normally that is nothing, and a
/// transcript has thousands of objects.
#[inline]
pub(crate) fn keep_fields(extra: &mut Map<String, Value>, unmapped: Option<Map<String, Value>>) {
    if let Some(fields) = unmapped {
        extra.extend(fields);
    }
}

/// Parses the table.
///
/// A row is `field => usage, "remark";`, or `field as "spelling" => …` if its JSON name differs.
/// The usage is the facade fields that use it, in brackets, or `unknown`, or `out` with the reason
/// as the remark. Parentheses instead of brackets mean that the facade still reads the field from
/// the unknown ones, where it arrived before the spec named it. A quoted name after a `+` instead
/// of a field is not a field of the raw type, and arrives among the unknown ones too.
macro_rules! field_map {
    ($(
        $provider:literal in $client:ident {
            $($schema:ident {
                $($field:ident $(as $json:literal)? => $usage:tt $(, $remark:literal)?;)*
                $(+ $other:literal => $other_fate:tt $(, $other_remark:literal)?;)*
            })*
        }
    )*) => {
        $($(
            impl MappedFields for $client::types::$schema {
                const FIELDS: &'static [&'static str] = Self::FIELDS;
                const ROWS: &'static [Row] = &[
                    $(Row { field: spelling!($field $(as $json)?), usage: usage!($usage) },)*
                ];
            }
        )*)*

        /// Checks both sides of the table against the types.
        #[cfg(test)]
        mod compiled {
            use super::*;
            $($(
                const _: fn($client::types::$schema) = |raw| {
                    // In a macro the compiler reports "inaccessible fields" without their names, so
                    // the comment explains.
                    let $client::types::$schema { $($field: _,)* extra: _ } = raw; // No row for a field? `cargo xtask field-map`
                    $(facade!($usage);)*
                    $(facade!($other_fate);)*
                };
            )*)*

            #[test]
            fn every_row_is_a_field_as_the_spec_spells_it() {
                fn check<T: MappedFields>() {
                    let mut rows: Vec<&str> = T::ROWS.iter().map(|row| row.field).collect();
                    rows.sort_unstable();
                    assert_eq!(rows, T::FIELDS, "the fields of {}", std::any::type_name::<T>());
                }
                $($(check::<$client::types::$schema>();)*)*
            }
        }

        /// The use of every field that a provider sends.
        ///
        /// *Kept as unknown* means in the `extra` of the facade's type, such as
        /// [`Session::extra`](crate::Session::extra), or, for fields beside the sessions, in the bytes
        /// of the page ([`SourcePage::body`](crate::source::SourcePage::body)). The same holds for
        /// every field without a row.
        ///
        /// | provider | raw field | facade | remark |
        /// |---|---|---|---|
        $($(
            $(#[doc = concat!(
                "| ", $provider, " | `", stringify!($schema), ".", spelling!($field $(as $json)?), "` | ", display!($usage), " | ",
                remark!($($remark)?), " |"
            )])*
            $(#[doc = concat!(
                "| ", $provider, " | `", stringify!($schema), ".", $other, "` | ", display!($other_fate), " | ",
                remark!($($other_remark)?), " |"
            )])*
        )*)*
        pub mod normalisation {}
    };
}

macro_rules! spelling {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident as $json:literal) => {
        $json
    };
}

macro_rules! usage {
    (unknown) => {
        FieldUse::Unknown
    };
    (($($fed:tt)*)) => {
        FieldUse::Unknown
    };
    ($usage:tt) => {
        FieldUse::Mapped
    };
}

#[cfg(test)]
macro_rules! facade {
    ([$($type:ident . $field:ident),+]) => {
        $(let _ = |facade: &$type| {
            let _ = &facade.$field;
        };)+
    };
    ([$($type:ident :: $method:ident),+]) => {
        $(let _ = $type::$method;)+
    };
    (($($fed:tt)*)) => {
        facade!([$($fed)*]);
    };
    ($word:ident) => {};
}

macro_rules! display {
    ([$type:ident . $field:ident $(, $types:ident . $fields:ident)*]) => {
        concat!("`", stringify!($type), "::", stringify!($field), "`"
            $(, ", `", stringify!($types), "::", stringify!($fields), "`")*)
    };
    ([$type:ident :: $method:ident $(, $types:ident :: $methods:ident)*]) => {
        concat!("`", stringify!($type), "::", stringify!($method), "`"
            $(, ", `", stringify!($types), "::", stringify!($methods), "`")*)
    };
    (($($fed:tt)*)) => {
        display!([$($fed)*])
    };
    (unknown) => {
        "kept as unknown"
    };
    (out) => {
        "omitted"
    };
}

macro_rules! remark {
    () => {
        ""
    };
    ($remark:literal) => {
        $remark
    };
}

field_map! {
    "memories-ai" in memories_ai_client {
        ListSessionsResponse {
            code => [Error::kind, Error::code], "`0000` is success; so are `0`, `200` and `SUCCESS`, which sibling services send";
            msg => [Error::message], "ignored for a success; otherwise it also distinguishes transient failures";
            data => [SourcePage.sessions, SourcePage.absent];
            success => [Error::kind], "`false` makes a response an error, whatever its code";
            failed => [Error::kind], "`true` makes a response an error, whatever its code";
        }
        SessionList {
            sessions => [SourcePage.sessions];
            current_page => out, "the request has the number of the page";
            page => out, "the request has the number of the page";
            page_size => [SourcePage.page_size];
            total_pages => out, "it follows from the total and the page size";
            total_count => [SourcePage.total], "a number, or a string with one";
        }
        Session {
            session_id as "sessionId" => [Session.id, Session.created_at], "the creation time is derived from it if there is no other";
            title => [Session.title];
            video_no => [Session.resources], "as a resource of the kind `video`";
            created_time => [Session.created_at], "kept as unknown if it is not a time";
            + "session_id" => [Session.id], "the other spelling; kept as unknown if both exist and differ";
        }
        SessionDetailResponse {
            code => [Error::kind, Error::code], "as in the list";
            msg => [Error::message], "as in the list";
            data => [Transcript.session, Transcript.messages], "a success without data means that there is no such session";
            success => [Error::kind];
            failed => [Error::kind];
        }
        SessionDetail {
            session_id => [Session.id], "it must be the requested id";
            title => [Session.title];
            messages => [Transcript.messages];
            + "sessionId" => [Session.id], "the other spelling; it must be the requested id";
        }
        Message {
            role => [Message.role], "upper and lower case are the same; another spelling is kept as unknown";
            content => [Text.text];
            thinkings => [Message.parts], "before the text";
            refs => [Message.parts], "after the text";
        }
        Thinking {
            title => [Thinking.title];
            content => [Thinking.text];
            refs => [Thinking.references];
        }
        VideoReferences {
            video => [Reference.resource, Reference.name, Reference.duration];
            ref_items as "refItems" => [Reference.places];
        }
        ReferencedVideo {
            video_no => [Reference.resource], "as a resource of the kind `video`";
            video_name => [Reference.name];
            duration => [Reference.duration], "as text, because its unit is not known";
        }
        ReferenceItem {
            video_no as "videoNo" => [Reference.resource], "kept as unknown if it is not the id of `video`";
            start_time as "startTime" => [Place.start_seconds];
            end_time as "endTime" => [Place.end_seconds];
            type_ as "type" => [Place.kind];
            text => [Place.text];
        }
        UniqueIdsResponse {
            code => [Error::kind, Error::code], "as in the list";
            msg => [Error::message], "as in the list";
            data => [ScopeInfo.scope];
            success => [Error::kind];
            failed => [Error::kind];
        }
        UniqueIdList {
            unique_ids => [ScopeInfo.scope];
        }
        Failure {
            code => [Error::kind, Error::code];
            msg => [Error::message];
            data => out, "it is null in every known failure";
            success => [Error::kind];
            failed => [Error::kind];
        }
    }
    "llama-cloud" in llama_cloud_client {
        ChatSessionList {
            items => [SourcePage.sessions];
            next_page_token => [SourcePage.next], "the list ends if it is null, missing or empty";
        }
        ChatSession {
            session_id => [Session.id];
            last_updated_at => [Session.updated_at], "read as UTC if it has no zone; kept as unknown if it is not a time";
            generated_title => [Session.title];
            index_ids => [Session.resources], "as resources of the kind `index`";
            job_metadata => [Session.last_run];
            + "shared_access" => [Session.access], "only the provider's clients name it, since October 2026";
        }
        JobMetadata {
            duration_ms => [Run.duration_ms];
            error => [Run.error];
            export_config_ids => [Run.export_config_ids];
            is_error => [Run.is_error];
            total_input_tokens => [Run.input_tokens], "kept as unknown if it is negative";
            total_output_tokens => [Run.output_tokens], "kept as unknown if it is negative";
            turns => [Run.turns], "kept as unknown if it is negative";
        }
        ChatSessionDetail {
            events => [Transcript.messages];
            session_id => [Session.id], "it must be the requested id";
            last_updated_at => [Session.updated_at], "as in the list";
            generated_title => [Session.title];
            index_ids => [Session.resources];
            job_metadata => [Session.last_run];
            shared_access => [Session.access];
        }
        StopEvent {
            type_ as "type" => out, "it selects the kind of the part";
            is_error => [End.is_error];
            error => [End.error];
            usage => [End.usage];
            skipped_index_ids => [End.skipped_resources], "as resources of the kind `index`";
        }
        TurnUsage {
            duration_ms => [Usage.duration_ms];
            total_input_tokens => [Usage.input_tokens], "kept as unknown if it is negative";
            total_output_tokens => [Usage.output_tokens], "kept as unknown if it is negative";
            turns => [Usage.turns], "kept as unknown if it is negative";
        }
        TextDeltaEvent {
            type_ as "type" => out, "it selects the kind of the part";
            content => [Text.text], "joined, unless the whole text follows in the turn";
        }
        TextEvent {
            type_ as "type" => out, "it selects the kind of the part";
            content => [Text.text];
        }
        ThinkingDeltaEvent {
            type_ as "type" => out, "it selects the kind of the part";
            content => [Thinking.text], "joined, unless the whole text follows in the turn";
        }
        ThinkingEvent {
            type_ as "type" => out, "it selects the kind of the part";
            content => [Thinking.text];
        }
        ToolCallEvent {
            type_ as "type" => out, "it selects the kind of the part";
            call_id => [ToolCall.call_id];
            name => [ToolCall.name];
            arguments => [ToolCall.arguments];
        }
        ToolResultEvent {
            type_ as "type" => out, "it selects the kind of the part";
            call_id => [ToolResult.call_id, Attachment.call_id];
            name => [ToolResult.name];
            result => [ToolResult.result];
            image_attachment => [Attachment.name], "as a part of its own after the result";
        }
        ImageAttachment {
            attachment_name => [Attachment.name];
            source_id => [Attachment.source_id];
        }
        UserInputEvent {
            type_ as "type" => out, "it selects the kind of the part";
            content => [Text.text], "in a message of the user";
        }
        Project {
            id => [ScopeInfo.scope];
            name => [ScopeInfo.name];
            is_default => [ScopeInfo.is_default];
            organization_id => [ScopeInfo.extra];
            created_at => [ScopeInfo.extra];
            updated_at => [ScopeInfo.extra];
        }
        HttpValidationError {
            detail => [Error::message];
        }
        ValidationError {
            loc => [Error::message];
            msg => [Error::message];
            type_ as "type" => out, "the message contains it in words";
        }
        ErrorDetail {
            detail => [Error::message];
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_says_what_becomes_of_a_field() {
        type Raw = memories_ai_client::types::Session;
        assert_eq!(Raw::use_of("sessionId"), FieldUse::Mapped);
        assert_eq!(Raw::use_of("gained"), FieldUse::Unknown);
        const { assert!(Raw::ALL_MAPPED) };
        let rows = Raw::ROWS;
        assert!(all_mapped(&["title", "sessionId"], rows));
        assert!(!all_mapped(&["title", "sessionI"], rows) && !all_mapped(&["title", "sessionIds"], rows));
    }

    #[test]
    fn a_field_that_the_spec_gained_is_kept_until_a_row_maps_it() {
        #[derive(Serialize)]
        struct Raw {
            id: &'static str,
            gained: &'static str,
            noted: &'static str,
            beside: u8,
        }
        impl MappedFields for Raw {
            const FIELDS: &'static [&'static str] = &["id", "gained", "noted"];
            const ROWS: &'static [Row] = &[
                Row {
                    field: "id",
                    usage: FieldUse::Mapped,
                },
                Row {
                    field: "noted",
                    usage: FieldUse::Unknown,
                },
            ];
        }
        let raw = Raw {
            id: "1",
            gained: "value",
            noted: "value",
            beside: 1,
        };
        let kept = json!(unmapped_fields(&raw));
        assert_eq!(kept, json!({ "gained": "value", "noted": "value" }));
    }
}
