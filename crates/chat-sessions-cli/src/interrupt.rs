//! Ctrl-C: the first one ends the program in an orderly way, the second one at once.

/// Listens for Ctrl-C. If that is not possible, Ctrl-C ends the program as usual.
#[derive(Debug)]
pub(crate) struct Interrupt {
    #[cfg(unix)]
    signals: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Interrupt {
    /// Starts listening. Needs a runtime.
    pub(crate) fn listen() -> Self {
        Self {
            signals: signals().ok(),
        }
    }

    /// Waits for Ctrl-C.
    pub(crate) async fn received(&mut self) {
        if let Some(signals) = &mut self.signals
            && signals.recv().await.is_some()
        {
            return;
        }
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
fn signals() -> std::io::Result<tokio::signal::unix::Signal> {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use signal_hook::consts::SIGINT;
    use signal_hook::flag;
    use tokio::signal::unix::{SignalKind, signal};

    let signals = signal(SignalKind::interrupt())?;
    // The second Ctrl-C is handled in the signal handler, because the program may be blocked in a
    // write by then.
    let interrupted = Arc::new(AtomicBool::new(false));
    let code = i32::from(crate::exit::Exit::Interrupted.code());
    flag::register_conditional_shutdown(SIGINT, code, Arc::clone(&interrupted))?;
    flag::register(SIGINT, interrupted)?;
    Ok(signals)
}

#[cfg(not(unix))]
impl Interrupt {
    /// Starts listening. Needs a runtime.
    pub(crate) fn listen() -> Self {
        Self {}
    }

    /// Waits for Ctrl-C.
    pub(crate) async fn received(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
