//! The sandbox as a running server: how it starts, where it listens and how it stops.
//!
//! This file is responsible for the listener and its thread. It treats all providers alike, except
//! for the builder's methods.

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
    data::day::Day,
    dialect::{
        ProviderSettings,
        provider::{PerProvider, Provider},
        seed,
    },
    http::connection::{ConnectionHandle, LoopbackListener},
    paging::page_size::PageSizeRule,
    server::{control::Control, dispatch::dispatch, rate_limit::RateLimit},
};

/// The configuration of a sandbox. [`Sandbox::builder`] returns the default one.
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it is started"]
pub struct SandboxBuilder {
    seed: u64,
    day: Day,
    port: u16,
    settings: PerProvider<ProviderSettings>,
    rate_limits: PerProvider<Option<RateLimit>>,
    enforce_rates: bool,
}

impl Default for SandboxBuilder {
    fn default() -> Self {
        Self {
            seed: 1,
            day: Day::default(),
            port: 0,
            settings: PerProvider::from_fn(|provider| provider.profile().default_settings.clone()),
            // Most tests send requests as fast as they can. With a limit, the machine's speed would
            // decide their result.
            rate_limits: PerProvider::from_fn(|_| None),
            enforce_rates: false,
        }
    }
}

impl SandboxBuilder {
    /// Generates the sessions from this seed instead of 1.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Takes this day for today; see [`Day`].
    pub fn day(mut self, day: Day) -> Self {
        self.day = day;
        self
    }

    /// Listens on this port instead of a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Creates this many Memories.ai sessions in the default scope instead of 137.
    pub fn memories_ai_sessions(mut self, count: usize) -> Self {
        self.settings[Provider::MemoriesAi].sessions = count;
        self
    }

    /// Creates this many LlamaCloud sessions in the default project instead of 112.
    pub fn llama_cloud_sessions(mut self, count: usize) -> Self {
        self.settings[Provider::LlamaCloud].sessions = count;
        self
    }

    /// Sets the Memories.ai page size, which is 20 by default and at least 1.
    pub fn memories_ai_page_size(mut self, size: usize) -> Self {
        self.settings[Provider::MemoriesAi].page_size = size.max(1);
        self
    }

    /// Sets the LlamaCloud page size for requests that do not specify one. It is 20 by default and
    /// at least 1.
    pub fn llama_cloud_page_size(mut self, size: usize) -> Self {
        self.settings[Provider::LlamaCloud].page_size = size.max(1);
        self
    }

    /// Sets what Memories.ai does with the `page_size` of a request. By default it is ignored.
    pub fn memories_ai_page_size_rule(mut self, rule: PageSizeRule) -> Self {
        self.settings[Provider::MemoriesAi].page_size_rule = rule;
        self
    }

    /// Sets what LlamaCloud does with the `page_size` of a request. By default it is coerced to at
    /// most 1000.
    pub fn llama_cloud_page_size_rule(mut self, rule: PageSizeRule) -> Self {
        self.settings[Provider::LlamaCloud].page_size_rule = rule;
        self
    }

    /// Sets the accepted key for Memories.ai. The default is
    /// [`MEMORIES_AI_KEY`](crate::MEMORIES_AI_KEY).
    pub fn memories_ai_key(mut self, key: impl Into<String>) -> Self {
        self.settings[Provider::MemoriesAi].key = Cow::Owned(key.into());
        self
    }

    /// Sets the accepted key for LlamaCloud. The default is
    /// [`LLAMA_CLOUD_KEY`](crate::LLAMA_CLOUD_KEY).
    pub fn llama_cloud_key(mut self, key: impl Into<String>) -> Self {
        self.settings[Provider::LlamaCloud].key = Cow::Owned(key.into());
        self
    }

    /// Sets a provider's rate limit, as [`Control::rate_limit`](crate::Control::rate_limit) does
    /// later. There is none by default.
    pub fn rate_limit(mut self, provider: Provider, limit: RateLimit) -> Self {
        self.rate_limits[provider] = Some(limit);
        self
    }

    /// Enforces the providers' rates, as [`Control::enforce_rates`](crate::Control::enforce_rates)
    /// does later.
    pub fn enforce_rates(mut self) -> Self {
        self.enforce_rates = true;
        self
    }

    /// Starts the sandbox. It accepts connections when this returns.
    ///
    /// The sandbox runs on a thread with a runtime of its own, so the future works on any executor.
    ///
    /// # Errors
    ///
    /// If the port is in use, or the system provides no socket or no thread.
    pub async fn start(self) -> io::Result<Sandbox> {
        let listener = StdTcpListener::bind((Ipv4Addr::LOCALHOST, self.port))?;
        listener.set_nonblocking(true)?;
        let addr = listener.local_addr()?;
        let (dialects, clock) = seed::seeded(self.seed, self.day, &self.settings);
        let control = Control::new(dialects, clock);
        for provider in Provider::ALL {
            if let Some(limit) = &self.rate_limits[provider] {
                control.rate_limit(provider, limit.clone());
            }
        }
        if self.enforce_rates {
            control.enforce_rates();
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
        ready.await.unwrap_or_else(|_| {
            Err(io::Error::other(
                "the sandbox's thread ended before the server was ready",
            ))
        })?;
        Ok(sandbox)
    }
}

/// Serves until `stopped`. Then, the runtime closes all connections.
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
                // If the report has no receiver, the sandbox was dropped, and the next line
                // returns.
                let _ = report.send(Ok(()));
                let _ = stopped.await;
            }
            Err(error) => drop(report.send(Err(error))),
        }
    });
}

/// A running sandbox. It stops when it is dropped.
///
/// It runs on a thread of its own, so that a test may block while it waits for a response. Dropping
/// the sandbox closes its port and all connections before the next line runs.
///
/// It dereferences to [`Control`], whose methods show and change the sandbox while it runs.
#[derive(Debug)]
#[must_use = "a sandbox stops when it is dropped"]
pub struct Sandbox {
    control: Control,
    addr: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts a sandbox with the default sessions on a free port.
    ///
    /// # Errors
    ///
    /// If the system provides no socket or no thread.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Returns a builder with the default configuration.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }

    /// The base URL of both providers, such as `http://127.0.0.1:41234`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Returns shell commands that set the environment variables of a client, after a comment with
    /// the sandbox's URL.
    ///
    /// They contain the default keys, even if the builder has other ones.
    #[must_use]
    pub fn exports(&self) -> String {
        let url = self.url();
        let mut lines = format!("# Both providers are served at {url}; the control routes are at {url}/__sandbox/.\n");
        for provider in Provider::ALL {
            let profile = provider.profile();
            let (prefix, key) = (profile.variable_prefix, &profile.default_settings.key);
            lines.push_str(&format!(
                "export {prefix}_API_KEY={key}\nexport {prefix}_BASE_URL={url}\n"
            ));
        }
        lines
    }

    /// The address that it listens on.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Returns a handle on the sandbox that can be shared.
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
            // If the thread panicked, the panic has been reported by now.
            let _ = thread.join();
        }
    }
}
