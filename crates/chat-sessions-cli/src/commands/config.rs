//! `chat-sessions config`: the settings in use, where they come from, and what is wrong with them; and
//! where the configuration file is. It makes no request and reads no key file.

use std::io::{self, Write};

use chat_sessions::Error;
use chat_sessions::config::check_environment;
use clap::Subcommand;
use serde::Serialize;

use super::help::HelpArgs;
use super::settings_report::{self, SettingRecord};
use crate::config::{Config, OriginRecord, Plan, PlannedSource, Profile, SourceSelection, config_location};
use crate::exit::{Exit, Failure};
use crate::name_arg::name;
use crate::output::{ReportFormat, SCHEMA_VERSION, align, messages, print_json, report_writer, visible};

const EXAMPLES: &str = "\
Examples:
  chat-sessions config show              the values in use
  chat-sessions config show --origin     also where each value comes from
  chat-sessions config show --profile work
  chat-sessions config path              where the configuration file is

A configuration file:
  default_profile = \"work\"

  [profile.work.memories-ai]
  unique_id = \"team-a\"
  key_file = \"~/.keys/memories-ai\"

  [profile.work.llama-cloud]
  project_id = \"…\"
  organization_id = \"…\"
  base_url = \"https://api.cloud.eu.llamaindex.ai\"
  key_file = \"~/.keys/llama-cloud\"

The file is ~/.config/chat-sessions/config.toml. To use another one, set
CHAT_SESSIONS_CONFIG to its path, or XDG_CONFIG_HOME to a directory in place of
~/.config.

Options override environment variables, environment variables override the
profile, and the profile overrides the defaults. Each key is in a file of its
own; key_file is its path, relative to the directory of the configuration file.
If a value is invalid, `config show` says which and exits with code 8.";

#[derive(Debug, clap::Args)]
#[command(before_long_help = EXAMPLES)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    pub(crate) command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Show the settings in use; for keys, only whether they are set.
    Show(ConfigShowArgs),
    /// Print the path of the configuration file, which may not exist yet.
    Path(ConfigPathArgs),
    #[command(hide = true)]
    Help(HelpArgs),
}

const SHOW_EXAMPLES: &str = "\
Examples:
  chat-sessions config show --origin
  chat-sessions config show --profile work -o json";

#[derive(Debug, clap::Args)]
#[command(before_long_help = SHOW_EXAMPLES)]
pub(crate) struct ConfigShowArgs {
    #[command(flatten)]
    selection: SourceSelection,

    /// Show where each value comes from.
    #[arg(long)]
    origin: bool,

    /// The output format.
    #[arg(short, long, value_name = "FORMAT", default_value = "text", value_parser = name::<ReportFormat>())]
    pub(crate) output: ReportFormat,
}

const PATH_EXAMPLES: &str = "\
Examples:
  chat-sessions config path
  chat-sessions config path -o json";

#[derive(Debug, clap::Args)]
#[command(before_long_help = PATH_EXAMPLES)]
pub(crate) struct ConfigPathArgs {
    /// The output format.
    #[arg(short, long, value_name = "FORMAT", default_value = "text", value_parser = name::<ReportFormat>())]
    pub(crate) output: ReportFormat,
}

/// The report of `config path -o json`.
#[derive(Serialize)]
struct PathReport {
    schema_version: u32,
    path: String,
    exists: bool,
}

/// The report of `config show -o json`.
#[derive(Serialize)]
struct Report {
    schema_version: u32,
    config_file: Option<ConfigFileRecord>,
    profiles: Vec<ProfileRecord>,
    lists: Vec<ListRecord>,
}

#[derive(Serialize)]
struct ConfigFileRecord {
    path: String,
    exists: bool,
    /// The names of all profiles in the file.
    profiles: Vec<String>,
}

/// A profile in use.
#[derive(Serialize)]
struct ProfileRecord {
    name: String,
    origin: OriginRecord,
}

#[derive(Serialize)]
struct ListRecord {
    provider: &'static str,
    profile: Option<String>,
    settings: Vec<SettingRecord>,
}

/// Prints the path of the configuration file, whether it exists or not.
pub(crate) fn path(args: &ConfigPathArgs) -> Result<Exit, Failure> {
    let path = config_location()?.path;
    match args.output {
        ReportFormat::Json => print_json(&PathReport {
            schema_version: SCHEMA_VERSION,
            path: path.display().to_string(),
            exists: path.exists(),
        })?,
        ReportFormat::Text => {
            let mut out = report_writer();
            // Without a heading, because a script passes it to an editor.
            out.write_all(path.as_os_str().as_encoded_bytes())?;
            writeln!(out)?;
        }
    }
    Ok(Exit::Ok)
}

/// Prints the settings in use.
pub(crate) fn show(args: &ConfigShowArgs) -> Result<Exit, Failure> {
    let plan = Plan::new(&args.selection, None)?;
    let lists: Vec<ListRecord> = plan
        .sources
        .iter()
        .map(|planned| ListRecord {
            provider: planned.settings.provider.as_str(),
            profile: planned.settings.profile.clone(),
            settings: settings_report::settings(planned),
        })
        .collect();
    match args.output {
        ReportFormat::Json => print_json(&report(&plan.config, lists))?,
        ReportFormat::Text => {
            let mut out = report_writer();
            print_header(&mut out, &plan.config, args.origin)?;
            for list in &lists {
                let profile = list.profile.as_ref().map(|profile| format!(", profile {profile}"));
                writeln!(out, "\n{}{}", list.provider, visible(&profile.unwrap_or_default()))?;
                for line in align(&settings_report::rows(&list.settings, args.origin)) {
                    writeln!(out, "{line}")?;
                }
            }
        }
    }
    let of_sources = plan.sources.iter().flat_map(PlannedSource::problems);
    let problems: Vec<Error> = check_environment().err().into_iter().chain(of_sources).collect();
    let mut printed: Vec<String> = Vec::new();
    for problem in &problems {
        // Two profiles with the same variable have the same problem.
        let text = problem.to_string();
        if !printed.contains(&text) {
            messages::error(problem, args.output.into());
            printed.push(text);
        }
    }
    Ok(if problems.is_empty() { Exit::Ok } else { Exit::Config })
}

fn report(config: &Config, lists: Vec<ListRecord>) -> Report {
    let names = |profiles: &[Profile]| profiles.iter().map(|profile| profile.name.clone()).collect();
    Report {
        schema_version: SCHEMA_VERSION,
        config_file: config.location.as_ref().map(|location| ConfigFileRecord {
            path: location.path.display().to_string(),
            exists: config.file.is_some(),
            profiles: config
                .file
                .as_ref()
                .map(|file| names(&file.profiles))
                .unwrap_or_default(),
        }),
        profiles: config
            .profiles
            .iter()
            .map(|active| ProfileRecord {
                name: active.profile.name.clone(),
                origin: OriginRecord::from(&active.origin),
            })
            .collect(),
        lists,
    }
}

fn print_header(out: &mut impl Write, config: &Config, with_origin: bool) -> io::Result<()> {
    let file = match (&config.location, &config.file) {
        (Some(location), Some(_)) => location.path.display().to_string(),
        (Some(location), None) => format!("{} (does not exist)", location.path.display()),
        (None, _) => "none".to_owned(),
    };
    writeln!(out, "configuration file: {}", visible(&file))?;
    let profiles: Vec<String> = config
        .profiles
        .iter()
        .map(|active| {
            let name = &active.profile.name;
            if with_origin {
                format!("{name} ({})", active.origin)
            } else {
                name.clone()
            }
        })
        .collect();
    let profiles = if profiles.is_empty() {
        "none".to_owned()
    } else {
        profiles.join(", ")
    };
    writeln!(out, "profile: {}", visible(&profiles))
}
