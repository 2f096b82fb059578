//! `chat-sessions providers`: what each provider's list can do, and by what it is configured.

use std::io::{self, Write};

use serde::Serialize;

use crate::args::{ProviderName, Providers, ReportFormat};
use crate::exit::Exit;
use crate::report::{SCHEMA_VERSION, aligned};
use crate::said;

#[derive(Serialize)]
struct Document {
    schema_version: u32,
    providers: Vec<ProviderRecord>,
}

#[derive(Serialize)]
struct ProviderRecord {
    name: &'static str,
    title: &'static str,
    request: &'static str,
    /// How the list is cut into pages.
    paging: &'static str,
    /// Whether a page size that is asked for has an effect.
    page_size: bool,
    /// In which order the list comes.
    order: &'static str,
    /// Whether sessions keep their order while they exist.
    keeps_places: bool,
    /// Whether new sessions come only at the front.
    new_at_front: bool,
    /// Whether each page tells how many sessions there are.
    totals: bool,
    /// The documented rate of this list.
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

/// Tells it.
pub(crate) fn run(args: &Providers) -> io::Result<Exit> {
    let records: chat_sessions::Result<Vec<ProviderRecord>> = ProviderName::ALL.into_iter().map(record).collect();
    let records = match records {
        Ok(records) => records,
        Err(refusal) => {
            said::report_error(&refusal, args.output);
            return Ok(Exit::from(&refusal));
        }
    };
    let mut out = io::stdout().lock();
    match args.output {
        ReportFormat::Json => {
            let document = Document {
                schema_version: SCHEMA_VERSION,
                providers: records,
            };
            serde_json::to_writer_pretty(&mut out, &document)?;
            writeln!(out)?;
        }
        ReportFormat::Text => {
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

fn record(provider: ProviderName) -> chat_sessions::Result<ProviderRecord> {
    let (facts, capabilities) = (provider.facts(), provider.capabilities()?);
    let settings = provider.settings().iter().map(|setting| SettingRecord {
        name: setting.name,
        variables: [setting.variables, setting.file_variables].concat(),
        default: setting.default,
    });
    Ok(ProviderRecord {
        name: provider.as_str(),
        title: facts.title,
        request: facts.request,
        paging: facts.paging,
        page_size: capabilities.page_size,
        order: facts.order,
        keeps_places: capabilities.keeps_places,
        new_at_front: capabilities.new_at_front,
        totals: capabilities.truthful_totals,
        requests_per_second: facts.requests_per_second,
        times: facts.times,
        settings: settings.collect(),
    })
}

fn lines(provider: ProviderName, record: &ProviderRecord) -> Vec<String> {
    let facts = provider.facts();
    let exact = record.keeps_places && record.new_at_front && record.totals;
    let mut rows = vec![
        ["request", facts.request, ""],
        ["paging", facts.paging, ""],
        ["page size", facts.page_size, ""],
        ["order", facts.order, ""],
        [
            "total",
            if record.totals {
                "told on every page"
            } else {
                "not told"
            },
            "",
        ],
        [
            "a walk is",
            if exact {
                "exact, until an answer contradicts it"
            } else {
                "best effort"
            },
            "",
        ],
        ["rate", facts.rate, ""],
        ["times", facts.times, ""],
    ];
    let variables: Vec<String> = record
        .settings
        .iter()
        .map(|setting| match setting.variables.as_slice() {
            [first, others @ ..] if !others.is_empty() => format!("{first} (or {})", others.join(", ")),
            all => all.join(", "),
        })
        .collect();
    let defaults: Vec<String> = record
        .settings
        .iter()
        .map(|setting| {
            setting
                .default
                .map(|default| format!("; unless set: {default}"))
                .unwrap_or_default()
        })
        .collect();
    let told: Vec<String> = variables
        .iter()
        .zip(&defaults)
        .map(|(variable, default)| format!("{variable}{default}"))
        .collect();
    rows.extend(
        record
            .settings
            .iter()
            .zip(&told)
            .map(|(setting, told)| [setting.name, told.as_str(), ""]),
    );
    aligned(&rows)
}
