//! Retries and rate limits: when to repeat a request, and how fast to use an account.

mod attempts;
mod call;
mod deadline;
mod pending;
mod policy;
mod rate_limit;
mod retry_event;

pub(crate) use attempts::Fetcher;
pub(crate) use pending::Pending;
pub use policy::{GaveUp, RetryPolicy};
pub use rate_limit::Pacing;
pub(crate) use rate_limit::RateLimiter;
pub(crate) use retry_event::OnRetry;
pub use retry_event::RetryEvent;
