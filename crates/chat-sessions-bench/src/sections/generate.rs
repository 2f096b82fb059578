//! Generate: the time of `cargo xtask generate --check`, after a complete build and from scratch.

use std::process::Command;
use std::time::Instant;

use super::options::Options;
use super::workspace::{Workspace, output};
use crate::failure::Failure;
use crate::report::{Bound, Row, Section};
use crate::stats::Spread;
use crate::usage;

pub(super) fn run(options: &Options, workspace: &Workspace) -> Result<Section, Failure> {
    let rounds = options.rounds(7);
    let command = || workspace.cargo(&workspace.root, &["xtask", "generate", "--check"]);
    let program = || {
        let mut program = Command::new(workspace.root.join("target/debug/xtask"));
        program
            .current_dir(&workspace.root)
            .args(["generate", "--check"])
            .env_remove("CARGO_MANIFEST_DIR");
        program
    };
    // Builds it if necessary.
    output(&mut command())?;
    let (mut warm, mut alone) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        warm.push(seconds(&mut command())?);
        alone.push(seconds(&mut program())?);
    }
    eprintln!("building xtask from nothing");
    let target = tempfile::tempdir()?;
    let cpu = usage::children_cpu()?;
    let cold = [seconds(command().env("CARGO_TARGET_DIR", target.path()))?];
    let cpu = usage::children_cpu()? - cpu;

    let warm = Spread::of(&warm);
    let row = |name: &str, times: Spread, meaning: String| Row {
        cells: vec![
            name.to_owned(),
            format!("{:.2} ({:.2}–{:.2})", times.median, times.least, times.most),
        ],
        meaning,
    };
    Ok(Section {
        title: "Generation",
        about: format!(
            "Both raw clients are generated from their specs and compared with the checked-in files: the median of {rounds} runs, and one \
             cold run. Cold means that nothing is built, not even the generator; everything is downloaded already."
        ),
        columns: vec!["`cargo xtask generate --check`", "seconds"],
        rows: vec![
            row(
                "warm",
                warm,
                "the whole command, including cargo's check that nothing has changed".to_owned(),
            ),
            row(
                "warm, without cargo",
                Spread::of(&alone),
                "the program `xtask` alone".to_owned(),
            ),
            row(
                "cold",
                Spread::of(&cold),
                format!(
                    "the generator and its dependencies are compiled first, in the dev profile: {cpu:.0} s of CPU time"
                ),
            ),
        ],
        bounds: vec![Bound::at_most(
            "`cargo xtask generate --check`, warm",
            warm.median,
            0.5,
            "s",
        )],
    })
}

fn seconds(command: &mut Command) -> Result<f64, Failure> {
    let begun = Instant::now();
    output(command)?;
    Ok(begun.elapsed().as_secs_f64())
}
