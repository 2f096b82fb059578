//! `chat-sessions doctor`: asks each list for one page, once, and says what came, what is odd, and what to do.
//!
//! A list that is not well is what the report is about; only what keeps the report from being made is an error beside it.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use chat_sessions::{ChatSessions, Error, Order, Rejected, RetryPolicy, Session, SessionPage};
use serde::Serialize;

use crate::args::{Doctor, ReportFormat};
use crate::exit::Exit;
use crate::output::ErrorRecord;
use crate::report::{self, SCHEMA_VERSION, SettingRecord};
use crate::sources::{Opener, Plan, Planned};
use crate::{said, sandbox};

/// What is printed with `-o json`.
#[derive(Serialize)]
struct Document {
    schema_version: u32,
    lists: Vec<Finding>,
}

/// What was found out about one list.
#[derive(Serialize)]
struct Finding {
    provider: &'static str,
    scope: Option<String>,
    profile: Option<String>,
    settings: Vec<SettingRecord>,
    /// What the request brought; null where none was made or no page came.
    page: Option<Seen>,
    /// `ok`, `left-out` where nobody gave a key or asked for the provider, `rejected-items`, or the kind of the error.
    verdict: &'static str,
    error: Option<ErrorRecord>,
    #[serde(skip)]
    told: String,
    #[serde(skip)]
    exit: Exit,
}

/// What a page showed.
#[derive(Serialize)]
struct Seen {
    milliseconds: u64,
    request_id: Option<String>,
    sessions: usize,
    /// How many there are in all, where the provider says so.
    total: Option<u64>,
    rejected: usize,
    /// The fields that this version has no place for, and in how many sessions each was.
    unknown_fields: BTreeMap<String, usize>,
    /// The words that the provider sent where it chooses from a set, and how often each.
    values: BTreeMap<&'static str, BTreeMap<String, usize>>,
}

/// Examines every list that is asked for.
pub(crate) fn run(args: &Doctor, quiet: bool) -> io::Result<Exit> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let sandbox = match sandbox::embedded(args.sandbox, args.output.into()).await {
            Ok(sandbox) => sandbox,
            Err(exit) => return Ok(exit),
        };
        let plan = match Plan::new(&args.selection, sandbox.as_ref()) {
            Ok(plan) => plan,
            Err(refusal) => {
                said::report_error(&refusal, args.output);
                return Ok(Exit::from(&refusal));
            }
        };
        examine_all(&plan, args.output, quiet).await
    })
}

async fn examine_all(plan: &Plan, format: ReportFormat, quiet: bool) -> io::Result<Exit> {
    let mut opener = plan.opener();
    let mut findings: Vec<Finding> = Vec::new();
    let none_is_wanted = !plan.lists.iter().any(Planned::is_wanted);
    for planned in &plan.lists {
        let finding = if planned.is_wanted() || none_is_wanted {
            examine(&mut opener, planned).await
        } else {
            Finding::left_out(planned)
        };
        if format == ReportFormat::Text {
            finding.print(!findings.is_empty())?;
        }
        findings.push(finding);
    }
    if !quiet {
        let warnings = opener.warnings.iter();
        warnings.for_each(|warning| said::warning(warning, format.into()));
    }
    let exit = findings
        .iter()
        .map(|finding| finding.exit)
        .find(|exit| *exit != Exit::Ok);
    if format == ReportFormat::Json {
        let mut out = io::stdout().lock();
        let document = Document {
            schema_version: SCHEMA_VERSION,
            lists: findings,
        };
        serde_json::to_writer_pretty(&mut out, &document)?;
        writeln!(out)?;
    }
    Ok(exit.unwrap_or(Exit::Ok))
}

/// Asks for one page, once: whoever calls a doctor wants to know how it is now.
async fn examine(opener: &mut Opener, planned: &Planned) -> Finding {
    let opened = match opener.open(planned) {
        Ok(opened) => opened,
        Err(error) => return Finding::failed(planned, None, &error),
    };
    let client = match opened.add_to(ChatSessions::builder()).build() {
        Ok(client) => client,
        Err(error) => return Finding::failed(planned, None, &error),
    };
    // The page of one session is a hint, and the provider's own pages are given as they are.
    let list = client.list_sessions().page_size(1).order(Order::Source).read_ahead(0);
    let mut pages = list.retry(RetryPolicy::none()).by_page();
    let begin = Instant::now();
    let came = pages.next().await;
    let time = begin.elapsed();
    match came {
        Some(Ok(page)) => Finding::of_page(planned, Seen::new(time, &page), page.rejected.first()),
        Some(Err(error)) => Finding::failed(planned, Some(time), &error),
        // A list without sessions ends without a page.
        None => Finding::of_page(planned, Seen::nothing(time), None),
    }
}

impl Finding {
    fn new(planned: &Planned, verdict: &'static str, told: String, exit: Exit) -> Self {
        Self {
            provider: planned.settings.provider.as_str(),
            scope: planned.scope.as_ref().map(|(scope, _)| scope.clone()),
            profile: planned.settings.profile.clone(),
            settings: report::settings(planned),
            page: None,
            verdict,
            error: None,
            told,
            exit,
        }
    }

    fn left_out(planned: &Planned) -> Self {
        let secrets = planned.settings.iter().filter(|(setting, _)| setting.is_secret());
        let variables: Vec<&str> = secrets
            .flat_map(|(setting, _)| setting.variables.first().copied())
            .collect();
        let told = format!("left out, for want of a key. Set {} to list it.", variables.join(", "));
        Self::new(planned, "left-out", told, Exit::Ok)
    }

    fn failed(planned: &Planned, time: Option<Duration>, error: &Error) -> Self {
        // The heading says already whose list it is.
        let text = error.to_string();
        let label = label(planned, error);
        let told = text.strip_prefix(&format!("{label}: ")).unwrap_or(&text);
        let after = time
            .map(|time| format!(", after {} ms", whole_milliseconds(time)))
            .unwrap_or_default();
        let told = format!("{}{after}: {told}", error.kind().as_str());
        Self {
            error: Some(ErrorRecord::from(error)),
            ..Self::new(planned, error.kind().as_str(), told, Exit::from(error))
        }
    }

    fn of_page(planned: &Planned, seen: Seen, rejected: Option<&Rejected>) -> Self {
        let (verdict, told, exit) = match rejected {
            None => ("ok", "ok".to_owned(), Exit::Ok),
            Some(first) => (
                "rejected-items",
                format!(
                    "an item cannot be understood, because {}, at {}. If it stays so, the provider has changed and this \
                     program must follow.",
                    first.reason, first.pointer
                ),
                Exit::Contract,
            ),
        };
        Self {
            page: Some(seen),
            ..Self::new(planned, verdict, told, exit)
        }
    }

    fn print(&self, is_further: bool) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if is_further {
            writeln!(out)?;
        }
        let scope = self.scope.as_ref().map(|scope| format!("/{scope}")).unwrap_or_default();
        let profile = self
            .profile
            .as_ref()
            .map(|profile| format!(", profile {profile}"))
            .unwrap_or_default();
        writeln!(out, "{}{scope}{profile}", self.provider)?;
        let mut told = self.page.as_ref().map(Seen::rows).unwrap_or_default();
        told.push(("verdict", self.told.clone()));
        let mut rows = report::rows(&self.settings, true);
        rows.extend(told.iter().map(|(name, told)| [*name, told.as_str(), ""]));
        for line in report::aligned(&rows) {
            writeln!(out, "{line}")?;
        }
        out.flush()
    }
}

fn label(planned: &Planned, error: &Error) -> String {
    let provider = planned.settings.provider.as_str();
    error
        .scope()
        .map_or_else(|| provider.to_owned(), |scope| format!("{provider}/{scope}"))
}

impl Seen {
    fn nothing(time: Duration) -> Self {
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
            for field in fields_without_a_place(session) {
                *unknown_fields.entry(field).or_default() += 1;
            }
            for (name, value) in chosen_words(session) {
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
            ..Self::nothing(time)
        }
    }

    fn rows(&self) -> Vec<(&'static str, String)> {
        let sessions = if self.sessions == 1 { "session" } else { "sessions" };
        let total = self.total.map(|total| format!(" of {total}")).unwrap_or_default();
        let id = self
            .request_id
            .as_ref()
            .map_or_else(|| "no request id".to_owned(), |id| format!("request id {id}"));
        let unknown = counted(&self.unknown_fields);
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
        rows.extend(self.values.iter().map(|(name, words)| (*name, counted(words))));
        rows
    }
}

/// Names what a session holds that has no field of its own.
fn fields_without_a_place(session: &Session) -> Vec<String> {
    let of_the_run = session.last_run.iter().flat_map(|run| run.extra.keys());
    let of_the_run = of_the_run.map(|field| format!("last_run.{field}"));
    session
        .extra
        .keys()
        .cloned()
        .chain(of_the_run)
        .map(|field| one_line(&field))
        .collect()
}

/// Gives the provider's words where it chooses from a set that may grow.
fn chosen_words(session: &Session) -> Vec<(&'static str, String)> {
    let access = session.access.iter().map(|access| ("access", one_line(access)));
    let origin = session.time().map(|time| ("times", time.origin.as_str().to_owned()));
    access.chain(origin).collect()
}

fn counted(words: &BTreeMap<String, usize>) -> String {
    let words = words.iter().map(|(word, count)| format!("{word} ({count})"));
    words.collect::<Vec<_>>().join(", ")
}

/// What a provider sends must not move the cursor of a terminal.
fn one_line(text: &str) -> String {
    const LONGEST: usize = 60;
    let shown = text.chars().take(LONGEST);
    shown
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect()
}

fn whole_milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
