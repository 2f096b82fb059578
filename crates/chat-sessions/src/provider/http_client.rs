//! How a provider is reached: base URL, key, timeouts, and the HTTP client made of them.
//!
//! It is the same for every provider, so that no promise about keys, redirects and proxies can differ between two.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chat_sessions_wire::Wire;

use crate::config::{ApiKey, BaseUrl, Env, Setting, WithOrigin};
use crate::error::{ApiKeyVariables, Error, ErrorKind, Remedy, Result};
use crate::model::Provider;
use crate::provider::connection_reuse::ConnectionReuse;
use crate::retry::{Pacing, RetryPolicy};
use crate::source::Account;

/// A hook that changes how the HTTP client is built.
pub(crate) type HttpHook = Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send>;

/// A source of numbers from 0 to 1.
pub(crate) type Random = Box<dyn Fn() -> f64 + Send + Sync>;

/// What a provider's connection starts from.
#[derive(Debug)]
pub(crate) struct ProviderDefaults {
    pub(crate) provider: Provider,
    /// Its name for people.
    pub(crate) title: &'static str,
    /// The key, with the variables that it is read from.
    pub(crate) key: Setting,
    pub(crate) base_url: Setting,
    /// The documented rate, where there is one.
    pub(crate) pacing: fn() -> Pacing,
}

/// What is asked of a connection; checked as a whole by [`open`](Self::open).
pub(crate) struct HttpSettings {
    defaults: ProviderDefaults,
    key: Option<WithOrigin<ApiKey>>,
    base_url: Option<WithOrigin<String>>,
    plain_host: Option<String>,
    connect_timeout: Duration,
    attempt_timeout: Duration,
    retry: RetryPolicy,
    pacing: Pacing,
    random: Option<Random>,
    hook: Option<HttpHook>,
}

/// An open connection: what a generated client is made of.
pub(crate) struct HttpClient {
    pub(crate) base_url: String,
    pub(crate) http: reqwest::Client,
    pub(crate) reuse: ConnectionReuse,
    pub(crate) key: ApiKey,
    /// Where the key comes from, for the remedy when it is refused.
    pub(crate) key_origin: Arc<str>,
    pub(crate) account: Account,
}

impl HttpSettings {
    pub(crate) fn new(defaults: ProviderDefaults) -> Self {
        Self {
            pacing: (defaults.pacing)(),
            defaults,
            key: None,
            base_url: None,
            plain_host: None,
            connect_timeout: Duration::from_secs(10),
            attempt_timeout: Duration::from_secs(30),
            retry: RetryPolicy::default(),
            random: None,
            hook: None,
        }
    }

    /// Takes the key and the base URL from variables, where they are set.
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

    pub(crate) fn set_hook(&mut self, hook: HttpHook) {
        self.hook = Some(hook);
    }

    pub(crate) fn set_pacing(&mut self, pacing: Pacing) {
        self.pacing = pacing;
    }

    /// Checks everything and makes the HTTP client. No request is made.
    pub(crate) fn build(self) -> Result<HttpClient> {
        let config = |message: String, remedy: Remedy| {
            Error::new(ErrorKind::Config, self.defaults.provider.clone())
                .with_message(message)
                .with_remedy(remedy)
        };
        let Some(key) = self.key else {
            let variables = self.defaults.key.key_variables(self.defaults.title);
            return Err(missing_key(&self.defaults.provider, variables));
        };
        if let Some(complaint) = key.value.complaint() {
            return Err(config(format!("{}: {complaint}", key.origin), Remedy::CopyApiKey));
        }

        if let Some(complaint) = self.retry.complaint() {
            return Err(config(format!("retry: {complaint}"), Remedy::AllowAttempt));
        }
        if let Some(complaint) = self.pacing.complaint() {
            return Err(config(format!("pacing: {complaint}"), Remedy::ShortenInterval));
        }

        let own_place = self.defaults.base_url.default.unwrap_or_default();
        let base = match &self.base_url {
            None => BaseUrl::parse(own_place, None),
            Some(given) => BaseUrl::parse(&given.value, self.plain_host.as_deref()),
        };
        let base = base.map_err(|reason| {
            let name = self.base_url.as_ref().map_or("base_url", |given| given.origin.as_str());
            config(
                format!("{name}: {reason}"),
                Remedy::CorrectBaseUrl { example: own_place },
            )
        })?;
        if !base.is_plain() && cfg!(not(any(feature = "rustls", feature = "native-tls"))) {
            return Err(config(
                "https is asked for and this build has no TLS".to_owned(),
                Remedy::EnableTls,
            ));
        }

        let mut client = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .timeout(self.attempt_timeout);
        if let Some(hook) = self.hook {
            client = hook(client);
        }
        // What may be compressed, and how far it may expand, is decided below, whatever else is built into this program.
        client = client.no_gzip().no_brotli().no_zstd().no_deflate();
        // A redirect would carry the query, and a Referer the whole URL, to a host that nobody named.
        client = client
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .https_only(!base.is_plain());
        if base.is_loopback() {
            client = client.no_proxy();
            // Nothing goes through TLS there, and to read what the platform trusts takes longer than most lists of a sandbox.
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            if base.is_plain() {
                client = client.tls_certs_only([]);
            }
        }
        let reuse = ConnectionReuse::new(self.connect_timeout);
        let http = client.connector_layer(reuse.clone()).build().map_err(|error| {
            config(
                format!("the HTTP client cannot be made: {}", root_cause(&error)),
                Remedy::CheckHttpClient,
            )
        })?;
        let account = Account::new(self.retry, self.pacing);
        Ok(HttpClient {
            base_url: base.as_str().to_owned(),
            http,
            reuse,
            key: key.value,
            key_origin: key.origin.into(),
            account: match self.random {
                Some(random) => account.with_random(random),
                None => account,
            },
        })
    }
}

impl HttpClient {
    /// Puts the key on the wire, in the form that the provider wants.
    pub(crate) fn wire<E>(&self, provider: &Provider, make: impl FnOnce(&str) -> Result<Wire, E>) -> Result<Wire> {
        make(self.key.expose()).map_err(|_| {
            Error::new(ErrorKind::Config, provider.clone())
                .with_message("the API key cannot stand in a header")
                .with_remedy(Remedy::CopyApiKey)
        })
    }
}

impl fmt::Debug for HttpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpSettings")
            .field("provider", &self.defaults.provider)
            .field("key", &self.key.as_ref().map(|key| &key.value))
            // The text may hold a password as long as it was not checked.
            .field("base_url", &self.base_url.as_ref().map(|_| "[unchecked]"))
            .field("connect_timeout", &self.connect_timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("retry", &self.retry)
            .field("pacing", &self.pacing)
            .finish_non_exhaustive()
    }
}

/// Makes the error of a source that has no key.
pub(crate) fn missing_key(provider: &Provider, variables: ApiKeyVariables) -> Error {
    Error::new(ErrorKind::Auth, provider.clone())
        .with_message("no API key is given")
        .with_remedy(Remedy::SetApiKey(vec![variables]))
}

/// Says whether an error comes from a certificate, which no further request makes better.
pub(crate) fn is_about_a_certificate(error: &reqwest::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(inner) = cause {
        // The libraries for TLS have errors of their own types, which this crate does not name; their words are the same.
        if !inner.is::<reqwest::Error>() && inner.to_string().contains("certificate") {
            return true;
        }
        cause = inner.source();
    }
    false
}

/// Gives the innermost reason of an error, which names no URL.
pub(crate) fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    // Only reqwest's own error prints the URL; when it is the innermost one, its kind says as much as can be said.
    if cause.is::<reqwest::Error>() {
        return if error.is_timeout() {
            "timed out".to_owned()
        } else if error.is_builder() {
            "the request cannot be built".to_owned()
        } else {
            "the request failed".to_owned()
        };
    }
    cause.to_string()
}

/// Gives each builder of a source the setters that are the same for all.
macro_rules! http_settings {
    ($builder:ident) => {
        impl HttpExt for $builder {
            fn configure_http<F>(mut self, change: F) -> Self
            where
                F: FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
            {
                self.http.set_hook(Box::new(change));
                self
            }
        }

        impl $builder {
            /// Gives the key of the account.
            pub fn api_key(mut self, key: impl Into<ApiKey>) -> Self {
                self.http.set_key(key.into());
                self
            }

            /// Sends requests to this place instead of the provider's own.
            ///
            /// A bare host means https, or http on loopback. A slash at the end and the API's own prefix (`/api/v1`,
            /// `/serve/api/v1`) are taken off, other paths are kept; a user name, a query or a fragment is refused.
            pub fn base_url(mut self, url: impl Into<String>) -> Self {
                self.http.set_base_url(url.into());
                self
            }

            /// Allows plain http to this one host, by name. Loopback needs no such leave; anywhere else the key would
            /// travel readable.
            pub fn allow_plain_http(mut self, host: impl Into<String>) -> Self {
                self.http.set_plain_host(host.into());
                self
            }

            /// Gives up on a connection that is not made in this time: 10 seconds by default, twice the slowest sensible
            /// handshake across an ocean.
            pub fn connect_timeout(mut self, timeout: Duration) -> Self {
                self.http.set_connect_timeout(timeout);
                self
            }

            /// Gives up on one request when its whole answer has not arrived in this time: 30 seconds by default, the
            /// usual patience of the gateways in between.
            ///
            /// The time for one page with all its attempts is [`RetryPolicy::timeout`](crate::retry::RetryPolicy::timeout).
            pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
                self.http.set_attempt_timeout(timeout);
                self
            }

            /// Says how often a request that failed is made again; [`RetryPolicy::default`](crate::retry::RetryPolicy) unless given.
            ///
            /// Clones of the source and its sources made by `with_scope` share what is left of the budget.
            pub fn retry(mut self, policy: RetryPolicy) -> Self {
                self.http.set_retry(policy);
                self
            }

            /// Draws the waits between attempts from this function, which gives numbers from 0 to 1, instead of from chance:
            /// for tests.
            pub fn random(mut self, random: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
                self.http.set_random(Box::new(random));
                self
            }
        }
    };
}
pub(crate) use http_settings;
