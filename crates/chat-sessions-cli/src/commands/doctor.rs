//! `chat-sessions doctor`: requests one page of each list and reports what works, what does not, and
//! what to do.
//!
//! A failing list is part of the report. Only an error that prevents the report goes to standard
//! error.

mod diagnosis;
mod page_facts;
mod results;

use std::future::Future;
use std::io;
use std::time::Duration;

use chat_sessions::retry::RetryPolicy;
use chat_sessions::{ChatSessions, Order};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};

use self::diagnosis::{Diagnosis, Response};
use self::results::Results;
use crate::config::{Plan, PlannedSource, SELECTION, SourceOpener, SourceSelection};
use crate::embedded_sandbox;
use crate::exit::{Exit, Failure};
use crate::interrupt::Interrupt;
use crate::name_arg::name;
use crate::output::{ReportFormat, messages};
use crate::runtime::{self, Writes};
use crate::verbosity::Verbosity;

/// Lists that respond within this time are printed in the order of the plan. After it, each is printed
/// when it responds.
const IN_ORDER: Duration = Duration::from_secs(1);

const EXAMPLES: &str = "\
Examples:
  chat-sessions doctor                   check every provider with an API key
  chat-sessions doctor --profile work    check the accounts of a profile
  chat-sessions doctor --sandbox         see a report without problems
  chat-sessions doctor -o json           print JSON, for monitoring";

const AFTER_HELP: &str = "\
doctor sends one request for each list, all at once and without retries, and
prints each result when it arrives. It asks for the smallest page: one session,
but Memories.ai always sends 20. Ctrl-C ends doctor; lists without a response by
then are reported as interrupted. Unknown fields are fields that this version
does not know; `list -o json` prints them in `extra`.

Exit codes; the first list with a problem decides:
  0    no problem
  1    any other error
  4    API key missing, rejected or without permission
  5    rate limited
  6    timeout, no connection, or the provider failed
  7    a response does not match the provider's documentation
  8    invalid configuration
  129  ended by SIGHUP
  130  interrupted with Ctrl-C
  143  ended by SIGTERM";

#[derive(Debug, clap::Args)]
#[command(before_long_help = EXAMPLES, after_long_help = AFTER_HELP)]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    selection: SourceSelection,

    /// Check the lists of a built-in server; needs no key and no network.
    #[arg(long, help_heading = SELECTION, conflicts_with = "profile")]
    sandbox: bool,

    /// The output format.
    #[arg(short, long, value_name = "FORMAT", default_value = "text", value_parser = name::<ReportFormat>())]
    pub(crate) output: ReportFormat,

    /// Time limit for the page of each list in seconds.
    ///
    /// It includes the connection. A single request never takes longer than 30 seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    page_timeout: u64,
}

pub(crate) fn run(args: &DoctorArgs, verbosity: Verbosity) -> Result<Exit, Failure> {
    runtime::block_on(Writes::Few, async {
        let sandbox = embedded_sandbox::start(args.sandbox).await?;
        let plan = Plan::new(&args.selection, sandbox.as_ref())?;
        Ok(diagnose_all(&plan, args, verbosity).await?)
    })?
}

async fn diagnose_all(plan: &Plan, args: &DoctorArgs, verbosity: Verbosity) -> io::Result<Exit> {
    let mut interrupt = Interrupt::listen();
    let mut opener = plan.opener();
    let mut results = Results::new(args.output, plan.sources.len());
    let mut requests = JoinSet::new();
    let none_is_listed = !plan.sources.iter().any(PlannedSource::is_listed);
    for (index, planned) in plan.sources.iter().enumerate() {
        if !planned.is_listed() && !none_is_listed {
            results.add(index, Diagnosis::skipped(planned));
            continue;
        }
        match request(&mut opener, planned, Duration::from_secs(args.page_timeout)) {
            Ok(request) => drop(requests.spawn(async move { (index, request.await) })),
            Err(error) => results.add(index, Diagnosis::failed(planned, None, &error)),
        }
    }
    let start = Instant::now();
    let mut in_order = true;
    let mut interrupted = false;
    loop {
        results.print(in_order)?;
        if requests.is_empty() || interrupted {
            break;
        }
        tokio::select! {
            // A response that is there when Ctrl-C is pressed is still printed.
            biased;
            Some(arrived) = requests.join_next() => {
                let (index, response) = arrived.unwrap_or_else(resume_panic);
                results.add(index, Diagnosis::of_response(&plan.sources[index], response));
            }
            () = interrupt.received() => interrupted = true,
            () = sleep_until(start + IN_ORDER), if in_order => in_order = false,
        }
    }
    for index in results.missing() {
        results.add(index, Diagnosis::interrupted(&plan.sources[index], start.elapsed()));
    }
    let exit = results.finish()?;
    if !verbosity.quiet {
        let warnings = opener.warnings.iter();
        warnings.for_each(|warning| messages::warning(warning, args.output.into()));
    }
    Ok(if interrupted { Exit::Interrupted } else { exit })
}

/// A panic of a task is a panic of the program.
fn resume_panic<T>(error: JoinError) -> T {
    match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(error) => unreachable!("no task was cancelled: {error}"),
    }
}

/// Prepares the request for one page, without retries: the report is about the current state.
fn request(
    opener: &mut SourceOpener,
    planned: &PlannedSource,
    timeout: Duration,
) -> chat_sessions::Result<impl Future<Output = Response> + Send + 'static> {
    let client = opener.open(planned)?.add_to(ChatSessions::builder()).build()?;
    // A provider may ignore the page size. `by_page` returns its page as it is.
    let list = client.list_sessions().page_size(1).order(Order::Source).read_ahead(0);
    let mut pages = list.retry(RetryPolicy::none().timeout(timeout)).by_page();
    Ok(async move {
        let start = Instant::now();
        let page = pages.next().await;
        Response {
            page,
            time: start.elapsed(),
        }
    })
}
