//! The server inside this process: as the sources of `--sandbox`, and in the foreground as `chat-sessions sandbox`.

use std::io::{self, Write};

use chat_sessions::{
    Account, BoxFuture, Capabilities, PageRequest, Provider, Result, Scope, SessionSource, SourcePage,
};
use chat_sessions_sandbox::Sandbox;

use crate::args::{Format, Serve};
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::said;

/// Serves until the process is interrupted.
pub(crate) fn serve(args: &Serve) -> io::Result<Exit> {
    let mut builder = Sandbox::builder();
    if let Some(port) = args.port {
        builder = builder.port(port);
    }
    if let Some(seed) = args.seed {
        builder = builder.seed(seed);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let sandbox = match builder.start().await {
            Ok(sandbox) => sandbox,
            Err(error) => {
                said::no_sandbox(&error, Format::Table);
                return Ok(Exit::Other);
            }
        };
        // It is listened for before anything is printed, and also where a script has started the server in the background,
        // for which shells turn interrupts off.
        let mut interrupt = Interrupt::listen();
        let mut out = io::stdout().lock();
        out.write_all(sandbox.exports().as_bytes())?;
        out.flush()?;
        drop(out);
        interrupt.came().await;
        Ok(Exit::Interrupted)
    })
}

/// Starts the server inside this process where it was asked for; it answers for as long as it is held. Where it cannot be
/// started, that is said, and the program is to end.
pub(crate) async fn embedded(asked_for: bool, format: Format) -> std::result::Result<Option<Sandbox>, Exit> {
    if !asked_for {
        return Ok(None);
    }
    Sandbox::start().await.map(Some).map_err(|error| {
        said::no_sandbox(&error, format);
        Exit::Other
    })
}

/// A source whose identity does not depend on the port.
///
/// The sandbox holds the same sessions in every process, at another port in each. A cursor that named the port would be
/// refused by the next run, although the list is the same one.
#[derive(Debug)]
pub(crate) struct Embedded<S>(pub(crate) S);

impl<S: SessionSource> SessionSource for Embedded<S> {
    fn provider(&self) -> Provider {
        self.0.provider()
    }

    fn scope(&self) -> Option<Scope> {
        self.0.scope()
    }

    fn identity(&self) -> String {
        "the embedded sandbox".to_owned()
    }

    fn account(&self) -> Option<Account> {
        self.0.account()
    }

    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }

    fn page(&self, request: PageRequest) -> BoxFuture<'_, Result<SourcePage>> {
        self.0.page(request)
    }
}
