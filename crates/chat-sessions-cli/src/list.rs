//! `chat-sessions list`: from what was typed to what is printed.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::Duration;

use chat_sessions::{ChatSessions, Cursor, Error, ListSessions, Recorder, RetryPolicy};
use chat_sessions_sandbox::Sandbox;

use crate::args::{Format, List};
use crate::exit::Exit;
use crate::filters::Filters;
use crate::output::Ending;
use crate::progress::Line;
use crate::sources::Plan;
use crate::terminal::Screen;
use crate::{listing, said, sandbox};

/// What holds for all that is said beside the list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// Whether only errors are said.
    pub(crate) quiet: bool,
    /// Whether events are shown, which leave no room for progress.
    pub(crate) logs: bool,
}

/// Lists, and says how that went. An error is that the reader has left; all others are said and become an exit code.
pub(crate) fn run(args: &List, manner: Manner) -> io::Result<Exit> {
    let format = args.output.unwrap_or(if io::stdout().is_terminal() {
        Format::Table
    } else {
        Format::Tsv
    });
    args.check(format);
    start(args, format, manner).or_else(|failure| {
        if failure.kind() == io::ErrorKind::BrokenPipe {
            return Err(failure);
        }
        said::unwritten_list(&failure, format);
        Ok(Exit::Other)
    })
}

fn start(args: &List, format: Format, manner: Manner) -> io::Result<Exit> {
    let place = match args.cursor.as_deref().map(str::parse).transpose() {
        Ok(place) => place,
        Err(refusal) => return refuse(args, format, refusal),
    };
    // One thread is enough: the time goes into waiting for pages.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let sandbox = match sandbox::embedded(args.sandbox, format).await {
            Ok(sandbox) => sandbox,
            Err(exit) => return Ok(exit),
        };
        let client = match client(args, format, manner, sandbox.as_ref()) {
            Ok(client) => client,
            Err(refusal) => return refuse(args, format, refusal),
        };
        // Before any request, so that none is made for nothing.
        let recorder = match recorder(args) {
            Ok(recorder) => recorder,
            Err(refusal) => return refuse(args, format, refusal),
        };
        let filters = Filters::of(args);
        let request = request(args, &client, place, &filters, recorder.as_ref());
        let listed = listing::list(args, format, request, filters, manner).await;
        match recorder {
            Some(recorder) => told(args, format, manner, &recorder, listed),
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
fn told(
    args: &List,
    format: Format,
    manner: Manner,
    recorder: &Recorder,
    listed: io::Result<Exit>,
) -> io::Result<Exit> {
    let path = args.record.as_deref().unwrap_or(Path::new(""));
    match recorder.finish() {
        Ok(exchanges) => {
            if !manner.quiet {
                said::recorded(path, exchanges, !args.blank_titles, format);
            }
            listed
        }
        Err(error) => {
            said::not_recorded(path, recorder.entries(), &error, format);
            listed.map(|exit| if exit == Exit::Ok { Exit::Other } else { exit })
        }
    }
}

/// Makes the client over everything that was asked for.
fn client(
    args: &List,
    format: Format,
    manner: Manner,
    sandbox: Option<&Sandbox>,
) -> chat_sessions::Result<ChatSessions> {
    let plan = Plan::new(&args.selection, sandbox)?;
    let (lists, warnings) = plan.open()?;
    if !manner.quiet {
        warnings.iter().for_each(|warning| said::warning(warning, format));
    }
    let builder = lists
        .iter()
        .fold(ChatSessions::builder(), |builder, list| list.add_to(builder));
    builder.build().map_err(|error| plan.with_profiles(error))
}

/// Ends before any request, with a document that is whole all the same.
fn refuse(args: &List, format: Format, refusal: Error) -> io::Result<Exit> {
    let exit = Exit::from(&refusal);
    let refusal = if exit == Exit::Denied {
        let hint = refusal.hint().unwrap_or_default().to_owned();
        refusal.with_hint(format!("{hint} Or try it without a key: chat-sessions list --sandbox"))
    } else {
        refusal
    };
    let screen = Screen::new(format, Line::default());
    args.shape(format).writer(screen).end(Ending {
        failures: &[&refusal],
        ..Ending::default()
    })?;
    said::error(&refusal, format);
    Ok(exit)
}

fn request(
    args: &List,
    client: &ChatSessions,
    place: Option<Cursor>,
    filters: &Filters,
    recorder: Option<&Recorder>,
) -> ListSessions {
    let mut request = client.list_sessions().order(args.order.into());
    let total = Duration::from_secs(args.page_timeout);
    request = request.retry(RetryPolicy::default().attempts(args.attempts).total(total));
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
        request = request.back_to(since);
    }
    if let Some(recorder) = recorder {
        request = request.record(recorder);
    }
    if args.fail_fast {
        request = request.fail_fast();
    }
    if let Some(place) = place {
        request = request.resume(place);
    }
    // How many sessions it takes until so many of them match is not known.
    if args.all || args.has_filters() {
        request
    } else {
        request.limit(args.limit)
    }
}
