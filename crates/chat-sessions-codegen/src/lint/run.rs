//! Lint: everything that is wrong with a spec, in one run.
//!
//! Lint reports what [`check`](crate::check()) finds, which prevents generation. It also reports
//! what can be generated but is wrong: unreachable structure, values that do not match their
//! schemas and, for the specs of this repository, facts without evidence. [`rules`](crate::rules())
//! is the table of all rules.

use super::checker::Checker;
use super::components::is_recursive;
use super::rules::{RuleSet, severities};
use crate::generate::generate;
use crate::spec::{Finding, Findings, Severity, Spec};

/// Finds everything that is wrong with a spec. It never stops early, except at a document that is
/// not OpenAPI 3, or that is spread over several files.
///
/// Errors are what OpenAPI 3.0 forbids, warnings are worth a look, and notes are what the generator
/// does not support. With [`RuleSet::Generator`] and [`RuleSet::House`], the latter are errors as
/// well. [`Findings::has_errors`] says whether there are errors.
///
/// ```
/// use chat_sessions_codegen::{RuleSet, Spec, lint};
///
/// let text = "
/// openapi: 3.0.3
/// info: {title: Clock, version: '1'}
/// paths:
///   /time:
///     get:
///       operationId: time
///       responses:
///         '200':
///           description: The time.
///           content: {application/json: {schema: {type: string, format: date-time, example: '2026-04-22T12:34:41'}}}
/// ";
/// let spec = Spec::parse("clock.yaml", text)?;
/// let findings = lint(&spec, RuleSet::Common);
/// let rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
/// assert_eq!(rules, ["response-failure", "time-without-zone"]);
/// # Ok::<(), chat_sessions_codegen::Findings>(())
/// ```
#[must_use]
pub fn lint(spec: &Spec, rules: RuleSet<'_>) -> Findings {
    let mut checker = Checker::new(spec, is_generated(rules));
    if checker.everything() {
        checker.losses();
        checker.lint_operations();
        checker.servers();
        checker.components();
        checker.lint_schemas();
        checker.values();
        if let RuleSet::House { documented } = rules {
            checker.house(documented);
        }
        checker.model();
        checker.forbidden();
    }
    checker.into_findings()
}

/// Why nothing can be compared with a spec: it is not OpenAPI 3.0, or not the whole document.
pub(crate) fn obstacles_to_reading(spec: &Spec) -> Findings {
    let mut checker = Checker::new(spec, false);
    checker.only_obstacles();
    checker.into_findings()
}

/// Lints the text of a spec. Unlike for [`lint()`], a mistake in the text hides no other: only a
/// syntax error ends the lint. And if no rule says that the generator refuses the spec, the
/// generator runs, so that whatever has no finding can be generated.
///
/// With [`RuleSet::Common`], the generator does not run for a document that is long, or whose
/// schemas contain themselves: it is slow, and its stack is no place for documents that nobody
/// generates.
///
/// ```
/// use chat_sessions_codegen::{RuleSet, lint_text};
///
/// let text = "
/// openapi: 3.0.3
/// info: {title: Clock, version: '1', descripton: no}
/// paths: {}
/// ";
/// let findings = lint_text("clock.yaml", text, RuleSet::Common);
/// let rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
/// assert_eq!(rules, ["unknown-key", "yaml-ambiguous"]);
/// ```
#[must_use]
pub fn lint_text(name: &str, text: &str, rules: RuleSet<'_>) -> Findings {
    let spec = match Spec::read(name, text) {
        Ok(spec) => spec,
        Err(findings) => return findings,
    };
    let findings = lint(&spec, rules);
    let is_refused = |finding: &Finding| severities(finding.rule).1 == Severity::Error;
    if findings.iter().any(is_refused) {
        return findings;
    }
    let mut checker = Checker::new(&spec, is_generated(rules));
    if !is_generated(rules) && (checker.nodes().len() > MAX_NODES || is_recursive(&checker.nodes())) {
        return findings;
    }
    if let Err(refused) = generate(&spec) {
        for finding in &refused {
            checker.report(finding.rule, &finding.pointer, &finding.message, &finding.remedy);
        }
    }
    Findings::new(findings.iter().cloned().chain(checker.findings).collect())
}

fn is_generated(rules: RuleSet<'_>) -> bool {
    !matches!(rules, RuleSet::Common)
}

/// The limit on the nodes of a document that is generated only to see whether that works.
const MAX_NODES: usize = 10_000;
