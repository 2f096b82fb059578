// Generated from specs/llama-cloud.yaml (fnv1a64:53a86d822b44ed53) by chat-sessions-codegen. Do not edit:
// change the spec and run `cargo xtask generate`.

#[allow(unused_imports)]
pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
#[allow(unused_imports)]
use progenitor_client::{encode_path, ClientHooks, OperationInfo, RequestBuilderExt};
/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    /**One event of a conversation. A turn starts with `user_input` and ends with `stop`. Events have no id and no time. The union allows the two kinds of fragments; whether they are stored is not documented.

Evidence: provider's SDK.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum ChatEvent {
        StopEvent(StopEvent),
        TextDeltaEvent(TextDeltaEvent),
        TextEvent(TextEvent),
        ThinkingDeltaEvent(ThinkingDeltaEvent),
        ThinkingEvent(ThinkingEvent),
        ToolCallEvent(ToolCallEvent),
        ToolResultEvent(ToolResultEvent),
        UserInputEvent(UserInputEvent),
        Other(::serde_json::Value),
    }
    impl<'de> ::chat_sessions_wire::union::Union<'de> for ChatEvent {
        const DISCRIMINATOR: &'static str = "type";
        fn number(value: &str) -> ::std::option::Option<usize> {
            match value {
                "stop" => ::std::option::Option::Some(0),
                "text_delta" => ::std::option::Option::Some(1),
                "text" => ::std::option::Option::Some(2),
                "thinking_delta" => ::std::option::Option::Some(3),
                "thinking" => ::std::option::Option::Some(4),
                "tool_call" => ::std::option::Option::Some(5),
                "tool_result" => ::std::option::Option::Some(6),
                "user_input" => ::std::option::Option::Some(7),
                _ => ::std::option::Option::None,
            }
        }
        fn read<__D: ::serde::Deserializer<'de>>(
            number: usize,
            object: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            match number {
                0 => ::serde::Deserialize::deserialize(object).map(Self::StopEvent),
                1 => ::serde::Deserialize::deserialize(object).map(Self::TextDeltaEvent),
                2 => ::serde::Deserialize::deserialize(object).map(Self::TextEvent),
                3 => {
                    ::serde::Deserialize::deserialize(object)
                        .map(Self::ThinkingDeltaEvent)
                }
                4 => ::serde::Deserialize::deserialize(object).map(Self::ThinkingEvent),
                5 => ::serde::Deserialize::deserialize(object).map(Self::ToolCallEvent),
                6 => ::serde::Deserialize::deserialize(object).map(Self::ToolResultEvent),
                7 => ::serde::Deserialize::deserialize(object).map(Self::UserInputEvent),
                _ => ::serde::Deserialize::deserialize(object).map(Self::Other),
            }
        }
        fn other(value: ::serde_json::Value) -> Self {
            Self::Other(value)
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ChatEvent {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::union::whole(deserializer)
        }
    }
    impl ::std::convert::From<StopEvent> for ChatEvent {
        fn from(value: StopEvent) -> Self {
            Self::StopEvent(value)
        }
    }
    impl ::std::convert::From<TextDeltaEvent> for ChatEvent {
        fn from(value: TextDeltaEvent) -> Self {
            Self::TextDeltaEvent(value)
        }
    }
    impl ::std::convert::From<TextEvent> for ChatEvent {
        fn from(value: TextEvent) -> Self {
            Self::TextEvent(value)
        }
    }
    impl ::std::convert::From<ThinkingDeltaEvent> for ChatEvent {
        fn from(value: ThinkingDeltaEvent) -> Self {
            Self::ThinkingDeltaEvent(value)
        }
    }
    impl ::std::convert::From<ThinkingEvent> for ChatEvent {
        fn from(value: ThinkingEvent) -> Self {
            Self::ThinkingEvent(value)
        }
    }
    impl ::std::convert::From<ToolCallEvent> for ChatEvent {
        fn from(value: ToolCallEvent) -> Self {
            Self::ToolCallEvent(value)
        }
    }
    impl ::std::convert::From<ToolResultEvent> for ChatEvent {
        fn from(value: ToolResultEvent) -> Self {
            Self::ToolResultEvent(value)
        }
    }
    impl ::std::convert::From<UserInputEvent> for ChatEvent {
        fn from(value: UserInputEvent) -> Self {
            Self::UserInputEvent(value)
        }
    }
    impl ::std::convert::From<::serde_json::Value> for ChatEvent {
        fn from(value: ::serde_json::Value) -> Self {
            Self::Other(value)
        }
    }
    /**One chat session, without its events.

Evidence: response table, example, provider's SDK.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ChatSession {
        /**The first message of the user, shortened, with three dots after it; null before there is one.

Evidence: response table, example, provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub generated_title: ::std::option::Option<::std::string::String>,
        /**The indexes that the session is bound to; null when it is bound to none.

Evidence: response table, example, provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub index_ids: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
        /**Tokens and outcome of the most recent run; null when the session was never run.

Evidence: response table, example, provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub job_metadata: ::std::option::Option<JobMetadata>,
        /**When the session was last updated, in ISO form. The example has microseconds and no zone, so that it is not a `date-time` as the specification means it; UTC is inferred.

Evidence: response table, example, provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub last_updated_at: ::std::option::Option<::std::string::String>,
        /**The id of the session.

Evidence: response table, example, provider's SDK.*/
        pub session_id: ::std::string::String,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ChatSession {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &[
            "generated_title",
            "index_ids",
            "job_metadata",
            "last_updated_at",
            "session_id",
        ];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for ChatSession {
        const EXPECTED: &'static str = "struct ChatSession";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "generated_title" => 0,
                "index_ids" => 1,
                "job_metadata" => 2,
                "last_updated_at" => 3,
                "session_id" => 4,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut generated_title_ = ::std::option::Option::None;
            let mut index_ids_ = ::std::option::Option::None;
            let mut job_metadata_ = ::std::option::Option::None;
            let mut last_updated_at_ = ::std::option::Option::None;
            let mut session_id_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut generated_title_,
                            "generated_title",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::scalars(
                            &mut index_ids_,
                            "index_ids",
                            map,
                            unknown,
                        )
                    }
                    2 => {
                        ::chat_sessions_wire::reading::object(
                            &mut job_metadata_,
                            "job_metadata",
                            map,
                            unknown,
                        )
                    }
                    3 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut last_updated_at_,
                            "last_updated_at",
                            map,
                            unknown,
                        )
                    }
                    4 => ::chat_sessions_wire::reading::required(&mut session_id_, map),
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(ChatSession {
                generated_title: generated_title_.flatten(),
                index_ids: index_ids_.flatten(),
                job_metadata: job_metadata_.flatten(),
                last_updated_at: last_updated_at_.flatten(),
                session_id: session_id_
                    .ok_or_else(|| ::serde::de::Error::missing_field("session_id"))?,
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ChatSession {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**One chat session with the whole history of its conversation.

Evidence: response table, provider's SDK.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ChatSessionDetail {
        /**The events of the conversation, in order.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub events: ::std::option::Option<::std::vec::Vec<ChatEvent>>,
        /**The first message of the user, shortened; null before there is one.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub generated_title: ::std::option::Option<::std::string::String>,
        /**The indexes that the session is bound to; null when it is bound to none.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub index_ids: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
        /**Tokens and outcome of the most recent run; null when the session was never run.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub job_metadata: ::std::option::Option<JobMetadata>,
        /**When the session was last updated, in ISO form, as in the list.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub last_updated_at: ::std::option::Option<::std::string::String>,
        /**The id of the session.

Evidence: provider's SDK.*/
        pub session_id: ::std::string::String,
        /**What the session's share link grants: `read_only` shows the transcript, `query` allows new questions. The provider's clients have it since version 2.17; the reference page of the list does not name it.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub shared_access: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ChatSessionDetail {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &[
            "events",
            "generated_title",
            "index_ids",
            "job_metadata",
            "last_updated_at",
            "session_id",
            "shared_access",
        ];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for ChatSessionDetail {
        const EXPECTED: &'static str = "struct ChatSessionDetail";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "events" => 0,
                "generated_title" => 1,
                "index_ids" => 2,
                "job_metadata" => 3,
                "last_updated_at" => 4,
                "session_id" => 5,
                "shared_access" => 6,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut events_ = ::std::option::Option::None;
            let mut generated_title_ = ::std::option::Option::None;
            let mut index_ids_ = ::std::option::Option::None;
            let mut job_metadata_ = ::std::option::Option::None;
            let mut last_updated_at_ = ::std::option::Option::None;
            let mut session_id_ = ::std::option::Option::None;
            let mut shared_access_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => ::chat_sessions_wire::reading::strict(&mut events_, map),
                    1 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut generated_title_,
                            "generated_title",
                            map,
                            unknown,
                        )
                    }
                    2 => {
                        ::chat_sessions_wire::reading::scalars(
                            &mut index_ids_,
                            "index_ids",
                            map,
                            unknown,
                        )
                    }
                    3 => {
                        ::chat_sessions_wire::reading::object(
                            &mut job_metadata_,
                            "job_metadata",
                            map,
                            unknown,
                        )
                    }
                    4 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut last_updated_at_,
                            "last_updated_at",
                            map,
                            unknown,
                        )
                    }
                    5 => ::chat_sessions_wire::reading::required(&mut session_id_, map),
                    6 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut shared_access_,
                            "shared_access",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(ChatSessionDetail {
                events: events_.flatten(),
                generated_title: generated_title_.flatten(),
                index_ids: index_ids_.flatten(),
                job_metadata: job_metadata_.flatten(),
                last_updated_at: last_updated_at_.flatten(),
                session_id: session_id_
                    .ok_or_else(|| ::serde::de::Error::missing_field("session_id"))?,
                shared_access: shared_access_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ChatSessionDetail {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**One page of chat sessions.

Evidence: response table, example, provider's SDK.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ChatSessionList {
        /**The chat sessions of this page.

Evidence: response table, example, provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub items: ::std::option::Option<::std::vec::Vec<ChatSession>>,
        /**The opaque token of the next page. It is left out when there is none; the provider's client takes null and the empty string for the end as well.

Evidence: response table, example, provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub next_page_token: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ChatSessionList {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &["items", "next_page_token"];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for ChatSessionList {
        const EXPECTED: &'static str = "struct ChatSessionList";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "items" => 0,
                "next_page_token" => 1,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut items_ = ::std::option::Option::None;
            let mut next_page_token_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => ::chat_sessions_wire::reading::objects(&mut items_, map),
                    1 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut next_page_token_,
                            "next_page_token",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(ChatSessionList {
                items: items_.flatten(),
                next_page_token: next_page_token_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ChatSessionList {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**What went wrong, as one text. A 422 has a list in the same place.

Evidence: live answer.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ErrorDetail {
        /**What went wrong, for people.

Evidence: live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub detail: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ErrorDetail {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &["detail"];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for ErrorDetail {
        const EXPECTED: &'static str = "struct ErrorDetail";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "detail" => 0,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut detail_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut detail_,
                            "detail",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(ErrorDetail {
                detail: detail_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ErrorDetail {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**What is wrong with the parameters of a request, one entry for each fault.

Evidence: provider's SDK, live answer.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct HttpValidationError {
        /**The faults.

Evidence: provider's SDK, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub detail: ::std::option::Option<::std::vec::Vec<ValidationError>>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl HttpValidationError {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &["detail"];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for HttpValidationError {
        const EXPECTED: &'static str = "struct HttpValidationError";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "detail" => 0,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut detail_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, _| match number {
                    0 => ::chat_sessions_wire::reading::objects(&mut detail_, map),
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(HttpValidationError {
                detail: detail_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for HttpValidationError {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**Names a screenshot of a page, which another endpoint turns into a URL.

Evidence: provider's SDK.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ImageAttachment {
        /**The name of the attachment.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub attachment_name: ::std::option::Option<::std::string::String>,
        /**The id of the document that the page belongs to.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub source_id: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ImageAttachment {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &["attachment_name", "source_id"];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for ImageAttachment {
        const EXPECTED: &'static str = "struct ImageAttachment";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "attachment_name" => 0,
                "source_id" => 1,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut attachment_name_ = ::std::option::Option::None;
            let mut source_id_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut attachment_name_,
                            "attachment_name",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut source_id_,
                            "source_id",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(ImageAttachment {
                attachment_name: attachment_name_.flatten(),
                source_id: source_id_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ImageAttachment {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**Tokens and outcome of the most recent run of a session. Despite their names the totals are not those of the session.

Evidence: response table, example, provider's SDK.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct JobMetadata {
        /**How long the run took, in milliseconds.

Evidence: response table, example, provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub duration_ms: ::std::option::Option<f64>,
        /**What went wrong, if something did.

Evidence: response table, example, provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error: ::std::option::Option<::std::string::String>,
        /**The export configurations that the run used.

Evidence: response table, example, provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub export_config_ids: ::std::option::Option<
            ::std::vec::Vec<::std::string::String>,
        >,
        /**Whether the run failed.

Evidence: response table, example, provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub is_error: ::std::option::Option<bool>,
        /**Tokens that the run read. The table says a number, the provider's client an integer.

Evidence: response table, example, provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub total_input_tokens: ::std::option::Option<i64>,
        /**Tokens that the run wrote. The table says a number, the provider's client an integer.

Evidence: response table, example, provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub total_output_tokens: ::std::option::Option<i64>,
        /**Turns of the run. The table says a number, the provider's client an integer.

Evidence: response table, example, provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub turns: ::std::option::Option<i64>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl JobMetadata {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &[
            "duration_ms",
            "error",
            "export_config_ids",
            "is_error",
            "total_input_tokens",
            "total_output_tokens",
            "turns",
        ];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for JobMetadata {
        const EXPECTED: &'static str = "struct JobMetadata";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "duration_ms" => 0,
                "error" => 1,
                "export_config_ids" => 2,
                "is_error" => 3,
                "total_input_tokens" => 4,
                "total_output_tokens" => 5,
                "turns" => 6,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut duration_ms_ = ::std::option::Option::None;
            let mut error_ = ::std::option::Option::None;
            let mut export_config_ids_ = ::std::option::Option::None;
            let mut is_error_ = ::std::option::Option::None;
            let mut total_input_tokens_ = ::std::option::Option::None;
            let mut total_output_tokens_ = ::std::option::Option::None;
            let mut turns_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut duration_ms_,
                            "duration_ms",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut error_,
                            "error",
                            map,
                            unknown,
                        )
                    }
                    2 => {
                        ::chat_sessions_wire::reading::scalars(
                            &mut export_config_ids_,
                            "export_config_ids",
                            map,
                            unknown,
                        )
                    }
                    3 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut is_error_,
                            "is_error",
                            map,
                            unknown,
                        )
                    }
                    4 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut total_input_tokens_,
                            "total_input_tokens",
                            map,
                            unknown,
                        )
                    }
                    5 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut total_output_tokens_,
                            "total_output_tokens",
                            map,
                            unknown,
                        )
                    }
                    6 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut turns_,
                            "turns",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(JobMetadata {
                duration_ms: duration_ms_.flatten(),
                error: error_.flatten(),
                export_config_ids: export_config_ids_.flatten(),
                is_error: is_error_.flatten(),
                total_input_tokens: total_input_tokens_.flatten(),
                total_output_tokens: total_output_tokens_.flatten(),
                turns: turns_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for JobMetadata {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**One step on the way to a value, a name or a position.

Evidence: provider's SDK, live answer.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum Location {
        Text(::std::string::String),
        Integer(i64),
        Other(::serde_json::Value),
    }
    impl<'de> ::serde::Deserialize<'de> for Location {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(
                deserializer,
            )?;
            let value = match value {
                ::serde_json::Value::String(text) => {
                    return ::std::result::Result::Ok(Self::Text(text));
                }
                value => value,
            };
            if let ::std::option::Option::Some(number) = value.as_i64() {
                return ::std::result::Result::Ok(Self::Integer(number));
            }
            ::std::result::Result::Ok(Self::Other(value))
        }
    }
    impl ::std::convert::From<i64> for Location {
        fn from(value: i64) -> Self {
            Self::Integer(value)
        }
    }
    impl ::std::convert::From<::serde_json::Value> for Location {
        fn from(value: ::serde_json::Value) -> Self {
            Self::Other(value)
        }
    }
    /**One project.

Evidence: provider's SDK.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Project {
        /**When the project was created. The provider's client reads a date and time.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub created_at: ::std::option::Option<::std::string::String>,
        /**The id, which `project_id` takes.

Evidence: provider's SDK.*/
        pub id: ::std::string::String,
        /**Whether this is the default project of the user.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub is_default: ::std::option::Option<bool>,
        /**The name for people.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<::std::string::String>,
        /**The organization that the project belongs to.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub organization_id: ::std::option::Option<::std::string::String>,
        /**When the project was last changed. The provider's client reads a date and time.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub updated_at: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl Project {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &[
            "created_at",
            "id",
            "is_default",
            "name",
            "organization_id",
            "updated_at",
        ];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for Project {
        const EXPECTED: &'static str = "struct Project";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "created_at" => 0,
                "id" => 1,
                "is_default" => 2,
                "name" => 3,
                "organization_id" => 4,
                "updated_at" => 5,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut created_at_ = ::std::option::Option::None;
            let mut id_ = ::std::option::Option::None;
            let mut is_default_ = ::std::option::Option::None;
            let mut name_ = ::std::option::Option::None;
            let mut organization_id_ = ::std::option::Option::None;
            let mut updated_at_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut created_at_,
                            "created_at",
                            map,
                            unknown,
                        )
                    }
                    1 => ::chat_sessions_wire::reading::required(&mut id_, map),
                    2 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut is_default_,
                            "is_default",
                            map,
                            unknown,
                        )
                    }
                    3 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut name_,
                            "name",
                            map,
                            unknown,
                        )
                    }
                    4 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut organization_id_,
                            "organization_id",
                            map,
                            unknown,
                        )
                    }
                    5 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut updated_at_,
                            "updated_at",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(Project {
                created_at: created_at_.flatten(),
                id: id_.ok_or_else(|| ::serde::de::Error::missing_field("id"))?,
                is_default: is_default_.flatten(),
                name: name_.flatten(),
                organization_id: organization_id_.flatten(),
                updated_at: updated_at_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Project {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**The projects of an organization.

Evidence: provider's SDK.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(transparent)]
    pub struct ProjectList(pub ::std::vec::Vec<Project>);
    impl ::std::ops::Deref for ProjectList {
        type Target = ::std::vec::Vec<Project>;
        fn deref(&self) -> &::std::vec::Vec<Project> {
            &self.0
        }
    }
    impl ::std::convert::From<ProjectList> for ::std::vec::Vec<Project> {
        fn from(value: ProjectList) -> Self {
            value.0
        }
    }
    impl ::std::convert::From<::std::vec::Vec<Project>> for ProjectList {
        fn from(value: ::std::vec::Vec<Project>) -> Self {
            Self(value)
        }
    }
    /**The end of a turn.

Evidence: provider's SDK.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct StopEvent {
        /**What went wrong, if something did.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error: ::std::option::Option<::std::string::String>,
        /**Whether the turn failed.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub is_error: ::std::option::Option<bool>,
        /**The requested indexes that this turn could not query. The provider's clients have it since version 2.17.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub skipped_index_ids: ::std::option::Option<
            ::std::vec::Vec<::std::string::String>,
        >,
        /**Tells the kinds of events apart. The provider's client marks it optional, so it may be missing.

Evidence: provider's SDK.*/
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
        /**What the turn used.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub usage: ::std::option::Option<TurnUsage>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl StopEvent {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &[
            "error",
            "is_error",
            "skipped_index_ids",
            "type",
            "usage",
        ];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for StopEvent {
        const EXPECTED: &'static str = "struct StopEvent";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "error" => 0,
                "is_error" => 1,
                "skipped_index_ids" => 2,
                "type" => 3,
                "usage" => 4,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut error_ = ::std::option::Option::None;
            let mut is_error_ = ::std::option::Option::None;
            let mut skipped_index_ids_ = ::std::option::Option::None;
            let mut type__ = ::std::option::Option::None;
            let mut usage_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut error_,
                            "error",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut is_error_,
                            "is_error",
                            map,
                            unknown,
                        )
                    }
                    2 => {
                        ::chat_sessions_wire::reading::scalars(
                            &mut skipped_index_ids_,
                            "skipped_index_ids",
                            map,
                            unknown,
                        )
                    }
                    3 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut type__,
                            "type",
                            map,
                            unknown,
                        )
                    }
                    4 => {
                        ::chat_sessions_wire::reading::object(
                            &mut usage_,
                            "usage",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(StopEvent {
                error: error_.flatten(),
                is_error: is_error_.flatten(),
                skipped_index_ids: skipped_index_ids_.flatten(),
                type_: type__.flatten(),
                usage: usage_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for StopEvent {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**A fragment of the text of an answer.

Evidence: provider's SDK.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct TextDeltaEvent {
        /**The fragment.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub content: ::std::option::Option<::std::string::String>,
        /**Tells the kinds of events apart. The provider's client marks it optional, so it may be missing.

Evidence: provider's SDK.*/
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl TextDeltaEvent {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &["content", "type"];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for TextDeltaEvent {
        const EXPECTED: &'static str = "struct TextDeltaEvent";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "content" => 0,
                "type" => 1,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut content_ = ::std::option::Option::None;
            let mut type__ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut content_,
                            "content",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut type__,
                            "type",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(TextDeltaEvent {
                content: content_.flatten(),
                type_: type__.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for TextDeltaEvent {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**The text of an answer, whole.

Evidence: provider's SDK.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct TextEvent {
        /**The text, usually Markdown.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub content: ::std::option::Option<::std::string::String>,
        /**Tells the kinds of events apart. The provider's client marks it optional, so it may be missing.

Evidence: provider's SDK.*/
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl TextEvent {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &["content", "type"];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for TextEvent {
        const EXPECTED: &'static str = "struct TextEvent";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "content" => 0,
                "type" => 1,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut content_ = ::std::option::Option::None;
            let mut type__ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut content_,
                            "content",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut type__,
                            "type",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(TextEvent {
                content: content_.flatten(),
                type_: type__.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for TextEvent {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**A fragment of the reasoning before an answer.

Evidence: provider's SDK.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ThinkingDeltaEvent {
        /**The fragment.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub content: ::std::option::Option<::std::string::String>,
        /**Tells the kinds of events apart. The provider's client marks it optional, so it may be missing.

Evidence: provider's SDK.*/
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ThinkingDeltaEvent {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &["content", "type"];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for ThinkingDeltaEvent {
        const EXPECTED: &'static str = "struct ThinkingDeltaEvent";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "content" => 0,
                "type" => 1,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut content_ = ::std::option::Option::None;
            let mut type__ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut content_,
                            "content",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut type__,
                            "type",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(ThinkingDeltaEvent {
                content: content_.flatten(),
                type_: type__.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ThinkingDeltaEvent {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**The reasoning before an answer, whole.

Evidence: provider's SDK.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ThinkingEvent {
        /**The text.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub content: ::std::option::Option<::std::string::String>,
        /**Tells the kinds of events apart. The provider's client marks it optional, so it may be missing.

Evidence: provider's SDK.*/
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ThinkingEvent {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &["content", "type"];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for ThinkingEvent {
        const EXPECTED: &'static str = "struct ThinkingEvent";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "content" => 0,
                "type" => 1,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut content_ = ::std::option::Option::None;
            let mut type__ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut content_,
                            "content",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut type__,
                            "type",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(ThinkingEvent {
                content: content_.flatten(),
                type_: type__.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ThinkingEvent {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**A call of a tool.

Evidence: provider's SDK.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ToolCallEvent {
        /**The arguments of the call.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub arguments: ::std::option::Option<
            ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        >,
        /**The id that the result of the call repeats.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub call_id: ::std::option::Option<::std::string::String>,
        /**The name of the tool.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<::std::string::String>,
        /**Tells the kinds of events apart. The provider's client marks it optional, so it may be missing.

Evidence: provider's SDK.*/
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ToolCallEvent {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &[
            "arguments",
            "call_id",
            "name",
            "type",
        ];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for ToolCallEvent {
        const EXPECTED: &'static str = "struct ToolCallEvent";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "arguments" => 0,
                "call_id" => 1,
                "name" => 2,
                "type" => 3,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut arguments_ = ::std::option::Option::None;
            let mut call_id_ = ::std::option::Option::None;
            let mut name_ = ::std::option::Option::None;
            let mut type__ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::buffered(
                            &mut arguments_,
                            "arguments",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut call_id_,
                            "call_id",
                            map,
                            unknown,
                        )
                    }
                    2 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut name_,
                            "name",
                            map,
                            unknown,
                        )
                    }
                    3 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut type__,
                            "type",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(ToolCallEvent {
                arguments: arguments_.flatten(),
                call_id: call_id_.flatten(),
                name: name_.flatten(),
                type_: type__.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ToolCallEvent {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**The result of a call of a tool.

Evidence: provider's SDK.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ToolResultEvent {
        /**The id of the call.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub call_id: ::std::option::Option<::std::string::String>,
        /**The screenshot of a page that belongs to the result. The provider's clients have it since version 2.17.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub image_attachment: ::std::option::Option<ImageAttachment>,
        /**The name of the tool.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<::std::string::String>,
        /**The result, any JSON, null included.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub result: ::std::option::Option<::serde_json::Value>,
        /**Tells the kinds of events apart. The provider's client marks it optional, so it may be missing.

Evidence: provider's SDK.*/
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ToolResultEvent {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &[
            "call_id",
            "image_attachment",
            "name",
            "result",
            "type",
        ];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for ToolResultEvent {
        const EXPECTED: &'static str = "struct ToolResultEvent";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "call_id" => 0,
                "image_attachment" => 1,
                "name" => 2,
                "result" => 3,
                "type" => 4,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut call_id_ = ::std::option::Option::None;
            let mut image_attachment_ = ::std::option::Option::None;
            let mut name_ = ::std::option::Option::None;
            let mut result_ = ::std::option::Option::None;
            let mut type__ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut call_id_,
                            "call_id",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::object(
                            &mut image_attachment_,
                            "image_attachment",
                            map,
                            unknown,
                        )
                    }
                    2 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut name_,
                            "name",
                            map,
                            unknown,
                        )
                    }
                    3 => ::chat_sessions_wire::reading::any(&mut result_, map),
                    4 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut type__,
                            "type",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(ToolResultEvent {
                call_id: call_id_.flatten(),
                image_attachment: image_attachment_.flatten(),
                name: name_.flatten(),
                result: result_.flatten(),
                type_: type__.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ToolResultEvent {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**What one turn used.

Evidence: provider's SDK.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct TurnUsage {
        /**How long the turn took, in milliseconds.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub duration_ms: ::std::option::Option<f64>,
        /**Tokens that the turn read.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub total_input_tokens: ::std::option::Option<i64>,
        /**Tokens that the turn wrote.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub total_output_tokens: ::std::option::Option<i64>,
        /**Rounds of the model in this turn.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub turns: ::std::option::Option<i64>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl TurnUsage {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &[
            "duration_ms",
            "total_input_tokens",
            "total_output_tokens",
            "turns",
        ];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for TurnUsage {
        const EXPECTED: &'static str = "struct TurnUsage";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "duration_ms" => 0,
                "total_input_tokens" => 1,
                "total_output_tokens" => 2,
                "turns" => 3,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut duration_ms_ = ::std::option::Option::None;
            let mut total_input_tokens_ = ::std::option::Option::None;
            let mut total_output_tokens_ = ::std::option::Option::None;
            let mut turns_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut duration_ms_,
                            "duration_ms",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut total_input_tokens_,
                            "total_input_tokens",
                            map,
                            unknown,
                        )
                    }
                    2 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut total_output_tokens_,
                            "total_output_tokens",
                            map,
                            unknown,
                        )
                    }
                    3 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut turns_,
                            "turns",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(TurnUsage {
                duration_ms: duration_ms_.flatten(),
                total_input_tokens: total_input_tokens_.flatten(),
                total_output_tokens: total_output_tokens_.flatten(),
                turns: turns_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for TurnUsage {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**A message of the user, which starts a turn.

Evidence: provider's SDK.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct UserInputEvent {
        /**The text of the message.

Evidence: provider's SDK.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub content: ::std::option::Option<::std::string::String>,
        /**Tells the kinds of events apart. The provider's client marks it optional, so it may be missing.

Evidence: provider's SDK.*/
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl UserInputEvent {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &["content", "type"];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for UserInputEvent {
        const EXPECTED: &'static str = "struct UserInputEvent";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "content" => 0,
                "type" => 1,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut content_ = ::std::option::Option::None;
            let mut type__ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut content_,
                            "content",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut type__,
                            "type",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(UserInputEvent {
                content: content_.flatten(),
                type_: type__.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for UserInputEvent {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**One fault of a request.

Evidence: provider's SDK, live answer.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ValidationError {
        /**The way to the value at fault, as names and positions.

Evidence: provider's SDK, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub loc: ::std::option::Option<::std::vec::Vec<Location>>,
        /**What is wrong, for people.

Evidence: provider's SDK, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub msg: ::std::option::Option<::std::string::String>,
        /**The class of the fault.

Evidence: provider's SDK, live answer.*/
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ValidationError {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &["loc", "msg", "type"];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for ValidationError {
        const EXPECTED: &'static str = "struct ValidationError";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "loc" => 0,
                "msg" => 1,
                "type" => 2,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut loc_ = ::std::option::Option::None;
            let mut msg_ = ::std::option::Option::None;
            let mut type__ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::buffered(
                            &mut loc_,
                            "loc",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut msg_,
                            "msg",
                            map,
                            unknown,
                        )
                    }
                    2 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut type__,
                            "type",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(ValidationError {
                loc: loc_.flatten(),
                msg: msg_.flatten(),
                type_: type__.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ValidationError {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /// Error types.
    pub mod error {
        /// Error from a `TryFrom` or `FromStr` implementation.
        pub struct ConversionError(::std::borrow::Cow<'static, str>);
        impl ::std::error::Error for ConversionError {}
        impl ::std::fmt::Display for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl ::std::fmt::Debug for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }
        impl From<&'static str> for ConversionError {
            fn from(value: &'static str) -> Self {
                Self(value.into())
            }
        }
        impl From<String> for ConversionError {
            fn from(value: String) -> Self {
                Self(value.into())
            }
        }
    }
    ///The optional parameters of [`Client::list_chat_sessions`](super::Client::list_chat_sessions). Omit others with `..Default::default()`.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct ListChatSessionsParams<'a> {
        /// The organization whose default project is meant when no project is named. The table says a string, the reference in its version for Go a UUID. Evidence: parameter table, provider's SDK.
        pub organization_id: ::std::option::Option<&'a str>,
        /// How many sessions to give at most. The table says a number, the provider's client an integer. Neither the default nor the maximum is documented for chat; sibling endpoints lower larger values to 1000. Evidence: parameter table, provider's SDK.
        pub page_size: ::std::option::Option<i64>,
        /// The `next_page_token` of the page before; left out for the first page. Evidence: parameter table, provider's SDK.
        pub page_token: ::std::option::Option<&'a str>,
        /// The project whose sessions are listed. The table says a string, the reference in its version for Go a UUID. Evidence: parameter table, provider's SDK.
        pub project_id: ::std::option::Option<&'a str>,
    }
}
#[derive(Clone, Debug)]
/**Client for LlamaCloud chat sessions

The part of the LlamaCloud API v1 that reads the chat sessions of a project.

Version: 1*/
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: ::chat_sessions_wire::Wire,
}
impl Client {
    /// Construct a new client with an existing `reqwest::Client`,
    /// allowing more control over its configuration.
    ///
    /// `baseurl` is the base URL provided to the internal
    /// `reqwest::Client`, and should include a scheme and hostname,
    /// as well as port and a path stem if applicable.
    pub fn new_with_client(
        baseurl: &str,
        client: reqwest::Client,
        inner: ::chat_sessions_wire::Wire,
    ) -> Self {
        Self {
            baseurl: baseurl.to_string(),
            client,
            inner,
        }
    }
}
impl ClientInfo<::chat_sessions_wire::Wire> for Client {
    fn api_version() -> &'static str {
        "1"
    }
    fn baseurl(&self) -> &str {
        self.baseurl.as_str()
    }
    fn client(&self) -> &reqwest::Client {
        &self.client
    }
    fn inner(&self) -> &::chat_sessions_wire::Wire {
        &self.inner
    }
}
const _: () = {
    #[allow(dead_code)]
    fn assert_client_hooks()
    where
        Client: ClientHooks<::chat_sessions_wire::Wire>,
    {}
};
#[allow(clippy::all)]
impl Client {
    /// Builds the request of [`list_chat_sessions`](Self::list_chat_sessions). [`Wire::receive`](::chat_sessions_wire::Wire::receive) adds the key and sends it. Its address may hold page tokens.
    #[inline]
    pub fn list_chat_sessions_request<'a>(
        &'a self,
        params: types::ListChatSessionsParams<'a>,
    ) -> Result<::reqwest::Request, Error<()>> {
        let types::ListChatSessionsParams {
            organization_id,
            page_size,
            page_token,
            project_id,
        } = params;
        let url = format!("{}/api/v1/chat", self.baseurl,);
        let request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(
                &progenitor_client::QueryParam::new("organization_id", &organization_id),
            )
            .query(&progenitor_client::QueryParam::new("page_size", &page_size))
            .query(&progenitor_client::QueryParam::new("page_token", &page_token))
            .query(&progenitor_client::QueryParam::new("project_id", &project_id))
            .build()?;
        Ok(request)
    }
    /**Lists the chat sessions of a project

Gives one page of the chat sessions of the current project, which is the default project of the key unless `project_id` names another. The order is not documented. A page can be shorter than asked for and still have a successor; only a missing token ends the list.

Evidence: documentation table, example, provider's SDK.

Sends a `GET` request to `/api/v1/chat`

Arguments:
- `params`: What may be omitted: [`ListChatSessionsParams`](types::ListChatSessionsParams).
*/
    pub async fn list_chat_sessions<'a>(
        &'a self,
        params: types::ListChatSessionsParams<'a>,
    ) -> Result<ResponseValue<types::ChatSessionList>, Error<()>> {
        let mut request = self.list_chat_sessions_request(params)?;
        let info = OperationInfo {
            operation_id: "list_chat_sessions",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ::chat_sessions_wire::decoded(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Builds the request of [`get_chat_session`](Self::get_chat_session). [`Wire::receive`](::chat_sessions_wire::Wire::receive) adds the key and sends it. Its address may hold page tokens.
    #[inline]
    pub fn get_chat_session_request<'a>(
        &'a self,
        session_id: &'a str,
        organization_id: Option<&'a str>,
        project_id: Option<&'a str>,
    ) -> Result<::reqwest::Request, Error<()>> {
        let url = format!(
            "{}/api/v1/chat/{}", self.baseurl, encode_path(& session_id.to_string()),
        );
        let request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(
                &progenitor_client::QueryParam::new("organization_id", &organization_id),
            )
            .query(&progenitor_client::QueryParam::new("project_id", &project_id))
            .build()?;
        Ok(request)
    }
    /**Returns one chat session with its events

Returns a session and the whole history of its conversation, in one response. Nothing says that a long history is paged or cut.

Evidence: documentation table, provider's SDK.

Sends a `GET` request to `/api/v1/chat/{session_id}`

Arguments:
- `session_id`: The id of the session. Evidence: parameter table, provider's SDK.
- `organization_id`: The organization whose default project is meant when no project is named. Evidence: parameter table, provider's SDK.
- `project_id`: The project that holds the session. Evidence: parameter table, provider's SDK.
*/
    pub async fn get_chat_session<'a>(
        &'a self,
        session_id: &'a str,
        organization_id: Option<&'a str>,
        project_id: Option<&'a str>,
    ) -> Result<ResponseValue<types::ChatSessionDetail>, Error<()>> {
        let mut request = self
            .get_chat_session_request(session_id, organization_id, project_id)?;
        let info = OperationInfo {
            operation_id: "get_chat_session",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ::chat_sessions_wire::decoded(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Builds the request of [`get_chat_session_summary`](Self::get_chat_session_summary). [`Wire::receive`](::chat_sessions_wire::Wire::receive) adds the key and sends it. Its address may hold page tokens.
    #[inline]
    pub fn get_chat_session_summary_request<'a>(
        &'a self,
        session_id: &'a str,
        organization_id: Option<&'a str>,
        project_id: Option<&'a str>,
    ) -> Result<::reqwest::Request, Error<()>> {
        let url = format!(
            "{}/api/v1/chat/{}/summary", self.baseurl, encode_path(& session_id
            .to_string()),
        );
        let request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(
                &progenitor_client::QueryParam::new("organization_id", &organization_id),
            )
            .query(&progenitor_client::QueryParam::new("project_id", &project_id))
            .build()?;
        Ok(request)
    }
    /**Returns one chat session without its events

Returns what the list has about a session.

Evidence: documentation table, provider's SDK.

Sends a `GET` request to `/api/v1/chat/{session_id}/summary`

Arguments:
- `session_id`: The id of the session. Evidence: parameter table, provider's SDK.
- `organization_id`: The organization whose default project is meant when no project is named. Evidence: parameter table, provider's SDK.
- `project_id`: The project that holds the session. Evidence: parameter table, provider's SDK.
*/
    pub async fn get_chat_session_summary<'a>(
        &'a self,
        session_id: &'a str,
        organization_id: Option<&'a str>,
        project_id: Option<&'a str>,
    ) -> Result<ResponseValue<types::ChatSession>, Error<()>> {
        let mut request = self
            .get_chat_session_summary_request(session_id, organization_id, project_id)?;
        let info = OperationInfo {
            operation_id: "get_chat_session_summary",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ::chat_sessions_wire::decoded(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
    /// Builds the request of [`list_projects`](Self::list_projects). [`Wire::receive`](::chat_sessions_wire::Wire::receive) adds the key and sends it. Its address may hold page tokens.
    #[inline]
    pub fn list_projects_request<'a>(
        &'a self,
        organization_id: Option<&'a str>,
        project_name: Option<&'a str>,
    ) -> Result<::reqwest::Request, Error<()>> {
        let url = format!("{}/api/v1/projects", self.baseurl,);
        let request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(
                &progenitor_client::QueryParam::new("organization_id", &organization_id),
            )
            .query(&progenitor_client::QueryParam::new("project_name", &project_name))
            .build()?;
        Ok(request)
    }
    /**Lists the projects of an organization

Returns every project that the key can see, in one response. This is version 1 of the operation, which the provider's clients call `projects.list`; version 2 at another path is paged.

Evidence: provider's SDK.

Sends a `GET` request to `/api/v1/projects`

Arguments:
- `organization_id`: The organization whose projects are listed; without it, that of the key. Evidence: provider's SDK.
- `project_name`: Lists only the project with this name. Evidence: provider's SDK.
*/
    pub async fn list_projects<'a>(
        &'a self,
        organization_id: Option<&'a str>,
        project_name: Option<&'a str>,
    ) -> Result<ResponseValue<types::ProjectList>, Error<()>> {
        let mut request = self.list_projects_request(organization_id, project_name)?;
        let info = OperationInfo {
            operation_id: "list_projects",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ::chat_sessions_wire::decoded(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
/// Items consumers will typically use such as the Client.
pub mod prelude {
    #[allow(unused_imports)]
    pub use super::Client;
}
