//! Detects a spec that has changed since the client was generated.
//!
//! Without features, this has no dependencies: if the hash of the spec differs from the one in the
//! header of the generated file, a warning says what to do. With the feature `build-time`, the
//! client is generated during the build. A published crate contains no spec and always uses the
//! checked-in file.

#![allow(clippy::print_stdout, reason = "a build script speaks to cargo on stdout")]

use std::{fs, io};

const SPEC: &str = "specs/llama-cloud.yaml";

fn main() -> io::Result<()> {
    let spec = fs::read_to_string(format!("../../{SPEC}")).ok();
    if spec.is_some() {
        println!("cargo::rerun-if-changed=../../{SPEC}\ncargo::rerun-if-changed=src\ncargo::rerun-if-changed=build.rs");
    }
    #[cfg(feature = "build-time")]
    return chat_sessions_codegen::generate_in_build_script(SPEC, spec.as_deref(), &mut io::stdout());
    #[cfg(not(feature = "build-time"))]
    warn_if_stale(spec.as_deref())
}

/// Warns when the spec has changed since the checked-in file was generated.
#[cfg(not(feature = "build-time"))]
fn warn_if_stale(spec: Option<&str>) -> io::Result<()> {
    let Some(spec) = spec else { return Ok(()) };
    // 64-bit FNV-1a over the text without carriage returns, as in chat-sessions-codegen.
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
