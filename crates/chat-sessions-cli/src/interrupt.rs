//! Ctrl-C, and the signals that ask a program to end (SIGTERM, and SIGHUP when its terminal closes):
//! the first one ends the program in an orderly way, a Ctrl-C after it at once.
//!
//! A further SIGTERM or SIGHUP changes nothing, because some programs send them more than once:
//! `timeout` sends SIGTERM twice, and a closing terminal SIGHUP together with the shell.

use std::sync::atomic::{AtomicI32, Ordering};
#[cfg(unix)]
use std::task::Poll;

/// The signal of Ctrl-C on every system.
const SIGINT: i32 = 2;

/// The signal that was received first; 0 if there was none.
static RECEIVED: AtomicI32 = AtomicI32::new(0);

/// Returns the exit code after a signal: 128 plus its number, as shells report a program that the
/// signal ended. Without a signal, it is that of Ctrl-C.
pub(crate) fn exit_code() -> u8 {
    let received = match RECEIVED.load(Ordering::Relaxed) {
        0 => SIGINT,
        received => received,
    };
    u8::try_from(128 + received).unwrap_or(u8::MAX)
}

/// Returns whether a signal was received.
pub(crate) fn has_been_received() -> bool {
    RECEIVED.load(Ordering::Relaxed) != 0
}

fn remember(signal: i32) {
    let _ = RECEIVED.compare_exchange(0, signal, Ordering::Relaxed, Ordering::Relaxed);
}

/// Listens for the signals. If that is not possible, they end the program as usual.
#[derive(Debug)]
pub(crate) struct Interrupt {
    #[cfg(unix)]
    signals: Vec<(i32, tokio::signal::unix::Signal)>,
    /// What ends the program at the second Ctrl-C.
    #[cfg(unix)]
    second: Option<signal_hook::SigId>,
}

#[cfg(unix)]
impl Interrupt {
    /// Starts listening. Needs a runtime.
    pub(crate) fn listen() -> Self {
        let (signals, second) =
            unix::signals().map_or_else(|_| (Vec::new(), None), |(all, second)| (all, Some(second)));
        Self { signals, second }
    }

    /// Stops listening, so that Ctrl-C no longer ends this program: it belongs to the pager.
    pub(crate) fn leave_to_pager(self) {
        if let Some(second) = self.second {
            signal_hook::low_level::unregister(second);
        }
    }

    /// Waits for a signal.
    pub(crate) async fn received(&mut self) {
        let first = std::future::poll_fn(|context| {
            for (number, signal) in &mut self.signals {
                if let Poll::Ready(Some(())) = signal.poll_recv(context) {
                    return Poll::Ready(*number);
                }
            }
            Poll::Pending
        });
        remember(first.await);
    }
}

#[cfg(unix)]
mod unix {
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use signal_hook::SigId;
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag;
    use tokio::signal::unix::{Signal, SignalKind, signal};

    /// Listens for each signal.
    pub(super) fn signals() -> io::Result<(Vec<(i32, Signal)>, SigId)> {
        let mut signals = vec![(SIGINT, signal(SignalKind::interrupt())?)];
        for (number, kind) in [(SIGTERM, SignalKind::terminate()), (SIGHUP, SignalKind::hangup())] {
            if !is_ignored(number) {
                signals.push((number, signal(kind)?));
            }
        }
        // The second Ctrl-C is handled in the signal handler, because the program may be blocked in a
        // write by then.
        let interrupted = Arc::new(AtomicBool::new(false));
        let second = flag::register_conditional_shutdown(SIGINT, 128 + SIGINT, Arc::clone(&interrupted))?;
        for (number, _) in &signals {
            flag::register(*number, Arc::clone(&interrupted))?;
        }
        Ok((signals, second))
    }

    /// Returns whether the program was started with this signal ignored, as `nohup` does with SIGHUP.
    #[cfg(target_os = "linux")]
    fn is_ignored(signal: i32) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let ignored = ignored.and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok());
        ignored.is_some_and(|ignored| ignored & (1 << (signal - 1)) != 0)
    }

    /// Other systems tell only unsafe code. There, SIGHUP keeps its effect, whatever it is.
    #[cfg(not(target_os = "linux"))]
    fn is_ignored(signal: i32) -> bool {
        signal == SIGHUP
    }
}

#[cfg(not(unix))]
impl Interrupt {
    /// Starts listening. Needs a runtime.
    pub(crate) fn listen() -> Self {
        Self {}
    }

    /// Stops listening.
    pub(crate) fn leave_to_pager(self) {}

    /// Waits for Ctrl-C.
    pub(crate) async fn received(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        remember(SIGINT);
    }
}
