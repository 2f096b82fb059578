//! Weight: how many crates depending on the facade takes. The README promises a number, and the number has a bound.

use super::graph::Weight;

/// Compares the count with the bound and with what the README says.
pub(super) fn check(weight: Weight, most: usize, readme: &str) -> Vec<String> {
    let Weight {
        with_tls,
        without_tls,
        ours,
    } = weight;
    let mut findings = Vec::new();
    if with_tls > most {
        findings.push(format!(
            "Depending on the facade takes {with_tls} crates, and at most {most} are meant to be. Remedy: `cargo tree -p chat-sessions -e normal` shows them; do without some, or raise MOST_CRATES in xtask/src/dependencies/policy.rs with a reason."
        ));
    }
    let sentence = format!(
        "Depending on the facade means {with_tls} crates with TLS by rustls, {without_tls} without TLS; {ours} of them are this project's"
    );
    // Where the README breaks its lines is its own affair.
    let words = readme.split_whitespace().collect::<Vec<_>>().join(" ");
    if !words.contains(&sentence) {
        findings.push(format!(
            "README.md does not say how many crates the facade takes. Remedy: make the sentence there \"{sentence}\"."
        ));
    }
    findings
}
