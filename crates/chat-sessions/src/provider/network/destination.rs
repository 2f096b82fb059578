//! Where the requests of a source go: the host and the proxy in between, as errors name them.

use reqwest::Url;

use crate::config::BaseUrl;

/// The host of a base URL, and how it is reached. It contains no user name and no password.
#[derive(Clone, Debug)]
pub(crate) struct Destination {
    /// The host with its port, such as `api.memories.ai:443`.
    pub(crate) address: String,
    /// Whether requests are sent without TLS.
    pub(crate) is_plain: bool,
    /// The proxy in between; `None` if there is none, or if code may have chosen another.
    pub(crate) proxy: Option<UsedProxy>,
}

/// A proxy that a variable names.
#[derive(Clone, Debug)]
pub(crate) struct UsedProxy {
    pub(crate) variable: &'static str,
    /// The host with its port, such as `proxy.example:3128`.
    pub(crate) address: String,
    /// Whether the variable holds a user name or a password too.
    pub(crate) has_credentials: bool,
}

impl Destination {
    pub(crate) fn new(base_url: &BaseUrl) -> Self {
        Self {
            address: address(base_url.url()),
            is_plain: base_url.is_plain(),
            proxy: None,
        }
    }

    /// Adds the proxy that a variable names.
    pub(crate) fn through(self, variable: &'static str, proxy: &Url) -> Self {
        Self {
            proxy: Some(UsedProxy {
                variable,
                address: address(proxy),
                has_credentials: !proxy.username().is_empty() || proxy.password().is_some(),
            }),
            ..self
        }
    }

    /// Forgets the proxy of the environment, because code may have chosen another.
    pub(crate) fn without_known_proxy(self) -> Self {
        Self { proxy: None, ..self }
    }

    /// Returns the host and the proxy in between, for a message.
    pub(crate) fn full(&self) -> String {
        match &self.proxy {
            Some(proxy) => format!("{} through the proxy {}", self.address, proxy.address),
            None => self.address.clone(),
        }
    }

    /// Returns the proxy for a message.
    pub(crate) fn proxy_name(&self) -> String {
        match &self.proxy {
            Some(proxy) => format!("the proxy {}", proxy.address),
            None => "the proxy".to_owned(),
        }
    }

    /// Returns the variable that names the proxy.
    pub(crate) fn proxy_variable(&self) -> Option<&'static str> {
        self.proxy.as_ref().map(|proxy| proxy.variable)
    }
}

/// Returns the host and the port of a URL.
fn address(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port_or_known_default() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
