//! What to do about an error: as data, for programs with wording of their own, and in the words of
//! this library.

use std::fmt;

/// `Remedy` says what to do about an [`Error`](crate::Error).
///
/// `Display` returns the wording of this library, which names its functions. A program with an
/// interface of its own matches on the variants instead, and falls back to `Display` for those that
/// it does not know.
///
/// ```
/// use chat_sessions::{MemoriesAi, error::Remedy};
///
/// let error = MemoriesAi::builder().build().expect_err("there is no key");
/// assert!(matches!(error.remedy(), Some(Remedy::SetApiKey(_))));
/// assert_eq!(
///     error.hint().as_deref(),
///     Some("Set MEMORIES_AI_API_KEY, or MEMORIES_AI_API_KEY_FILE to the path of a file that holds it.")
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remedy {
    /// Set the API key of one of these providers.
    SetApiKey(Vec<ApiKeyVariables>),
    /// Check the API key, which the provider refused.
    CheckApiKey {
        /// The origin of the key: the name of a variable, or `api_key` if it was set in code.
        origin: String,
        /// The base URL of another region, which the key may belong to.
        other_region: Option<&'static str>,
    },
    /// Give the API key exactly as the provider shows it.
    CopyApiKey,
    /// Correct or unset the setting that the message names.
    CorrectSetting,
    /// Unset one of two settings that contradict each other.
    UnsetOne,
    /// Leave out a setting that cannot be used.
    OmitSetting {
        /// What is used instead.
        default: &'static str,
    },
    /// Write the value in another way.
    WriteAs {
        /// A description of the form.
        form: &'static str,
        /// A value in that form.
        example: &'static str,
    },
    /// Correct the base URL.
    CorrectBaseUrl {
        /// A base URL that can be used.
        example: &'static str,
    },
    /// Set the base URL to where the API is: this one redirects.
    SetBaseUrl,
    /// Check whether the base URL is that of the API; the response may be from a proxy or a login
    /// page.
    CheckBaseUrl,
    /// Check the network, the proxy and the base URL.
    CheckNetwork,
    /// Check the proxy, or exclude the host with `NO_PROXY`.
    CheckProxy {
        /// The variable that names the proxy; `None` if code may have chosen it.
        variable: Option<&'static str>,
    },
    /// Add the user name and the password for the proxy, or correct them.
    AuthenticateToProxy {
        /// The variable that names the proxy; `None` if code may have chosen it.
        variable: Option<&'static str>,
    },
    /// Check the scheme and the port of the base URL: the server speaks another protocol.
    CheckScheme,
    /// Trust the certificate authority of the server, if the base URL is right.
    TrustCertificate,
    /// Use a host in the base URL that the server's certificate is for.
    UseCertifiedHost,
    /// Check the clock of this machine, because the server's certificate is not valid at this time.
    CheckClock,
    /// Install certificate authorities on this machine.
    InstallCertificates,
    /// Build with TLS.
    EnableTls,
    /// Check the TLS setup of this machine, and the code that changes the HTTP client.
    CheckHttpClient,
    /// Allow at least one attempt.
    AllowAttempt,
    /// Use a shorter interval between requests.
    ShortenInterval,
    /// Request at least one session per page, or leave the page size to the provider.
    RaisePageSize,
    /// Request smaller pages, or leave the page size to the provider.
    LowerPageSize,
    /// Check the scope, the page size and the cursor.
    CheckRequest,
    /// Check what selects the list: these settings, and the base URL.
    CheckScope {
        /// The names of the settings for people, such as `project`.
        settings: &'static [&'static str],
    },
    /// Check the id of the session, and that it is in this scope.
    CheckSession {
        /// The names of the settings for people, such as `project`.
        settings: &'static [&'static str],
    },
    /// Give each source its own scope, or omit one.
    SeparateScopes,
    /// Add a source with this provider and scope to the client.
    AddSource,
    /// Call the function inside a tokio runtime.
    EnterRuntime,
    /// Call the asynchronous function instead.
    UseAsync,
    /// Top up the credits of the account.
    AddCredits,
    /// Ask the provider about the state of the account.
    CheckAccount,
    /// Ask the provider if the error persists.
    ContactProvider,
    /// Wait, then try again.
    Wait {
        /// The documented rate limit, in requests per second.
        requests_per_second: Option<u32>,
    },
    /// Try again.
    Retry,
    /// Try again later.
    RetryLater,
    /// Try again, or allow more time.
    RaiseTimeout,
    /// Try again; if it persists, the provider's API has changed and this library must be updated.
    UpdateSpec,
    /// Skip the items that cannot be read.
    SkipBadItems,
    /// Use what was delivered: the provider's paging is at fault.
    KeepDelivered,
    /// Resume from the cursor when the list changes less.
    ResumeLater,
    /// Use the cursor with the sources that it belongs to, or start a new list.
    MatchCursor,
    /// Use the cursor with the filter of its list, or start a new list.
    MatchFilter,
    /// Copy the whole cursor, or start a new list.
    CopyCursor,
    /// Choose the name of a file that does not exist yet.
    ChooseNewFile {
        /// Whether a file of that name exists.
        exists: bool,
    },
    /// Do what this sentence says.
    Other(String),
}

/// `ApiKeyVariables` names the environment variables for the API key of one provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiKeyVariables {
    /// The provider's name for people, such as `Memories.ai`.
    pub title: &'static str,
    /// The variable that holds the key.
    pub variable: &'static str,
    /// The variable that holds the path of a file with the key.
    pub file_variable: &'static str,
}

impl<T: Into<String>> From<T> for Remedy {
    fn from(sentence: T) -> Self {
        Self::Other(sentence.into())
    }
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SetApiKey(keys) => return set_api_key(keys, f),
            Self::CheckApiKey { origin, other_region } => {
                write!(f, "Check the API key ({origin}).")?;
                return match other_region {
                    Some(url) => write!(f, " A key of the European region needs the base URL {url}."),
                    None => Ok(()),
                };
            }
            Self::OmitSetting { default } => return write!(f, "Omit it for {default}."),
            Self::WriteAs { form, example } => return write!(f, "Write it {form}, such as {example}."),
            Self::CorrectBaseUrl { example } => return write!(f, "Write a URL such as {example}."),
            Self::CheckScope { settings } => {
                return write!(f, "Check the {} and the base URL.", settings.join(", the "));
            }
            Self::CheckSession { settings } => {
                f.write_str("Check the id")?;
                for (index, setting) in settings.iter().enumerate() {
                    let separator = if index + 1 == settings.len() { " and" } else { "," };
                    write!(f, "{separator} the {setting}")?;
                }
                return f.write_str("; the session may be elsewhere.");
            }
            Self::CheckProxy {
                variable: Some(variable),
            } => return write!(f, "Check {variable}, or exclude the host with NO_PROXY."),
            Self::AuthenticateToProxy {
                variable: Some(variable),
            } => return write!(f, "Write them into {variable}, as in http://user:password@host:port."),
            Self::Wait {
                requests_per_second: Some(rate),
            } => {
                return write!(
                    f,
                    "Wait, then try again; at most {rate} requests per second are allowed."
                );
            }
            Self::Wait {
                requests_per_second: None,
            } => "Wait, then try again.",
            Self::CopyApiKey => "Use the key exactly as the provider shows it.",
            Self::CorrectSetting => "Correct or unset it.",
            Self::UnsetOne => "Unset one of them.",
            Self::SetBaseUrl => "Set the base URL to where the API is.",
            Self::CheckBaseUrl => "Check the base URL; a proxy or a login page may be in between.",
            Self::CheckNetwork => "Check the network, the proxy and the base URL.",
            Self::CheckProxy { variable: None } => "Check the proxy.",
            Self::AuthenticateToProxy { variable: None } => "Add them to the address of the proxy.",
            Self::CheckScheme => "Check the scheme (https or http) and the port of the base URL.",
            Self::TrustCertificate => {
                "Check the base URL; add your own certificate authority with SSL_CERT_FILE or configure_http."
            }
            Self::UseCertifiedHost => "Check the host of the base URL.",
            Self::CheckClock => "Check the clock of this machine; if it is right, the server needs a new certificate.",
            Self::InstallCertificates => {
                "Install the system's package ca-certificates, or set SSL_CERT_FILE to a PEM file with authorities."
            }
            Self::EnableTls => "Enable the feature rustls or native-tls of the crate chat-sessions.",
            Self::CheckHttpClient => "Check the TLS configuration of this machine and the changes by configure_http.",
            Self::AllowAttempt => "RetryPolicy::none() disables retries.",
            Self::ShortenInterval => "Use a shorter interval.",
            Self::RaisePageSize => "Request at least 1, or omit the page size.",
            Self::LowerPageSize => "Request smaller pages, or omit the page size.",
            Self::CheckRequest => "Check the scope, the page size and the cursor.",
            Self::SeparateScopes => "Give each its own scope, or omit one.",
            Self::UseAsync => "Use the asynchronous function, or another thread.",
            Self::EnterRuntime => "Call it inside a tokio runtime, such as that of `#[tokio::main]`.",
            Self::AddSource => "Add a source with this provider and scope to the client.",
            Self::AddCredits => "Top up the account's credits.",
            Self::CheckAccount => "Ask the provider about the account.",
            Self::ContactProvider => "If it persists, ask the provider.",
            Self::Retry => "Try again.",
            Self::RetryLater => "Try again later.",
            Self::RaiseTimeout => "Try again, or raise the timeout.",
            Self::UpdateSpec => {
                "Try again; if it persists, the provider's API has changed and the spec must be updated."
            }
            Self::SkipBadItems => "on_bad_item(OnBadItem::Skip) skips the item.",
            Self::KeepDelivered => {
                "The provider's paging is at fault; the sessions delivered before this error are correct."
            }
            Self::ResumeLater => "Resume from the cursor when the list changes less.",
            Self::MatchCursor => {
                "Use it with the providers, base URLs and scopes that it was made with, or start a new list."
            }
            Self::MatchFilter => {
                "Pass bind_cursor the text that the list of the cursor was bound to, or start a new list."
            }
            Self::CopyCursor => "Copy the whole cursor, as it was printed, or start a new list.",
            Self::ChooseNewFile { exists: true } => "Choose another name, or remove the file.",
            Self::ChooseNewFile { exists: false } => "Choose a new file in a writable directory.",
            Self::Other(sentence) => sentence,
        })
    }
}

fn set_api_key(keys: &[ApiKeyVariables], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let [key] = keys {
        let ApiKeyVariables {
            variable,
            file_variable,
            ..
        } = key;
        return write!(
            f,
            "Set {variable}, or {file_variable} to the path of a file that holds it."
        );
    }
    f.write_str("Set ")?;
    for (index, ApiKeyVariables { title, variable, .. }) in keys.iter().enumerate() {
        let separator = if index == 0 { "" } else { " or " };
        write!(f, "{separator}{variable} for {title}")?;
    }
    f.write_str(".")
}
