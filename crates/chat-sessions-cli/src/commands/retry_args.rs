//! `--attempts` and `--page-timeout`, which all commands that read sessions share.

use std::time::Duration;

use chat_sessions::retry::RetryPolicy;

use super::recording::REQUESTS;
use crate::number_arg::whole;

#[derive(Debug, clap::Args)]
pub(crate) struct RetryArgs {
    /// Request each page or session at most N times; 1 disables retries.
    #[arg(long, value_name = "N", help_heading = REQUESTS, hide_short_help = true, default_value_t = RetryPolicy::default().max_attempts, allow_negative_numbers = true, value_parser = whole::<u32>(1..=u32::MAX.into(), ""))]
    attempts: u32,

    /// Time limit for one page or session in seconds, including retries and waits.
    #[arg(long, value_name = "SECONDS", help_heading = REQUESTS, hide_short_help = true, default_value_t = RetryPolicy::default().timeout.as_secs(), allow_negative_numbers = true, value_parser = whole::<u64>(1..=86_400, ""))]
    page_timeout: u64,
}

impl RetryArgs {
    pub(crate) fn policy(&self) -> RetryPolicy {
        RetryPolicy::default()
            .max_attempts(self.attempts)
            .timeout(Duration::from_secs(self.page_timeout))
    }
}
