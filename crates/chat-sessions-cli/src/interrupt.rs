//! Ctrl-C: the first one asks for an orderly end, the second one ends at once.

/// Listens for Ctrl-C. Where that cannot be done, Ctrl-C ends the program as it ends any other.
#[derive(Debug)]
pub(crate) struct Interrupt {
    #[cfg(unix)]
    signals: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Interrupt {
    /// Starts to listen. It needs a runtime.
    pub(crate) fn listen() -> Self {
        Self {
            signals: signals().ok(),
        }
    }

    /// Waits for it.
    pub(crate) async fn came(&mut self) {
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
    // The second one is dealt with where it arrives, since by then the program may be stuck in writing what it has.
    let came = Arc::new(AtomicBool::new(false));
    let code = i32::from(crate::exit::Exit::Interrupted.code());
    flag::register_conditional_shutdown(SIGINT, code, Arc::clone(&came))?;
    flag::register(SIGINT, came)?;
    Ok(signals)
}

#[cfg(not(unix))]
impl Interrupt {
    /// Starts to listen. It needs a runtime.
    pub(crate) fn listen() -> Self {
        Self {}
    }

    /// Waits for it.
    pub(crate) async fn came(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
