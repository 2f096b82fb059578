//! `chat-sessions config show`: what is in force, and where it comes from. No request is made, and no key file is read.

use std::io::{self, Write};

use serde::Serialize;

use crate::args::{ConfigShow, ReportFormat};
use crate::config::{Config, OriginRecord};
use crate::exit::Exit;
use crate::report::{self, SCHEMA_VERSION, SettingRecord};
use crate::said;
use crate::sources::Plan;

/// What is printed with `-o json`.
#[derive(Serialize)]
struct Document {
    schema_version: u32,
    config_file: Option<ConfigFile>,
    profiles: Vec<ProfileRecord>,
    lists: Vec<ListRecord>,
}

#[derive(Serialize)]
struct ConfigFile {
    path: String,
    exists: bool,
    /// The names of all profiles that stand in it.
    profiles: Vec<String>,
}

/// A profile that is in force.
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

/// Shows it.
pub(crate) fn run(args: &ConfigShow) -> io::Result<Exit> {
    let plan = match Plan::new(&args.selection, None) {
        Ok(plan) => plan,
        Err(refusal) => {
            said::report_error(&refusal, args.output);
            return Ok(Exit::from(&refusal));
        }
    };
    let lists: Vec<ListRecord> = plan
        .lists
        .iter()
        .map(|planned| ListRecord {
            provider: planned.settings.provider.as_str(),
            profile: planned.settings.profile.clone(),
            settings: report::settings(planned),
        })
        .collect();
    let mut out = io::stdout().lock();
    match args.output {
        ReportFormat::Json => {
            serde_json::to_writer_pretty(&mut out, &document(&plan.config, lists))?;
            writeln!(out)?;
        }
        ReportFormat::Text => {
            head(&mut out, &plan.config, args.origin)?;
            for list in &lists {
                let profile = list.profile.as_ref().map(|profile| format!(", profile {profile}"));
                writeln!(out, "\n{}{}", list.provider, profile.unwrap_or_default())?;
                for line in report::aligned(&report::rows(&list.settings, args.origin)) {
                    writeln!(out, "{line}")?;
                }
            }
        }
    }
    Ok(Exit::Ok)
}

fn document(config: &Config, lists: Vec<ListRecord>) -> Document {
    let names = |profiles: &[crate::config::Profile]| profiles.iter().map(|profile| profile.name.clone()).collect();
    Document {
        schema_version: SCHEMA_VERSION,
        config_file: config.place.as_ref().map(|place| ConfigFile {
            path: place.path.display().to_string(),
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
            .map(|chosen| ProfileRecord {
                name: chosen.profile.name.clone(),
                origin: OriginRecord::from(&chosen.origin),
            })
            .collect(),
        lists,
    }
}

fn head(out: &mut impl Write, config: &Config, with_origin: bool) -> io::Result<()> {
    let place = match (&config.place, &config.file) {
        (Some(place), Some(_)) => place.path.display().to_string(),
        (Some(place), None) => format!("{}, which is not there", place.path.display()),
        (None, _) => "none".to_owned(),
    };
    writeln!(out, "configuration file: {place}")?;
    let in_force: Vec<String> = config
        .profiles
        .iter()
        .map(|chosen| {
            let name = &chosen.profile.name;
            if with_origin {
                format!("{name} ({})", chosen.origin)
            } else {
                name.clone()
            }
        })
        .collect();
    let in_force = if in_force.is_empty() {
        "none".to_owned()
    } else {
        in_force.join(", ")
    };
    writeln!(out, "profile: {in_force}")
}
