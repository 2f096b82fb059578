//! Clients for a sandbox that neither retry nor limit their rate, so that tests can count requests.

use chat_sessions::retry::{Pacing, RetryPolicy};
use chat_sessions::{ChatSessions, LlamaCloud, MemoriesAi};
use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Sandbox};

pub(crate) fn memories_ai(sandbox: &Sandbox) -> MemoriesAi {
    MemoriesAi::builder()
        .pacing(Pacing::none())
        .retry(RetryPolicy::none())
        .api_key(MEMORIES_AI_KEY)
        .base_url(sandbox.url())
        .build()
        .unwrap()
}

pub(crate) fn llama_cloud(sandbox: &Sandbox) -> LlamaCloud {
    LlamaCloud::builder()
        .pacing(Pacing::none())
        .retry(RetryPolicy::none())
        .api_key(LLAMA_CLOUD_KEY)
        .base_url(sandbox.url())
        .build()
        .unwrap()
}

/// Lists both providers, Memories.ai first.
pub(crate) fn both(sandbox: &Sandbox) -> ChatSessions {
    ChatSessions::builder()
        .source(memories_ai(sandbox))
        .source(llama_cloud(sandbox))
        .build()
        .unwrap()
}
