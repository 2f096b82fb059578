//! The sources of `--sandbox`: the built-in ones, pointed at the server inside this process.

use chat_sessions::{
    Account, BoxFuture, Capabilities, ChatSessions, ChatSessionsBuilder, LlamaCloud, MemoriesAi, Pacing, PageRequest,
    Provider, Result, Scope, SessionSource, SourcePage,
};
use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Sandbox};

use crate::args::ProviderName;

/// Makes the client over the providers that are wanted.
pub(crate) fn client(sandbox: &Sandbox, wanted: impl Fn(ProviderName) -> bool) -> Result<ChatSessions> {
    let mut builder: ChatSessionsBuilder = ChatSessions::builder();
    if wanted(ProviderName::MemoriesAi) {
        let source = MemoriesAi::builder()
            .api_key(MEMORIES_AI_KEY)
            .base_url(sandbox.url())
            // Nobody else asks the server inside this process, and it has no limit.
            .pacing(Pacing::none());
        builder = builder.source(Embedded(source.build()?));
    }
    if wanted(ProviderName::LlamaCloud) {
        let source = LlamaCloud::builder().api_key(LLAMA_CLOUD_KEY).base_url(sandbox.url());
        builder = builder.source(Embedded(source.build()?));
    }
    builder.build()
}

/// A source whose identity does not depend on the port.
///
/// The sandbox holds the same sessions in every process, at another port in each. A cursor that named the port would be
/// refused by the next run, although the list is the same one.
#[derive(Debug)]
struct Embedded<S>(S);

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
