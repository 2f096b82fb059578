//! The ids of the projects and of the organization that a new sandbox has.

/// The LlamaCloud project of a request without `project_id`.
pub const DEFAULT_PROJECT_ID: &str = "7f3c2a10-5b1e-4c7d-9a52-0d6f8e1b4c33";

/// A second LlamaCloud project with other sessions.
pub const OTHER_PROJECT_ID: &str = "b81d90e4-2c6f-4f0a-8e37-61a5c9d2f708";

/// The LlamaCloud organization that all projects belong to.
pub const ORGANIZATION_ID: &str = "3e5a7c91-84d2-4b6e-a0f5-27c9d1e86b40";
