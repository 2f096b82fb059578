//! `chat-sessions doctor`: requests one page of each list and reports what works, what does not, and
//! what to do.
//!
//! A failing list is part of the report. Only an error that prevents the report goes to standard
//! error.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use chat_sessions::list::SessionPage;
use chat_sessions::retry::RetryPolicy;
use chat_sessions::source::Rejected;
use chat_sessions::{ChatSessions, Error, Order, Session};
use serde::Serialize;

use super::settings_report::{self, SettingRecord};
use crate::config::{Plan, PlannedSource, SELECTION, SourceOpener, SourceSelection};
use crate::embedded_sandbox;
use crate::exit::{Exit, Failure};
use crate::output::text::one_line;
use crate::output::{ErrorRecord, ReportFormat, SCHEMA_VERSION, align, hints, messages, print_json};
use crate::verbosity::Verbosity;

const EXAMPLES: &str = "\
Examples:
  chat-sessions doctor                   check every provider with an API key
  chat-sessions doctor --profile work    check the accounts of a profile
  chat-sessions doctor --sandbox         see a report without problems
  chat-sessions doctor -o json           the same as JSON, for monitoring";

const AFTER_HELP: &str = "\
doctor requests one page of each list, without retries. Unknown fields are
fields that this version does not know; `list -o json` shows them in `extra`.

Exit codes; the first list with a problem decides:
  0  no problem
  1  any other error
  4  API key missing, rejected or without permission
  5  rate limited
  6  timeout, no connection, or the provider failed
  7  a response does not match the provider's documentation
  8  invalid configuration";

#[derive(Debug, clap::Args)]
#[command(before_long_help = EXAMPLES, after_long_help = AFTER_HELP)]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    selection: SourceSelection,

    /// Check the lists of a built-in server; needs no key and no network.
    #[arg(long, help_heading = SELECTION, conflicts_with = "profile")]
    sandbox: bool,

    /// The output format.
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: ReportFormat,
}

/// The report of `doctor -o json`.
#[derive(Serialize)]
struct Report {
    schema_version: u32,
    lists: Vec<Diagnosis>,
}

/// The diagnosis of one list.
#[derive(Serialize)]
struct Diagnosis {
    provider: &'static str,
    scope: Option<String>,
    profile: Option<String>,
    settings: Vec<SettingRecord>,
    /// The page; null if no request was made or it failed.
    page: Option<PageFacts>,
    /// `ok`, `left-out` (no key, and no option names the provider), `rejected-items`, or the kind of
    /// the error.
    verdict: &'static str,
    error: Option<ErrorRecord>,
    #[serde(skip)]
    explanation: String,
    #[serde(skip)]
    exit: Exit,
}

/// What a page contains.
#[derive(Serialize)]
struct PageFacts {
    milliseconds: u64,
    request_id: Option<String>,
    sessions: usize,
    /// The provider's total number of sessions, if it sends one.
    total: Option<u64>,
    rejected: usize,
    /// The fields that this version does not know, and how many sessions have each.
    unknown_fields: BTreeMap<String, usize>,
    /// The values of fields with a limited set of values, and how often each occurs.
    values: BTreeMap<&'static str, BTreeMap<String, usize>>,
}

pub(crate) fn run(args: &DoctorArgs, verbosity: Verbosity) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let sandbox = embedded_sandbox::start(args.sandbox).await?;
        let plan = Plan::new(&args.selection, sandbox.as_ref())?;
        Ok(diagnose_all(&plan, args.output, verbosity).await?)
    })
}

async fn diagnose_all(plan: &Plan, format: ReportFormat, verbosity: Verbosity) -> io::Result<Exit> {
    let mut opener = plan.opener();
    let mut diagnoses: Vec<Diagnosis> = Vec::new();
    let none_is_listed = !plan.sources.iter().any(PlannedSource::is_listed);
    for planned in &plan.sources {
        let diagnosis = if planned.is_listed() || none_is_listed {
            diagnose(&mut opener, planned).await
        } else {
            Diagnosis::skipped(planned)
        };
        if format == ReportFormat::Text {
            diagnosis.print(diagnoses.is_empty())?;
        }
        diagnoses.push(diagnosis);
    }
    if !verbosity.quiet {
        let warnings = opener.warnings.iter();
        warnings.for_each(|warning| messages::warning(warning, format.into()));
    }
    let exit = diagnoses
        .iter()
        .map(|diagnosis| diagnosis.exit)
        .find(|exit| *exit != Exit::Ok);
    if format == ReportFormat::Json {
        print_json(&Report {
            schema_version: SCHEMA_VERSION,
            lists: diagnoses,
        })?;
    }
    Ok(exit.unwrap_or(Exit::Ok))
}

/// Requests one page, without retries: the report is about the current state.
async fn diagnose(opener: &mut SourceOpener, planned: &PlannedSource) -> Diagnosis {
    let opened = match opener.open(planned) {
        Ok(opened) => opened,
        Err(error) => return Diagnosis::failed(planned, None, &error),
    };
    let client = match opened.add_to(ChatSessions::builder()).build() {
        Ok(client) => client,
        Err(error) => return Diagnosis::failed(planned, None, &error),
    };
    // A provider may ignore the page size. `by_page` returns its page as it is.
    let list = client.list_sessions().page_size(1).order(Order::Source).read_ahead(0);
    let mut pages = list.retry(RetryPolicy::none()).by_page();
    let start = Instant::now();
    let page = pages.next().await;
    let time = start.elapsed();
    match page {
        Some(Ok(page)) => Diagnosis::of_page(planned, PageFacts::new(time, &page), page.rejected.first()),
        Some(Err(error)) => Diagnosis::failed(planned, Some(time), &error),
        // A list without sessions has no pages.
        None => Diagnosis::of_page(planned, PageFacts::empty(time), None),
    }
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

    fn skipped(planned: &PlannedSource) -> Self {
        let secrets = planned.settings.iter().filter(|(setting, _)| setting.is_secret());
        let variables: Vec<&str> = secrets
            .flat_map(|(setting, _)| setting.variables.first().copied())
            .collect();
        let explanation = format!("skipped: no API key. Set {} to include it.", variables.join(", "));
        Self::new(planned, "left-out", explanation, Exit::Ok)
    }

    fn failed(planned: &PlannedSource, time: Option<Duration>, error: &Error) -> Self {
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

    fn print(&self, is_first: bool) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if !is_first {
            writeln!(out)?;
        }
        let scope = self.scope.as_ref().map(|scope| format!("/{scope}")).unwrap_or_default();
        let profile = self
            .profile
            .as_ref()
            .map(|profile| format!(", profile {profile}"))
            .unwrap_or_default();
        writeln!(out, "{}{scope}{profile}", self.provider)?;
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

impl PageFacts {
    fn empty(time: Duration) -> Self {
        Self {
            milliseconds: whole_milliseconds(time),
            request_id: None,
            sessions: 0,
            total: None,
            rejected: 0,
            unknown_fields: BTreeMap::new(),
            values: BTreeMap::new(),
        }
    }

    fn new(time: Duration, page: &SessionPage) -> Self {
        let mut unknown_fields = BTreeMap::new();
        let mut values: BTreeMap<&'static str, BTreeMap<String, usize>> = BTreeMap::new();
        for session in &page.sessions {
            for field in unknown_fields_of(session) {
                *unknown_fields.entry(field).or_default() += 1;
            }
            for (name, value) in values_of(session) {
                *values.entry(name).or_default().entry(value).or_default() += 1;
            }
        }
        Self {
            request_id: page.request_id.clone(),
            sessions: page.sessions.len(),
            total: page.total,
            rejected: page.rejected.len(),
            unknown_fields,
            values,
            ..Self::empty(time)
        }
    }

    fn rows(&self) -> Vec<(&'static str, String)> {
        let sessions = if self.sessions == 1 { "session" } else { "sessions" };
        let total = self.total.map(|total| format!(" of {total}")).unwrap_or_default();
        let id = self
            .request_id
            .as_ref()
            .map_or_else(|| "no request id".to_owned(), |id| format!("request id {id}"));
        let unknown = with_counts(&self.unknown_fields);
        let mut rows = vec![
            (
                "page",
                format!("{}{total} {sessions}, in {} ms, {id}", self.sessions, self.milliseconds),
            ),
            (
                "unknown fields",
                if unknown.is_empty() { "none".to_owned() } else { unknown },
            ),
        ];
        rows.extend(self.values.iter().map(|(name, words)| (*name, with_counts(words))));
        rows
    }
}

/// Returns the fields of a session that this version does not know.
fn unknown_fields_of(session: &Session) -> Vec<String> {
    let of_run = session.last_run.iter().flat_map(|run| run.extra.keys());
    let of_run = of_run.map(|field| format!("last_run.{field}"));
    session
        .extra
        .keys()
        .cloned()
        .chain(of_run)
        .map(|field| short_line(&field))
        .collect()
}

/// Returns the values of the fields with a limited set of values.
fn values_of(session: &Session) -> Vec<(&'static str, String)> {
    let access = session.access.iter().map(|access| ("access", short_line(access)));
    let origin = session.time().map(|time| ("times", time.origin.as_str().to_owned()));
    access.chain(origin).collect()
}

fn with_counts(words: &BTreeMap<String, usize>) -> String {
    let words = words.iter().map(|(word, count)| format!("{word} ({count})"));
    words.collect::<Vec<_>>().join(", ")
}

/// Makes a provider's text safe for a terminal, and at most 60 characters long.
fn short_line(text: &str) -> String {
    one_line(text).chars().take(60).collect()
}

fn whole_milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
