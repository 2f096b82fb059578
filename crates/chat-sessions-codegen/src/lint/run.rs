//! Lint: everything that is wrong with a spec, in one run.
//!
//! Lint reports what [`check`](crate::check()) finds, which prevents generation. It also reports
//! what can be generated but is wrong: unreachable structure, values that do not match their
//! schemas and, for the specs of this repository, facts without evidence. [`rules`](crate::rules())
//! is the table of all rules.

use super::checker::Checker;
use super::rules::RuleSet;
use crate::generate::generate;
use crate::spec::{Findings, Spec};

/// Finds everything that is wrong with a spec. It never stops early, except at a document that is
/// not OpenAPI 3, or that is spread over several files.
///
/// Errors are what OpenAPI 3.0 forbids, warnings are worth a look, and notes are what the generator
/// does not support. With [`RuleSet::Generator`] and [`RuleSet::House`], the latter are errors as well.
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
    let mut checker = Checker::new(spec, !matches!(rules, RuleSet::Common));
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
        checker.generation(rules);
    }
    checker.into_findings()
}

/// Why nothing can be compared with a spec: it is not OpenAPI 3.0, or not the whole document.
pub(crate) fn obstacles_to_reading(spec: &Spec) -> Findings {
    let mut checker = Checker::new(spec, false);
    checker.only_obstacles();
    checker.into_findings()
}

/// The nodes of a document that is generated only to see whether that works, unless it is to be
/// generated anyway.
const MAX_NODES: usize = 20_000;

impl Checker<'_> {
    /// Reports what the generator refuses although no rule says so.
    fn generation(&mut self, rules: RuleSet<'_>) {
        let is_too_large = matches!(rules, RuleSet::Common) && self.nodes().len() > MAX_NODES;
        if is_too_large || !self.errors.is_empty() {
            return;
        }
        let Err(findings) = generate(self.spec) else { return };
        for finding in &findings {
            self.report(finding.rule, &finding.pointer, &finding.message, &finding.remedy);
        }
    }
}

/// Lints the text of a spec. Like [`lint()`], but a mistake in the text hides no other: only a syntax
/// error ends the lint.
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
    Spec::read(name, text).map_or_else(|findings| findings, |spec| lint(&spec, rules))
}
