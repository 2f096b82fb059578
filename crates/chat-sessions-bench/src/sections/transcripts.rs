//! Transcripts: what the facade takes to decode and normalise one, what a thousand take at a latency
//! of 50 ms, and the memory for ten thousand.

mod bed;
mod decoding;
mod latency;
mod memory;

use super::options::Options;
use super::workspace::Workspace;
use crate::failure::Failure;
use crate::report::Section;

pub(super) fn run(options: &Options, workspace: &Workspace) -> Result<Vec<Section>, Failure> {
    Ok(vec![
        decoding::run(options, workspace)?,
        latency::run(options, workspace)?,
        memory::run(options, workspace)?,
    ])
}
