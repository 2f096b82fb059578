//! `chat-sessions list`: from the arguments to the printed list.

mod args;
mod filter_args;
mod filtered;
mod outcome;
pub(crate) mod progress;
mod stats;
mod stream;
mod time_arg;
pub(crate) mod title_arg;

use std::io::{self, IsTerminal};

use chat_sessions::list::ListSessions;
use chat_sessions::{ChatSessions, Cursor, Error};

use super::accounts::{self, Accounts};
use super::requests::Requests;
use crate::config::Plan;
use crate::embedded_sandbox;
use crate::exit::{Exit, Failure};
use crate::output::{Format, ListSummary, Missing, Notice, OutputStream, StatusLine, hints, messages};
use crate::runtime;
use crate::verbosity::Verbosity;

pub(crate) use args::ListArgs;
pub(crate) use filter_args::FilterArgs;
pub(crate) use filtered::Filtered;
pub(crate) use outcome::without_response;

/// Lists sessions, and reports everything about the list but a failure to write it.
pub(crate) fn run(args: &ListArgs, verbosity: Verbosity) -> Result<Exit, Failure> {
    let format = args.output.unwrap_or(if io::stdout().is_terminal() {
        Format::Table
    } else {
        Format::Tsv
    });
    args.check(format)?;
    if verbosity.logs && !verbosity.quiet {
        args.filters
            .meaning_of_times()
            .for_each(|meaning| messages::notice(&Notice::time(&meaning), format));
    }
    match list(args, format, verbosity) {
        Err(Failure::Error(error)) => refuse(args, format, error),
        ended => ended,
    }
}

/// Lists sessions. Errors are those before the first request, and failures to write.
fn list(args: &ListArgs, format: Format, verbosity: Verbosity) -> Result<Exit, Failure> {
    let cursor = args.cursor.as_deref().map(str::parse).transpose()?;
    runtime::block_on(args.writes(), async {
        let sandbox = embedded_sandbox::start(args.sandbox).await?;
        let plan = Plan::with_all_scopes(&args.selection, sandbox.as_ref())?;
        let opened = accounts::open(&plan, format, verbosity)?;
        let recorder = args.recording.create()?;
        let requests = Requests {
            retry: args.retry.policy(),
            recorder: recorder.as_ref(),
        };
        let accounts = accounts::with_all_scopes(opened, requests).await;
        let ended = print(args, format, verbosity, cursor, &plan, accounts, requests).await;
        args.recording.finish(recorder.as_ref(), format, verbosity, ended)
    })?
}

/// Lists the sessions of these accounts.
async fn print(
    args: &ListArgs,
    format: Format,
    verbosity: Verbosity,
    cursor: Option<Cursor>,
    plan: &Plan,
    accounts: Accounts,
    requests: Requests<'_>,
) -> Result<Exit, Failure> {
    if !accounts.interrupted.is_empty() {
        return Ok(interrupted(args, format, verbosity, &accounts.interrupted)?);
    }
    let has_failed = !accounts.losses.failures.is_empty();
    if has_failed && (accounts.sources.is_empty() || args.fail_fast) {
        return Ok(without_sources(args, format, &accounts.losses.failures)?);
    }
    let client = accounts::client(plan, &accounts.sources)?;
    let request = request(args, &client, cursor, requests);
    Ok(stream::print_sessions(args, format, request, verbosity, accounts.losses).await?)
}

/// Ends a list that was interrupted before its first request.
fn interrupted(args: &ListArgs, format: Format, verbosity: Verbosity, missing: &[Missing]) -> io::Result<Exit> {
    let out = OutputStream::new(format, StatusLine::default());
    args.session_writer(format, out).finish(ListSummary {
        missing,
        ..ListSummary::default()
    })?;
    if !verbosity.quiet {
        messages::notice(&Notice::interrupted_at_start(&[]), format);
    }
    Ok(Exit::Interrupted)
}

/// Reports an error before the first request. The JSON formats still get a complete document.
fn refuse(args: &ListArgs, format: Format, error: Error) -> Result<Exit, Failure> {
    let error = hints::with_sandbox(error, "list");
    let out = OutputStream::new(format, StatusLine::default());
    args.session_writer(format, out).finish(ListSummary {
        failures: &[&error],
        ..ListSummary::default()
    })?;
    Err(Failure::Error(error))
}

/// Ends a list of accounts whose scopes could not be listed.
fn without_sources(args: &ListArgs, format: Format, failures: &[Error]) -> io::Result<Exit> {
    let out = OutputStream::new(format, StatusLine::default());
    args.session_writer(format, out).finish(ListSummary {
        failures: &failures.iter().collect::<Vec<_>>(),
        ..ListSummary::default()
    })?;
    failures.iter().for_each(|error| messages::error(error, format));
    Ok(failures.first().map_or(Exit::Other, Exit::from))
}

fn request(args: &ListArgs, client: &ChatSessions, cursor: Option<Cursor>, requests: Requests<'_>) -> ListSessions {
    let mut request = requests.list(client).order(args.order.into()).fail_fast(args.fail_fast);
    if let Some(size) = args.page_size {
        request = request.page_size(size);
    }
    if let Some(pages) = args.read_ahead {
        request = request.read_ahead(pages);
    }
    if let Some(pages) = args.max_pages {
        request = request.max_pages(pages);
    }
    if let Some(cursor) = cursor {
        request = request.resume(cursor);
    }
    args.filters.apply(request)
}
