//! `chat-sessions show`: from ids to printed transcripts.

mod addresses;
mod args;
mod ids;
mod newest;
mod outcome;
mod printing;
mod read;

use std::io::{self, IsTerminal};

use chat_sessions::{Error, SessionAddress};

use crate::commands::accounts;
use crate::commands::requests::Requests;
use crate::config::{OpenSource, Plan};
use crate::embedded_sandbox;
use crate::exit::{Exit, Failure};
use crate::output::transcript::document::Summary;
use crate::output::transcript::writer::Content;
use crate::output::{Notice, StatusLine, TranscriptFormat, hints, messages};
use crate::runtime::{Writes, block_on};
use crate::verbosity::Verbosity;

pub(crate) use args::ShowArgs;
use newest::Newest;
use outcome::Outcome;
use printing::Printing;

/// Shows sessions, and reports everything but a failure to write them.
pub(crate) fn run(args: &ShowArgs, verbosity: Verbosity, pager: bool) -> Result<Exit, Failure> {
    let chosen = args.output.unwrap_or(if io::stdout().is_terminal() {
        TranscriptFormat::Text
    } else {
        TranscriptFormat::Md
    });
    args.check(chosen)?;
    let printing = Printing {
        content: if args.raw {
            Content::Raw
        } else {
            Content::Format(chosen)
        },
        format: args.message_format(),
        verbosity,
        pager,
    };
    match show(args, printing) {
        Err(Failure::Error(error)) => refuse(args, printing, error),
        ended => ended,
    }
}

/// Reports an error before the first request. A JSON document is still complete.
fn refuse(args: &ShowArgs, printing: Printing, error: Error) -> Result<Exit, Failure> {
    let error = hints::with_sandbox(error, "show");
    printing.writer(args, StatusLine::default()).finish(Summary {
        failures: &[&error],
        missing: &[],
    })?;
    Err(Failure::Error(error))
}

/// Shows sessions. Errors are those before the first request, and failures to write.
fn show(args: &ShowArgs, printing: Printing) -> Result<Exit, Failure> {
    let addresses = ids::addresses(&args.ids, &args.selection)?;
    if addresses.is_empty() && !args.takes_newest() {
        return print_nothing(args, printing);
    }
    let (format, verbosity) = (printing.format, printing.verbosity);
    block_on(Writes::Many, async {
        let sandbox = embedded_sandbox::start(args.sandbox).await?;
        let plan = if args.takes_newest() {
            Plan::with_all_scopes(&args.selection, sandbox.as_ref())?
        } else {
            addresses::plan(&args.selection, &addresses, sandbox.as_ref())?
        };
        let opened = accounts::open(&plan, format, verbosity)?;
        let (sources, addresses) = addresses::resolve(&opened, addresses)?;
        let recorder = args.recording.create()?;
        let requests = Requests {
            retry: args.retry.policy(),
            recorder: recorder.as_ref(),
        };
        let ended = if args.takes_newest() {
            print_newest(args, printing, &plan, sources, requests).await
        } else {
            print_addresses(args, printing, &plan, &sources, addresses, requests).await
        };
        args.recording.finish(recorder.as_ref(), format, verbosity, ended)
    })?
}

/// Ends a command whose standard input had no ids, as that of an empty list.
fn print_nothing(args: &ShowArgs, printing: Printing) -> Result<Exit, Failure> {
    printing
        .writer(args, StatusLine::default())
        .finish(Summary::default())?;
    if !printing.verbosity.quiet {
        messages::notice(&Notice::no_ids(), printing.format);
    }
    Ok(Exit::Ok)
}

async fn print_addresses(
    args: &ShowArgs,
    printing: Printing,
    plan: &Plan,
    sources: &[OpenSource],
    addresses: Vec<SessionAddress>,
    requests: Requests<'_>,
) -> Result<Exit, Failure> {
    let client = accounts::client(plan, sources)?;
    let outcome = Outcome::new(addresses);
    Ok(read::print(args, printing, &client, requests, outcome).await?)
}

/// Shows the newest session that matches.
async fn print_newest(
    args: &ShowArgs,
    printing: Printing,
    plan: &Plan,
    opened: Vec<OpenSource>,
    requests: Requests<'_>,
) -> Result<Exit, Failure> {
    let accounts = accounts::with_all_scopes(opened, requests).await;
    let mut outcome = Outcome::default();
    outcome.failures = accounts.losses.failures;
    outcome.lost = accounts.losses.missing;
    if !accounts.interrupted.is_empty() {
        outcome.interrupt(accounts.interrupted);
    }
    if outcome.is_interrupted() || accounts.sources.is_empty() && !outcome.failures.is_empty() {
        return Ok(outcome.finish(printing, &mut printing.writer(args, StatusLine::default()))?);
    }
    let client = accounts::client(plan, &accounts.sources)?;
    let found = Newest::find(&client, args.title.clone(), requests, printing.verbosity).await;
    found.add_to(&mut outcome);
    Ok(read::print(args, printing, &client, requests, outcome).await?)
}
