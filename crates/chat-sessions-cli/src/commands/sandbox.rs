//! `chat-sessions sandbox`: serves both providers' APIs on loopback until Ctrl-C.

use std::io::{self, Write};

use chat_sessions_sandbox::Day;

use crate::embedded_sandbox;
use crate::exit::{Exit, Failure};
use crate::interrupt::Interrupt;
use crate::number_arg::whole;

const EXAMPLES: &str = "\
Examples:
  chat-sessions sandbox                  on a free port, until Ctrl-C
  chat-sessions sandbox --port 8080      then paste its output into a shell";

#[derive(Debug, clap::Args)]
#[command(before_long_help = EXAMPLES)]
pub(crate) struct SandboxArgs {
    /// Listen on this port; default: a free one.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole::<u16>(0..=65_535, ""))]
    port: Option<u16>,

    /// Seed of the random sessions; default: 1.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole::<u64>(0..=u64::MAX, ""))]
    seed: Option<u64>,

    /// Use this day as today, like 2026-04-23; default: the current day in UTC.
    ///
    /// The newest session is from the day before, all others are older. The variable
    /// CHAT_SESSIONS_TODAY does the same, also for --sandbox.
    #[arg(long, value_name = "DATE")]
    #[expect(clippy::doc_markdown, reason = "clap would print the backticks")]
    day: Option<Day>,
}

pub(crate) fn run(args: &SandboxArgs) -> Result<Exit, Failure> {
    let mut builder = embedded_sandbox::builder(args.day)?;
    if let Some(port) = args.port {
        builder = builder.port(port);
    }
    if let Some(seed) = args.seed {
        builder = builder.seed(seed);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let sandbox = builder.start().await.map_err(Failure::Sandbox)?;
        // Listens before anything is printed: a script may send the signal as soon as it reads the
        // output. Also, shells ignore interrupts for background jobs, and listening undoes that.
        let mut interrupt = Interrupt::listen();
        let mut out = io::stdout().lock();
        out.write_all(sandbox.exports().as_bytes())?;
        out.flush()?;
        drop(out);
        interrupt.received().await;
        Ok(Exit::Interrupted)
    })
}
