//! `SSL_CERT_FILE` and `SSL_CERT_DIR`: the certificate authorities to trust instead of the system's.
//!
//! The TLS library ignores files and folders that it cannot read, and reports only that no
//! certificate is left. Here the error names the variable.

use std::fs;
use std::path::{Path, PathBuf};

use reqwest::{Certificate, ClientBuilder};

use crate::config::SettingValue;
use crate::provider::network::variable::{Lookup, Variable, VariableProblem};

/// Whether the TLS library reads these variables as this crate does. rustls does it where the system
/// has no store of its own; OpenSSL keeps the system's authorities too.
const ARE_READ_BELOW: bool = cfg!(all(
    unix,
    not(target_vendor = "apple"),
    not(target_os = "android"),
    not(feature = "native-tls")
));

/// The files and folders that the environment names.
#[derive(Debug, Default)]
pub(crate) struct Certificates {
    file: Vec<Certificate>,
    folders: Vec<PathBuf>,
    /// The first variable that is set.
    variable: Option<&'static str>,
    /// Whether the TLS library finds the same from the same variables.
    is_exact: bool,
}

impl Certificates {
    pub(crate) fn read(lookup: Lookup<'_>) -> Result<Self, VariableProblem> {
        let mut certificates = Self {
            is_exact: ARE_READ_BELOW,
            ..Self::default()
        };
        // rustls does not take an empty variable as not set: it finds no certificate.
        let counts = |variable: &Variable| ARE_READ_BELOW || !variable.is_empty();
        if let Some(variable) = Variable::read("SSL_CERT_FILE", lookup).filter(counts) {
            let problem = |problem: String| variable.problem(problem);
            if variable.is_empty() {
                return Err(problem("is empty".to_owned()));
            }
            let path = variable.value.checked_path().map_err(|what| problem(what.to_owned()))?;
            certificates.is_exact &= variable.is_exact && path == variable.value.value();
            certificates.file = certificates_in(&path).map_err(problem)?;
            certificates.variable = Some(variable.name);
        }
        if let Some(variable) = Variable::read("SSL_CERT_DIR", lookup).filter(|variable| !variable.is_empty()) {
            certificates.is_exact &= variable.is_exact;
            certificates.variable.get_or_insert(variable.name);
            for folder in std::env::split_paths(variable.value.value()) {
                let path = SettingValue::new(folder.as_os_str(), variable.name).checked_path();
                let path = path.map_err(|what| variable.problem(what))?;
                certificates.is_exact &= path == folder;
                certificates.folders.push(path);
            }
            // Lists for several systems name folders that only some of them have.
            if !certificates.folders.iter().any(|folder| folder.is_dir()) {
                let folders: Vec<_> = certificates
                    .folders
                    .iter()
                    .map(|path| path.display().to_string())
                    .collect();
                return Err(variable.problem(format!("names no folder that exists: {}", folders.join(", "))));
            }
            if certificates.file.is_empty()
                && !certificates
                    .folders
                    .iter()
                    .any(|folder| bundles_in(folder).next().is_some())
            {
                return Err(variable.problem("names folders without a PEM certificate"));
            }
        }
        Ok(certificates)
    }

    /// Returns the variable that replaces the system's authorities.
    pub(crate) fn variable(&self) -> Option<&'static str> {
        self.variable
    }

    /// Has the client trust these certificates, if the TLS library does not read them itself.
    pub(crate) fn apply(self, client: ClientBuilder) -> ClientBuilder {
        if self.is_exact || self.variable.is_none() {
            return client;
        }
        let mut certificates = self.file;
        for folder in &self.folders {
            bundles_in(folder).for_each(|bundle| certificates.extend(bundle));
        }
        client.tls_certs_only(certificates)
    }
}

/// Reads the files of a folder that contain certificates. Other files are skipped.
fn bundles_in(folder: &Path) -> impl Iterator<Item = Vec<Certificate>> {
    let files = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    files.filter_map(|file| certificates_in(&file.path()).ok())
}

/// Reads a file with at least one certificate.
fn certificates_in(path: &Path) -> Result<Vec<Certificate>, String> {
    let shown = path.display();
    let content = fs::read(path).map_err(|error| format!("names the file {shown}, which cannot be read: {error}"))?;
    match Certificate::from_pem_bundle(&content) {
        Ok(found) if found.is_empty() => Err(format!("names the file {shown}, which contains no PEM certificate")),
        Ok(found) => Ok(found),
        Err(_) => Err(format!("names the file {shown}, which contains an invalid certificate")),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::fs;

    use super::Certificates;

    /// An authority that nobody has the key of.
    const AUTHORITY: &str = "\
-----BEGIN CERTIFICATE-----
MIIBejCCAR+gAwIBAgIUFlim5O6ewMsutM0qIIzo8K6BvygwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGbm9ib2R5MCAXDTI2MTEyOTA5NTkyMVoYDzIxMjYxMTA1MDk1
OTIxWjARMQ8wDQYDVQQDDAZub2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AAQiSm9c02Y782RekluQI2QU7TB70NT209SGXVI15HFKUAfebXCXdBHnO+Ah4Wa8
NdE3gsKCZ+ABrp2dzDZXpHBLo1MwUTAdBgNVHQ4EFgQU+bjmKqcPGncBm24uUVle
uge5ZT8wHwYDVR0jBBgwFoAU+bjmKqcPGncBm24uUVleuge5ZT8wDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAy1d9EF4O04xd8pM5yWf0/9jrUUYB
Yz1R8y+ButefvXsCIQD4k6rPzIyrYgDtKTvaUtdiL2I3tT7H6LeM5zKBdw052A==
-----END CERTIFICATE-----
";

    /// The variables, and what is read from them or the beginning of the problem.
    type Case<'a> = (Vec<(&'a str, String)>, Result<&'a str, &'a str>);

    fn read(variables: &[(&str, &str)]) -> Result<String, String> {
        let lookup = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        };
        match Certificates::read(&lookup) {
            Ok(found) => Ok(format!(
                "{} and {} folders{}",
                found.file.len(),
                found.folders.len(),
                if found.is_exact { "" } else { ", corrected" }
            )),
            Err(problem) => Err(format!("{}: {}", problem.variable, problem.problem)),
        }
    }

    #[test]
    fn what_cannot_be_read_is_an_error_with_the_name_of_the_variable() {
        let folder = std::env::temp_dir().join(format!("chat-sessions-certificates-{}", std::process::id()));
        let empty = folder.join("empty");
        fs::create_dir_all(&empty).expect("the temporary directory is writable");
        let write = |name: &str, content: &str| {
            let path = folder.join(name);
            fs::write(&path, content).expect("the temporary directory is writable");
            path.display().to_string()
        };
        let good = write("good.pem", AUTHORITY);
        let two = write(
            "two.pem",
            &format!("# a comment\n{AUTHORITY}{}", AUTHORITY.replace('\n', "\r\n")),
        );
        let none = write("none.pem", "no certificate");
        let broken = write(
            "broken.pem",
            "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n",
        );
        let (folder_text, empty) = (folder.display().to_string(), empty.display().to_string());

        let (file, dir) = ("SSL_CERT_FILE", "SSL_CERT_DIR");
        let mut cases: Vec<Case<'_>> = vec![
            (vec![], Ok("0 and 0 folders")),
            (vec![(file, good.clone())], Ok("1 and 0 folders")),
            (vec![(file, two)], Ok("2 and 0 folders")),
            (vec![(file, format!("{good}\r"))], Ok("1 and 0 folders, corrected")),
            (vec![(file, format!(" {good}\r\n"))], Ok("1 and 0 folders, corrected")),
            (vec![(dir, folder_text.clone())], Ok("0 and 1 folders")),
            (
                vec![(dir, format!("{folder_text}\r"))],
                Ok("0 and 1 folders, corrected"),
            ),
            (
                vec![(dir, format!("/no/such/folder:{folder_text}"))],
                Ok("0 and 2 folders"),
            ),
            (vec![(dir, String::new())], Ok("0 and 0 folders")),
            (vec![(file, good.clone()), (dir, empty.clone())], Ok("1 and 1 folders")),
            (vec![(file, format!("\"{good}\""))], Err("SSL_CERT_FILE: is in quotes")),
            (vec![(file, format!("“{good}”"))], Err("SSL_CERT_FILE: is in quotes")),
            (
                vec![(file, "/no/such/file".to_owned())],
                Err("SSL_CERT_FILE: names the file /no/such/file,"),
            ),
            (
                vec![(file, "~/no/such/file".to_owned())],
                Err("SSL_CERT_FILE: names the file /"),
            ),
            (vec![(file, folder_text.clone())], Err("SSL_CERT_FILE: names the file ")),
            (vec![(file, none)], Err("SSL_CERT_FILE: names the file ")),
            (vec![(file, broken)], Err("SSL_CERT_FILE: names the file ")),
            (
                vec![(dir, "/no/such".to_owned())],
                Err("SSL_CERT_DIR: names no folder that exists: /no/such"),
            ),
            (
                vec![(dir, good.clone())],
                Err("SSL_CERT_DIR: names no folder that exists"),
            ),
            (
                vec![(dir, format!("\"{folder_text}\""))],
                Err("SSL_CERT_DIR: is in quotes"),
            ),
            (vec![(dir, empty)], Err("SSL_CERT_DIR: names folders without")),
            (
                vec![(file, good), (dir, "/no/such".to_owned())],
                Err("SSL_CERT_DIR: names no folder that exists"),
            ),
        ];
        for nothing in ["", " \r\n"] {
            let expected = if super::ARE_READ_BELOW {
                Err("SSL_CERT_FILE: is empty")
            } else {
                Ok("0 and 0 folders")
            };
            cases.push((vec![(file, nothing.to_owned())], expected));
        }
        let results: Vec<_> = cases
            .iter()
            .map(|(variables, _)| {
                let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
                read(&variables)
            })
            .collect();
        fs::remove_dir_all(&folder).expect("the folder is ours");
        for ((variables, expected), result) in cases.iter().zip(results) {
            match (expected, &result) {
                (Ok(expected), Ok(found)) if super::ARE_READ_BELOW => assert_eq!(found, expected, "{variables:?}"),
                // Every value is passed on, as if it were corrected.
                (Ok(expected), Ok(found)) => {
                    let expected = expected.trim_end_matches(", corrected");
                    assert_eq!(found.trim_end_matches(", corrected"), expected, "{variables:?}");
                }
                (Err(expected), Err(problem)) => assert!(problem.starts_with(expected), "{variables:?}: {problem}"),
                _ => panic!("{variables:?}: {result:?}"),
            }
        }
    }
}
