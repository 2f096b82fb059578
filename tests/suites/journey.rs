//! The journey of someone who keeps the clients: a field appears at the provider, and every tool says what it should, from
//! the edit of the spec to the accepted snapshot. It happens in a copy of the workspace, offline, with a build directory of
//! its own that stays warm between runs.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use std::{env, fs};

/// The field that the provider's SDK has had as required since 2.17.0 and that its page does not name.
const FIELD: &str = r"        shared_access:
          type: string
          enum: [query, read_only]
          description: What a link to the session grants.
          x-evidence: sdk
";
/// The line before which it goes into the spec.
const NEXT: &str = "        generated_title:\n";

#[test]
fn a_field_travels_from_the_spec_to_the_accepted_snapshot() {
    let journey = Journey::begin();
    let spec = journey.root.join("specs/llama-cloud.yaml");
    let text = fs::read_to_string(&spec).unwrap();
    assert_eq!(text.matches(NEXT).count(), 1, "the field has one place");
    fs::write(&spec, text.replacen(NEXT, &format!("{FIELD}{NEXT}"), 1)).unwrap();

    let check = journey.cargo(&["xtask", "generate", "--check"]);
    assert_eq!(check.status.code(), Some(1), "{}", shown(&check));
    assert!(
        stdout(&check).contains("+        pub shared_access: "),
        "{}",
        shown(&check)
    );
    assert!(
        stderr(&check).contains("run `cargo xtask generate`"),
        "{}",
        shown(&check)
    );

    // Without its TLS the crate is the same and builds in a third of the time.
    let raw = ["build", "-p", "llama-cloud-client", "--no-default-features"];
    let build = journey.cargo(&raw);
    assert!(build.status.success(), "{}", shown(&build));
    let warning =
        "specs/llama-cloud.yaml was changed after src/generated.rs was generated from it; run `cargo xtask generate`";
    assert!(stderr(&build).contains(warning), "{}", shown(&build));

    let mut at_build_time = raw.to_vec();
    at_build_time.extend([
        "--features",
        "build-time,httpmock",
        "--message-format",
        "json-render-diagnostics",
    ]);
    let build = journey.cargo(&at_build_time);
    assert!(build.status.success(), "{}", shown(&build));
    assert!(!stderr(&build).contains("warning:"), "{}", shown(&build));
    let out = out_dir(&stdout(&build));
    let generated = fs::read_to_string(out.join("generated.rs")).unwrap();
    assert!(
        generated.contains("pub shared_access: "),
        "the compiled text has the field"
    );

    let generate = journey.cargo(&["xtask", "generate"]);
    assert!(generate.status.success(), "{}", shown(&generate));
    for file in ["generated.rs", "generated_httpmock.rs"] {
        let written = fs::read_to_string(journey.root.join("crates/llama-cloud-client/src").join(file)).unwrap();
        let built = fs::read_to_string(out.join(file)).unwrap();
        assert!(written == built, "{file}: the two ways give the same text");
    }

    let tests = [
        "-p",
        "llama-cloud-client",
        "--no-default-features",
        "--features",
        "schemars",
        "--test",
        "schema",
    ];
    let snapshots = |accept: &[&str]| {
        let mut arguments = vec!["xtask", "snapshots"];
        arguments.extend(accept);
        arguments.push("--");
        arguments.extend(tests);
        journey.cargo(&arguments)
    };
    let changed = snapshots(&[]);
    assert_eq!(changed.status.code(), Some(1), "{}", shown(&changed));
    assert!(
        stdout(&changed).contains("+        \"shared_access\": {"),
        "{}",
        shown(&changed)
    );
    assert!(
        stderr(&changed).contains("cargo xtask snapshots --accept"),
        "{}",
        shown(&changed)
    );
    let accepted = snapshots(&["--accept"]);
    assert!(accepted.status.success(), "{}", shown(&accepted));
    let settled = snapshots(&[]);
    assert!(settled.status.success(), "{}", shown(&settled));

    let start = Instant::now();
    let again = journey.cargo(&["xtask", "generate"]);
    let warm = start.elapsed();
    assert!(again.status.success(), "{}", shown(&again));
    assert!(
        stdout(&again).lines().all(|line| line.ends_with(": up to date")),
        "{}",
        shown(&again)
    );
    // About a second on an idle machine; other tests run beside this one.
    assert!(warm < Duration::from_secs(10), "warm, generate takes {warm:?}");

    // The facade neither breaks nor loses anything when a field that it does not name becomes a typed one.
    let facade = journey.cargo(&["check", "-p", "chat-sessions", "--no-default-features"]);
    assert!(facade.status.success(), "{}", shown(&facade));
    assert!(!stderr(&facade).contains("was changed after"), "{}", shown(&facade));
}

struct Journey {
    root: PathBuf,
    target: PathBuf,
}

impl Journey {
    /// Brings the copy to the state of the workspace. Files that are the same stay untouched, so that cargo finds them fresh.
    fn begin() -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("journey");
        let journey = Self {
            root: home.join("workspace"),
            target: home.join("target"),
        };
        let mut kept = BTreeSet::new();
        copy(&source, &journey.root, &mut kept);
        remove_others(&journey.root, &kept);
        journey
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root).args(arguments);
        command
            .env("CARGO_TARGET_DIR", &self.target)
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TERM_COLOR", "never");
        // Without debug information, what the build scripts need and what xtask needs is built once.
        command
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_INCREMENTAL", "0");
        // What cargo says to this test is not meant for the cargo inside of it.
        for name in [
            "CARGO_MANIFEST_DIR",
            "CARGO_PKG_NAME",
            "RUSTFLAGS",
            "INSTA_UPDATE",
            "INSTA_FORCE_PASS",
        ] {
            command.env_remove(name);
        }
        command.output().unwrap()
    }
}

fn copy(from: &Path, to: &Path, kept: &mut BTreeSet<PathBuf>) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().unwrap().is_dir() {
            // Build directories carry this tag, whatever they are called.
            if entry.file_name() != ".git" && !source.join("CACHEDIR.TAG").exists() {
                copy(&source, &target, kept);
            }
        } else if source.extension().is_none_or(|extension| extension != "new") {
            let text = fs::read(&source).unwrap();
            if fs::read(&target).ok().as_ref() != Some(&text) {
                fs::write(&target, text).unwrap();
            }
            kept.insert(target);
        }
    }
}

fn remove_others(folder: &Path, kept: &BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            remove_others(&path, kept);
        } else if !kept.contains(&path) {
            fs::remove_file(&path).unwrap();
        }
    }
}

/// Where the build script of the raw client wrote, as cargo's messages say.
fn out_dir(messages: &str) -> PathBuf {
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let mut of_client = messages.filter(|message| {
        let package = message["package_id"].as_str().unwrap_or_default();
        message["reason"] == "build-script-executed" && package.contains("llama-cloud-client")
    });
    of_client.next().unwrap()["out_dir"].as_str().unwrap().into()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn shown(output: &Output) -> String {
    format!("{}\n{}\n{}", output.status, stdout(output), stderr(output))
}
