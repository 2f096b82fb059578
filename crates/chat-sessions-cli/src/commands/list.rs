//! `chat-sessions list`: from the arguments to the printed list.

mod args;
mod filters;
mod outcome;
mod progress;
mod stats;
mod stream;
mod time_arg;

use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::Duration;

use chat_sessions::list::ListSessions;
use chat_sessions::record::Recorder;
use chat_sessions::retry::RetryPolicy;
use chat_sessions::{ChatSessions, Cursor, Error};
use chat_sessions_sandbox::Sandbox;

use crate::config::Plan;
use crate::embedded_sandbox;
use crate::exit::{Exit, Failure};
use crate::output::{Format, ListSummary, Notice, OutputStream, StatusLine, hints, messages};
use crate::runtime;
use crate::time_zone;
use crate::verbosity::Verbosity;

pub(crate) use args::ListArgs;
use filters::Filters;

/// Lists sessions, and reports everything about the list but a failure to write it.
pub(crate) fn run(args: &ListArgs, verbosity: Verbosity) -> Result<Exit, Failure> {
    let format = args.output.unwrap_or(if io::stdout().is_terminal() {
        Format::Table
    } else {
        Format::Tsv
    });
    args.check(format)?;
    if verbosity.logs && !verbosity.quiet {
        args.meaning_of_times()
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
        let client = client(args, format, verbosity, sandbox.as_ref())?;
        let recorder = recorder(args)?;
        let filters = args.filters();
        let request = request(args, &client, cursor, &filters, recorder.as_ref());
        let ended = stream::print_sessions(args, format, request, filters, verbosity).await;
        match recorder {
            Some(recorder) => finish_recording(args, format, verbosity, &recorder, ended),
            None => Ok(ended?),
        }
    })?
}

/// Creates the recording, if `--record` was given.
fn recorder(args: &ListArgs) -> chat_sessions::Result<Option<Recorder>> {
    let Some(path) = &args.record else {
        return Ok(None);
    };
    let recorder = Recorder::create(path)?;
    Ok(Some(if args.blank_titles {
        recorder.blank_titles()
    } else {
        recorder
    }))
}

/// Reports what was recorded, also after a failed list. If the recording is incomplete, a list that
/// succeeded counts as failed.
fn finish_recording(
    args: &ListArgs,
    format: Format,
    verbosity: Verbosity,
    recorder: &Recorder,
    ended: io::Result<Exit>,
) -> Result<Exit, Failure> {
    let path = args.record.as_deref().unwrap_or(Path::new(""));
    let exit = match recorder.finish() {
        Ok(exchanges) => {
            if !verbosity.quiet {
                messages::recorded(path, exchanges, !args.blank_titles, format);
            }
            ended?
        }
        Err(error) => {
            messages::recording_failure(path, recorder.entries(), &error, format);
            match ended? {
                Exit::Ok => Exit::Other,
                exit => exit,
            }
        }
    };
    Ok(exit)
}

/// Opens the selected sources, and returns the client for them.
fn client(
    args: &ListArgs,
    format: Format,
    verbosity: Verbosity,
    sandbox: Option<&Sandbox>,
) -> Result<ChatSessions, Failure> {
    let plan = Plan::new(&args.selection, sandbox)?;
    let (sources, warnings) = plan.open()?;
    if !verbosity.quiet {
        let warnings = warnings.iter().map(String::as_str).chain(time_zone::warning());
        warnings.for_each(|warning| messages::warning(warning, format));
    }
    let builder = sources
        .iter()
        .fold(ChatSessions::builder(), |builder, source| source.add_to(builder));
    Ok(builder.build().map_err(|error| match plan.unused_profiles() {
        Some((file, profiles)) => hints::with_profiles(error, file, &profiles),
        None => error,
    })?)
}

/// Reports an error before the first request. The JSON formats still get a complete document.
fn refuse(args: &ListArgs, format: Format, error: Error) -> Result<Exit, Failure> {
    let error = hints::with_sandbox(error);
    let out = OutputStream::new(format, StatusLine::default());
    args.session_writer(format, out).finish(ListSummary {
        failures: &[&error],
        ..ListSummary::default()
    })?;
    Err(Failure::Error(error))
}

fn request(
    args: &ListArgs,
    client: &ChatSessions,
    cursor: Option<Cursor>,
    filters: &Filters,
    recorder: Option<&Recorder>,
) -> ListSessions {
    let mut request = client
        .list_sessions()
        .order(args.order.into())
        .fail_fast(args.fail_fast);
    let total = Duration::from_secs(args.page_timeout);
    request = request.retry(RetryPolicy::default().max_attempts(args.attempts).timeout(total));
    if let Some(size) = args.page_size {
        request = request.page_size(size);
    }
    if let Some(pages) = args.read_ahead {
        request = request.read_ahead(pages);
    }
    if let Some(pages) = args.max_pages {
        request = request.max_pages(pages);
    }
    if let Some(since) = filters.since() {
        request = request.stop_before(since);
    }
    if let Some(recorder) = recorder {
        request = request.record(recorder);
    }
    if let Some(filters) = args.filters_as_given() {
        request = request.bind_cursor(filters);
    }
    if let Some(cursor) = cursor {
        request = request.resume(cursor);
    }
    // With filters, it is unknown how many sessions to read until enough of them match.
    if args.all || args.has_filters() {
        request
    } else {
        request.limit(args.limit)
    }
}
