//! The variables that decide where requests go and which servers are trusted: the proxies,
//! `NO_PROXY`, `SSL_CERT_FILE` and `SSL_CERT_DIR`.
//!
//! The HTTP and TLS libraries read them too, and ignore a value that they cannot parse. Without its
//! proxy, a key would go directly to the host, so here such a value is an error.

use std::ffi::OsString;

use reqwest::ClientBuilder;

use crate::config::base_url::BaseUrl;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
use crate::config::certificates::Certificates;
use crate::config::proxies::Proxies;
use crate::config::variable::VariableProblem;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Provider;

/// Checks the variables that decide where requests go and which servers are trusted: `HTTP_PROXY`,
/// `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` in capital and small letters, `SSL_CERT_FILE` and
/// `SSL_CERT_DIR`.
///
/// A source checks those that it uses when it is built. With this function, a program reports the
/// others too.
///
/// # Errors
///
/// A [`Config`](ErrorKind::Config) error names the invalid variable.
pub fn check_environment() -> Result<()> {
    check().map_err(|problem| problem.into_error(Error::local(ErrorKind::Config)))
}

fn check() -> Result<(), VariableProblem> {
    Proxies::read(&environment)?;
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    Certificates::read(&environment)?;
    Ok(())
}

/// Has the HTTP client use what the variables say for this base URL.
///
/// Where the libraries read a variable as this crate does, they read it themselves, so that a hook
/// can still replace their choice.
pub(crate) fn apply(client: ClientBuilder, base_url: &BaseUrl, provider: &Provider) -> Result<ClientBuilder> {
    configure(client, base_url).map_err(|problem| problem.into_error(Error::new(ErrorKind::Config, provider.clone())))
}

fn configure(mut client: ClientBuilder, base_url: &BaseUrl) -> Result<ClientBuilder, VariableProblem> {
    // Loopback is never reached through a proxy, and plain http needs no certificates.
    if !base_url.is_loopback() {
        client = Proxies::read(&environment)?.apply(client, base_url);
    }
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    if !base_url.is_plain() {
        client = Certificates::read(&environment)?.apply(client);
    }
    Ok(client)
}

fn environment(variable: &str) -> Option<OsString> {
    std::env::var_os(variable)
}
