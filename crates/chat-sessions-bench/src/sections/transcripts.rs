//! Transcripts: what the facade takes to decode and normalise one, what a thousand take at a latency
//! of 50 ms, and the memory for ten thousand.

mod decoding;
mod latency;
mod memory;

use super::options::Options;
use super::workspace::Workspace;
use crate::failure::Failure;
use crate::measure::Bed;
use crate::report::Section;
use crate::server::Serve;

/// The number of requests at a time, which is the facade's default.
const IN_FLIGHT: usize = 8;

pub(super) fn run(options: &Options, workspace: &Workspace) -> Result<Vec<Section>, Failure> {
    Ok(vec![
        decoding::run(options, workspace)?,
        latency::run(options, workspace)?,
        memory::run(options, workspace)?,
    ])
}

/// Starts a server with lists of this length; sessions can be requested whether a list has them or
/// not.
fn bed(workspace: &Workspace, listed: usize, latency_us: u64) -> Result<Bed, Failure> {
    Bed::start(
        &workspace.program,
        Serve {
            llama_cloud: listed,
            memories_ai: listed,
            latency_us,
            http2: false,
        },
    )
}
