// Generated from specs/memories-ai.yaml (fnv1a64:954a88ea348381c4) by chat-sessions-codegen. Do not edit:
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

The part of the Memories.ai API v1.2 that lists video chat sessions. Every answer is an envelope with a string `code`; a failure can arrive with HTTP status 200, so that the code decides and not the status.

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
        let url = format!("{}/serve/api/v1/list_sessions", self.baseurl,);
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("page", &page))
            .query(&progenitor_client::QueryParam::new("unique_id", &unique_id))
            .build()?;
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
}
/// Items consumers will typically use such as the Client.
pub mod prelude {
    #[allow(unused_imports)]
    pub use super::Client;
}
