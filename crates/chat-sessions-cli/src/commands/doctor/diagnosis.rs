//! The diagnosis of one list: what its page contains or why there is none, and what to do.

use std::io::{self, Write};
use std::time::Duration;

use chat_sessions::Error;
use chat_sessions::list::SessionPage;
use chat_sessions::source::Rejected;
use serde::Serialize;

use super::page_facts::PageFacts;
use crate::commands::settings_report::{self, SettingRecord};
use crate::config::PlannedSource;
use crate::exit::Exit;
use crate::output::{ErrorRecord, align, hints, report_writer, visible};

/// The diagnosis of one list.
#[derive(Serialize)]
pub(crate) struct Diagnosis {
    provider: &'static str,
    scope: Option<String>,
    profile: Option<String>,
    settings: Vec<SettingRecord>,
    /// The page; null if no request was made or it failed.
    page: Option<PageFacts>,
    /// `ok`, `left-out` (no key, and no option names the provider), `rejected-items`, `interrupted`,
    /// or the kind of the error.
    verdict: &'static str,
    error: Option<ErrorRecord>,
    #[serde(skip)]
    explanation: String,
    #[serde(skip)]
    pub(crate) exit: Exit,
}

/// The response to the request for a page, and how long it took.
pub(crate) struct Response {
    pub(crate) page: Option<chat_sessions::Result<SessionPage>>,
    pub(crate) time: Duration,
}

impl Diagnosis {
    fn new(planned: &PlannedSource, verdict: &'static str, explanation: String, exit: Exit) -> Self {
        Self {
            provider: planned.settings.provider.as_str(),
            scope: planned.scope.as_ref().map(|(scope, _)| scope.clone()),
            profile: planned.settings.profile.clone(),
            settings: settings_report::settings(planned),
            page: None,
            verdict,
            error: None,
            explanation,
            exit,
        }
    }

    pub(crate) fn skipped(planned: &PlannedSource) -> Self {
        let secrets = planned.settings.iter().filter(|(setting, _)| setting.is_secret());
        let variables: Vec<&str> = secrets
            .flat_map(|(setting, _)| setting.variables.first().copied())
            .collect();
        let explanation = format!("skipped: no API key. Set {} to include it.", variables.join(", "));
        Self::new(planned, "left-out", explanation, Exit::Ok)
    }

    pub(crate) fn interrupted(planned: &PlannedSource, time: Duration) -> Self {
        let explanation = format!("interrupted: no response after {} ms", whole_milliseconds(time));
        Self::new(planned, "interrupted", explanation, Exit::Interrupted)
    }

    pub(crate) fn of_response(planned: &PlannedSource, Response { page, time }: Response) -> Self {
        match page {
            Some(Ok(page)) => Self::of_page(
                planned,
                PageFacts::new(whole_milliseconds(time), &page),
                page.rejected.first(),
            ),
            Some(Err(error)) => Self::failed(planned, Some(time), &error),
            // A list without sessions has no pages.
            None => Self::of_page(planned, PageFacts::empty(whole_milliseconds(time)), None),
        }
    }

    pub(crate) fn failed(planned: &PlannedSource, time: Option<Duration>, error: &Error) -> Self {
        // The heading names the list already.
        let text = hints::with_hint(error);
        let label = label(planned, error);
        let text = text.strip_prefix(&format!("{label}: ")).unwrap_or(&text);
        let after = time
            .map(|time| format!(", after {} ms", whole_milliseconds(time)))
            .unwrap_or_default();
        let explanation = format!("{}{after}: {text}", error.kind().as_str());
        Self {
            error: Some(ErrorRecord::from(error)),
            ..Self::new(planned, error.kind().as_str(), explanation, Exit::from(error))
        }
    }

    fn of_page(planned: &PlannedSource, page: PageFacts, rejected: Option<&Rejected>) -> Self {
        let (verdict, explanation, exit) = match rejected {
            None => ("ok", "ok".to_owned(), Exit::Ok),
            Some(first) => (
                "rejected-items",
                format!(
                    "invalid item at {}: {}. If this persists, the provider has changed its API: update \
                     chat-sessions.",
                    first.pointer, first.reason
                ),
                Exit::Contract,
            ),
        };
        Self {
            page: Some(page),
            ..Self::new(planned, verdict, explanation, exit)
        }
    }

    pub(crate) fn print(&self, is_first: bool) -> io::Result<()> {
        let mut out = report_writer();
        if !is_first {
            writeln!(out)?;
        }
        let scope = self.scope.as_ref().map(|scope| format!("/{scope}")).unwrap_or_default();
        let profile = self
            .profile
            .as_ref()
            .map(|profile| format!(", profile {profile}"))
            .unwrap_or_default();
        writeln!(out, "{}", visible(&format!("{}{scope}{profile}", self.provider)))?;
        let mut facts = self.page.as_ref().map(PageFacts::rows).unwrap_or_default();
        facts.push(("verdict", self.explanation.clone()));
        let mut rows = settings_report::rows(&self.settings, true);
        rows.extend(facts.iter().map(|(name, text)| [*name, text.as_str(), ""]));
        for line in align(&rows) {
            writeln!(out, "{line}")?;
        }
        out.flush()
    }
}

fn label(planned: &PlannedSource, error: &Error) -> String {
    let provider = planned.settings.provider.as_str();
    error
        .scope()
        .map_or_else(|| provider.to_owned(), |scope| format!("{provider}/{scope}"))
}

fn whole_milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
