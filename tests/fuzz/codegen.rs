//! The fuzz target `codegen`: the text of a spec, from parsing to the generated Rust. It is here
//! because the facade does not depend on the generator.

use chat_sessions_codegen::{Findings, RuleSet, Spec, check, fnv1a64, generate, header_hash, lint, lower};

/// Generates code for one in this many of the valid specs, because the generator takes a thousand
/// times as long as all steps before it. The hash of the text decides, so that an input always does
/// the same.
const GENERATED: u64 = 32;

/// Parses, lints, checks and lowers a spec, and generates code for some of the specs without
/// errors.
///
/// The generator is third-party code that panics at what it does not support; such a panic is a
/// finding like any other. The steps before it are ours and must not panic.
pub(crate) fn codegen(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let spec = match Spec::read("fuzzed.yaml", text) {
        Ok(spec) => spec,
        Err(findings) => return check_findings(&findings, true),
    };
    let findings = check(&spec);
    check_findings(&findings, false);
    let all = lint(&spec, RuleSet::House { documented: None });
    check_findings(&all, findings.has_errors());
    let lowered = lower(&spec);
    assert_eq!(lowered.is_object(), spec.tree().is_object());
    if findings.has_errors() || !fnv1a64(text).is_multiple_of(GENERATED) {
        return;
    }
    match generate(&spec) {
        Ok(generated) => {
            assert_eq!(header_hash(&generated.client), Some(spec.hash()));
            assert_eq!(header_hash(&generated.httpmock), Some(spec.hash()));
        }
        Err(findings) => check_findings(&findings, true),
    }
}

/// Checks that every finding has a location, a message and a remedy; `some` requires at least one
/// error.
fn check_findings(findings: &Findings, some: bool) {
    assert!(!some || findings.has_errors(), "refused without a finding");
    for finding in findings {
        assert!(finding.location.is_some(), "no place: {finding}");
        assert!(
            !finding.message.is_empty() && !finding.remedy.is_empty(),
            "no remedy: {finding}"
        );
    }
    let _ = findings.to_string();
}
