//! Measures the time from the start of the program to its first row, and compares it with curl for
//! the same page of the same server.
//!
//! ```sh
//! cargo build --release -p chat-sessions-cli
//! cargo run --release -p chat-sessions-cli --example startup
//! ```
//!
//! Needs curl and an idle machine. Fails if the median is more than 10 ms above that of curl. An
//! argument overrides the path of the program.

#![allow(clippy::print_stdout, reason = "a benchmark prints its result")]

use std::io::{self, Read};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, Sandbox};

const RUNS: usize = 20;
const MAX_DIFFERENCE: Duration = Duration::from_millis(10);

fn main() -> io::Result<ExitCode> {
    let program = std::env::args().nth(1);
    let program = program.unwrap_or_else(|| "target/release/chat-sessions".to_owned());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let sandbox = runtime.block_on(Sandbox::start())?;
    // It serves from its own thread until it is dropped.
    let url = sandbox.url();

    let mut curl = Command::new("curl");
    curl.args(["-sS", "-H", &format!("Authorization: Bearer {LLAMA_CLOUD_KEY}")])
        .arg(format!("{url}/api/v1/chat"));
    let mut list = Command::new(program);
    list.args(["list", "--provider", "llama-cloud", "--limit", "20", "-q"])
        .env("LLAMA_CLOUD_API_KEY", LLAMA_CLOUD_KEY)
        .env("LLAMA_CLOUD_BASE_URL", &url);

    let mut times = [Vec::new(), Vec::new()];
    // The first run of each reads the program from disk and does not count.
    for _ in 0..=RUNS {
        times[0].push(first_byte(&mut curl)?);
        times[1].push(first_byte(&mut list)?);
    }
    let [curl, list] = times.map(median);
    let difference = list.saturating_sub(curl);
    println!("to the first byte, median of {RUNS}: curl {curl:?}, chat-sessions {list:?}, {difference:?} more");
    Ok(if difference <= MAX_DIFFERENCE {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Measures from the start of a program to the first byte that it prints.
fn first_byte(command: &mut Command) -> io::Result<Duration> {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut out = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let mut byte = [0];
    out.read_exact(&mut byte)?;
    let elapsed = start.elapsed();
    io::copy(&mut out, &mut io::sink())?;
    child.wait()?;
    Ok(elapsed)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.remove(0);
    times.sort();
    times[times.len() / 2]
}
