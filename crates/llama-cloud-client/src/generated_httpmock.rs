// Generated from specs/llama-cloud.yaml (fnv1a64:53a86d822b44ed53) by chat-sessions-codegen. Do not edit:
// change the spec and run `cargo xtask generate`.

pub mod operations {
    //! [`When`](::httpmock::When) and [`Then`](::httpmock::Then)
    //! wrappers for each operation. Each can be converted to
    //! its inner type with a call to `into_inner()`. This can
    //! be used to explicitly deviate from permitted values.
    use crate::*;
    pub struct ListChatSessionsWhen(::httpmock::When);
    impl ListChatSessionsWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::GET)
                    .path_matches(regex::Regex::new("^/api/v1/chat$").unwrap()),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn organization_id<'a, T>(self, value: T) -> Self
        where
            T: Into<Option<&'a str>>,
        {
            if let Some(value) = value.into() {
                Self(self.0.query_param("organization_id", value.to_string()))
            } else {
                Self(self.0.query_param_missing("organization_id"))
            }
        }
        pub fn page_size<T>(self, value: T) -> Self
        where
            T: Into<Option<i64>>,
        {
            if let Some(value) = value.into() {
                Self(self.0.query_param("page_size", value.to_string()))
            } else {
                Self(self.0.query_param_missing("page_size"))
            }
        }
        pub fn page_token<'a, T>(self, value: T) -> Self
        where
            T: Into<Option<&'a str>>,
        {
            if let Some(value) = value.into() {
                Self(self.0.query_param("page_token", value.to_string()))
            } else {
                Self(self.0.query_param_missing("page_token"))
            }
        }
        pub fn project_id<'a, T>(self, value: T) -> Self
        where
            T: Into<Option<&'a str>>,
        {
            if let Some(value) = value.into() {
                Self(self.0.query_param("project_id", value.to_string()))
            } else {
                Self(self.0.query_param_missing("project_id"))
            }
        }
    }
    pub struct ListChatSessionsThen(::httpmock::Then);
    impl ListChatSessionsThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn ok(self, value: &types::ChatSessionList) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct GetChatSessionWhen(::httpmock::When);
    impl GetChatSessionWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::GET)
                    .path_matches(regex::Regex::new("^/api/v1/chat/[^/]*$").unwrap()),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn session_id(self, value: &str) -> Self {
            let re = regex::Regex::new(&format!("^/api/v1/chat/{}$", value.to_string()))
                .unwrap();
            Self(self.0.path_matches(re))
        }
        pub fn organization_id<'a, T>(self, value: T) -> Self
        where
            T: Into<Option<&'a str>>,
        {
            if let Some(value) = value.into() {
                Self(self.0.query_param("organization_id", value.to_string()))
            } else {
                Self(self.0.query_param_missing("organization_id"))
            }
        }
        pub fn project_id<'a, T>(self, value: T) -> Self
        where
            T: Into<Option<&'a str>>,
        {
            if let Some(value) = value.into() {
                Self(self.0.query_param("project_id", value.to_string()))
            } else {
                Self(self.0.query_param_missing("project_id"))
            }
        }
    }
    pub struct GetChatSessionThen(::httpmock::Then);
    impl GetChatSessionThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn ok(self, value: &types::ChatSessionDetail) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct GetChatSessionSummaryWhen(::httpmock::When);
    impl GetChatSessionSummaryWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::GET)
                    .path_matches(
                        regex::Regex::new("^/api/v1/chat/[^/]*/summary$").unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn session_id(self, value: &str) -> Self {
            let re = regex::Regex::new(
                    &format!("^/api/v1/chat/{}/summary$", value.to_string()),
                )
                .unwrap();
            Self(self.0.path_matches(re))
        }
        pub fn organization_id<'a, T>(self, value: T) -> Self
        where
            T: Into<Option<&'a str>>,
        {
            if let Some(value) = value.into() {
                Self(self.0.query_param("organization_id", value.to_string()))
            } else {
                Self(self.0.query_param_missing("organization_id"))
            }
        }
        pub fn project_id<'a, T>(self, value: T) -> Self
        where
            T: Into<Option<&'a str>>,
        {
            if let Some(value) = value.into() {
                Self(self.0.query_param("project_id", value.to_string()))
            } else {
                Self(self.0.query_param_missing("project_id"))
            }
        }
    }
    pub struct GetChatSessionSummaryThen(::httpmock::Then);
    impl GetChatSessionSummaryThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn ok(self, value: &types::ChatSession) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct ListProjectsWhen(::httpmock::When);
    impl ListProjectsWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::GET)
                    .path_matches(regex::Regex::new("^/api/v1/projects$").unwrap()),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn organization_id<'a, T>(self, value: T) -> Self
        where
            T: Into<Option<&'a str>>,
        {
            if let Some(value) = value.into() {
                Self(self.0.query_param("organization_id", value.to_string()))
            } else {
                Self(self.0.query_param_missing("organization_id"))
            }
        }
        pub fn project_name<'a, T>(self, value: T) -> Self
        where
            T: Into<Option<&'a str>>,
        {
            if let Some(value) = value.into() {
                Self(self.0.query_param("project_name", value.to_string()))
            } else {
                Self(self.0.query_param_missing("project_name"))
            }
        }
    }
    pub struct ListProjectsThen(::httpmock::Then);
    impl ListProjectsThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn ok(self, value: &types::ProjectList) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
}
/// An extension trait for [`MockServer`](::httpmock::MockServer) that
/// adds a method for each operation. These are the equivalent of
/// type-checked [`mock()`](::httpmock::MockServer::mock) calls.
pub trait MockServerExt {
    fn list_chat_sessions<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListChatSessionsWhen, operations::ListChatSessionsThen);
    fn get_chat_session<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::GetChatSessionWhen, operations::GetChatSessionThen);
    fn get_chat_session_summary<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::GetChatSessionSummaryWhen,
            operations::GetChatSessionSummaryThen,
        );
    fn list_projects<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListProjectsWhen, operations::ListProjectsThen);
}
impl MockServerExt for ::httpmock::MockServer {
    fn list_chat_sessions<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListChatSessionsWhen, operations::ListChatSessionsThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::ListChatSessionsWhen::new(when),
                operations::ListChatSessionsThen::new(then),
            )
        })
    }
    fn get_chat_session<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::GetChatSessionWhen, operations::GetChatSessionThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::GetChatSessionWhen::new(when),
                operations::GetChatSessionThen::new(then),
            )
        })
    }
    fn get_chat_session_summary<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(
            operations::GetChatSessionSummaryWhen,
            operations::GetChatSessionSummaryThen,
        ),
    {
        self.mock(|when, then| {
            config_fn(
                operations::GetChatSessionSummaryWhen::new(when),
                operations::GetChatSessionSummaryThen::new(then),
            )
        })
    }
    fn list_projects<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListProjectsWhen, operations::ListProjectsThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::ListProjectsWhen::new(when),
                operations::ListProjectsThen::new(then),
            )
        })
    }
}
