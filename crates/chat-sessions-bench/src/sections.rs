//! The sections of the report, in the order in which they run, and the message if a bound is not
//! met.

mod depend;
mod features;
mod first;
mod generate;
mod latency;
mod memory;
mod memory_growth;
mod options;
mod throughput;
mod transcripts;
mod workspace;

use clap::ValueEnum;

use self::options::Name;
pub(crate) use self::options::Options;
use self::workspace::Workspace;
use crate::failure::Failure;
use crate::performance_page;
use crate::report::{Bound, Section};

/// Measures, prints and, with `--write`, writes the page. Returns whether all bounds are met.
pub(crate) fn run(options: &Options) -> Result<bool, Failure> {
    if options.write && options.rounds.is_some_and(|rounds| rounds < 5) {
        return Err("--write needs at least 5 rounds; omit --rounds or raise it".into());
    }
    let workspace = Workspace::find()?;
    let names = if options.sections.is_empty() {
        Name::value_variants()
    } else {
        &options.sections
    };
    let machine = performance_page::machine(&workspace.cargo(&workspace.root, &[]))?;
    println!("{machine}");
    let mut sections = Vec::new();
    for name in names {
        for section in measure(*name, options, &workspace)? {
            print!("{}", section.terminal());
            sections.push(section);
        }
    }
    if options.write {
        performance_page::write(&workspace.root, &machine, &sections)?;
    }
    let missed: Vec<&Bound> = sections
        .iter()
        .flat_map(|section| &section.bounds)
        .filter(|bound| !bound.holds())
        .collect();
    if missed.is_empty() {
        return Ok(true);
    }
    println!("\n{} of the bounds above are not met.", missed.len());
    println!(
        "Remedy: if the extremes of a row are far apart, the machine was busy; run that section again on an idle one. Otherwise profile \
         the client, for example with `perf record` on `chat-sessions-bench run JOB`."
    );
    Ok(false)
}

/// Measures one part of the report.
fn measure(name: Name, options: &Options, workspace: &Workspace) -> Result<Vec<Section>, Failure> {
    let section = match name {
        Name::Throughput => throughput::run(options, workspace),
        Name::Features => features::run(options, workspace),
        Name::Latency => latency::run(options, workspace),
        Name::Memory => memory::run(options, workspace),
        Name::First => first::run(options, workspace),
        Name::Transcripts => return transcripts::run(options, workspace),
        Name::Depend => depend::run(options, workspace),
        Name::Generate => generate::run(options, workspace),
    };
    section.map(|section| vec![section])
}
