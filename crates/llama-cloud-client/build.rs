//! Keeps the generated client and its spec together.
//!
//! Without features there are no dependencies here, only a comparison: when the spec beside this crate no longer has the
//! hash that the generated file names, a warning says what to do. With the feature `build-time` the client is generated now. A
//! published crate has no spec beside it; it uses the checked-in file and asks for no rerun.

#![allow(clippy::print_stdout, reason = "a build script speaks to cargo on stdout")]

use std::{fs, io};

const SPEC: &str = "specs/llama-cloud.yaml";

fn main() -> io::Result<()> {
    let spec = fs::read_to_string(format!("../../{SPEC}")).ok();
    if spec.is_some() {
        println!("cargo::rerun-if-changed=../../{SPEC}\ncargo::rerun-if-changed=src\ncargo::rerun-if-changed=build.rs");
    }
    bring(spec.as_deref())
}

/// Warns when the checked-in file was not generated from the spec as it is now.
#[cfg(not(feature = "build-time"))]
fn bring(spec: Option<&str>) -> io::Result<()> {
    let Some(spec) = spec else { return Ok(()) };
    // FNV-1a with 64 bits, line ends normalised, as in chat-sessions-codegen.
    let bytes = spec.bytes().filter(|byte| *byte != b'\r');
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    if !fs::read_to_string("src/generated.rs")?.contains(&format!("fnv1a64:{hash:016x}")) {
        println!(
            "cargo::warning={SPEC} was changed after src/generated.rs was generated from it; run `cargo xtask generate`"
        );
    }
    Ok(())
}

/// Generates into the build directory, from where the crate is compiled instead; findings stop the build.
#[cfg(feature = "build-time")]
fn bring(spec: Option<&str>) -> io::Result<()> {
    let folder = std::env::var("OUT_DIR").map_err(io::Error::other)?;
    let Some(spec) = spec else {
        fs::copy("src/generated.rs", format!("{folder}/generated.rs"))?;
        fs::copy("src/generated_httpmock.rs", format!("{folder}/generated_httpmock.rs"))?;
        return Ok(());
    };
    match chat_sessions_codegen::Spec::parse(SPEC, spec).and_then(|spec| chat_sessions_codegen::generate(&spec)) {
        Ok(generated) => {
            fs::write(format!("{folder}/generated.rs"), generated.client)?;
            fs::write(format!("{folder}/generated_httpmock.rs"), generated.httpmock)
        }
        Err(findings) => {
            for finding in &findings {
                println!("cargo::error={finding}");
            }
            std::process::exit(1)
        }
    }
}
