//! Depend: the cost of depending on the facade, compared with the same small program on the
//! libraries below it. Each is built from scratch, in a folder of its own, with the versions in
//! this repository's Cargo.lock.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::options::Options;
use super::workspace::{Workspace, crates, output};
use crate::failure::Failure;
use crate::report::{Bound, Row, Section};
use crate::stats::{Spread, median, median_ratio};
use crate::usage;

/// A program: its name, its dependencies besides tokio, its source, and what it is.
struct Program {
    name: &'static str,
    dependencies: fn(&Path) -> String,
    source: &'static str,
    meaning: &'static str,
}

const FACADE: usize = 0;
const PROGENITOR: usize = 1;

const REQWEST: &str = r#"reqwest = { version = "0.13", default-features = false, features = ["json", "query", "rustls", "stream"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
"#;

const PROGRAMS: [Program; 3] = [
    Program {
        name: "facade",
        dependencies: |root| format!("chat-sessions = {{ path = {:?} }}\n", root.join("crates/chat-sessions")),
        source: include_str!("../../programs/facade.rs"),
        meaning: "`chat-sessions` with its default features; lists both providers",
    },
    Program {
        name: "reqwest + serde + progenitor-client",
        dependencies: |_| format!("{REQWEST}progenitor-client = \"0.15\"\n"),
        source: include_str!("../../programs/progenitor.rs"),
        meaning: "the same TLS, and the runtime of generated clients; lists one provider, without policy",
    },
    Program {
        name: "reqwest + serde",
        dependencies: |_| REQWEST.to_owned(),
        source: include_str!("../../programs/reqwest.rs"),
        meaning: "the same TLS; lists one provider in a loop",
    },
];

pub(super) fn run(options: &Options, workspace: &Workspace) -> Result<Section, Failure> {
    let folder = tempfile::tempdir()?;
    let mut packages = Vec::new();
    for (index, program) in PROGRAMS.iter().enumerate() {
        let package = folder.path().join(format!("program-{index}"));
        write(workspace, &package, program)?;
        // Downloads everything before the clock starts.
        output(&mut workspace.cargo(&package, &["fetch", "--quiet"]))?;
        packages.push(package);
    }
    let mut times = vec![Vec::new(); PROGRAMS.len()];
    let mut cpu = vec![Vec::new(); PROGRAMS.len()];
    let mut sizes = vec![0; PROGRAMS.len()];
    for build in 0..options.builds {
        let mut order: Vec<usize> = (0..PROGRAMS.len()).collect();
        if build % 2 == 1 {
            order.reverse();
        }
        for index in order {
            eprintln!("building {} from scratch", PROGRAMS[index].name);
            let target = tempfile::tempdir_in(&folder)?;
            let place_of_target = target.path().to_string_lossy();
            let arguments = [
                "build",
                "--quiet",
                "--release",
                "--offline",
                "--locked",
                "--target-dir",
                &place_of_target,
            ];
            let (begun, before) = (Instant::now(), usage::children_cpu()?);
            output(&mut workspace.cargo(&packages[index], &arguments))?;
            times[index].push(begun.elapsed().as_secs_f64());
            cpu[index].push(usage::children_cpu()? - before);
            sizes[index] = fs::metadata(target.path().join("release/program"))?.len();
        }
    }
    let counts: Vec<usize> = packages
        .iter()
        // The program itself does not count.
        .map(|package| Ok(crates(workspace, package, &["--locked"])?.len() - 1))
        .collect::<Result<_, Failure>>()?;

    let times_built = match options.builds {
        1 => "once".to_owned(),
        builds => format!("{builds} times"),
    };
    Ok(Section {
        title: "Cost of the dependency",
        about: format!(
            "Three small programs that list sessions, each built from scratch in the release profile, {times_built}, with the same versions \
             of everything. CPU is the CPU time of cargo and all compilers; crates are what a build for this platform needs, macros \
             included; the size is that of the stripped program."
        ),
        columns: vec!["program", "seconds", "CPU s", "crates", "MB"],
        rows: PROGRAMS
            .iter()
            .enumerate()
            .map(|(index, program)| {
                let Spread {
                    median: time,
                    least,
                    most,
                } = Spread::of(&times[index]);
                Row {
                    cells: vec![
                        program.name.to_owned(),
                        format!("{time:.1} ({least:.1}–{most:.1})"),
                        format!("{:.1}", median(&cpu[index])),
                        counts[index].to_string(),
                        format!("{:.2}", sizes[index] as f64 / 1e6),
                    ],
                    meaning: program.meaning.to_owned(),
                }
            })
            .collect(),
        bounds: vec![
            Bound::at_most(
                "CPU time of the cold build of the facade / of reqwest + serde + progenitor-client",
                median_ratio(&cpu[FACADE], &cpu[PROGENITOR]),
                1.15,
                "×",
            ),
            Bound::at_most(
                "crates of the facade beyond those of reqwest + serde + progenitor-client",
                counts[FACADE] as f64 - counts[PROGENITOR] as f64,
                12.0,
                "crates",
            ),
        ],
    })
}

/// Writes a package outside the workspace, with the workspace's versions.
fn write(workspace: &Workspace, package: &Path, program: &Program) -> Result<PathBuf, Failure> {
    fs::create_dir_all(package.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"program\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[profile.release]\nstrip = true\n\n[dependencies]\n{}\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n\n[workspace]\n",
        (program.dependencies)(&workspace.root)
    );
    fs::write(package.join("Cargo.toml"), manifest)?;
    fs::write(package.join("src/main.rs"), program.source)?;
    fs::copy(workspace.root.join("Cargo.lock"), package.join("Cargo.lock"))?;
    Ok(package.to_owned())
}
