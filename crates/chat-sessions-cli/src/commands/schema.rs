//! `chat-sessions schema`: the JSON Schema of `list -o json` and of `show -o json`.

use clap::ValueEnum;

use crate::exit::{Exit, Failure};
use crate::name_arg::name;
use crate::output::transcript::document;
use crate::output::{print_json, schema};

const EXAMPLES: &str = "\
Examples:
  chat-sessions schema > session-list.schema.json
  chat-sessions schema show              the schema of 'show -o json'";

#[derive(Debug, clap::Args)]
#[command(before_long_help = EXAMPLES)]
pub(crate) struct SchemaArgs {
    /// The command whose JSON to describe.
    #[arg(value_name = "COMMAND", default_value = "list", value_parser = name::<Described>())]
    described: Described,
}

/// A command that prints JSON with a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Described {
    /// `list -o json`.
    List,
    /// `show -o json`; a line of `show -o ndjson` is one session of it.
    Show,
}

pub(crate) fn run(args: &SchemaArgs) -> Result<Exit, Failure> {
    match args.described {
        Described::List => print_json(&schema())?,
        Described::Show => print_json(&document::schema())?,
    }
    Ok(Exit::Ok)
}
