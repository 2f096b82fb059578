// Generated from specs/memories-ai.yaml (fnv1a64:c373aac4df237830) by chat-sessions-codegen. Do not edit:
// change the spec and run `cargo xtask generate`.

#[allow(unused_imports)]
pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
#[allow(unused_imports)]
use progenitor_client::{encode_path, ClientHooks, OperationInfo, RequestBuilderExt};
/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    /**A number, or the same number in a string. A sibling page says that counts are strings on purpose.

Evidence: response table, example, live answer.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum Count {
        Integer(i64),
        Text(::std::string::String),
        Other(::serde_json::Value),
    }
    impl<'de> ::serde::Deserialize<'de> for Count {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(
                deserializer,
            )?;
            if let ::std::option::Option::Some(number) = value.as_i64() {
                return ::std::result::Result::Ok(Self::Integer(number));
            }
            let value = match value {
                ::serde_json::Value::String(text) => {
                    return ::std::result::Result::Ok(Self::Text(text));
                }
                value => value,
            };
            ::std::result::Result::Ok(Self::Other(value))
        }
    }
    impl ::std::convert::From<i64> for Count {
        fn from(value: i64) -> Self {
            Self::Integer(value)
        }
    }
    impl ::std::convert::From<::serde_json::Value> for Count {
        fn from(value: ::serde_json::Value) -> Self {
            Self::Other(value)
        }
    }
    /**What a failure looks like. Documented codes: `0001` and `0003` parameters are incorrect (`0001` is also used for an unknown video and for a passing network fault), `0401` the authorization is not valid, `0402` not enough credits, `0403` the account is disabled, `0409` duplicate request, `0429` too many requests, `9009` permission denied.

Evidence: response table, example.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Failure {
        /**The code of the failure, anything but `0000`.

Evidence: response table, example.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub code: ::std::option::Option<::std::string::String>,
        /**Null in the examples that have it.

Evidence: example.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub data: ::std::option::Option<
            ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        >,
        /**True where it is present; some examples of failures leave it out.

Evidence: example.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub failed: ::std::option::Option<bool>,
        /**A message for people.

Evidence: response table, example.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub msg: ::std::option::Option<::std::string::String>,
        /**False where it is present; some examples of failures leave it out.

Evidence: example.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl Failure {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &[
            "code",
            "data",
            "failed",
            "msg",
            "success",
        ];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for Failure {
        const EXPECTED: &'static str = "struct Failure";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "code" => 0,
                "data" => 1,
                "failed" => 2,
                "msg" => 3,
                "success" => 4,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut code_ = ::std::option::Option::None;
            let mut data_ = ::std::option::Option::None;
            let mut failed_ = ::std::option::Option::None;
            let mut msg_ = ::std::option::Option::None;
            let mut success_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut code_,
                            "code",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::buffered(
                            &mut data_,
                            "data",
                            map,
                            unknown,
                        )
                    }
                    2 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut failed_,
                            "failed",
                            map,
                            unknown,
                        )
                    }
                    3 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut msg_,
                            "msg",
                            map,
                            unknown,
                        )
                    }
                    4 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut success_,
                            "success",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(Failure {
                code: code_.flatten(),
                data: data_.flatten(),
                failed: failed_.flatten(),
                msg: msg_.flatten(),
                success: success_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Failure {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**The envelope around one page of sessions.

Evidence: response table, example, live answer.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ListSessionsResponse {
        /**The code of the answer; `0000` is success. The documented failures are listed at the schema `Failure`, and the set is open.

Evidence: response table, example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub code: ::std::option::Option<::std::string::String>,
        /**The page; null or absent on a failure.

Evidence: response table, example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub data: ::std::option::Option<SessionList>,
        /**The opposite of `success`. It is in every example of this endpoint and not in its table.

Evidence: example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub failed: ::std::option::Option<bool>,
        /**A message for people.

Evidence: response table, example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub msg: ::std::option::Option<::std::string::String>,
        /**Whether the code means success. It is in every example of this endpoint and not in its table.

Evidence: example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ListSessionsResponse {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &[
            "code",
            "data",
            "failed",
            "msg",
            "success",
        ];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for ListSessionsResponse {
        const EXPECTED: &'static str = "struct ListSessionsResponse";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "code" => 0,
                "data" => 1,
                "failed" => 2,
                "msg" => 3,
                "success" => 4,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut code_ = ::std::option::Option::None;
            let mut data_ = ::std::option::Option::None;
            let mut failed_ = ::std::option::Option::None;
            let mut msg_ = ::std::option::Option::None;
            let mut success_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut code_,
                            "code",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::object(
                            &mut data_,
                            "data",
                            map,
                            unknown,
                        )
                    }
                    2 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut failed_,
                            "failed",
                            map,
                            unknown,
                        )
                    }
                    3 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut msg_,
                            "msg",
                            map,
                            unknown,
                        )
                    }
                    4 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut success_,
                            "success",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(ListSessionsResponse {
                code: code_.flatten(),
                data: data_.flatten(),
                failed: failed_.flatten(),
                msg: msg_.flatten(),
                success: success_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ListSessionsResponse {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**One message. It has no id and no time; its place in the list is all that identifies it.

Evidence: response table, example, live answer.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Message {
        /**The text of the message, usually Markdown.

Evidence: response table, example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub content: ::std::option::Option<::std::string::String>,
        /**The videos that the answer refers to. The captured response has no such member where there are none.

Evidence: response table, example.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub refs: ::std::option::Option<::std::vec::Vec<VideoReferences>>,
        /**Who wrote the message. `user` and `assistant` in this endpoint; the response of the chat endpoint spells the same role `ASSISTANT`.

Evidence: response table, example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub role: ::std::option::Option<::std::string::String>,
        /**The steps of reasoning before the answer; absent in messages of the user.

Evidence: response table, example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub thinkings: ::std::option::Option<::std::vec::Vec<Thinking>>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl Message {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &[
            "content",
            "refs",
            "role",
            "thinkings",
        ];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for Message {
        const EXPECTED: &'static str = "struct Message";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "content" => 0,
                "refs" => 1,
                "role" => 2,
                "thinkings" => 3,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut content_ = ::std::option::Option::None;
            let mut refs_ = ::std::option::Option::None;
            let mut role_ = ::std::option::Option::None;
            let mut thinkings_ = ::std::option::Option::None;
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
                        ::chat_sessions_wire::reading::few_objects(
                            &mut refs_,
                            "refs",
                            map,
                            unknown,
                        )
                    }
                    2 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut role_,
                            "role",
                            map,
                            unknown,
                        )
                    }
                    3 => {
                        ::chat_sessions_wire::reading::few_objects(
                            &mut thinkings_,
                            "thinkings",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(Message {
                content: content_.flatten(),
                refs: refs_.flatten(),
                role: role_.flatten(),
                thinkings: thinkings_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Message {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**One place in a video.

Evidence: response table, example.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ReferenceItem {
        /**Where the place ends, in seconds; absent for a single frame.

Evidence: response table, example.*/
        #[serde(
            rename = "endTime",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub end_time: ::std::option::Option<f64>,
        /**Where the place begins, in seconds from the start of the video. The table says an integer.

Evidence: response table, example.*/
        #[serde(
            rename = "startTime",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub start_time: ::std::option::Option<f64>,
        /**What is said or seen there.

Evidence: response table.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub text: ::std::option::Option<::std::string::String>,
        /**What was found there. The table names `keyframe`, `visual_ts` and `audio_ts`, and says that there are more.

Evidence: response table, example.*/
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
        /**The id of the video, spelled unlike in `video`.

Evidence: response table, example.*/
        #[serde(
            rename = "videoNo",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub video_no: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ReferenceItem {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &[
            "endTime",
            "startTime",
            "text",
            "type",
            "videoNo",
        ];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for ReferenceItem {
        const EXPECTED: &'static str = "struct ReferenceItem";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "endTime" => 0,
                "startTime" => 1,
                "text" => 2,
                "type" => 3,
                "videoNo" => 4,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut end_time_ = ::std::option::Option::None;
            let mut start_time_ = ::std::option::Option::None;
            let mut text_ = ::std::option::Option::None;
            let mut type__ = ::std::option::Option::None;
            let mut video_no_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut end_time_,
                            "endTime",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut start_time_,
                            "startTime",
                            map,
                            unknown,
                        )
                    }
                    2 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut text_,
                            "text",
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
                        ::chat_sessions_wire::reading::scalar(
                            &mut video_no_,
                            "videoNo",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(ReferenceItem {
                end_time: end_time_.flatten(),
                start_time: start_time_.flatten(),
                text: text_.flatten(),
                type_: type__.flatten(),
                video_no: video_no_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ReferenceItem {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**A video that a text refers to.

Evidence: response table, example.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ReferencedVideo {
        /**How long the video is, as digits. The table says "seconds or minutes", so that the unit is unknown.

Evidence: response table, example.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub duration: ::std::option::Option<::std::string::String>,
        /**The name of the video.

Evidence: response table, example.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub video_name: ::std::option::Option<::std::string::String>,
        /**The id of the video.

Evidence: response table, example.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub video_no: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl ReferencedVideo {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &[
            "duration",
            "video_name",
            "video_no",
        ];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for ReferencedVideo {
        const EXPECTED: &'static str = "struct ReferencedVideo";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "duration" => 0,
                "video_name" => 1,
                "video_no" => 2,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut duration_ = ::std::option::Option::None;
            let mut video_name_ = ::std::option::Option::None;
            let mut video_no_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut duration_,
                            "duration",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut video_name_,
                            "video_name",
                            map,
                            unknown,
                        )
                    }
                    2 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut video_no_,
                            "video_no",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(ReferencedVideo {
                duration: duration_.flatten(),
                video_name: video_name_.flatten(),
                video_no: video_no_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for ReferencedVideo {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**One chat session. Its id comes under one of two names, so that neither is required.

Evidence: response table, example, live answer.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Session {
        /**When the session was created; the table says a timestamp in a string and not in which form. No known answer has it.

Evidence: response table.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub created_time: ::std::option::Option<::std::string::String>,
        /**The id: 18 decimal digits, beyond the integers that a double can hold. The example and live answers spell it like this; the table says `session_id`.

Evidence: example, live answer.*/
        #[serde(
            rename = "sessionId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub session_id: ::std::option::Option<::std::string::String>,
        /**The first prompt of the session, unchanged. The example and live answers have it, the table does not.

Evidence: example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub title: ::std::option::Option<::std::string::String>,
        /**The id of the video that the session is about. Only the table has it; no known answer does.

Evidence: response table.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub video_no: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl Session {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &[
            "created_time",
            "sessionId",
            "title",
            "video_no",
        ];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for Session {
        const EXPECTED: &'static str = "struct Session";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "created_time" => 0,
                "sessionId" => 1,
                "title" => 2,
                "video_no" => 3,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut created_time_ = ::std::option::Option::None;
            let mut session_id_ = ::std::option::Option::None;
            let mut title_ = ::std::option::Option::None;
            let mut video_no_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut created_time_,
                            "created_time",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut session_id_,
                            "sessionId",
                            map,
                            unknown,
                        )
                    }
                    2 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut title_,
                            "title",
                            map,
                            unknown,
                        )
                    }
                    3 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut video_no_,
                            "video_no",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(Session {
                created_time: created_time_.flatten(),
                session_id: session_id_.flatten(),
                title: title_.flatten(),
                video_no: video_no_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Session {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**One session with its messages. It has no times and no list of videos.

Evidence: response table, example, live answer.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct SessionDetail {
        /**The messages, oldest first in every known response.

Evidence: response table, example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub messages: ::std::option::Option<::std::vec::Vec<Message>>,
        /**The id: 18 decimal digits. The response table puts it beside `data`; the example and the captured response have it here, spelled unlike in the list of sessions.

Evidence: example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub session_id: ::std::option::Option<::std::string::String>,
        /**The first prompt of the session.

Evidence: example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub title: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl SessionDetail {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &["messages", "session_id", "title"];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for SessionDetail {
        const EXPECTED: &'static str = "struct SessionDetail";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "messages" => 0,
                "session_id" => 1,
                "title" => 2,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut messages_ = ::std::option::Option::None;
            let mut session_id_ = ::std::option::Option::None;
            let mut title_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => ::chat_sessions_wire::reading::objects(&mut messages_, map),
                    1 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut session_id_,
                            "session_id",
                            map,
                            unknown,
                        )
                    }
                    2 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut title_,
                            "title",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(SessionDetail {
                messages: messages_.flatten(),
                session_id: session_id_.flatten(),
                title: title_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for SessionDetail {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**The envelope around one session with its messages.

Evidence: response table, example, live answer.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct SessionDetailResponse {
        /**The code of the response; `0000` is success. The documented failures are listed at the schema `Failure`.

Evidence: response table, example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub code: ::std::option::Option<::std::string::String>,
        /**The session. Null or absent on a failure, and probably for an unknown id with code `0000`: a sibling endpoint was seen to do that.

Evidence: response table, example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub data: ::std::option::Option<SessionDetail>,
        /**The opposite of `success`.

Evidence: example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub failed: ::std::option::Option<bool>,
        /**A message for people.

Evidence: response table, example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub msg: ::std::option::Option<::std::string::String>,
        /**Whether the code means success.

Evidence: example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl SessionDetailResponse {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &[
            "code",
            "data",
            "failed",
            "msg",
            "success",
        ];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for SessionDetailResponse {
        const EXPECTED: &'static str = "struct SessionDetailResponse";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "code" => 0,
                "data" => 1,
                "failed" => 2,
                "msg" => 3,
                "success" => 4,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut code_ = ::std::option::Option::None;
            let mut data_ = ::std::option::Option::None;
            let mut failed_ = ::std::option::Option::None;
            let mut msg_ = ::std::option::Option::None;
            let mut success_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut code_,
                            "code",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::object(
                            &mut data_,
                            "data",
                            map,
                            unknown,
                        )
                    }
                    2 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut failed_,
                            "failed",
                            map,
                            unknown,
                        )
                    }
                    3 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut msg_,
                            "msg",
                            map,
                            unknown,
                        )
                    }
                    4 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut success_,
                            "success",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(SessionDetailResponse {
                code: code_.flatten(),
                data: data_.flatten(),
                failed: failed_.flatten(),
                msg: msg_.flatten(),
                success: success_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for SessionDetailResponse {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**One page of sessions.

Evidence: response table, example, live answer.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct SessionList {
        /**The number of this page. The example and live answers have it; the table calls it `page`.

Evidence: example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub current_page: ::std::option::Option<i64>,
        /**The number of this page, as the table spells it; no known answer has it.

Evidence: response table.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub page: ::std::option::Option<i64>,
        /**How many sessions a full page holds. The example and live answers have it, with 20; the table does not name it, and there is no request parameter to set it.

Evidence: example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub page_size: ::std::option::Option<i64>,
        /**The sessions of this page, newest first in every known answer.

Evidence: response table, example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub sessions: ::std::option::Option<::std::vec::Vec<Session>>,
        /**How many sessions there are. The table says a number, the example and live answers have a string of digits. It need not equal the number of sessions that the pages hold.

Evidence: response table, example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub total_count: ::std::option::Option<Count>,
        /**How many pages there are. Only the table has it; no known answer does.

Evidence: response table.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub total_pages: ::std::option::Option<i64>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl SessionList {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &[
            "current_page",
            "page",
            "page_size",
            "sessions",
            "total_count",
            "total_pages",
        ];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for SessionList {
        const EXPECTED: &'static str = "struct SessionList";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "current_page" => 0,
                "page" => 1,
                "page_size" => 2,
                "sessions" => 3,
                "total_count" => 4,
                "total_pages" => 5,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut current_page_ = ::std::option::Option::None;
            let mut page_ = ::std::option::Option::None;
            let mut page_size_ = ::std::option::Option::None;
            let mut sessions_ = ::std::option::Option::None;
            let mut total_count_ = ::std::option::Option::None;
            let mut total_pages_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut current_page_,
                            "current_page",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut page_,
                            "page",
                            map,
                            unknown,
                        )
                    }
                    2 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut page_size_,
                            "page_size",
                            map,
                            unknown,
                        )
                    }
                    3 => ::chat_sessions_wire::reading::objects(&mut sessions_, map),
                    4 => {
                        ::chat_sessions_wire::reading::buffered(
                            &mut total_count_,
                            "total_count",
                            map,
                            unknown,
                        )
                    }
                    5 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut total_pages_,
                            "total_pages",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(SessionList {
                current_page: current_page_.flatten(),
                page: page_.flatten(),
                page_size: page_size_.flatten(),
                sessions: sessions_.flatten(),
                total_count: total_count_.flatten(),
                total_pages: total_pages_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for SessionList {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**One step of reasoning.

Evidence: response table, example, live answer.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Thinking {
        /**The text of the step.

Evidence: response table, example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub content: ::std::option::Option<::std::string::String>,
        /**The videos that this step refers to. The provider's own client reads them here.

Evidence: live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub refs: ::std::option::Option<::std::vec::Vec<VideoReferences>>,
        /**The heading of the step.

Evidence: response table, example, live answer.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub title: ::std::option::Option<::std::string::String>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl Thinking {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &["content", "refs", "title"];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for Thinking {
        const EXPECTED: &'static str = "struct Thinking";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "content" => 0,
                "refs" => 1,
                "title" => 2,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut content_ = ::std::option::Option::None;
            let mut refs_ = ::std::option::Option::None;
            let mut title_ = ::std::option::Option::None;
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
                        ::chat_sessions_wire::reading::few_objects(
                            &mut refs_,
                            "refs",
                            map,
                            unknown,
                        )
                    }
                    2 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut title_,
                            "title",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(Thinking {
                content: content_.flatten(),
                refs: refs_.flatten(),
                title: title_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for Thinking {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**The namespaces of the account.

Evidence: response table, example.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct UniqueIdList {
        /**Every namespace once, `default` included once it was used. Names differ by case: `LUCI` and `luci` are two. Empty if nothing was ever uploaded.

Evidence: response table, example.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub unique_ids: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl UniqueIdList {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &["unique_ids"];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for UniqueIdList {
        const EXPECTED: &'static str = "struct UniqueIdList";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "unique_ids" => 0,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut unique_ids_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalars(
                            &mut unique_ids_,
                            "unique_ids",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(UniqueIdList {
                unique_ids: unique_ids_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for UniqueIdList {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**The envelope around the list of namespaces.

Evidence: response table, example.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct UniqueIdsResponse {
        /**The code of the response; `0000` is success. The documented failures are listed at the schema `Failure`.

Evidence: response table, example.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub code: ::std::option::Option<::std::string::String>,
        /**The namespaces; null or absent on a failure.

Evidence: response table, example.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub data: ::std::option::Option<UniqueIdList>,
        /**The opposite of `success`.

Evidence: example.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub failed: ::std::option::Option<bool>,
        /**A message for people.

Evidence: response table, example.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub msg: ::std::option::Option<::std::string::String>,
        /**Whether the code means success.

Evidence: example.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl UniqueIdsResponse {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &[
            "code",
            "data",
            "failed",
            "msg",
            "success",
        ];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for UniqueIdsResponse {
        const EXPECTED: &'static str = "struct UniqueIdsResponse";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "code" => 0,
                "data" => 1,
                "failed" => 2,
                "msg" => 3,
                "success" => 4,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut code_ = ::std::option::Option::None;
            let mut data_ = ::std::option::Option::None;
            let mut failed_ = ::std::option::Option::None;
            let mut msg_ = ::std::option::Option::None;
            let mut success_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut code_,
                            "code",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::object(
                            &mut data_,
                            "data",
                            map,
                            unknown,
                        )
                    }
                    2 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut failed_,
                            "failed",
                            map,
                            unknown,
                        )
                    }
                    3 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut msg_,
                            "msg",
                            map,
                            unknown,
                        )
                    }
                    4 => {
                        ::chat_sessions_wire::reading::scalar(
                            &mut success_,
                            "success",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(UniqueIdsResponse {
                code: code_.flatten(),
                data: data_.flatten(),
                failed: failed_.flatten(),
                msg: msg_.flatten(),
                success: success_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for UniqueIdsResponse {
        fn deserialize<__D: ::serde::Deserializer<'de>>(
            deserializer: __D,
        ) -> ::std::result::Result<Self, __D::Error> {
            ::chat_sessions_wire::reading::whole(deserializer)
        }
    }
    /**A video, and the places in it that a text refers to.

Evidence: response table, example.*/
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[derive(::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct VideoReferences {
        /**The places in the video.

Evidence: response table, example.*/
        #[serde(
            rename = "refItems",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub ref_items: ::std::option::Option<::std::vec::Vec<ReferenceItem>>,
        /**The video.

Evidence: response table, example.*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub video: ::std::option::Option<ReferencedVideo>,
        #[serde(flatten)]
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl VideoReferences {
        /// The fields that have a place of their own, as they are spelt in JSON; all others are in `extra`.
        pub const FIELDS: &'static [&'static str] = &["refItems", "video"];
    }
    impl<'de> ::chat_sessions_wire::reading::Object<'de> for VideoReferences {
        const EXPECTED: &'static str = "struct VideoReferences";
        #[inline]
        fn read<__A: ::serde::de::MapAccess<'de>>(
            map: __A,
        ) -> ::std::result::Result<Self, __A::Error> {
            let known = |name: &str| match name {
                "refItems" => 0,
                "video" => 1,
                _ => ::chat_sessions_wire::reading::UNKNOWN,
            };
            let mut ref_items_ = ::std::option::Option::None;
            let mut video_ = ::std::option::Option::None;
            let unknown = ::chat_sessions_wire::reading::fields(
                map,
                known,
                |number, map, unknown| match number {
                    0 => {
                        ::chat_sessions_wire::reading::few_objects(
                            &mut ref_items_,
                            "refItems",
                            map,
                            unknown,
                        )
                    }
                    1 => {
                        ::chat_sessions_wire::reading::object(
                            &mut video_,
                            "video",
                            map,
                            unknown,
                        )
                    }
                    _ => ::std::result::Result::Ok(()),
                },
            )?;
            ::std::result::Result::Ok(VideoReferences {
                ref_items: ref_items_.flatten(),
                video: video_.flatten(),
                extra: unknown,
            })
        }
    }
    impl<'de> ::serde::Deserialize<'de> for VideoReferences {
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
}
#[derive(Clone, Debug)]
/**Client for Memories.ai chat sessions

The part of the Memories.ai API v1.2 that reads video chat sessions. Every response is an envelope with a string `code`; a failure can arrive with HTTP status 200, so that the code decides and not the status.

Version: 1.2*/
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
        "1.2"
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
    /// Builds the request of [`get_session_detail`](Self::get_session_detail). [`Wire::receive`](::chat_sessions_wire::Wire::receive) adds the key and sends it. Its address may hold page tokens.
    #[inline]
    pub fn get_session_detail_request<'a>(
        &'a self,
        session_id: &'a str,
        unique_id: &'a str,
    ) -> Result<::reqwest::Request, Error<()>> {
        let url = format!("{}/serve/api/v1/get_session_detail", self.baseurl,);
        let request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("sessionId", &session_id))
            .query(&progenitor_client::QueryParam::new("session_id", &session_id))
            .query(&progenitor_client::QueryParam::new("unique_id", &unique_id))
            .build()?;
        Ok(request)
    }
    /**Returns one chat session with its messages

Returns the title and all messages of one session, in one response; paging is not documented. No rate limit is documented for this endpoint. Source: the page "Get Session Detail".

Evidence: documentation table, example, live answer.

Sends a `GET` request to `/serve/api/v1/get_session_detail`

Arguments:
- `session_id`: Sent as `sessionId` and as `session_id`. The id of the session. The parameter table and the sample request spell it like this and call it an integer; it has 18 decimal digits. About `session_id`: The same id. The captured request spells it like this, and so do the introduction of the page and several clients. No document says that one of the two names suffices, so a client sends both. Evidence: parameter table, example.
- `unique_id`: The namespace of the session; case-sensitive. The parameter table puts it into the body of this GET request and calls it optional with the default `default`; an earlier crawl called it required. Every sample and captured request sends it in the query, as is described here. Evidence: parameter table, example, live answer.
*/
    pub async fn get_session_detail<'a>(
        &'a self,
        session_id: &'a str,
        unique_id: &'a str,
    ) -> Result<ResponseValue<types::SessionDetailResponse>, Error<()>> {
        let mut request = self.get_session_detail_request(session_id, unique_id)?;
        let info = OperationInfo {
            operation_id: "get_session_detail",
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
    /// Builds the request of [`list_sessions`](Self::list_sessions). [`Wire::receive`](::chat_sessions_wire::Wire::receive) adds the key and sends it. Its address may hold page tokens.
    #[inline]
    pub fn list_sessions_request<'a>(
        &'a self,
        page: Option<::std::num::NonZeroU64>,
        unique_id: &'a str,
    ) -> Result<::reqwest::Request, Error<()>> {
        let url = format!("{}/serve/api/v1/list_sessions", self.baseurl,);
        let request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("page", &page))
            .query(&progenitor_client::QueryParam::new("unique_id", &unique_id))
            .build()?;
        Ok(request)
    }
    /**Lists the chat sessions of one namespace, newest first

Gives one page of the sessions that the chat and summary endpoints created under one `unique_id`. The order is not documented; every known answer is in descending order of id, which is newest first. The documented rate limit is 5 requests a second for each account.

Evidence: documentation table, example, live answer.

Sends a `GET` request to `/serve/api/v1/list_sessions`

Arguments:
- `page`: The page number, counted from 1, which is also the default. Evidence: parameter table, example, live answer.
- `unique_id`: The namespace whose sessions are listed; case-sensitive. The parameter table puts it into the body of this GET request and calls it required, a later crawl of a sibling page calls it optional with the default `default`, and every sample and captured request sends it in the query, as is described here. Evidence: parameter table, example, live answer.
*/
    pub async fn list_sessions<'a>(
        &'a self,
        page: Option<::std::num::NonZeroU64>,
        unique_id: &'a str,
    ) -> Result<ResponseValue<types::ListSessionsResponse>, Error<()>> {
        let mut request = self.list_sessions_request(page, unique_id)?;
        let info = OperationInfo {
            operation_id: "list_sessions",
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
    /// Builds the request of [`list_unique_ids`](Self::list_unique_ids). [`Wire::receive`](::chat_sessions_wire::Wire::receive) adds the key and sends it. Its address may hold page tokens.
    #[inline]
    pub fn list_unique_ids_request<'a>(
        &'a self,
    ) -> Result<::reqwest::Request, Error<()>> {
        let url = format!("{}/serve/api/v1/list_unique_ids", self.baseurl,);
        let request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .build()?;
        Ok(request)
    }
    /**Lists the namespaces of the account

Returns every `unique_id` of the account, without paging and without parameters. A namespace is created by the first upload to it, so that one which holds only chats may be missing. The page "List Unique IDs" says that there is a rate limit and not which.

Evidence: documentation table, example.

Sends a `GET` request to `/serve/api/v1/list_unique_ids`

*/
    pub async fn list_unique_ids<'a>(
        &'a self,
    ) -> Result<ResponseValue<types::UniqueIdsResponse>, Error<()>> {
        let mut request = self.list_unique_ids_request()?;
        let info = OperationInfo {
            operation_id: "list_unique_ids",
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
