//! The JSON Schema of the generated types as a snapshot, which shows what a spec change means for
//! JSON.

#![cfg(feature = "schemars")]

#[test]
fn the_schema_of_an_answer() {
    insta::assert_json_snapshot!(schemars::schema_for!(llama_cloud_client::types::ChatSessionList));
}

#[test]
fn the_schema_of_a_transcript() {
    insta::assert_json_snapshot!(schemars::schema_for!(llama_cloud_client::types::ChatSessionDetail));
}

#[test]
fn the_schema_of_projects() {
    insta::assert_json_snapshot!(schemars::schema_for!(llama_cloud_client::types::ProjectList));
}
