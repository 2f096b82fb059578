//! The sandbox inside this process: its settings, the server for `--sandbox`, and the sources that
//! list from it.

use chat_sessions::model::Scope;
use chat_sessions::source::{
    Account, BoxFuture, Capabilities, PageRequest, ScopesRequest, SessionRequest, SessionSource, SourcePage,
    SourceScopes, SourceSession, SourceTranscript, TranscriptRequest,
};
use chat_sessions::{Provider, Result};
use chat_sessions_sandbox::{Day, Sandbox, SandboxBuilder};

use crate::clock;
use crate::exit::Failure;

/// Returns a sandbox whose sessions are recent: up to the day before the current one, or before the
/// one that was chosen.
pub(crate) fn builder(chosen: Option<Day>) -> std::result::Result<SandboxBuilder, Failure> {
    let day = match chosen {
        Some(day) => Some(day),
        None => clock::chosen_day()?,
    };
    Ok(Sandbox::builder().day(day.unwrap_or_else(Day::today)))
}

/// Starts the server if `--sandbox` was given. It runs until the returned value is dropped.
pub(crate) async fn start(wanted: bool) -> std::result::Result<Option<Sandbox>, Failure> {
    if !wanted {
        return Ok(None);
    }
    builder(None)?.start().await.map(Some).map_err(Failure::Sandbox)
}

/// A source whose identity does not depend on the port.
///
/// The sandbox serves the same sessions in every process, but each time on another port. If a
/// cursor contained the port, the next run would refuse it although the list is the same.
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

    fn transcript(&self, request: TranscriptRequest) -> BoxFuture<'_, Result<SourceTranscript>> {
        self.0.transcript(request)
    }

    fn session(&self, request: SessionRequest) -> BoxFuture<'_, Result<SourceSession>> {
        self.0.session(request)
    }

    fn scopes(&self, request: ScopesRequest) -> BoxFuture<'_, Result<SourceScopes>> {
        self.0.scopes(request)
    }
}
