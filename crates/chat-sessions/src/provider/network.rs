//! The variables that decide where requests go and which servers are trusted: the proxies,
//! `NO_PROXY`, `SSL_CERT_FILE` and `SSL_CERT_DIR`.
//!
//! The HTTP and TLS libraries read them too, and ignore a value that they cannot parse. Without its
//! proxy, a key would go directly to the host, so here such a value is an error.

#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod certificates;
mod destination;
mod no_proxy;
mod proxies;
mod variable;

use std::ffi::OsString;

use reqwest::ClientBuilder;

use crate::config::BaseUrl;
use crate::error::{Error, ErrorKind, Remedy, Result};
use crate::model::Provider;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
use crate::provider::network::certificates::Certificates;
use crate::provider::network::proxies::Proxies;
use crate::provider::network::variable::VariableProblem;

pub(crate) use destination::Destination;

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

/// What the variables mean for one base URL.
pub(crate) struct Network {
    pub(crate) client: ClientBuilder,
    pub(crate) destination: Destination,
    /// The variable that replaces the system's certificate authorities.
    pub(crate) certificate_variable: Option<&'static str>,
}

/// Has the HTTP client use what the variables say for this base URL.
///
/// Where the libraries read a variable as this crate does, they read it themselves, so that a hook
/// can still replace their choice.
pub(crate) fn apply(client: ClientBuilder, base_url: &BaseUrl, provider: &Provider) -> Result<Network> {
    configure(client, base_url).map_err(|problem| problem.into_error(Error::new(ErrorKind::Config, provider.clone())))
}

fn configure(mut client: ClientBuilder, base_url: &BaseUrl) -> Result<Network, VariableProblem> {
    let mut destination = Destination::new(base_url);
    // Loopback is never reached through a proxy.
    if !base_url.is_loopback() {
        let proxies = Proxies::read(&environment)?;
        (client, destination) = proxies.apply(client, destination, base_url)?;
    }
    // Plain http needs no certificates.
    let (client, certificate_variable) = if base_url.is_plain() {
        (client, None)
    } else {
        with_certificates(client)?
    };
    Ok(Network {
        client,
        destination,
        certificate_variable,
    })
}

/// Returns the client with the certificates of the environment, and the variable that names them.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn with_certificates(client: ClientBuilder) -> Result<(ClientBuilder, Option<&'static str>), VariableProblem> {
    let certificates = Certificates::read(&environment)?;
    let variable = certificates.variable();
    Ok((certificates.apply(client), variable))
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn with_certificates(client: ClientBuilder) -> Result<(ClientBuilder, Option<&'static str>), VariableProblem> {
    Ok((client, None))
}

/// Returns why the HTTP client cannot be created, and what to do. `certificate_variable` names the
/// certificate authorities to trust, if one does.
pub(crate) fn creation_problem(cause: &str, certificate_variable: Option<&'static str>) -> (String, Remedy) {
    match certificate_variable {
        Some(variable) if cause.to_lowercase().contains("certificate") => (
            format!("{variable}: names no certificate authority that can be used"),
            Remedy::CorrectSetting,
        ),
        // The TLS library says this of a system without a store, such as a small container.
        None if cause.contains("No CA certificates") => (
            "this machine has no certificate authorities to trust".to_owned(),
            Remedy::InstallCertificates,
        ),
        _ => (
            format!("the HTTP client cannot be created: {cause}"),
            Remedy::CheckHttpClient,
        ),
    }
}

fn environment(variable: &str) -> Option<OsString> {
    std::env::var_os(variable)
}

#[cfg(test)]
mod tests {
    use super::creation_problem;
    use crate::error::Remedy;

    #[test]
    fn a_client_that_cannot_be_created_says_which_certificates_are_missing() {
        let missing = "unexpected error: No CA certificates were loaded from the system";
        for (cause, variable, message, remedy) in [
            (
                missing,
                None,
                "this machine has no certificate authorities to trust",
                Remedy::InstallCertificates,
            ),
            (
                missing,
                Some("SSL_CERT_FILE"),
                "SSL_CERT_FILE: names no certificate authority that can be used",
                Remedy::CorrectSetting,
            ),
            (
                "invalid peer certificate: BadEncoding",
                Some("SSL_CERT_DIR"),
                "SSL_CERT_DIR: names no certificate authority that can be used",
                Remedy::CorrectSetting,
            ),
            (
                "invalid local address",
                Some("SSL_CERT_FILE"),
                "the HTTP client cannot be created: invalid local address",
                Remedy::CheckHttpClient,
            ),
        ] {
            assert_eq!(
                creation_problem(cause, variable),
                (message.to_owned(), remedy),
                "{cause}"
            );
        }
    }
}
