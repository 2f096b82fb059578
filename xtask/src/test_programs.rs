//! The test programs of the workspace, as cargo builds them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::outcome::Failure;
use crate::packages::Target;
use crate::{test_environment, workspace};

/// A test program.
pub(crate) struct TestProgram {
    /// Its package, and its target if that is a test of its own: several programs can have the same name.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// The folder of its package, in which its tests run.
    pub(crate) package: PathBuf,
    pub(crate) target: Target,
}

/// A line that cargo prints for each thing that it has built.
#[derive(Deserialize)]
struct Message {
    executable: Option<PathBuf>,
    manifest_path: Option<PathBuf>,
    profile: Option<Profile>,
    target: Option<Target>,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

/// Builds test programs with a command that prints cargo's messages as JSON.
pub(crate) fn build(mut command: Command) -> Result<Vec<TestProgram>, Failure> {
    let output = command.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err("the tests cannot be built".into());
    }
    let mut programs = Vec::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        if let Message {
            executable: Some(path),
            manifest_path: Some(manifest),
            profile: Some(Profile { test: true }),
            target: Some(target),
        } = serde_json::from_str(line)?
        {
            let package = manifest.parent().unwrap_or(&manifest).to_owned();
            programs.push(TestProgram {
                name: name(&package, &target),
                path,
                package,
                target,
            });
        }
    }
    Ok(programs)
}

impl TestProgram {
    /// Gives the command that starts it the folder and the variables that cargo gives a test program.
    pub(crate) fn as_cargo<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command
            .current_dir(&self.package)
            .env("CARGO", workspace::cargo_program())
            .env("CARGO_MANIFEST_DIR", &self.package);
        test_environment::isolate(command)
    }

    /// The command of a person that runs it.
    pub(crate) fn cargo_command(&self) -> String {
        let package = self.package.file_name().unwrap_or_default().to_string_lossy();
        let target = match &self.target {
            target if target.is_any(&["test"]) => format!("--test {}", target.name),
            target if target.is_any(&["bin"]) => format!("--bin {}", target.name),
            _ => "--lib".to_owned(),
        };
        format!("cargo test -p {package} {target}")
    }
}

fn name(package: &Path, target: &Target) -> String {
    let package = package.file_name().unwrap_or_default().to_string_lossy();
    if target.is_any(&["test"]) {
        format!("{package}/{}", target.name)
    } else {
        package.into_owned()
    }
}
