// Generated from specs/memories-ai.yaml (fnv1a64:c373aac4df237830) by chat-sessions-codegen. Do not edit:
// change the spec and run `cargo xtask generate`.

pub mod operations {
    //! [`When`](::httpmock::When) and [`Then`](::httpmock::Then)
    //! wrappers for each operation. Each can be converted to
    //! its inner type with a call to `into_inner()`. This can
    //! be used to explicitly deviate from permitted values.
    use crate::*;
    pub struct GetSessionDetailWhen(::httpmock::When);
    impl GetSessionDetailWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::GET)
                    .path_matches(
                        regex::Regex::new("^/serve/api/v1/get_session_detail$").unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn session_id(self, value: &str) -> Self {
            Self(
                self
                    .0
                    .query_param("sessionId", value.to_string())
                    .query_param("session_id", value.to_string()),
            )
        }
        pub fn unique_id(self, value: &str) -> Self {
            Self(self.0.query_param("unique_id", value.to_string()))
        }
    }
    pub struct GetSessionDetailThen(::httpmock::Then);
    impl GetSessionDetailThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn ok(self, value: &types::SessionDetailResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct ListSessionsWhen(::httpmock::When);
    impl ListSessionsWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::GET)
                    .path_matches(
                        regex::Regex::new("^/serve/api/v1/list_sessions$").unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
        pub fn page<T>(self, value: T) -> Self
        where
            T: Into<Option<::std::num::NonZeroU64>>,
        {
            if let Some(value) = value.into() {
                Self(self.0.query_param("page", value.to_string()))
            } else {
                Self(self.0.query_param_missing("page"))
            }
        }
        pub fn unique_id(self, value: &str) -> Self {
            Self(self.0.query_param("unique_id", value.to_string()))
        }
    }
    pub struct ListSessionsThen(::httpmock::Then);
    impl ListSessionsThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn ok(self, value: &types::ListSessionsResponse) -> Self {
            Self(
                self
                    .0
                    .status(200u16)
                    .header("content-type", "application/json")
                    .json_body_obj(value),
            )
        }
    }
    pub struct ListUniqueIdsWhen(::httpmock::When);
    impl ListUniqueIdsWhen {
        pub fn new(inner: ::httpmock::When) -> Self {
            Self(
                inner
                    .method(::httpmock::Method::GET)
                    .path_matches(
                        regex::Regex::new("^/serve/api/v1/list_unique_ids$").unwrap(),
                    ),
            )
        }
        pub fn into_inner(self) -> ::httpmock::When {
            self.0
        }
    }
    pub struct ListUniqueIdsThen(::httpmock::Then);
    impl ListUniqueIdsThen {
        pub fn new(inner: ::httpmock::Then) -> Self {
            Self(inner)
        }
        pub fn into_inner(self) -> ::httpmock::Then {
            self.0
        }
        pub fn ok(self, value: &types::UniqueIdsResponse) -> Self {
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
    fn get_session_detail<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::GetSessionDetailWhen, operations::GetSessionDetailThen);
    fn list_sessions<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListSessionsWhen, operations::ListSessionsThen);
    fn list_unique_ids<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListUniqueIdsWhen, operations::ListUniqueIdsThen);
}
impl MockServerExt for ::httpmock::MockServer {
    fn get_session_detail<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::GetSessionDetailWhen, operations::GetSessionDetailThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::GetSessionDetailWhen::new(when),
                operations::GetSessionDetailThen::new(then),
            )
        })
    }
    fn list_sessions<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListSessionsWhen, operations::ListSessionsThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::ListSessionsWhen::new(when),
                operations::ListSessionsThen::new(then),
            )
        })
    }
    fn list_unique_ids<F>(&self, config_fn: F) -> ::httpmock::Mock<'_>
    where
        F: FnOnce(operations::ListUniqueIdsWhen, operations::ListUniqueIdsThen),
    {
        self.mock(|when, then| {
            config_fn(
                operations::ListUniqueIdsWhen::new(when),
                operations::ListUniqueIdsThen::new(then),
            )
        })
    }
}
