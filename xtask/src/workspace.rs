//! Where things are in this repository.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use crate::Failure;

/// The providers, each with `specs/NAME.yaml` and `crates/NAME-client`.
pub(crate) const PROVIDERS: [&str; 2] = ["llama-cloud", "memories-ai"];

/// The root of the workspace that xtask was called in.
pub(crate) fn root() -> PathBuf {
    // Cargo sets the variable for `cargo run`; a binary that is called by hand knows where it was built.
    let package =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map_or(package.clone(), Path::to_path_buf)
}

/// Reads a text file; the error names it.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()).into())
}

/// Reads a text file that may be missing, in which case it is empty.
pub(crate) fn read_or_empty(path: &Path) -> Result<String, Failure> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        other => other.map_err(|error| format!("{} cannot be read: {error}", path.display()).into()),
    }
}

/// Writes a text file; the error names it.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|error| format!("{} cannot be written: {error}", path.display()).into())
}

/// The cargo that called us, so that a toolchain chosen by hand stays chosen.
pub(crate) fn cargo() -> PathBuf {
    env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}
