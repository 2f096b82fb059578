//! Runs the asynchronous part of a command.

use std::future::Future;
use std::{io, thread};

use tokio::runtime::Builder;
use tokio::sync::oneshot;

/// How much a command writes to standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writes {
    /// No more than a pipe holds, so that no write blocks.
    Few,
    /// So much that a write can block, for as long as somebody reads a page of it.
    Many,
}

/// Runs this to its end.
///
/// One thread is enough, because most of the time is spent waiting for pages. But if a write blocks it,
/// the responses to pending requests have to wait too, and would count as too late. So a command that
/// writes much has a second thread for the network and the timers.
///
/// # Errors
///
/// The system does not provide what the runtime needs.
pub(crate) fn block_on<T>(writes: Writes, work: impl Future<Output = T>) -> io::Result<T> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    if writes == Writes::Few {
        let done = runtime.block_on(work);
        // The system may be looking up an address, which cannot be cancelled. Nobody waits for it.
        runtime.shutdown_background();
        return Ok(done);
    }
    let handle = runtime.handle().clone();
    let (stop, stopped) = oneshot::channel::<()>();
    thread::Builder::new().name("network".to_owned()).spawn(move || {
        // An error means that the sender was dropped, which is how it stops.
        let _ = runtime.block_on(stopped);
        runtime.shutdown_background();
    })?;
    let done = handle.block_on(work);
    drop(stop);
    Ok(done)
}
