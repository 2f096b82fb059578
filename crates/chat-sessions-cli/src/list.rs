//! `chat-sessions list`: from what was typed to what is printed.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::Duration;

use chat_sessions::{ChatSessions, Cursor, Error, ListSessions, Recorder, RetryPolicy, SourceReport, WalkReport};
use chat_sessions_sandbox::Sandbox;

use crate::args::{Format, List};
use crate::exit::Exit;
use crate::output::{self, Ending};
use crate::said;
use crate::sources::Plan;

/// Lists, and says how that went. An error is one of writing; those of providers are said and become an exit code.
pub(crate) fn run(args: &List) -> io::Result<Exit> {
    let format = args.output.unwrap_or(if io::stdout().is_terminal() {
        Format::Table
    } else {
        Format::Tsv
    });
    let place = match args.cursor.as_deref().map(str::parse).transpose() {
        Ok(place) => place,
        Err(refusal) => return refuse(format, refusal),
    };
    // One thread is enough: the time goes into waiting for pages.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // It answers for as long as it is held.
        let sandbox = match args.sandbox.then_some(Sandbox::start()) {
            Some(start) => match start.await {
                Ok(sandbox) => Some(sandbox),
                Err(error) => {
                    said::no_sandbox(&error);
                    return Ok(Exit::Other);
                }
            },
            None => None,
        };
        let client = match client(args, sandbox.as_ref()) {
            Ok(client) => client,
            Err(refusal) => return refuse(format, refusal),
        };
        // Before any request, so that none is made for nothing.
        let recorder = match recorder(args) {
            Ok(recorder) => recorder,
            Err(refusal) => return refuse(format, refusal),
        };
        let listed = list(args, format, &client, place, recorder.as_ref()).await;
        match recorder {
            Some(recorder) => told(args, format, &recorder, listed),
            None => listed,
        }
    })
}

/// Makes what records the requests, if they shall be recorded.
fn recorder(args: &List) -> chat_sessions::Result<Option<Recorder>> {
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

/// Says what was recorded, however the list went. A recording that is not whole fails a list that went well.
fn told(args: &List, format: Format, recorder: &Recorder, listed: io::Result<Exit>) -> io::Result<Exit> {
    let path = args.record.as_deref().unwrap_or(Path::new(""));
    match recorder.finish() {
        Ok(exchanges) => {
            said::recorded(path, exchanges, !args.blank_titles, format);
            listed
        }
        Err(error) => {
            said::not_recorded(path, recorder.entries(), &error, format);
            listed.map(|exit| if exit == Exit::Ok { Exit::Other } else { exit })
        }
    }
}

/// Makes the client over everything that was asked for.
fn client(args: &List, sandbox: Option<&Sandbox>) -> chat_sessions::Result<ChatSessions> {
    let plan = Plan::new(&args.selection, sandbox)?;
    let (lists, warnings) = plan.open()?;
    for warning in &warnings {
        said::warning(warning);
    }
    let builder = lists
        .iter()
        .fold(ChatSessions::builder(), |builder, list| list.add_to(builder));
    builder.build().map_err(|error| plan.with_profiles(error))
}

/// Ends before any request, with a document that is whole all the same.
fn refuse(format: Format, refusal: Error) -> io::Result<Exit> {
    let exit = Exit::from(&refusal);
    let refusal = if exit == Exit::Denied {
        let hint = refusal.hint().unwrap_or_default().to_owned();
        refusal.with_hint(format!("{hint} Or try it without a key: chat-sessions list --sandbox"))
    } else {
        refusal
    };
    output::writer(format, io::stdout()).end(Ending {
        failures: &[&refusal],
        ..Ending::default()
    })?;
    said::error(&refusal, format);
    Ok(exit)
}

async fn list(
    args: &List,
    format: Format,
    client: &ChatSessions,
    place: Option<Cursor>,
    recorder: Option<&Recorder>,
) -> io::Result<Exit> {
    let request = request(args, client, place);
    let request = match recorder {
        Some(recorder) => request.record(recorder),
        None => request,
    };
    let mut stream = request.by_item();
    let start = stream.cursor();
    let mut writer = output::writer(format, io::stdout());
    let mut shown: u64 = 0;
    let mut failed: Option<Error> = None;
    while let Some(next) = stream.next().await {
        match next {
            Ok(session) => {
                writer.session(&session)?;
                shown += 1;
            }
            Err(error) => failed = Some(error),
        }
    }
    let failures: Vec<&Error> = failed
        .iter()
        .flat_map(|first| std::iter::once(first).chain(first.others()))
        .collect();
    let reached = stream.cursor();
    let report = stream.report();
    // A request that was refused has no source to tell of, and no place to go on from.
    let next = (stream.has_more() && !report.sources.is_empty()).then_some(&reached);
    let truncated = next.filter(|_| !args.all && shown == args.limit);
    writer.end(Ending {
        failures: &failures,
        complete: failures.is_empty() && truncated.is_none(),
        next,
    })?;

    for source in &report.sources {
        said::oddities(source);
    }
    for failure in &failures {
        said::error(failure, format);
    }
    if let Some(next) = truncated {
        said::truncated(shown, more_is_certain(&report, shown), next, format);
    } else if let Some(next) = next.filter(|next| **next != start) {
        // A list that failed before it moved goes on with the same command.
        said::go_on(next, format);
    }
    // A list that was refused has no source to tell of.
    if args.stats && !report.sources.is_empty() {
        said::stats(&report, &failures, format);
    }
    let skipped = report.sources.iter().any(|source| source.rejected > 0);
    Ok(match failed {
        Some(error) if shown == 0 => Exit::from(&error),
        Some(_) => Exit::Partial,
        None if skipped => Exit::Partial,
        None => Exit::Ok,
    })
}

fn request(args: &List, client: &ChatSessions, place: Option<Cursor>) -> ListSessions {
    let mut request = client.list_sessions().order(args.order.into());
    let total = Duration::from_secs(args.page_timeout);
    request = request.retry(RetryPolicy::default().attempts(args.attempts).total(total));
    if let Some(size) = args.page_size {
        request = request.page_size(size);
    }
    if let Some(pages) = args.read_ahead {
        request = request.read_ahead(pages);
    }
    if let Some(place) = place {
        request = request.resume(place);
    }
    if args.all { request } else { request.limit(args.limit) }
}

/// Says whether sessions are left behind the limit for certain: some were fetched and not shown, or a provider counts
/// more than it has sent. Otherwise only the next page could tell, and no request is made to find out.
fn more_is_certain(report: &WalkReport, shown: u64) -> bool {
    let fetched: u64 = report.sources.iter().map(|source| source.sessions).sum();
    let claims_more = |source: &SourceReport| {
        let sent = source.before_cursor + source.sessions + source.duplicates + source.rejected;
        source.end.is_none() && source.claimed_total.is_some_and(|total| total > sent)
    };
    fetched > shown || report.sources.iter().any(claims_more)
}
