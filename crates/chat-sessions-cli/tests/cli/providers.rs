//! `providers`: what is known of each list, for people and for programs.

use crate::support::{chat_sessions, parsed};

#[test]
fn what_is_known_of_each_list_is_told() {
    let told = chat_sessions(&["providers"]).ok();
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("providers", told) });
    let document = chat_sessions(&["providers", "-o", "json"]).ok();
    assert_eq!(parsed(&document)["providers"][0]["requests_per_second"], 5);
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!("providers_json", document) });
}
