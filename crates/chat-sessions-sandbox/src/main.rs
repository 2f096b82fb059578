//! The sandbox as a program: starts it, prints how to reach it, and runs until interrupted.
//!
//! This file is responsible for the command line and for the output, which a shell can evaluate.

use std::{
    io::{self, Write},
    process::ExitCode,
    thread,
};

use chat_sessions_sandbox::{Day, Sandbox};

const HELP: &str = "\
Serves the chat sessions of Memories.ai and LlamaCloud on loopback, made up with their messages.

Usage: chat-sessions-sandbox [--port N] [--seed N] [--day DATE] [--enforce-rates]

  --port N     Listen on this port [default: a free one]
  --seed N     Generate the sessions from this seed [default: 1]
  --day DATE   Use this day as today, like 2026-04-23; the newest session is from the day before
               [default: the current day in UTC]
  --enforce-rates
               Refuse requests that come faster than the providers allow: for Memories.ai, 5 a second
               for the list, 1 for a session and 1 for the namespaces
  -h, --help   Print help

Memories.ai:
  GET /serve/api/v1/list_sessions?unique_id=default&page=N
  GET /serve/api/v1/get_session_detail?sessionId=ID&unique_id=default
  GET /serve/api/v1/list_unique_ids
LlamaCloud:
  GET /api/v1/chat?page_size=N&page_token=TOKEN&project_id=ID
  GET /api/v1/chat/ID
  GET /api/v1/chat/ID/summary
  GET /api/v1/projects?project_name=NAME

Prints the environment variables that point a client to the sandbox, and runs until interrupted.
The control routes are below /__sandbox/.
";

/// The command line.
#[derive(Debug, Default)]
struct Options {
    port: Option<u16>,
    seed: Option<u64>,
    day: Option<Day>,
    enforce_rates: bool,
    help: bool,
}

fn main() -> ExitCode {
    let options = match parse_options(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(reason) => return fail(&reason, 2),
    };
    let outcome = if options.help {
        write!(io::stdout(), "{HELP}")
    } else {
        run(&options)
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error.to_string(), 1),
    }
}

/// Parses the options. With so few of them, an argument parser is not worth a dependency.
fn parse_options(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options::default();
    while let Some(argument) = arguments.next() {
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
            None => (argument, None),
        };
        let value = |rest: &mut dyn Iterator<Item = String>| value.or_else(|| rest.next()).unwrap_or_default();
        match name.as_str() {
            "--port" => options.port = Some(parse_number(&name, &value(&mut arguments))?),
            "--seed" => options.seed = Some(parse_number(&name, &value(&mut arguments))?),
            "--day" => options.day = Some(parse_day(&value(&mut arguments))?),
            "--enforce-rates" => options.enforce_rates = true,
            "--help" | "-h" => options.help = true,
            _ => return Err(format!("unknown argument {name:?}; see --help")),
        }
    }
    Ok(options)
}

fn parse_number<N: std::str::FromStr>(name: &str, value: &str) -> Result<N, String> {
    value
        .parse()
        .map_err(|_| format!("invalid value {value:?} for {name}: it must be a number in range"))
}

fn parse_day(value: &str) -> Result<Day, String> {
    value
        .parse()
        .map_err(|error| format!("invalid value {value:?} for --day: {error}"))
}

fn run(options: &Options) -> io::Result<()> {
    let mut builder = Sandbox::builder().day(options.day.unwrap_or_else(Day::today));
    if let Some(port) = options.port {
        builder = builder.port(port);
    }
    if let Some(seed) = options.seed {
        builder = builder.seed(seed);
    }
    if options.enforce_rates {
        builder = builder.enforce_rates();
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let sandbox = runtime.block_on(builder.start())?;
    let mut stdout = io::stdout().lock();
    stdout.write_all(sandbox.exports().as_bytes())?;
    stdout.flush()?;
    // The server has its own thread. An interrupt ends the process, and the system closes the
    // sockets.
    loop {
        thread::park();
    }
}

/// Reports an error. If standard error is closed too, only the exit code remains.
fn fail(reason: &str, code: u8) -> ExitCode {
    let _ = writeln!(io::stderr(), "chat-sessions-sandbox: {reason}");
    ExitCode::from(code)
}
