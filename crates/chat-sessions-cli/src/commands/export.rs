//! `chat-sessions export`: sessions with their messages, one file each, in a folder that later runs
//! bring up to date.

mod args;
mod duration;
mod fetching;
mod file_name;
mod folder;
mod format;
mod index;
mod listing;
mod lock;
mod outcome;
mod plan;

use std::io::{self, Write};

use chat_sessions::{Order, SessionAddress};
use serde_json::json;

use super::accounts::{self, Accounts, ScopeLosses};
use super::requests::Requests;
use crate::clock;
use crate::config::Plan;
use crate::embedded_sandbox;
use crate::exit::{Exit, Failure};
use crate::interrupt::Interrupt;
use crate::output::json_text::write_json;
use crate::output::text::count;
use crate::output::{Format, Notice, StatusLine, hints, messages, report_writer, visible};
use crate::runtime::{self, Writes};
use crate::verbosity::Verbosity;

pub(crate) use args::ExportArgs;
use duration::{about, estimate};
use fetching::{Fetching, Task};
use file_name::file_name;
use folder::Folder;
use listing::Listing;
use outcome::Outcome;
use plan::{Decision, decide};

/// Exports sessions, and reports everything about it but a failure to write.
pub(crate) fn run(args: &ExportArgs, verbosity: Verbosity) -> Result<Exit, Failure> {
    args.filters.check()?;
    let format = args.output.of_messages();
    if verbosity.logs && !verbosity.quiet {
        let meanings = args.filters.meaning_of_times();
        meanings.for_each(|meaning| messages::notice(&Notice::time(&meaning), format));
    }
    let ended = runtime::block_on(Writes::Many, async {
        let sandbox = embedded_sandbox::start(args.sandbox).await?;
        let plan = Plan::with_all_scopes(&args.selection, sandbox.as_ref())?;
        let opened = accounts::open(&plan, format, verbosity)?;
        let recorder = args.recording.create()?;
        let requests = Requests {
            retry: args.retry.policy(),
            recorder: recorder.as_ref(),
        };
        let accounts = accounts::with_all_scopes(opened, requests).await;
        let ended = export(args, verbosity, &plan, accounts, requests).await;
        args.recording.finish(recorder.as_ref(), format, verbosity, ended)
    })?;
    ended.map_err(|failure| match failure {
        Failure::Error(error) => Failure::Error(hints::with_sandbox(error, "export")),
        other => other,
    })
}

/// Exports the sessions of these accounts.
async fn export(
    args: &ExportArgs,
    verbosity: Verbosity,
    plan: &Plan,
    accounts: Accounts,
    requests: Requests<'_>,
) -> Result<Exit, Failure> {
    let format = args.output.of_messages();
    let mut outcome = Outcome::new(&args.folder);
    let ScopeLosses { failures, missing } = &accounts.losses;
    outcome.add_errors(failures.iter());
    failures.iter().for_each(|error| messages::error(error, format));
    outcome.add_missing_scopes(missing.len());
    if !verbosity.quiet {
        let notices = missing.iter().map(Notice::of_scopes);
        notices.for_each(|notice| messages::notice(&notice, format));
    }
    if !accounts.interrupted.is_empty() {
        return Ok(interrupted(format, verbosity));
    }
    let has_failed = !failures.is_empty();
    if has_failed && (accounts.sources.is_empty() || args.fail_fast) {
        return Ok(outcome.exit());
    }
    let client = accounts::client(plan, &accounts.sources)?;
    let now = clock::now().as_second();
    let mut folder = if args.dry_run {
        Folder::look(&args.folder, now)?
    } else {
        Folder::open(&args.folder, args.output.index_name(), now)?
    };

    let mut interrupt = Interrupt::listen();
    let line = StatusLine::default();
    let shows_progress = verbosity.shows_progress();
    let request = requests.list(&client).order(Order::Newest).fail_fast(args.fail_fast);
    let request = args.filters.apply(request);
    let listing = Listing::read(request, &mut interrupt, shows_progress, &line).await;
    if !verbosity.quiet {
        let notices = listing.notices();
        notices.iter().for_each(|notice| messages::notice(notice, format));
    }
    let failures = listing.failures();
    failures.iter().for_each(|error| messages::error(error, format));
    outcome.add_errors(failures.into_iter());
    outcome.interrupted = listing.interrupted.is_some();

    let names: Vec<String> = listing
        .sessions
        .iter()
        .map(|session| file_name(&SessionAddress::from(session), args.output.extension()))
        .collect();
    let run = folder.index().run.number;
    let planned: Vec<(Task<'_>, Decision)> = std::iter::zip(&listing.sessions, &names)
        .map(|(session, file)| {
            let entry = folder.index().files.get(file);
            let decision = decide(session, entry, || folder.is_whole(file), run, args.new_only);
            (Task { session, file }, decision)
        })
        .collect();
    if args.dry_run {
        // Each session counts as one that is there, because nothing is written.
        outcome.skipped = as_u64(planned.len());
        outcome.complete = outcome.first_error.is_none() && !listing.report.has_losses();
        print_plan(args, verbosity, &planned)?;
        return Ok(outcome.exit());
    }

    let total = planned.len();
    let tasks: Vec<Task<'_>> = planned
        .into_iter()
        .filter(|(_, decision)| matches!(decision, Decision::Fetch(_)))
        .map(|(task, _)| task)
        .collect();
    outcome.skipped = as_u64(total - tasks.len());
    let stops = outcome.interrupted || (args.fail_fast && outcome.first_error.is_some());
    let how = Fetching {
        format: args.output,
        requests,
        fail_fast: args.fail_fast,
        shows_progress,
        is_paced: !args.sandbox,
    };
    if !verbosity.quiet && !stops && how.is_paced {
        announce(&tasks, args);
    }
    let fetched = if stops {
        Ok(fetching::Fetched::default())
    } else {
        fetching::fetch(&client, &tasks, &mut folder, how, &mut interrupt, &line).await
    };
    let fetched = match fetched {
        Ok(fetched) => fetched,
        Err(error) => {
            // What is in the folder stays usable. The first error is the one to report.
            let _ = folder.finish(false, &[]);
            return Err(error.into());
        }
    };
    outcome.written = fetched.written;
    outcome.failed = as_u64(fetched.failures.len());
    outcome.left = as_u64(tasks.len()) - outcome.written - outcome.failed;
    outcome.interrupted |= fetched.interrupted;
    outcome.add_errors(fetched.failures.iter());
    outcome.complete =
        outcome.first_error.is_none() && outcome.left == 0 && !outcome.interrupted && !listing.report.has_losses();

    let page = outcome::index_page(folder.index(), args.output);
    folder.finish(outcome.is_finished(), page.as_slice())?;
    if !verbosity.quiet {
        outcome.print(format);
        after(args, &listing, &folder).for_each(|notice| messages::notice(&notice, format));
    }
    Ok(outcome.exit())
}

/// Ends an export that was interrupted before its first request for a list.
fn interrupted(format: Format, verbosity: Verbosity) -> Exit {
    if !verbosity.quiet {
        messages::notice(&Notice::interrupted_at_start(&[]), format);
    }
    Exit::Interrupted
}

/// Says how long the requests take, if it is long.
fn announce(tasks: &[Task<'_>], args: &ExportArgs) {
    if let Some(time) = estimate(tasks.iter().map(|task| task.session)) {
        let message = format!(
            "fetching {} takes {}, because the rate is limited",
            count(as_u64(tasks.len()), "session"),
            about(time)
        );
        messages::notice(&Notice::new("duration", message), args.output.of_messages());
    }
}

/// Prints what a run would do, and changes nothing.
fn print_plan(args: &ExportArgs, verbosity: Verbosity, planned: &[(Task<'_>, Decision)]) -> io::Result<()> {
    let format = args.output.of_messages();
    let mut out = io::BufWriter::new(report_writer());
    for (task, decision) in planned {
        let (action, reason) = decision.words();
        let address = SessionAddress::from(task.session).to_string();
        if format.is_json() {
            let record = json!({ "action": action, "reason": reason, "session": address, "file": task.file });
            write_json(&mut out, &record)?;
            writeln!(out)?;
        } else {
            writeln!(out, "{action}\t{reason}\t{}\t{}", visible(&address), task.file)?;
        }
    }
    out.flush()?;
    if !verbosity.quiet {
        let fetched: Vec<_> = planned
            .iter()
            .filter(|(_, decision)| matches!(decision, Decision::Fetch(_)))
            .map(|(task, _)| task.session)
            .collect();
        let (number, skipped) = (as_u64(fetched.len()), as_u64(planned.len() - fetched.len()));
        let mut message = format!("would fetch {} and skip {skipped}", count(number, "session"));
        if let Some(time) = estimate(fetched).filter(|_| !args.sandbox) {
            message.push_str(&format!(", in {}", about(time)));
        }
        messages::notice(&Notice::new("dry-run", message), format);
    }
    Ok(())
}

fn as_u64(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Returns what else people should know at the end.
fn after(args: &ExportArgs, listing: &Listing, folder: &Folder) -> impl Iterator<Item = Notice<'static>> {
    let has_more = listing.has_more() && !args.filters.all;
    let more = has_more.then(|| {
        let message = "there may be more sessions; use a larger --limit or --all".to_owned();
        Notice::new("limit", message)
    });
    let is_whole = listing.is_whole() && !args.filters.has_filters();
    let deleted = if is_whole {
        outcome::deleted(folder.index(), listing)
    } else {
        0
    };
    let deleted = (deleted > 0).then(|| {
        let sessions = count(deleted, "session");
        let are = if deleted == 1 { "is" } else { "are" };
        let message = format!("{sessions} in the folder {are} no longer at the provider; the files stay");
        Notice::new("deleted", message)
    });
    more.into_iter().chain(deleted)
}
