//! Licences: every crate can be taken under a licence that was decided on, and the decisions hold nothing that no crate needs.

use std::collections::BTreeSet;

use spdx::{Expression, ParseMode};

use super::graph::{Crate, Metadata, Package};

/// A licence that is right for one crate only.
#[derive(Clone, Copy, Debug)]
pub(super) struct ByName {
    pub(super) name: &'static str,
    pub(super) licence: &'static str,
    pub(super) reason: &'static str,
}

/// Checks the crates of a graph against the allowed licences.
pub(super) fn check(metadata: &Metadata, graph: &BTreeSet<Crate>, allowed: &[&str], by_name: &[ByName]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut expressions = Vec::new();
    for package in &metadata.packages {
        if !graph.contains(&(package.name.clone(), package.version.clone())) {
            continue;
        }
        match expression(package) {
            Ok(expression) => expressions.push((package, expression)),
            Err(finding) => findings.push(finding),
        }
    }

    let is_fine = |package: &Package, expression: &Expression, without: Option<&str>, all_names: bool| {
        expression.evaluate(|needed| {
            let needed = needed.to_string();
            let is_allowed = Some(needed.as_str()) != without && allowed.contains(&needed.as_str());
            let is_named = |one: &ByName| one.name == package.name && one.licence == needed;
            is_allowed || (all_names && by_name.iter().any(is_named))
        })
    };
    for (package, expression) in &expressions {
        if !is_fine(package, expression, None, true) {
            findings.push(format!(
                "{} {} is licensed under {expression}, which is not allowed. Remedy: do without it, or decide on the licence in xtask/src/dependencies/policy.rs.",
                package.name, package.version
            ));
        }
    }
    for licence in allowed {
        let needs = |(package, expression): &(&Package, Expression)| {
            is_fine(package, expression, None, true) && !is_fine(package, expression, Some(licence), true)
        };
        if !expressions.iter().any(needs) {
            findings.push(format!(
                "The licence {licence} is allowed, but no crate needs it. Remedy: take it off LICENCES in xtask/src/dependencies/policy.rs."
            ));
        }
    }
    for one in by_name {
        let needs = |(package, expression): &(&Package, Expression)| {
            package.name == one.name
                && expression
                    .requirements()
                    .any(|needed| needed.req.to_string() == one.licence)
                && !is_fine(package, expression, None, false)
        };
        if !expressions.iter().any(needs) {
            findings.push(format!(
                "{} is allowed to be under {}, but does not need that. Remedy: take it off LICENSED_BY_NAME in xtask/src/dependencies/policy.rs.",
                one.name, one.licence
            ));
        }
        if one.reason.is_empty() {
            findings.push(format!(
                "{} is allowed to be under {} without a reason. Remedy: give it in xtask/src/dependencies/policy.rs.",
                one.name, one.licence
            ));
        }
    }
    findings
}

/// Reads what a package is licensed under; old manifests write a slash for OR.
fn expression(package: &Package) -> Result<Expression, String> {
    let (name, version) = (&package.name, &package.version);
    let Some(text) = &package.license else {
        let found = match &package.license_file {
            Some(file) => format!("only the file {file}"),
            None => "no licence".to_owned(),
        };
        return Err(format!(
            "{name} {version} has {found}. Remedy: give `license` an SPDX expression if it is ours, do without the crate if not."
        ));
    };
    Expression::parse_mode(text, ParseMode::LAX).map_err(|error| {
        format!(
            "{name} {version} is licensed under `{text}`, which is not an SPDX expression ({}). Remedy: mend `license` if it is ours, do without the crate if not.",
            error.reason
        )
    })
}
