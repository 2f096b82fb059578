//! What the measurements of transcripts share: the server, and how many requests run at a time.

use crate::failure::Failure;
use crate::measure::Bed;
use crate::sections::workspace::Workspace;
use crate::server::Serve;

/// The number of requests at a time, which is the facade's default.
pub(super) const IN_FLIGHT: usize = 8;

/// Starts a server with lists of this length; sessions can be requested whether a list has them or
/// not.
pub(super) fn bed(workspace: &Workspace, listed: usize, latency_us: u64) -> Result<Bed, Failure> {
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
