//! A list while it comes and when it has ended: rows, progress, Ctrl-C, and what is said about it.
//!
//! It knows neither how the sources were made nor what a row looks like.

use std::io;

use chat_sessions::{Error, ListSessions, Session, SessionStream};

use crate::args::{Format, List};
use crate::exit::Exit;
use crate::filters::{Filters, Verdict};
use crate::interrupt::Interrupt;
use crate::list::Manner;
use crate::notices::{Notice, Stopped};
use crate::output::{Ending, Writer};
use crate::progress::{Line, Progress};
use crate::said;
use crate::terminal::{self, Screen};

/// Lists what was asked for, and says how that went. An error is one of writing.
pub(crate) async fn list(
    args: &List,
    format: Format,
    request: ListSessions,
    filters: Filters,
    manner: Manner,
) -> io::Result<Exit> {
    let line = Line::default();
    let shows_progress = !manner.quiet && !manner.logs && terminal::can_redraw_stderr();
    let mut progress = Progress::start(shows_progress, line.clone());
    let waits = progress.waits();
    let mut stream = request.on_retry(move |retry| waits.note(retry)).by_item();
    let start = stream.cursor();
    let mut listing = Listing {
        // Without filters the list itself keeps the limit, and asks for no page that it does not need.
        limit: (!args.all && args.has_filters()).then_some(args.limit),
        writer: args.shape(format).writer(Screen::new(format, line)),
        filters,
        shown: 0,
        timeless: 0,
        failed: None,
    };
    let interrupted = listing.fill(&mut stream, &mut progress).await;
    progress.end();
    let interrupted = interrupted?;
    // A failure that is held back until the others are done is told also where they are not.
    listing.failed = listing.failed.or_else(|| stream.stop());

    let (reached, report) = (stream.cursor(), stream.report());
    // A request that was refused has no source to tell of, and no place to go on from.
    let more = stream.has_more() && !report.sources.is_empty();
    let Listing {
        mut writer,
        shown,
        timeless,
        failed,
        ..
    } = listing;
    let failures: Vec<&Error> = failed
        .iter()
        .flat_map(|first| std::iter::once(first).chain(first.others()))
        .collect();
    let is_open = report.sources.iter().any(|source| source.end.is_none());
    let stopped = if interrupted {
        Some(Stopped::Interrupted)
    } else if !more {
        None
    } else if !args.all && shown == args.limit {
        Some(Stopped::Limit)
    } else {
        // Neither at its end nor failed nor old enough.
        (failures.is_empty() && is_open).then_some(Stopped::MaxPages)
    };
    // Behind a list that was read back to --since stands nothing that was asked for.
    let next = (more && (stopped.is_some() || !failures.is_empty())).then_some(&reached);
    writer.end(Ending {
        failures: &failures,
        complete: failures.is_empty() && stopped.is_none(),
        next,
    })?;

    let moved = next.filter(|next| **next != start);
    let mut notices: Vec<Notice<'_>> = report.sources.iter().flat_map(Notice::oddities).collect();
    notices.extend((timeless > 0).then(|| Notice::timeless(timeless)));
    let last = stopped.map(|stopped| match moved {
        Some(next) => Notice::stopped(stopped, shown, &report, next, args),
        None => Notice::interrupted_at_once(),
    });
    if !manner.quiet {
        notices.iter().for_each(|notice| said::notice(notice, format));
    }
    for failure in &failures {
        said::error(failure, format);
    }
    match last {
        _ if manner.quiet => {}
        Some(last) => said::notice(&last, format),
        // A list that failed before it moved goes on with the same command.
        None => moved.into_iter().for_each(|next| said::go_on(next, format)),
    }
    // A list that was refused has no source to tell of.
    if args.stats && !report.sources.is_empty() {
        said::stats(&report, &failures, format);
    }
    let skipped = report.sources.iter().any(|source| source.rejected > 0);
    Ok(match failed {
        _ if interrupted => Exit::Interrupted,
        Some(error) if shown == 0 => Exit::from(&error),
        Some(_) => Exit::Partial,
        None if skipped => Exit::Partial,
        None => Exit::Ok,
    })
}

/// A list while it comes.
struct Listing<'a> {
    limit: Option<u64>,
    writer: Box<dyn Writer + Send + 'a>,
    filters: Filters,
    shown: u64,
    /// Sessions that were left out because they have no time.
    timeless: u64,
    failed: Option<Error>,
}

impl Listing<'_> {
    /// Takes sessions until there are enough or no more of them, and says whether that was interrupted.
    async fn fill(&mut self, stream: &mut SessionStream, progress: &mut Progress) -> io::Result<bool> {
        let mut interrupt = Interrupt::listen();
        while self.limit.is_none_or(|limit| self.shown < limit) {
            let next = tokio::select! {
                biased;
                () = interrupt.came() => return Ok(true),
                next = stream.next() => next,
                () = progress.due() => {
                    progress.draw(&stream.report());
                    continue;
                }
            };
            match next {
                Some(Ok(session)) => self.take(&session)?,
                Some(Err(error)) => self.failed = Some(error),
                None => break,
            }
        }
        Ok(false)
    }

    fn take(&mut self, session: &Session) -> io::Result<()> {
        match self.filters.judge(session) {
            Verdict::Shown => {
                self.writer.session(session)?;
                self.shown += 1;
            }
            Verdict::Timeless => self.timeless += 1,
            Verdict::LeftOut => {}
        }
        Ok(())
    }
}
