//! The paths of the repository and of cargo, and a way to run commands.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;

/// The repository and this program.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// The repository.
    pub(super) root: PathBuf,
    /// This program, which is also the server and the clients.
    pub(super) program: PathBuf,
}

impl Workspace {
    pub(super) fn find() -> Result<Self, Failure> {
        // Cargo sets the variable for `cargo run`; otherwise the path from the build applies.
        let package = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package
            .ancestors()
            .nth(2)
            .ok_or("the repository was moved after this program was built")?;
        Ok(Self {
            root: root.to_owned(),
            program: std::env::current_exe()?,
        })
    }

    /// A cargo command in a folder, without the variables of the outer cargo or the shell that
    /// would change a build.
    pub(super) fn cargo(&self, folder: &Path, arguments: &[&str]) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.current_dir(folder).args(arguments);
        for name in [
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_MANIFEST_DIR",
            "RUSTC_WRAPPER",
            "RUSTFLAGS",
        ] {
            command.env_remove(name);
        }
        // The bench looks for the builds here, whatever the shell or a configuration says.
        command.env("CARGO_TARGET_DIR", self.root.join("target"));
        command
    }
}

/// Runs a command and returns its standard output.
pub(super) fn output(command: &mut Command) -> Result<String, Failure> {
    let output = command.stderr(std::process::Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("{command:?} failed; see its output above").into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// The crates in a `cargo tree` with these arguments, each once: those of a build for this
/// platform, without tests.
pub(super) fn crates(workspace: &Workspace, folder: &Path, arguments: &[&str]) -> Result<Vec<String>, Failure> {
    let mut all = vec![
        "tree",
        "--quiet",
        "--offline",
        "--edges=normal",
        "--prefix=none",
        "--format={p}",
    ];
    all.extend(arguments);
    let tree = output(&mut workspace.cargo(folder, &all))?;
    let mut crates: Vec<String> = tree
        .lines()
        .map(|line| line.trim_end_matches(" (*)").to_owned())
        .collect();
    crates.sort();
    crates.dedup();
    Ok(crates)
}
