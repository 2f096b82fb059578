//! The connection to a provider: base URL, key, timeouts, and the HTTP client built from them.
//!
//! It is the same for every provider, so that the promises about keys, redirects and proxies cannot
//! differ.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chat_sessions_wire::Received;
use reqwest::Request;

use crate::config::{ApiKey, BaseUrl, Env, Setting, WithOrigin, id_problem};
use crate::error::{ApiKeyVariables, Error, ErrorKind, Remedy, Result};
use crate::model::Provider;
use crate::provider::capture::wire_for;
use crate::provider::connection_reuse::ConnectionReuse;
use crate::provider::credentials::{Credential, Credentials, KeyProvider, MakeWire};
use crate::provider::failure_cause::root_cause;
use crate::provider::network::{self, Destination};
use crate::provider::request_context::RequestContext;
use crate::record::ExchangeOptions;
use crate::redact::Secrets;
use crate::retry::{Pacing, RetryPolicy};
use crate::source::{Account, Operation};

/// A hook that changes how the HTTP client is built.
pub(crate) type HttpHook = Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send>;

/// The value of the header `User-Agent`, unless the program sets its own.
const USER_AGENT: &str = concat!("chat-sessions/", env!("CARGO_PKG_VERSION"));

/// A source of numbers from 0 to 1.
pub(crate) type Random = Box<dyn Fn() -> f64 + Send + Sync>;

/// The defaults of one provider.
#[derive(Debug)]
pub(crate) struct ProviderDefaults {
    pub(crate) provider: Provider,
    /// The provider's name for people.
    pub(crate) title: &'static str,
    /// The setting of the key, with its variables.
    pub(crate) key: Setting,
    pub(crate) base_url: Setting,
    /// The documented rate limit, if there is one.
    pub(crate) pacing: fn() -> Pacing,
    /// The rate limits of operations that have their own.
    pub(crate) own_pacing: fn() -> Vec<(Operation, Pacing)>,
}

/// The settings of a connection. [`build`](Self::build) checks them together.
pub(crate) struct HttpSettings {
    defaults: ProviderDefaults,
    key: Option<WithOrigin<ApiKey>>,
    key_provider: Option<KeyProvider>,
    base_url: Option<WithOrigin<String>>,
    plain_host: Option<String>,
    connect_timeout: Duration,
    attempt_timeout: Duration,
    retry: RetryPolicy,
    /// The rate limit; the provider's defaults if it is not set.
    pacing: Option<Pacing>,
    /// The rate limits that the program gives to single operations.
    own_pacing: Vec<(Operation, Pacing)>,
    random: Option<Random>,
    hooks: Vec<HttpHook>,
}

/// A checked connection to a provider. Clones, and the sources of all scopes of an account, share it.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    pub(crate) base_url: Arc<str>,
    pub(crate) http: reqwest::Client,
    pub(crate) reuse: ConnectionReuse,
    /// Where the requests go, for errors.
    pub(crate) destination: Arc<Destination>,
    pub(crate) credentials: Credentials,
    /// The origin of the key, for the remedy when it is refused.
    pub(crate) key_origin: Arc<str>,
    pub(crate) account: Account,
}

impl HttpSettings {
    pub(crate) fn new(defaults: ProviderDefaults) -> Self {
        Self {
            pacing: None,
            own_pacing: Vec::new(),
            defaults,
            key: None,
            key_provider: None,
            base_url: None,
            plain_host: None,
            connect_timeout: Duration::from_secs(10),
            attempt_timeout: Duration::from_secs(30),
            retry: RetryPolicy::default(),
            random: None,
            hooks: Vec::new(),
        }
    }

    /// Reads the key and the base URL from variables, if they are set.
    pub(crate) fn read(&mut self, env: &Env<'_>) -> Result<()> {
        self.key = env.key(&self.defaults.key)?;
        self.base_url = env.text(&self.defaults.base_url)?;
        Ok(())
    }

    pub(crate) fn has_key(&self) -> bool {
        self.key.is_some()
    }

    pub(crate) fn set_key(&mut self, key: ApiKey) {
        self.key = Some(WithOrigin {
            value: key,
            origin: "api_key".to_owned(),
        });
    }

    pub(crate) fn set_key_provider(&mut self, provider: KeyProvider) {
        self.key_provider = Some(provider);
    }

    pub(crate) fn set_base_url(&mut self, url: String) {
        self.base_url = Some(WithOrigin {
            value: url,
            origin: "base_url".to_owned(),
        });
    }

    pub(crate) fn set_plain_host(&mut self, host: String) {
        self.plain_host = Some(host);
    }

    pub(crate) fn set_connect_timeout(&mut self, timeout: Duration) {
        self.connect_timeout = timeout;
    }

    pub(crate) fn set_attempt_timeout(&mut self, timeout: Duration) {
        self.attempt_timeout = timeout;
    }

    pub(crate) fn set_retry(&mut self, policy: RetryPolicy) {
        self.retry = policy;
    }

    pub(crate) fn set_random(&mut self, random: Random) {
        self.random = Some(random);
    }

    pub(crate) fn add_hook(&mut self, hook: HttpHook) {
        self.hooks.push(hook);
    }

    pub(crate) fn set_pacing(&mut self, pacing: Pacing) {
        self.pacing = Some(pacing);
    }

    pub(crate) fn set_own_pacing(&mut self, operation: Operation, pacing: Pacing) {
        self.own_pacing.retain(|(known, _)| *known != operation);
        self.own_pacing.push((operation, pacing));
    }

    /// Checks an id that was set in code; `setter` names the function. One from a variable was checked
    /// when it was read.
    pub(crate) fn check_id(&self, setter: &str, id: Option<&str>, default: &'static str) -> Result<()> {
        match id.and_then(id_problem) {
            Some(problem) => Err(Error::new(ErrorKind::Config, self.defaults.provider.clone())
                .with_message(format!("{setter}: {problem}"))
                .with_remedy(Remedy::OmitSetting { default })),
            None => Ok(()),
        }
    }

    /// Checks everything and builds the HTTP client. No request is sent. `make_wire` puts a key into a
    /// header.
    pub(crate) fn build(self, make_wire: MakeWire) -> Result<Connection> {
        let config = |message: String, remedy: Remedy| {
            Error::new(ErrorKind::Config, self.defaults.provider.clone())
                .with_message(message)
                .with_remedy(remedy)
        };
        if self.key.is_none() && self.key_provider.is_none() {
            let variables = self.defaults.key.key_variables(self.defaults.title);
            return Err(missing_key(&self.defaults.provider, variables));
        }
        let (key, key_origin) = match self.key {
            Some(key) => (Some(key.value), key.origin),
            None => (None, "api_key_provider".to_owned()),
        };
        let credentials = Credentials::new(key, self.key_provider, make_wire)
            .map_err(|problem| config(format!("{key_origin}: {problem}"), Remedy::CopyApiKey))?;

        if let Some(problem) = self.retry.problem() {
            return Err(config(format!("retry: {problem}"), Remedy::AllowAttempt));
        }
        let mut own_pacing = self.own_pacing;
        // `pacing` sets one limit for all operations together, so the provider's limits of single
        // operations apply only without it.
        let pacing = match self.pacing {
            Some(pacing) => pacing,
            None => {
                // They come last, because the first limit of an operation counts.
                own_pacing.extend((self.defaults.own_pacing)());
                (self.defaults.pacing)()
            }
        };
        let own_problem = own_pacing.iter().find_map(|(_, pacing)| pacing.problem());
        if let Some(problem) = pacing.problem().or(own_problem) {
            return Err(config(format!("pacing: {problem}"), Remedy::ShortenInterval));
        }

        let default_url = self.defaults.base_url.default.unwrap_or_default();
        let base = match &self.base_url {
            None => BaseUrl::parse(default_url, None),
            Some(given) => BaseUrl::parse(&given.value, self.plain_host.as_deref()),
        };
        let base = base.map_err(|reason| {
            let name = self.base_url.as_ref().map_or("base_url", |given| given.origin.as_str());
            config(
                format!("{name}: {reason}"),
                Remedy::CorrectBaseUrl { example: default_url },
            )
        })?;
        if !base.is_plain() && cfg!(not(any(feature = "rustls", feature = "native-tls"))) {
            return Err(config(
                "the base URL is https, and this build has no TLS".to_owned(),
                Remedy::EnableTls,
            ));
        }

        let client = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .timeout(self.attempt_timeout)
            .user_agent(USER_AGENT);
        let network = network::apply(client, &base, &self.defaults.provider)?;
        let (mut client, mut destination) = (network.client, network.destination);
        for hook in self.hooks {
            client = hook(client);
            destination = destination.without_known_proxy();
        }
        // What may be compressed, and how far it may expand, is decided below, whatever features
        // other crates of the program enable.
        client = client.no_gzip().no_brotli().no_zstd().no_deflate();
        // A redirect would send the query, and a Referer the whole URL, to a host that the user did
        // not choose.
        client = client
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .https_only(!base.is_plain());
        if base.is_loopback() {
            client = client.no_proxy();
            // Plain http needs no TLS, and reading the platform's trusted certificates takes longer
            // than most lists of a sandbox.
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            if base.is_plain() {
                client = client.tls_certs_only([]);
            }
        }
        let reuse = ConnectionReuse::new(self.connect_timeout);
        let http = client.connector_layer(reuse.clone()).build().map_err(|error| {
            let (message, remedy) = network::creation_problem(&root_cause(&error), network.certificate_variable);
            config(message, remedy).with_source(error.without_url())
        })?;
        let account = Account::with_own_limits(self.retry, pacing, own_pacing);
        Ok(Connection {
            base_url: base.as_str().into(),
            http,
            reuse,
            destination: destination.into(),
            credentials,
            key_origin: key_origin.into(),
            account: match self.random {
                Some(random) => account.with_random(random),
                None => account,
            },
        })
    }
}

impl Connection {
    /// Sends one request with the current key, decodes its outcome, and replaces a refused key if there
    /// is another one. Every operation uses this, so that none forgets the last step.
    ///
    /// `secrets` returns the secrets of the request, `request` builds it, and `decode` turns the outcome
    /// into a value, or into an error without secrets.
    pub(crate) async fn fetch<T>(
        &self,
        context: &RequestContext<'_>,
        options: &ExchangeOptions,
        secrets: &(dyn Fn(&ApiKey) -> Secrets + Sync),
        request: &(dyn Fn(&Credential) -> Result<Request> + Sync),
        decode: impl FnOnce(Result<Received>, &Secrets) -> Result<T>,
    ) -> Result<T> {
        let exchanged = self.exchange(context, options, secrets, request).await?;
        match decode(exchanged.outcome, &exchanged.secrets) {
            Ok(value) => {
                self.credentials.accepted(&exchanged.credential);
                Ok(value)
            }
            Err(error) => Err(self.credentials.refused(context, &exchanged.credential, error).await),
        }
    }

    /// Sends one request.
    ///
    /// It is one type for all operations, because the compiler would copy the code for each.
    async fn exchange(
        &self,
        context: &RequestContext<'_>,
        options: &ExchangeOptions,
        secrets: &(dyn Fn(&ApiKey) -> Secrets + Sync),
        request: &(dyn Fn(&Credential) -> Result<Request> + Sync),
    ) -> Result<Exchanged> {
        context.check_runtime()?;
        let credential = self.credentials.current(context).await?;
        let mut secrets = secrets(&credential.key);
        let outcome = match request(&credential) {
            Ok(request) => {
                let wire = wire_for(options, &credential.wire, context.provider, &credential.key);
                // Pinned here, because passing it on would copy it, and it is large.
                let received = pin!(wire.receive(&self.http, request));
                let outcome = self.reuse.request(received).await;
                context.response(outcome, &self.destination, &mut secrets)
            }
            Err(error) => Err(error),
        };
        Ok(Exchanged {
            credential,
            secrets,
            outcome,
        })
    }
}

/// A request that was sent, or that could not be built.
struct Exchanged {
    /// The key of the request.
    credential: Arc<Credential>,
    /// The secrets of the request and its response.
    secrets: Secrets,
    /// The complete response.
    outcome: Result<Received>,
}

impl fmt::Debug for HttpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpSettings")
            .field("provider", &self.defaults.provider)
            .field("key", &self.key.as_ref().map(|key| &key.value))
            // The text may hold a password as long as it is unchecked.
            .field("base_url", &self.base_url.as_ref().map(|_| "[unchecked]"))
            .field("connect_timeout", &self.connect_timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("retry", &self.retry)
            .field("pacing", &self.pacing.unwrap_or_else(self.defaults.pacing))
            .finish_non_exhaustive()
    }
}

/// Creates the error of a source without a key.
pub(crate) fn missing_key(provider: &Provider, variables: ApiKeyVariables) -> Error {
    Error::new(ErrorKind::Auth, provider.clone())
        .with_message("no API key is set")
        .with_remedy(Remedy::SetApiKey(vec![variables]))
}

/// Adds the setters that all builders of a source share.
macro_rules! http_settings {
    ($source:ident, $builder:ident) => {
        impl HttpExt for $builder {
            fn configure_http<F>(mut self, change: F) -> Self
            where
                F: FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
            {
                self.http.add_hook(Box::new(change));
                self
            }
        }

        impl $builder {
            /// Sets the key of the account.
            pub fn api_key(mut self, key: impl Into<ApiKey>) -> Self {
                self.http.set_key(key.into());
                self
            }

            /// Takes the key from a function: for keys that expire, or that are kept by another
            /// service.
            ///
            /// The function is called before the first request, unless [`api_key`](Self::api_key) sets a
            /// key too, and when the provider refuses the current key. If it returns another key, the
            /// request is retried with it, as the [`retry`](Self::retry) policy allows; if it returns
            /// the same key, or one that the provider refuses as well, the error is final. Clones of
            /// the source and sources created by `with_scope` share the key, and requests in parallel
            /// share one call.
            ///
            /// ```
            #[doc = concat!("use chat_sessions::provider::", stringify!($source), ";")]
            ///
            /// async fn current_key() -> std::io::Result<String> {
            ///     tokio::fs::read_to_string("/run/secrets/key").await
            /// }
            ///
            #[doc = concat!("let source = ", stringify!($source), "::builder().api_key_provider(current_key).build()?;")]
            /// # Ok::<(), chat_sessions::Error>(())
            /// ```
            pub fn api_key_provider<F, T, K, E>(mut self, provider: F) -> Self
            where
                F: Fn() -> T + Send + Sync + 'static,
                T: Future<Output = std::result::Result<K, E>> + Send + 'static,
                K: Into<ApiKey>,
                E: Into<Box<dyn std::error::Error + Send + Sync>>,
            {
                self.http.set_key_provider(Box::new(move || {
                    let key = provider();
                    Box::pin(async move { key.await.map(Into::into).map_err(Into::into) })
                }));
                self
            }

            /// Sends requests to this base URL instead of the provider's own.
            ///
            /// A bare host means https, or http on loopback. A trailing slash and the API's own
            /// prefix (`/api/v1`, `/serve/api/v1`) are removed; other paths are kept; a user name,
            /// a query or a fragment is refused.
            pub fn base_url(mut self, url: impl Into<String>) -> Self {
                self.http.set_base_url(url.into());
                self
            }

            /// Allows plain http to this one host, by name. Loopback needs no such permission;
            /// anywhere else the key would be sent in the clear.
            pub fn allow_plain_http(mut self, host: impl Into<String>) -> Self {
                self.http.set_plain_host(host.into());
                self
            }

            /// Sets the timeout for a connection: 10 seconds by default, twice the slowest sensible
            /// handshake across an ocean.
            pub fn connect_timeout(mut self, timeout: Duration) -> Self {
                self.http.set_connect_timeout(timeout);
                self
            }

            /// Sets the timeout for one request with its whole response: 30 seconds by default, the
            /// usual timeout of the gateways in between.
            ///
            /// [`RetryPolicy::timeout`](crate::retry::RetryPolicy::timeout) is the time for one
            /// page or one transcript with all its attempts.
            pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
                self.http.set_attempt_timeout(timeout);
                self
            }

            /// Sets how often a failed request is retried;
            /// [`RetryPolicy::default`](crate::retry::RetryPolicy) by default.
            ///
            /// Clones of the source and sources created by `with_scope` share the retry budget.
            pub fn retry(mut self, policy: RetryPolicy) -> Self {
                self.http.set_retry(policy);
                self
            }

            /// Gives one operation a rate limit of its own. Without one, it shares the limit that
            /// [`pacing`](Self::pacing) sets.
            pub fn operation_pacing(mut self, operation: $crate::source::Operation, pacing: Pacing) -> Self {
                self.http.set_own_pacing(operation, pacing);
                self
            }

            /// Computes retry waits from this function, which returns numbers from 0 to 1, instead
            /// of from random numbers. For tests.
            pub fn random(mut self, random: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
                self.http.set_random(Box::new(random));
                self
            }
        }
    };
}
pub(crate) use http_settings;
