//! `chat-sessions schema`: the JSON Schema of `list -o json`.

use crate::exit::{Exit, Failure};
use crate::output::{print_json, schema};

pub(crate) const EXAMPLES: &str = "\
Examples:
  chat-sessions schema > session-list.schema.json";

pub(crate) fn run() -> Result<Exit, Failure> {
    print_json(&schema())?;
    Ok(Exit::Ok)
}
