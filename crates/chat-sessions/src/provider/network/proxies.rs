//! The proxies that the environment names, and which of them a base URL is reached through.

use reqwest::{ClientBuilder, Proxy, Url};

use crate::config::BaseUrl;
use crate::provider::network::destination::Destination;
use crate::provider::network::no_proxy::NoProxy;
use crate::provider::network::variable::{Lookup, Variable, VariableProblem};

/// The proxies of the environment. Of two spellings, the one in capital letters wins.
#[derive(Debug, Default)]
pub(crate) struct Proxies {
    http: Option<Named<ProxyAddress>>,
    https: Option<Named<ProxyAddress>>,
    all: Option<Named<ProxyAddress>>,
    no_proxy: NoProxy,
    /// Whether the HTTP library chooses the same proxy from the same variables.
    is_exact: bool,
}

/// A value and the variable that holds it.
#[derive(Debug)]
struct Named<T> {
    variable: &'static str,
    value: T,
}

#[derive(Debug)]
enum ProxyAddress {
    Http(Url),
    /// Many programs support SOCKS, so such a variable may be meant for them. It is an error only
    /// if a base URL needs it.
    Socks,
}

/// How a base URL is reached.
#[derive(Debug)]
enum Route<'a> {
    /// No variable names a proxy.
    Unset,
    /// `NO_PROXY` excludes the host.
    Excluded,
    Through(&'static str, &'a Url),
}

impl Proxies {
    /// Reads all variables. A value that cannot be parsed is an error even if another variable
    /// overrides it.
    pub(crate) fn read(lookup: Lookup<'_>) -> Result<Self, VariableProblem> {
        let mut proxies = Self {
            is_exact: true,
            ..Self::default()
        };
        // In a CGI program, a client sets HTTP_PROXY with a header (CVE-2016-5385). The HTTP library
        // uses no proxy there.
        if lookup("REQUEST_METHOD").is_some() {
            return Ok(proxies);
        }
        proxies.http = proxies.first(["HTTP_PROXY", "http_proxy"], lookup, proxy_address)?;
        proxies.https = proxies.first(["HTTPS_PROXY", "https_proxy"], lookup, proxy_address)?;
        proxies.all = proxies.first(["ALL_PROXY", "all_proxy"], lookup, proxy_address)?;
        let excluded = proxies.first(["NO_PROXY", "no_proxy"], lookup, NoProxy::parse)?;
        proxies.no_proxy = excluded.map(|excluded| excluded.value).unwrap_or_default();
        Ok(proxies)
    }

    /// Parses the variables of a pair, and returns the first value. An empty variable counts as not
    /// set.
    fn first<T>(
        &mut self,
        names: [&'static str; 2],
        lookup: Lookup<'_>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<Named<T>>, VariableProblem> {
        let mut first = None;
        for variable in names.iter().filter_map(|name| Variable::read(name, lookup)) {
            self.is_exact &= variable.is_exact;
            if variable.is_empty() {
                continue;
            }
            let text = variable.value.checked().map_err(|problem| variable.problem(problem))?;
            let value = parse(text).map_err(|problem| variable.problem(problem))?;
            first.get_or_insert(Named {
                variable: variable.name,
                value,
            });
        }
        Ok(first)
    }

    fn route(&self, url: &Url) -> Result<Route<'_>, VariableProblem> {
        let own = if url.scheme() == "http" {
            &self.http
        } else {
            &self.https
        };
        match own.as_ref().or(self.all.as_ref()) {
            None => Ok(Route::Unset),
            Some(_) if self.no_proxy.excludes(url) => Ok(Route::Excluded),
            Some(Named {
                variable,
                value: ProxyAddress::Http(proxy),
            }) => Ok(Route::Through(variable, proxy)),
            Some(Named {
                variable,
                value: ProxyAddress::Socks,
            }) => Err(VariableProblem {
                variable,
                problem: "is a SOCKS proxy; only http and https are supported".to_owned(),
            }),
        }
    }

    /// Has the client reach the base URL, the only one that it is used for, as the variables say.
    pub(crate) fn apply(
        &self,
        client: ClientBuilder,
        destination: Destination,
        base_url: &BaseUrl,
    ) -> Result<(ClientBuilder, Destination), VariableProblem> {
        Ok(match self.route(base_url.url())? {
            Route::Unset => (client, destination),
            // The HTTP library does not exclude addresses by `*`.
            Route::Excluded => (client.no_proxy(), destination),
            Route::Through(variable, proxy) => {
                let destination = destination.through(variable, proxy);
                if self.is_exact {
                    return Ok((client, destination));
                }
                let proxy = proxy.clone();
                (client.proxy(Proxy::custom(move |_| Some(proxy.clone()))), destination)
            }
        })
    }
}

/// Parses the address of a proxy.
fn proxy_address(text: &str) -> Result<ProxyAddress, String> {
    if text.contains(char::is_whitespace) {
        return Err("contains white space".to_owned());
    }
    let not_an_address = |error: &dyn std::fmt::Display| format!("is not the address of a proxy: {error}");
    // The HTTP library uses this parser, and ignores what it rejects.
    let uri: ::http::Uri = text
        .parse()
        .map_err(|error: ::http::uri::InvalidUri| not_an_address(&error))?;
    let with_scheme = match uri.scheme() {
        Some(_) => text.to_owned(),
        None => format!("http://{text}"),
    };
    let url = Url::parse(&with_scheme).map_err(|error| not_an_address(&error))?;
    let is_socks = url.scheme().starts_with("socks");
    if !is_socks && !matches!(url.scheme(), "http" | "https") {
        return Err("has a scheme other than http and https".to_owned());
    }
    if uri.authority().is_none() || url.host_str().is_none_or(str::is_empty) {
        return Err("names no host".to_owned());
    }
    // Most often, these are characters of a password. Parsers disagree about a second @.
    let user_info = uri
        .authority()
        .and_then(|authority| authority.as_str().rsplit_once('@'));
    if user_info.is_some_and(|(user_info, _)| user_info.contains('@')) {
        return Err("has a second @; write @ in a user name or a password as %40".to_owned());
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err("has a path, a query or a fragment; write / ? # in a password as %2F %3F %23".to_owned());
    }
    Ok(if is_socks {
        ProxyAddress::Socks
    } else {
        ProxyAddress::Http(url)
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use reqwest::Url;

    use super::{Proxies, Route};

    fn read(variables: &[(&str, &str)]) -> Result<Proxies, String> {
        let lookup = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        };
        Proxies::read(&lookup).map_err(|problem| format!("{}: {}", problem.variable, problem.problem))
    }

    fn route(variables: &[(&str, &str)], url: &str) -> String {
        let proxies = read(variables).expect("the variables are valid");
        match proxies.route(&Url::parse(url).expect("a URL")) {
            Ok(Route::Unset) => "unset".to_owned(),
            Ok(Route::Excluded) => "excluded".to_owned(),
            Ok(Route::Through(variable, proxy)) => {
                let used = if proxies.is_exact { "" } else { " corrected" };
                format!("{variable} {proxy}{used}")
            }
            Err(problem) => format!("{}: {}", problem.variable, problem.problem),
        }
    }

    const PAIRS: [[&str; 2]; 3] = [
        ["HTTP_PROXY", "http_proxy"],
        ["HTTPS_PROXY", "https_proxy"],
        ["ALL_PROXY", "all_proxy"],
    ];

    #[test]
    fn a_proxy_is_used_as_it_is_meant() {
        for (value, expected) in [
            ("http://127.0.0.1:3128", "http://127.0.0.1:3128/"),
            ("http://127.0.0.1:3128/", "http://127.0.0.1:3128/"),
            ("127.0.0.1:3128", "http://127.0.0.1:3128/"),
            ("proxy", "http://proxy/"),
            ("HTTPS://proxy:3128", "https://proxy:3128/"),
            ("http://me:p%23w@proxy:3128", "http://me:p%23w@proxy:3128/"),
            ("http://[::1]:3128", "http://[::1]:3128/"),
            ("http://127.0.0.1:3128\r", "http://127.0.0.1:3128/ corrected"),
            (" http://127.0.0.1:3128\r\n", "http://127.0.0.1:3128/ corrected"),
            ("\thttp://127.0.0.1:3128", "http://127.0.0.1:3128/ corrected"),
            (
                "\u{feff}http://127.0.0.1:3128\u{a0}",
                "http://127.0.0.1:3128/ corrected",
            ),
        ] {
            for [upper, lower] in PAIRS {
                let url = if upper == "HTTP_PROXY" {
                    "http://a.example"
                } else {
                    "https://a.example"
                };
                for name in [upper, lower] {
                    let found = route(&[(name, value)], url);
                    assert_eq!(found, format!("{name} {expected}"), "{name}={value:?}");
                }
            }
        }
    }

    #[test]
    fn a_proxy_that_cannot_be_parsed_is_an_error_with_its_name_and_without_its_value() {
        for (value, expected) in [
            ("\"http://hunter2:3128\"", "is in quotes"),
            ("'http://hunter2:3128'", "is in quotes"),
            ("“http://hunter2:3128”", "is in quotes"),
            ("http://hunter2:3128\"", "is in quotes"),
            ("http://hun\rter2:3128", "a control character"),
            ("http://hunter2\u{200b}.example:3128", "an invisible character"),
            ("http://hunter2 :3128", "white space"),
            ("http://hunter2:3128 # office", "white space"),
            ("http://hunter2\u{a0}:3128", "white space"),
            ("http://hünter2:3128", "is not the address"),
            ("http://", "is not the address"),
            ("http:/hunter2", "is not the address"),
            ("http//hunter2:3128", "is not the address"),
            ("http:hunter2:3128", "is not the address"),
            ("hunter2:port", "is not the address"),
            ("http://hunter2:99999", "is not the address"),
            ("http://me:hunter2#x@proxy:3128", "is not the address"),
            ("/hunter2", "names no host"),
            ("*", "names no host"),
            ("ftp://hunter2:3128", "has a scheme"),
            ("htp://hunter2:3128", "has a scheme"),
            ("http://me:hun@ter2@proxy:3128", "%40"),
            ("socks5://hunter2:99999", "is not the address"),
            ("socks5://", "is not the address"),
            ("http://me:12#hunter2@proxy:3128", "a fragment"),
            ("http://hunter2:3128/proxy.pac", "a path"),
            ("http://hunter2:3128?x", "a query"),
        ] {
            for name in PAIRS.into_iter().flatten() {
                let error = read(&[(name, value)]).expect_err(value);
                assert!(error.starts_with(&format!("{name}: ")), "{value:?}: {error}");
                assert!(error.contains(expected), "{value:?}: {error}");
                assert!(!error.contains("nter2"), "{value:?}: {error}");
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_value_that_is_no_text_is_an_error() {
        use std::os::unix::ffi::OsStringExt;

        for name in PAIRS.into_iter().flatten().chain(["NO_PROXY", "no_proxy"]) {
            let lookup = |asked: &str| (asked == name).then(|| OsString::from_vec(b"http://\xff:1".to_vec()));
            let problem = Proxies::read(&lookup).expect_err(name);
            assert_eq!(
                (problem.variable, problem.problem.as_str()),
                (name, "is not valid UTF-8")
            );
        }
    }

    #[test]
    fn the_more_specific_variable_wins_and_an_empty_one_counts_as_not_set() {
        let https = "https://a.example";
        let (one, two) = ("http://one:1", "http://two:2");
        for (variables, expected) in [
            (&[][..], "unset"),
            (&[("HTTP_PROXY", one)], "unset"),
            (&[("HTTPS_PROXY", one), ("ALL_PROXY", two)], "HTTPS_PROXY http://one:1/"),
            (
                &[("HTTPS_PROXY", one), ("https_proxy", two)],
                "HTTPS_PROXY http://one:1/",
            ),
            (&[("https_proxy", one), ("ALL_PROXY", two)], "https_proxy http://one:1/"),
            (&[("ALL_PROXY", one), ("all_proxy", two)], "ALL_PROXY http://one:1/"),
            (
                &[("HTTPS_PROXY", ""), ("https_proxy", two)],
                "https_proxy http://two:2/ corrected",
            ),
            (
                &[("HTTPS_PROXY", " \r"), ("ALL_PROXY", two)],
                "ALL_PROXY http://two:2/ corrected",
            ),
            (&[("HTTPS_PROXY", "")], "unset"),
            (&[("HTTPS_PROXY", one), ("NO_PROXY", "A.example")], "excluded"),
            (&[("HTTPS_PROXY", one), ("no_proxy", "a.example\r")], "excluded"),
            (&[("HTTPS_PROXY", one), ("NO_PROXY", ""), ("no_proxy", "*")], "excluded"),
            (
                &[("HTTPS_PROXY", one), ("NO_PROXY", "b.example"), ("no_proxy", "*")],
                "HTTPS_PROXY http://one:1/",
            ),
            // A CGI program must not believe HTTP_PROXY.
            (&[("HTTPS_PROXY", "\"one\""), ("REQUEST_METHOD", "GET")], "unset"),
        ] {
            assert_eq!(route(variables, https), expected, "{variables:?}");
        }
        let error = read(&[("HTTPS_PROXY", one), ("https_proxy", "ftp://two")]).expect_err("both are checked");
        assert!(error.starts_with("https_proxy: "), "{error}");
        let error = read(&[("NO_PROXY", "\"a.example\"")]).expect_err("quotes");
        assert!(error.starts_with("NO_PROXY: is in quotes"), "{error}");
    }

    #[test]
    fn a_socks_proxy_is_an_error_only_where_it_would_be_used() {
        let https = "https://a.example";
        for value in [
            "socks5://one:1080",
            "socks4a://me:hunter2@one:1080",
            "SOCKS5H://one:1080\r",
        ] {
            for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
                assert_eq!(
                    route(&[(name, value)], https),
                    format!("{name}: is a SOCKS proxy; only http and https are supported")
                );
            }
            for (variables, expected) in [
                // The line that a well-known proxy offers to copy.
                (
                    &[("https_proxy", "http://one:1"), ("all_proxy", value)][..],
                    "https_proxy http://one:1/",
                ),
                (&[("HTTP_PROXY", value)], "unset"),
                (&[("ALL_PROXY", value), ("NO_PROXY", "a.example")], "excluded"),
            ] {
                let found = route(variables, https);
                assert_eq!(found.trim_end_matches(" corrected"), expected, "{variables:?}");
            }
        }
    }

    #[test]
    fn every_host_is_excluded_by_an_asterisk() {
        for url in [
            "https://a.example",
            "https://192.0.2.1",
            "https://[2001:db8::1]:8443",
            "https://gateway",
        ] {
            for value in ["*", " *\r\n", "b.example,*", "b.example, *"] {
                let variables = [("ALL_PROXY", "http://one:1"), ("NO_PROXY", value)];
                assert_eq!(route(&variables, url), "excluded", "{value:?} {url}");
            }
        }
    }
}
