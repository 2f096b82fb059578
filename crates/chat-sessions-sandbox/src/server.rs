//! The sandbox as a running server: how it is started, where it listens, how it stops.
//!
//! It is responsible for the listener and for the thread behind it. It knows neither dialect.

pub(crate) mod control;
pub(crate) mod control_routes;
pub(crate) mod dispatch;
pub(crate) mod rate_limit;
pub(crate) mod request_log;
pub(crate) mod schedule;

use std::{
    borrow::Cow,
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener as StdTcpListener},
    ops::Deref,
    thread::{Builder as ThreadBuilder, JoinHandle},
};

use axum::{Router, extract::connect_info::IntoMakeServiceWithConnectInfo};
use tokio::{net::TcpListener, runtime::Builder as RuntimeBuilder, sync::oneshot};

use crate::{
    dialect::{
        ProviderSettings,
        provider::{PerProvider, Provider},
        seed,
    },
    http::connection::{ConnectionHandle, LoopbackListener},
    paging::page_size::PageSizeRule,
    server::{control::Control, dispatch::dispatch, rate_limit::RateLimit},
};

/// How a sandbox is to be; [`Sandbox::builder`] makes one.
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it is started"]
pub struct SandboxBuilder {
    seed: u64,
    port: u16,
    settings: PerProvider<ProviderSettings>,
    rate_limits: PerProvider<Option<RateLimit>>,
}

impl Default for SandboxBuilder {
    fn default() -> Self {
        Self {
            seed: 1,
            port: 0,
            settings: PerProvider::from_fn(|provider| provider.profile().default_settings.clone()),
            // A test that asks as fast as it can is the usual case, and refusals would make its outcome a matter of pace.
            rate_limits: PerProvider::from_fn(|_| None),
        }
    }
}

impl SandboxBuilder {
    /// Grows the data from another number than 1.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Listens on this port instead of a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Holds this many Memories.ai sessions in the default scope instead of 137.
    pub fn memories_ai_sessions(mut self, count: usize) -> Self {
        self.settings[Provider::MemoriesAi].sessions = count;
        self
    }

    /// Holds this many LlamaCloud sessions in the default project instead of 112.
    pub fn llama_cloud_sessions(mut self, count: usize) -> Self {
        self.settings[Provider::LlamaCloud].sessions = count;
        self
    }

    /// Answers this many Memories.ai sessions a page instead of 20; at least one.
    pub fn memories_ai_page_size(mut self, size: usize) -> Self {
        self.settings[Provider::MemoriesAi].page_size = size.max(1);
        self
    }

    /// Answers this many LlamaCloud sessions a page, instead of 20, when the request names no size; at least one.
    pub fn llama_cloud_page_size(mut self, size: usize) -> Self {
        self.settings[Provider::LlamaCloud].page_size = size.max(1);
        self
    }

    /// Does this with a `page_size` that a Memories.ai request names, instead of ignoring it.
    pub fn memories_ai_page_size_rule(mut self, rule: PageSizeRule) -> Self {
        self.settings[Provider::MemoriesAi].page_size_rule = rule;
        self
    }

    /// Does this with the `page_size` of a LlamaCloud request, instead of coercing what is above 1000.
    pub fn llama_cloud_page_size_rule(mut self, rule: PageSizeRule) -> Self {
        self.settings[Provider::LlamaCloud].page_size_rule = rule;
        self
    }

    /// Accepts this key for Memories.ai instead of [`MEMORIES_AI_KEY`](crate::MEMORIES_AI_KEY).
    pub fn memories_ai_key(mut self, key: impl Into<String>) -> Self {
        self.settings[Provider::MemoriesAi].key = Cow::Owned(key.into());
        self
    }

    /// Accepts this key for LlamaCloud instead of [`LLAMA_CLOUD_KEY`](crate::LLAMA_CLOUD_KEY).
    pub fn llama_cloud_key(mut self, key: impl Into<String>) -> Self {
        self.settings[Provider::LlamaCloud].key = Cow::Owned(key.into());
        self
    }

    /// Keeps a provider to a rate limit from the start, instead of none; what that means,
    /// [`Control::rate_limit`](crate::Control::rate_limit) says.
    pub fn rate_limit(mut self, provider: Provider, limit: RateLimit) -> Self {
        self.rate_limits[provider] = Some(limit);
        self
    }

    /// Starts the sandbox. When this returns, it accepts connections.
    ///
    /// It needs no runtime of the caller's, only someone to await it.
    ///
    /// # Errors
    ///
    /// When the port is taken, or the system gives no socket or no thread.
    pub async fn start(self) -> io::Result<Sandbox> {
        let listener = StdTcpListener::bind((Ipv4Addr::LOCALHOST, self.port))?;
        listener.set_nonblocking(true)?;
        let addr = listener.local_addr()?;
        let (dialects, clock) = seed::seeded(self.seed, &self.settings);
        let control = Control::new(dialects, clock);
        for provider in Provider::ALL {
            if let Some(limit) = &self.rate_limits[provider] {
                control.rate_limit(provider, limit.clone());
            }
        }
        let app = control_routes::routes()
            .fallback(dispatch)
            .with_state(control.clone())
            .into_make_service_with_connect_info();

        let (stop, stopped) = oneshot::channel();
        let (report, ready) = oneshot::channel();
        let thread = ThreadBuilder::new()
            .name("chat-sessions-sandbox".to_owned())
            .spawn(move || run(listener, app, report, stopped))?;
        let sandbox = Sandbox {
            control,
            addr,
            stop: Some(stop),
            thread: Some(thread),
        };
        ready
            .await
            .unwrap_or_else(|_| Err(io::Error::other("the sandbox's thread ended before it was ready")))?;
        Ok(sandbox)
    }
}

/// Serves until `stopped`; what is still open then is closed with the runtime.
fn run(
    listener: StdTcpListener,
    app: IntoMakeServiceWithConnectInfo<Router, ConnectionHandle>,
    report: oneshot::Sender<io::Result<()>>,
    stopped: oneshot::Receiver<()>,
) {
    let runtime = match RuntimeBuilder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return drop(report.send(Err(error))),
    };
    runtime.block_on(async move {
        match TcpListener::from_std(listener) {
            Ok(listener) => {
                tokio::spawn(async move { axum::serve(LoopbackListener(listener), app).await });
                // When nobody waits for the report any more, nobody holds the sandbox, and the next line returns.
                let _ = report.send(Ok(()));
                let _ = stopped.await;
            }
            Err(error) => drop(report.send(Err(error))),
        }
    });
}

/// A running sandbox; it stops when it is dropped.
///
/// It runs on a thread of its own. A test may therefore block while it waits for an answer, and when the sandbox is
/// dropped, its port and all its connections are closed before the next line runs.
///
/// What can be seen and changed while it runs is on [`Control`], which it dereferences to.
#[derive(Debug)]
#[must_use = "a sandbox stops when it is dropped"]
pub struct Sandbox {
    control: Control,
    addr: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts a sandbox with the default data on a free port.
    ///
    /// # Errors
    ///
    /// When the system gives no socket or no thread.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// A sandbox to be made otherwise than by default.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }

    /// The base URL of both providers, such as `http://127.0.0.1:41234`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The lines that point a client to it when a shell evaluates them, behind a comment that says where it is.
    ///
    /// They name the usual keys, whatever the builder was told.
    #[must_use]
    pub fn exports(&self) -> String {
        let url = self.url();
        let mut lines = format!("# Both providers answer at {url}; the control room is {url}/__sandbox/.\n");
        for provider in Provider::ALL {
            let profile = provider.profile();
            let (prefix, key) = (profile.variable_prefix, &profile.default_settings.key);
            lines.push_str(&format!(
                "export {prefix}_API_KEY={key}\nexport {prefix}_BASE_URL={url}\n"
            ));
        }
        lines
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// A handle that can be given away.
    #[must_use]
    pub fn control(&self) -> Control {
        self.control.clone()
    }
}

impl Deref for Sandbox {
    type Target = Control;

    fn deref(&self) -> &Control {
        &self.control
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The thread's panic, if there was one, has been reported by then; there is nothing left to do about it.
            let _ = thread.join();
        }
    }
}
