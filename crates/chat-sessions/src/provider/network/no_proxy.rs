//! `NO_PROXY`: the hosts that are reached without a proxy.
//!
//! The HTTP library takes an entry that it does not understand for a name that no host has. Here it
//! is an error, and `*` also stands for addresses.

use std::net::IpAddr;

use reqwest::Url;

/// The parsed list.
#[derive(Debug, Default)]
pub(crate) struct NoProxy(Vec<Entry>);

/// An entry, perhaps for one port only.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Debug, PartialEq, Eq)]
enum Hosts {
    All,
    /// The addresses that have the first bits in common with this one.
    Network(IpAddr, u8),
    /// A name and all names below it.
    Domain(String),
}

impl NoProxy {
    /// Parses a list that is separated by commas or white space.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let entries = text
            .split(|character: char| character == ',' || character.is_whitespace())
            .filter(|entry| !entry.is_empty());
        let entries = entries.enumerate().map(|(index, entry)| {
            Entry::parse(entry).ok_or_else(|| {
                format!(
                    "entry {} is neither * nor a name, an address or a network such as .example.com, 192.0.2.1 or \
                     10.0.0.0/8",
                    index + 1
                )
            })
        });
        entries.collect::<Result<_, _>>().map(Self)
    }

    /// Returns whether a URL is reached without a proxy.
    pub(crate) fn excludes(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default();
        self.0
            .iter()
            .any(|entry| (entry.port.is_none() || entry.port == port) && entry.hosts.contain(host))
    }
}

impl Entry {
    fn parse(text: &str) -> Option<Self> {
        if let Some(hosts) = Hosts::parse(text) {
            return Some(Self { hosts, port: None });
        }
        let (hosts, port) = text.rsplit_once(':')?;
        Some(Self {
            hosts: Hosts::parse(hosts).filter(|hosts| {
                !matches!(hosts, Hosts::Network(address, _) if address.is_ipv6()) || text.starts_with('[')
            })?,
            port: Some(port.parse().ok()?),
        })
    }
}

impl Hosts {
    fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::All);
        }
        let bare = text
            .strip_prefix('[')
            .and_then(|text| text.strip_suffix(']'))
            .unwrap_or(text);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Some(Self::Network(address, bits(address)));
        }
        if let Some((address, length)) = text.split_once('/') {
            let address = address.parse().ok().or_else(|| beginning_of_address(address))?;
            let length = length.parse().ok().filter(|length| *length <= bits(address))?;
            return Some(Self::Network(address, length));
        }
        if let Some(beginning) = text.strip_suffix(".*")
            && let Some(address) = beginning_of_address(beginning)
        {
            let octets = beginning.split('.').count();
            return u8::try_from(8 * octets)
                .ok()
                .filter(|length| *length < bits(address))
                .map(|length| Self::Network(address, length));
        }
        let name = text
            .strip_prefix('*')
            .filter(|rest| rest.starts_with('.'))
            .unwrap_or(text);
        let name = name.strip_prefix('.').unwrap_or(name);
        let name = name.strip_suffix('.').unwrap_or(name);
        let is_label =
            |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
        // The parser of URLs would complete `10.1` to an address.
        let is_part_of_an_address = name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if is_part_of_an_address || !name.split('.').all(is_label) {
            return None;
        }
        // In the form in which a base URL has it: small letters, and ASCII only.
        let url = Url::parse(&format!("http://{name}")).ok()?;
        url.host_str().map(|host| Self::Domain(host.to_owned()))
    }

    /// Returns whether the host of a URL is one of these.
    fn contain(&self, host: &str) -> bool {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        match (self, bare.parse::<IpAddr>()) {
            (Self::All, _) => true,
            (Self::Network(network, length), Ok(address)) => are_in_one_network(*network, address, *length),
            (Self::Domain(domain), Err(_)) => {
                let host = host.strip_suffix('.').unwrap_or(host);
                let above = host.strip_suffix(domain.as_str());
                above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
            }
            _ => false,
        }
    }
}

/// Completes the first octets of an IPv4 address with zeros: macOS writes `169.254/16`, and people
/// write `192.168.*`.
fn beginning_of_address(text: &str) -> Option<IpAddr> {
    let mut octets = [0; 4];
    let mut given = text.split('.');
    for (octet, text) in octets.iter_mut().zip(given.by_ref()) {
        *octet = text.parse().ok().filter(|_| !text.starts_with('+'))?;
    }
    given.next().is_none().then(|| IpAddr::from(octets))
}

/// Returns the number of bits in an address.
fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn are_in_one_network(one: IpAddr, other: IpAddr, length: u8) -> bool {
    let difference = match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => u128::from(one.to_bits() ^ other.to_bits()),
        (IpAddr::V6(one), IpAddr::V6(other)) => one.to_bits() ^ other.to_bits(),
        _ => return false,
    };
    // A shift by all 128 bits leaves nothing.
    difference.checked_shr(u32::from(bits(one) - length)).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::NoProxy;

    #[test]
    fn an_entry_excludes_its_hosts() {
        for (list, url, expected) in [
            ("*", "https://a.example", true),
            ("*", "https://192.0.2.1", true),
            ("*", "https://[2001:db8::1]", true),
            ("*:8443", "https://192.0.2.1:8443", true),
            ("*:8443", "https://192.0.2.1", false),
            ("a.example", "https://a.example", true),
            ("A.Example.", "https://a.example", true),
            ("a.example", "https://b.a.example", true),
            (".a.example", "https://b.a.example", true),
            (".a.example", "https://a.example", true),
            ("*.a.example", "https://b.a.example", true),
            ("a.example", "https://ba.example", false),
            ("a.example", "https://a.example.evil", false),
            ("a.example:443", "https://a.example", true),
            ("a.example:8443", "https://a.example", false),
            ("bücher.example", "https://xn--bcher-kva.example", true),
            ("192.0.2.1", "https://192.0.2.1", true),
            ("192.0.2.1:8443", "https://192.0.2.1:8443", true),
            ("192.0.2.1", "https://192.0.2.10", false),
            ("192.0.2.0/24", "https://192.0.2.77", true),
            ("192.0.2.0/24", "https://192.0.3.77", false),
            ("169.254/16", "https://169.254.3.4", true),
            ("169.254/16", "https://169.253.3.4", false),
            ("10/8", "https://10.3.4.5", true),
            ("192.168.*", "https://192.168.3.4", true),
            ("192.168.*", "https://192.167.3.4", false),
            ("10.*:8443", "https://10.3.4.5:8443", true),
            ("0.0.0.0/0", "https://192.0.2.1", true),
            ("::/0", "https://[2001:db8::1]", true),
            ("::/0", "https://192.0.2.1", false),
            ("2001:db8::/32", "https://[2001:db8::1]", true),
            ("2001:db8::1", "https://[2001:db8::1]", true),
            ("[2001:db8::1]", "https://[2001:db8::1]", true),
            ("[2001:db8::1]:443", "https://[2001:db8::1]", true),
            ("[2001:db8::1]:444", "https://[2001:db8::1]", false),
            ("b.example, a.example", "https://a.example", true),
            ("b.example a.example", "https://a.example", true),
            ("b.example,,a.example,", "https://a.example", true),
            ("localhost,127.0.0.1,::1", "https://a.example", false),
            ("", "https://a.example", false),
        ] {
            let parsed = NoProxy::parse(list).unwrap_or_else(|problem| panic!("{list}: {problem}"));
            assert_eq!(
                parsed.excludes(&Url::parse(url).expect("a URL")),
                expected,
                "{list} {url}"
            );
        }
    }

    #[test]
    fn an_entry_that_cannot_be_parsed_is_an_error() {
        for entry in [
            "https://hunter2.example",
            "me:hunter2@a.example",
            "hunter2.example/path",
            "hunter2.*.example",
            "hunter2*",
            "192.0.*.1",
            "192.0.2.1.*",
            "192.0.256.*",
            "192.0.2.1.5/8",
            ".*",
            "192.0.2.",
            "10.1",
            "192.0.2.0/33",
            "2001:db8::/129",
            "192.0.2.0/",
            "hunter2.example:port",
            "hunter2.example:99999",
            "hunter2..example",
            "hunter2;example",
            "hunter2|example",
            "\"hunter2.example\"",
            "“hunter2.example”",
            "<local>",
            "[2001:db8::1",
            ".",
            "*.",
        ] {
            let problem = NoProxy::parse(&format!("a.example,{entry}")).expect_err(entry);
            assert!(problem.starts_with("entry 2 is neither"), "{entry}: {problem}");
            assert!(!problem.contains("hunter2"), "{entry}: {problem}");
        }
    }
}
