//! Licences: every crate can be used under a licence that the policy allows.

use spdx::{Expression, ParseMode};

use super::graphs::Crates;
use super::policy::{FILE, Policy};
use crate::packages::{Metadata, Package};

/// Checks the crates of a graph, and whether the policy allows more than they need.
pub(super) fn check(metadata: &Metadata, crates: &Crates, policy: &Policy) -> Vec<String> {
    let mut findings = Vec::new();
    let mut licensed = Vec::new();
    let is_built = |package: &&Package| crates.contains(&(package.name.clone(), package.version.clone()));
    for package in metadata.packages.iter().filter(is_built) {
        match parse(package) {
            Ok(expression) => licensed.push((package, expression)),
            Err(finding) => findings.push(finding),
        }
    }
    // The crates that the policy refuses; `without` omits one of its licences, or the exception for one crate.
    let refused = |without: Option<&str>| -> Vec<&(&Package, Expression)> {
        let is_refused = |(package, expression): &&(&Package, Expression)| {
            !expression.evaluate(|required| {
                let licence = required.to_string();
                let exception = policy.licence_exceptions.get(&package.name);
                let is_exception = exception.is_some_and(|exception| exception.licence == licence);
                (is_exception && without != Some(&package.name))
                    || (policy.licences.contains(&licence) && without != Some(&licence))
            })
        };
        licensed.iter().filter(is_refused).collect()
    };
    let now = refused(None);
    findings.extend(now.iter().map(|(package, expression)| {
        format!(
            "{} {} is licensed under {expression}, which is not allowed. Remedy: remove it, or allow the licence in {FILE}.",
            package.name, package.version
        )
    }));
    for allowed in policy.licences.iter().chain(policy.licence_exceptions.keys()) {
        if refused(Some(allowed)).len() == now.len() {
            findings.push(format!(
                "No crate needs the licence entry {allowed}. Remedy: remove it from {FILE}."
            ));
        }
    }
    findings
}

/// Parses the licence of a package; old manifests use a slash for OR.
fn parse(package: &Package) -> Result<Expression, String> {
    let (name, version) = (&package.name, &package.version);
    let text = package.license.as_deref().unwrap_or_default();
    Expression::parse_mode(text, ParseMode::LAX).map_err(|error| {
        format!(
            "The licence `{text}` of {name} {version} is not an SPDX expression ({}). Remedy: correct `license` if the crate is \
             ours, or remove the crate.",
            error.reason
        )
    })
}
