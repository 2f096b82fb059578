//! A list while it comes and when it has ended: rows, progress, Ctrl-C, and what is said about it.
//!
//! It knows neither how the sources were made nor what a row looks like.

use std::io;

use chat_sessions::{Cursor, Error, ListSessions, Session, SessionStream, WalkReport};

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
    let is_open = report.sources.iter().any(|source| source.end.is_none());
    let stopped = if interrupted {
        Some(Stopped::Interrupted)
    } else if more && !args.all && listing.shown == args.limit {
        Some(Stopped::Limit)
    } else {
        // Nothing else leaves a list that did not fail before its end, or before what is old enough.
        (more && is_open && listing.failed.is_none()).then_some(Stopped::MaxPages)
    };
    // Behind a list that was read back to --since stands nothing that was asked for.
    let something_left = more && (stopped.is_some() || listing.failed.is_some());
    let outcome = Outcome {
        shown: listing.shown,
        timeless: listing.timeless,
        failed: listing.failed,
        stopped,
        moved: reached != start,
        next: something_left.then_some(reached),
        report,
    };
    let failures = outcome.failures();
    listing.writer.end(Ending {
        failures: &failures,
        complete: failures.is_empty() && stopped.is_none(),
        next: outcome.next.as_ref(),
    })?;
    outcome.say(args, format, manner);
    Ok(outcome.exit())
}

/// How a list ended.
struct Outcome {
    shown: u64,
    timeless: u64,
    failed: Option<Error>,
    stopped: Option<Stopped>,
    /// Whether it is any further than where it began.
    moved: bool,
    /// Where it goes on, if anything that was asked for may be left.
    next: Option<Cursor>,
    report: WalkReport,
}

impl Outcome {
    /// Gives the error of each provider that failed.
    fn failures(&self) -> Vec<&Error> {
        let failed = self.failed.iter();
        failed
            .flat_map(|first| std::iter::once(first).chain(first.others()))
            .collect()
    }

    fn say(&self, args: &List, format: Format, manner: Manner) {
        let failures = self.failures();
        if !manner.quiet {
            let oddities = self.report.sources.iter().flat_map(Notice::oddities);
            let timeless = (self.timeless > 0).then(|| Notice::timeless(self.timeless));
            oddities
                .chain(timeless)
                .for_each(|notice| said::notice(&notice, format));
        }
        for failure in &failures {
            said::error(failure, format);
        }
        // A list that has not moved goes on with the same command.
        let next = self.next.as_ref().filter(|_| self.moved);
        match (self.stopped, next) {
            _ if manner.quiet => {}
            (Some(stopped), Some(next)) => {
                said::notice(&Notice::stopped(stopped, self.shown, &self.report, next, args), format);
            }
            (Some(Stopped::Interrupted), None) => said::notice(&Notice::interrupted_at_once(), format),
            (None, Some(next)) => said::go_on(next, format),
            (_, None) => {}
        }
        // A list that was refused has no source to tell of.
        if args.stats && !self.report.sources.is_empty() {
            said::stats(&self.report, &failures, format);
        }
    }

    fn exit(&self) -> Exit {
        let skipped = self.report.sources.iter().any(|source| source.rejected > 0);
        match &self.failed {
            _ if self.stopped == Some(Stopped::Interrupted) => Exit::Interrupted,
            Some(error) if self.shown == 0 => Exit::from(error),
            Some(_) => Exit::Partial,
            None if skipped => Exit::Partial,
            None => Exit::Ok,
        }
    }
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
