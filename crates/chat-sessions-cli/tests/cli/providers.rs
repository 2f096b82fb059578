//! `providers`: the description of each list, as text and as JSON.

use crate::support::{chat_sessions, parsed};

#[test]
fn every_provider_is_described() {
    let text = chat_sessions(&["providers"]).ok();
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("providers", text) });
    let document = chat_sessions(&["providers", "-o", "json"]).ok();
    assert_eq!(parsed(&document)["providers"][0]["requests_per_second"], 5);
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("providers_json", document) });
}
