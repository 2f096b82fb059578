//! Lint: everything that is wrong with a spec, in one run.
//!
//! Lint reports what [`check`](crate::check()) finds, which prevents generation. It also reports
//! what can be generated but is wrong: unreachable structure, values that do not match their
//! schemas and, for the specs of this repository, facts without evidence. [`rules`](crate::rules())
//! is the table of all rules.

use super::checker::Checker;
use super::rules::RuleSet;
use crate::spec::{Findings, Spec};

/// Finds everything that is wrong with a spec. It never stops early, except at a document that is
/// not OpenAPI 3.
///
/// Errors prevent generation or are false statements; warnings are worth a look.
/// [`Findings::has_errors`] says whether there are errors.
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
    let mut checker = Checker::new(spec);
    if checker.everything() {
        checker.losses();
        checker.lint_operations();
        checker.components();
        checker.lint_schemas();
        checker.values();
        if let RuleSet::House { documented } = rules {
            checker.house(documented);
        }
        checker.model();
    }
    checker.into_findings()
}
