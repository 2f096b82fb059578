//! What the build scripts of the raw crates share under their feature `build-time`.

use std::io::{self, Write};
use std::{env, fs};

use crate::generate::generate;
use crate::spec::Spec;

/// Generates a client into the build directory, from where the crate includes it.
///
/// `spec` is the text of the spec, and `name` what findings call it. Each finding becomes a line with
/// an error for cargo in `out`, which is the standard output of a build script. Without a spec, as in a
/// published crate, the checked-in files are copied.
///
/// # Errors
///
/// Fails when a file cannot be read or written, and when the spec cannot be generated.
pub fn generate_in_build_script(name: &str, spec: Option<&str>, out: &mut impl Write) -> io::Result<()> {
    let folder = env::var("OUT_DIR").map_err(io::Error::other)?;
    let (client, httpmock) = ("generated.rs", "generated_httpmock.rs");
    let Some(spec) = spec else {
        for file in [client, httpmock] {
            fs::copy(format!("src/{file}"), format!("{folder}/{file}"))?;
        }
        return Ok(());
    };
    match Spec::parse(name, spec).and_then(|spec| generate(&spec)) {
        Ok(generated) => {
            fs::write(format!("{folder}/{client}"), generated.client)?;
            fs::write(format!("{folder}/{httpmock}"), generated.httpmock)
        }
        Err(findings) => {
            for finding in &findings {
                writeln!(out, "cargo::error={finding}")?;
            }
            Err(io::Error::other(format!("{name} cannot be generated")))
        }
    }
}
