//! Weight: how many crates the facade needs. `docs/performance.md` states the number, and the number has a bound.

use super::graph::Weight;

/// The page that states the number.
pub(super) const PAGE: &str = "docs/performance.md";

/// Compares the count with the bound and with the sentence on the page.
pub(super) fn check(weight: Weight, most: usize, page: &str) -> Vec<String> {
    let Weight {
        with_tls,
        without_tls,
        ours,
    } = weight;
    let mut findings = Vec::new();
    if with_tls > most {
        findings.push(format!(
            "The facade needs {with_tls} crates; the bound is {most}. Remedy: `cargo tree -p chat-sessions -e normal` lists them; remove some, or raise MOST_CRATES in xtask/src/dependencies/policy.rs with a reason."
        ));
    }
    let sentence = format!(
        "The facade needs {with_tls} crates with rustls and {without_tls} without TLS; {ours} of them belong to this project"
    );
    // The page may break its lines anywhere.
    let words = page.split_whitespace().collect::<Vec<_>>().join(" ");
    if !words.contains(&sentence) {
        findings.push(format!(
            "{PAGE} does not state how many crates the facade needs. Remedy: change the sentence there to \"{sentence}\"."
        ));
    }
    findings
}
