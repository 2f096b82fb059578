//! The key of an account: given once, or by a function that is asked again when the provider refuses
//! it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chat_sessions_wire::Wire;
use http::header::InvalidHeaderValue;

use crate::config::ApiKey;
use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::provider::capture::logging;
use crate::provider::request_context::RequestContext;
use crate::source::BoxFuture;

/// An error of the program's own function.
type KeyError = Box<dyn std::error::Error + Send + Sync>;

/// The program's function that returns the current key.
pub(crate) type KeyProvider = Box<dyn Fn() -> BoxFuture<'static, Result<ApiKey, KeyError>> + Send + Sync>;

/// Puts a key into a header, in the form that the provider wants.
pub(crate) type MakeWire = fn(&str) -> Result<Wire, InvalidHeaderValue>;

/// A key, with the headers that hold it.
pub(crate) struct Credential {
    pub(crate) key: ApiKey,
    pub(crate) wire: Wire,
}

impl Credential {
    fn new(key: ApiKey, make_wire: MakeWire) -> Result<Arc<Self>, &'static str> {
        if let Some(problem) = key.problem() {
            return Err(problem);
        }
        let wire = make_wire(key.expose()).map_err(|_| "the key is not a valid header value")?;
        let wire = logging(wire, &key);
        Ok(Arc::new(Self { key, wire }))
    }
}

/// The key of an account. Clones share it.
#[derive(Clone)]
pub(crate) struct Credentials(Arc<Shared>);

struct Shared {
    make_wire: MakeWire,
    provider: Option<KeyProvider>,
    current: Mutex<Current>,
    /// Held while the function is asked, so that parallel requests ask it once.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Current {
    /// `None` before the first request, if only the function knows the key.
    credential: Option<Arc<Credential>>,
    /// Whether the function may be asked for another key. A key that it has just returned is not
    /// replaced before the provider has accepted it once.
    may_ask: bool,
}

impl Credentials {
    /// Fails with what is wrong with the key.
    pub(crate) fn new(
        key: Option<ApiKey>,
        provider: Option<KeyProvider>,
        make_wire: MakeWire,
    ) -> Result<Self, &'static str> {
        let credential = key.map(|key| Credential::new(key, make_wire)).transpose()?;
        Ok(Self(Arc::new(Shared {
            make_wire,
            provider,
            current: Mutex::new(Current {
                credential,
                may_ask: true,
            }),
            asking: tokio::sync::Mutex::default(),
        })))
    }

    /// Returns the key for a request.
    ///
    /// # Errors
    ///
    /// There is none yet, and the program's function fails.
    pub(crate) async fn current(&self, context: &RequestContext<'_>) -> Result<Arc<Credential>> {
        if let Some(credential) = self.known().credential {
            return Ok(credential);
        }
        Box::pin(self.first(context)).await
    }

    async fn first(&self, context: &RequestContext<'_>) -> Result<Arc<Credential>> {
        let _turn = self.0.asking.lock().await;
        if let Some(credential) = self.known().credential {
            return Ok(credential);
        }
        self.ask(context).await.map_err(|error| error.with_attempts(0))
    }

    /// Takes note that the provider accepted the key.
    pub(crate) fn accepted(&self, used: &Arc<Credential>) {
        if self.0.provider.is_some() {
            self.update(|current| current.may_ask |= current.uses(used));
        }
    }

    /// Takes note of a failed request. If the provider refused the key and the program's function returns
    /// another one, the error is transient: the next attempt uses that key.
    pub(crate) async fn refused(&self, context: &RequestContext<'_>, used: &Arc<Credential>, error: Error) -> Error {
        if self.0.provider.is_none() || error.kind() != ErrorKind::Auth {
            return error;
        }
        // Boxed, because a future is as large as its largest part, and most keys are accepted.
        Box::pin(self.replace(context, used, error)).await
    }

    /// Replaces a refused key, and returns the error of the refusal.
    async fn replace(&self, context: &RequestContext<'_>, used: &Arc<Credential>, refusal: Error) -> Error {
        let _turn = self.0.asking.lock().await;
        let current = self.known();
        if !current.uses(used) {
            // Another request has replaced it in the meantime.
            return refusal.with_temporary(true);
        }
        if !current.may_ask {
            return refusal;
        }
        match self.ask(context).await {
            Ok(new) if new.key == used.key => refusal,
            Ok(_) => refusal.with_temporary(true),
            Err(error) => {
                let message = format!("{}, and there is no other key: {}", refusal.message(), error.message());
                refusal.with_message(message).with_source(error)
            }
        }
    }

    /// Asks the program's function for the key.
    async fn ask(&self, context: &RequestContext<'_>) -> Result<Arc<Credential>> {
        let Some(provider) = &self.0.provider else {
            return Err(context.error(ErrorKind::Auth).with_message("no API key is set"));
        };
        let key = provider().await.map_err(|error| {
            context
                .error(ErrorKind::Auth)
                .with_message(format!("api_key_provider failed: {error}"))
                .with_remedy("Check the function that returns the API key.")
                .with_source(error)
        })?;
        let credential = Credential::new(key, self.0.make_wire).map_err(|problem| {
            context
                .error(ErrorKind::Auth)
                .with_message(format!("api_key_provider: {problem}"))
                .with_remedy(Remedy::CopyApiKey)
        })?;
        self.update(|current| {
            *current = Current {
                credential: Some(Arc::clone(&credential)),
                may_ask: false,
            };
        });
        Ok(credential)
    }

    fn known(&self) -> Current {
        self.0.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn update(&self, change: impl FnOnce(&mut Current)) {
        change(&mut self.0.current.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Current {
    fn uses(&self, credential: &Arc<Credential>) -> bool {
        self.credential
            .as_ref()
            .is_some_and(|current| Arc::ptr_eq(current, credential))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials([redacted])")
    }
}
