//! The settings that all requests of this module share.

use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::record::ExchangeObserver;
use crate::retry::{OnRetry, RetryPolicy};

/// How to send requests.
#[derive(Clone, Debug, Default)]
pub(super) struct Options {
    pub(super) keep_raw: bool,
    pub(super) retry: Option<RetryPolicy>,
    pub(super) on_retry: Option<OnRetry>,
    pub(super) on_exchange: Option<ExchangeObserver>,
}

impl Options {
    /// Returns the error of settings that cannot be used.
    pub(super) fn check(&self) -> Result<()> {
        match self.retry.and_then(|policy| policy.problem()) {
            Some(problem) => Err(Error::local(ErrorKind::InvalidRequest)
                .with_message(format!("retry: {problem}"))
                .with_remedy(Remedy::AllowAttempt)),
            None => Ok(()),
        }
    }
}

/// Adds the setters that the requests share.
macro_rules! shared_setters {
    ($request:ident) => {
        impl $request {
            /// Retries with this policy instead of the policy of the source. The retry budget stays
            /// that of the account.
            pub fn retry(mut self, policy: $crate::retry::RetryPolicy) -> Self {
                self.options.retry = Some(policy);
                self
            }

            /// Calls this function before every retry, as
            /// [`ListSessions::on_retry`](crate::list::ListSessions::on_retry) does.
            pub fn on_retry(
                mut self,
                on_retry: impl Fn(&$crate::retry::RetryEvent<'_>) + Send + Sync + 'static,
            ) -> Self {
                self.options.on_retry = Some($crate::retry::OnRetry(std::sync::Arc::new(on_retry)));
                self
            }

            /// Calls this function with every HTTP request and its outcome, without secrets, as
            /// [`ListSessions::on_exchange`](crate::list::ListSessions::on_exchange) does. Messages
            /// are included.
            pub fn on_exchange(
                mut self,
                on_exchange: impl Fn(&$crate::record::Exchange) + Send + Sync + 'static,
            ) -> Self {
                self.options.on_exchange = Some($crate::record::ExchangeObserver::new(false, on_exchange));
                self
            }

            /// Records every HTTP request and its outcome.
            pub fn record(mut self, recorder: &$crate::record::Recorder) -> Self {
                self.options.on_exchange = Some(recorder.observer());
                self
            }
        }
    };
}
pub(super) use shared_setters;
