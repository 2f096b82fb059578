//! Features: the effect of HTTP/2 and gzip on loopback, each in a build of its own, and the number
//! of crates that each adds.

use std::path::PathBuf;

use super::options::Options;
use super::workspace::{Workspace, crates, output};
use crate::failure::Failure;
use crate::job::{Client, Job, List};
use crate::measure::{Bed, Case, Measured};
use crate::report::{Row, Section, grouped};
use crate::server::Serve;
use crate::stats::{Spread, median, median_ratio};

/// The builds, by name and feature.
const BUILDS: [(&str, Option<&str>); 3] = [("without", None), ("`http2`", Some("http2")), ("`gzip`", Some("gzip"))];

/// The jobs that every build runs.
fn jobs(http2: bool) -> [(&'static str, &'static str, Job); 4] {
    let job = |client, list, ahead| {
        let mut job = Job::new(client, list).page_size(100).read_ahead(ahead);
        job.http2 = http2;
        job
    };
    [
        (
            "LlamaCloud, by hand",
            "reqwest + serde in a loop",
            job(Client::Hand, List::LlamaCloud, 0),
        ),
        (
            "LlamaCloud, facade",
            "one page after the other",
            job(Client::Facade, List::LlamaCloud, 0),
        ),
        (
            "Memories.ai, by hand, 16 in flight",
            "16 requests in flight",
            job(Client::Hand, List::MemoriesAi, 16),
        ),
        (
            "Memories.ai, facade, 16 ahead",
            "`read_ahead(16)`",
            job(Client::Facade, List::MemoriesAi, 16),
        ),
    ]
}

pub(super) fn run(options: &Options, workspace: &Workspace) -> Result<Section, Failure> {
    let sessions = options.count(options.sessions, 20_000);
    let rounds = options.rounds(7);
    let mut beds = Vec::new();
    let mut cases = Vec::new();
    let mut added = Vec::new();
    for (bed, (_, feature)) in BUILDS.into_iter().enumerate() {
        let http2 = feature == Some("http2");
        beds.push(Bed::start(
            &program(workspace, feature)?,
            Serve {
                llama_cloud: sessions,
                memories_ai: sessions,
                latency_us: 0,
                http2,
            },
        )?);
        cases.extend(jobs(http2).map(|(_, _, job)| Case { bed, job }));
        added.push(added_crates(workspace, feature)?);
    }
    let measured = Measured::take(&mut beds, &cases, rounds)?;
    let per_build = jobs(false).len();
    let rows = (0..cases.len()).map(|case| {
        let (name, feature) = BUILDS[case / per_build];
        let (client, meaning, _) = jobs(false)[case % per_build].clone();
        let Spread {
            median: time,
            least,
            most,
        } = measured.spread(case);
        let base = case % per_build;
        let bytes = measured.of(case, |sample| sample.bytes as f64 / 1e6);
        Row {
            cells: vec![
                name.to_owned(),
                client.to_owned(),
                format!("{time:.3} ({least:.3}–{most:.3})"),
                format!("{:.2}", median(&measured.cpu(case)) / sessions as f64 * 1e6),
                format!("{:.1}", median(&bytes)),
                format!("{:.2}", measured.ratio(case, base)),
                format!("{:.2}", median_ratio(&measured.cpu(case), &measured.cpu(base))),
                added[case / per_build].to_string(),
            ],
            meaning: match feature {
                None => meaning.to_owned(),
                Some("http2") => format!("{meaning}; over one HTTP/2 connection with prior knowledge"),
                Some(_) => {
                    format!("{meaning}; responses compressed by the server beforehand, and decompressed by the client")
                }
            },
        }
    });
    Ok(Section {
        title: "HTTP/2 and gzip",
        about: format!(
            "{} sessions of each list over loopback, where bytes cost nothing and no handshake is saved. The table shows what the features \
             cost in CPU time and what they save on the wire, in {rounds} interleaved rounds. Bytes are counted at the server's sockets, \
             in both directions, headers included. hyper serves HTTP/2 and a simpler server HTTP/1.1, so the times compare the clients \
             only as far as the server waits for them.",
            grouped(sessions as f64)
        ),
        columns: vec![
            "feature",
            "client",
            "seconds",
            "CPU s per million",
            "MB on the wire",
            "time / without",
            "CPU / without",
            "crates added",
        ],
        rows: rows.collect(),
        bounds: Vec::new(),
    })
}

/// The bench with this feature, in a target directory of its own, because one directory holds only
/// one build.
fn program(workspace: &Workspace, feature: Option<&str>) -> Result<PathBuf, Failure> {
    let Some(feature) = feature else {
        return Ok(workspace.program.clone());
    };
    let target = workspace.root.join("target/bench").join(feature);
    let folder = target.to_string_lossy();
    eprintln!("building the bench with the feature {feature}");
    let arguments = [
        "build",
        "--quiet",
        "--profile=bench",
        "-p",
        "chat-sessions-bench",
        "--features",
        feature,
        "--target-dir",
        &folder,
    ];
    output(&mut workspace.cargo(&workspace.root, &arguments))?;
    Ok(target.join("release/chat-sessions-bench"))
}

/// The number of crates that this feature adds to a program that depends on the facade.
fn added_crates(workspace: &Workspace, feature: Option<&str>) -> Result<usize, Failure> {
    let Some(feature) = feature else {
        return Ok(0);
    };
    let package = ["-p", "chat-sessions"];
    let without = crates(workspace, &workspace.root, &package)?;
    let with = crates(
        workspace,
        &workspace.root,
        &[package.as_slice(), &["--features", feature]].concat(),
    )?;
    Ok(with.len().saturating_sub(without.len()))
}
