//! The server, in a process of its own. It responds like both providers, but as fast as possible,
//! so that only the client is measured. It shares no code with the clients and does not check keys.
//!
//! HTTP/1.1 uses one thread per connection, blocking sockets and one write per response. HTTP/2
//! with prior knowledge is in `h2`.
//!
//! It prints its address as the first line, answers every line on standard input with a
//! [`Reading`], and ends with its standard input, that is, with its parent process.

#[cfg(feature = "http2")]
mod h2;
mod http1;
mod items;
mod page;
pub(crate) mod pages;
mod state;
pub(crate) mod transcripts;

use std::io::BufRead;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use self::state::State;
use crate::failure::Failure;
use crate::usage;

/// The options of the server.
#[derive(clap::Args, Clone, Copy, Debug)]
pub(crate) struct Serve {
    /// The number of LlamaCloud sessions.
    #[arg(long, default_value_t = 100_000)]
    pub(crate) llama_cloud: usize,
    /// The number of Memories.ai sessions.
    #[arg(long, default_value_t = 100_000)]
    pub(crate) memories_ai: usize,
    /// How long every response is delayed, in microseconds; the system adds about fifty.
    #[arg(long, default_value_t = 0)]
    pub(crate) latency_us: u64,
    /// Speaks only HTTP/2, with prior knowledge; needs a build with the feature `http2`.
    #[arg(long)]
    pub(crate) http2: bool,
}

impl Serve {
    /// Returns the arguments that start the server with these options.
    pub(crate) fn arguments(self) -> Vec<String> {
        let mut arguments = vec![
            "serve".to_owned(),
            format!("--llama-cloud={}", self.llama_cloud),
            format!("--memories-ai={}", self.memories_ai),
            format!("--latency-us={}", self.latency_us),
        ];
        arguments.extend(self.http2.then(|| "--http2".to_owned()));
        arguments
    }
}

/// The resources used by the server so far.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Reading {
    /// The CPU time of its process, in seconds.
    pub(crate) cpu: f64,
    pub(crate) requests: u64,
    /// Bytes on its sockets, in both directions.
    pub(crate) bytes: u64,
}

/// Serves until standard input ends.
///
/// # Errors
///
/// Fails if it cannot listen, or if the options have HTTP/2 but the build does not.
pub(crate) fn serve(serve: Serve) -> Result<(), Failure> {
    let state = Arc::new(State::new(
        serve.llama_cloud,
        serve.memories_ai,
        Duration::from_micros(serve.latency_us),
    ));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("http://{}", listener.local_addr()?);
    if serve.http2 {
        #[cfg(feature = "http2")]
        h2::start(listener, Arc::clone(&state))?;
        #[cfg(not(feature = "http2"))]
        return Err("this build has no HTTP/2; build it with --features http2".into());
    } else {
        let state = Arc::clone(&state);
        std::thread::spawn(move || http1::accept(&listener, &state));
    }
    for line in std::io::stdin().lock().lines() {
        line?;
        let reading = Reading {
            cpu: usage::own_cpu()?,
            requests: state.requests.load(Ordering::Relaxed),
            bytes: state.bytes.load(Ordering::Relaxed),
        };
        println!("{}", serde_json::to_string(&reading)?);
    }
    Ok(())
}
