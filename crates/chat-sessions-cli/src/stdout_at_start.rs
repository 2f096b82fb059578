//! Whether standard output was closed when the program started, as `chat-sessions list >&-` does.
//!
//! Rust opens `/dev/null` in place of a closed standard stream before `main`, so that everything
//! printed would be lost with exit code 0. Afterwards nothing distinguishes this from a `/dev/null` that
//! the caller has chosen: many open it for reading and writing too. So this asks before `main`, as
//! the Rust implementation of the coreutils does.

use std::io;

/// Returns an error if standard output was closed.
pub(crate) fn check() -> io::Result<()> {
    if was_closed() {
        Err(io::Error::other("standard output is closed"))
    } else {
        Ok(())
    }
}

#[cfg(unix)]
use before_main::was_closed;

/// Other systems have no closed standard streams.
#[cfg(not(unix))]
fn was_closed() -> bool {
    false
}

#[cfg(unix)]
mod before_main {
    use std::sync::atomic::{AtomicBool, Ordering};

    static WAS_CLOSED: AtomicBool = AtomicBool::new(false);

    pub(super) fn was_closed() -> bool {
        WAS_CLOSED.load(Ordering::Relaxed)
    }

    /// The system calls the functions in this section before `main`. Code that runs so early must not
    /// use most of the standard library; a system call and an atomic are safe.
    #[used]
    #[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
    #[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
    #[expect(
        unsafe_code,
        reason = "there is no safe way to run before main; no code here is unsafe"
    )]
    static ASK: extern "C" fn() = ask;

    extern "C" fn ask() {
        let is_closed = rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_err();
        WAS_CLOSED.store(is_closed, Ordering::Relaxed);
    }
}
