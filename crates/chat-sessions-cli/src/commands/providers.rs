//! `chat-sessions providers`: what each provider supports, and its settings.

use std::io::Write;

use serde::Serialize;

use crate::exit::{Exit, Failure};
use crate::name_arg::name;
use crate::output::{ReportFormat, SCHEMA_VERSION, align, print_json, report_writer};
use crate::provider::ProviderName;

const EXAMPLES: &str = "\
Examples:
  chat-sessions providers                what each list supports
  chat-sessions providers -o json        print JSON";

#[derive(Debug, clap::Args)]
#[command(before_long_help = EXAMPLES)]
pub(crate) struct ProvidersArgs {
    /// The output format.
    #[arg(short, long, value_name = "FORMAT", default_value = "text", value_parser = name::<ReportFormat>())]
    pub(crate) output: ReportFormat,
}

/// The report of `providers -o json`.
#[derive(Serialize)]
struct Report {
    schema_version: u32,
    providers: Vec<ProviderRecord>,
}

#[derive(Serialize)]
struct ProviderRecord {
    name: &'static str,
    title: &'static str,
    request: &'static str,
    /// Whether `show` works.
    transcripts: bool,
    transcript_request: &'static str,
    /// Whether `--scope all` works.
    scopes: bool,
    scopes_request: &'static str,
    /// The form of a session id.
    ids: &'static str,
    /// How the list is divided into pages.
    paging: &'static str,
    /// Whether the provider honors a page size.
    page_size: bool,
    order: &'static str,
    /// Whether sessions keep their order.
    keeps_places: bool,
    /// Whether new sessions appear only at the front.
    new_at_front: bool,
    /// Whether each page contains the total number of sessions.
    totals: bool,
    /// The documented rate limit of this list.
    requests_per_second: Option<u32>,
    times: &'static str,
    settings: Vec<SettingRecord>,
}

#[derive(Serialize)]
struct SettingRecord {
    name: &'static str,
    variables: Vec<&'static str>,
    default: Option<&'static str>,
}

pub(crate) fn run(args: &ProvidersArgs) -> Result<Exit, Failure> {
    let records: Vec<ProviderRecord> = ProviderName::ALL.into_iter().map(record).collect();
    match args.output {
        ReportFormat::Json => print_json(&Report {
            schema_version: SCHEMA_VERSION,
            providers: records,
        })?,
        ReportFormat::Text => {
            let mut out = report_writer();
            for (index, (provider, record)) in ProviderName::ALL.into_iter().zip(&records).enumerate() {
                if index > 0 {
                    writeln!(out)?;
                }
                writeln!(out, "{}: {}", record.name, record.title)?;
                for line in lines(provider, record) {
                    writeln!(out, "{line}")?;
                }
            }
        }
    }
    Ok(Exit::Ok)
}

fn record(provider: ProviderName) -> ProviderRecord {
    let (info, built_in) = (provider.info(), provider.built_in());
    let capabilities = built_in.capabilities;
    let settings = built_in.settings.iter().map(|setting| SettingRecord {
        name: setting.name,
        variables: [setting.variables, setting.file_variables].concat(),
        default: setting.default,
    });
    ProviderRecord {
        name: info.name,
        title: info.title,
        request: info.request,
        transcripts: capabilities.transcripts,
        transcript_request: info.transcript_request,
        scopes: capabilities.scopes,
        scopes_request: info.scopes_request,
        ids: info.ids,
        paging: info.paging,
        page_size: capabilities.page_size,
        order: info.order,
        keeps_places: capabilities.keeps_places,
        new_at_front: capabilities.new_at_front,
        totals: capabilities.truthful_totals,
        requests_per_second: info.requests_per_second,
        times: info.times,
        settings: settings.collect(),
    }
}

fn lines(provider: ProviderName, record: &ProviderRecord) -> Vec<String> {
    let info = provider.info();
    let is_exact = record.keeps_places && record.new_at_front && record.totals;
    let total = if record.totals {
        "sent with every page"
    } else {
        "not sent"
    };
    let guarantee = if is_exact {
        "exact unless reported otherwise"
    } else {
        "best effort"
    };
    let mut rows = vec![
        ["request", info.request, ""],
        ["pages", info.paging, ""],
        ["page size", info.page_size, ""],
        ["order", info.order, ""],
        ["total", total, ""],
        ["paging", guarantee, ""],
        ["rate limit", info.rate, ""],
        ["times", info.times, ""],
        ["session ids", info.ids, ""],
        ["messages", info.transcript_request, ""],
        ["their rate", info.transcript_rate, ""],
        ["scopes", info.scopes_request, ""],
    ];
    let settings: Vec<String> = record.settings.iter().map(setting_text).collect();
    rows.extend(
        record
            .settings
            .iter()
            .zip(&settings)
            .map(|(setting, text)| [setting.name, text.as_str(), ""]),
    );
    align(&rows)
}

/// Describes a setting: its variables, the recommended one first, and its default.
fn setting_text(setting: &SettingRecord) -> String {
    let variables = match setting.variables.as_slice() {
        [first, others @ ..] if !others.is_empty() => format!("{first} (or {})", others.join(", ")),
        all => all.join(", "),
    };
    match setting.default {
        Some(default) => format!("{variables}; default: {default}"),
        None => variables,
    }
}
