//! Runs the ten commands of `docs/specs.md` in order, as a newcomer types them.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::{env, fs};

use crate::workspace_copy::{Copied, shown, stdout};

const PAGE: &str = "docs/specs.md";
const SECTION: &str = "## Ten commands";

/// The program that the first command builds and runs. The test uses the binary of the command
/// line's tests, because building it again with TLS takes longer than all other commands.
const PROGRAM: &str = "cargo run -p chat-sessions-cli -- ";

#[test]
fn the_ten_commands_lead_from_a_response_to_the_changelog() {
    let copy = Copied::new("readme_workflow");
    let identity = [
        "-c",
        "user.name=A Maintainer",
        "-c",
        "user.email=maintainer@example.org",
    ];
    for arguments in [
        &["init", "-q"][..],
        &["add", "-A"],
        &["commit", "-q", "-m", "As it was"],
    ] {
        let git = copy.run(Command::new("git").args(identity).args(arguments));
        assert!(git.status.success(), "{}", shown(&git));
    }

    let page = fs::read_to_string(copy.root.join(PAGE)).unwrap();
    let commands = commands(&page);
    assert_eq!(commands.len(), 10, "{commands:#?}");
    let outputs: Vec<Output> = commands
        .iter()
        .map(|command| {
            let output = run(&copy, command);
            // Drift exits with 1 because it found something, as the page says.
            let expected = i32::from(command.contains("xtask drift"));
            assert_eq!(output.status.code(), Some(expected), "{command}: {}", shown(&output));
            output
        })
        .collect();

    let said = |part: &str| {
        let index = commands.iter().position(|command| command.contains(part)).unwrap();
        stdout(&outputs[index])
    };
    assert!(
        said("xtask drift").contains("The field `shared_access` is not described"),
        "{}",
        said("xtask drift")
    );
    assert!(
        said("xtask generate").contains("+        pub shared_access: "),
        "{}",
        said("xtask generate")
    );
    assert!(
        said("xtask field-map").contains("ChatSession.shared_access of llama-cloud is kept"),
        "{}",
        said("xtask field-map")
    );
    assert!(
        said("xtask diff").contains("llama-cloud-client: major (0.1.0"),
        "{}",
        said("xtask diff")
    );
    assert!(
        said("xtask snapshots").contains("+        \"shared_access\": {"),
        "{}",
        said("xtask snapshots")
    );
    assert!(
        said("cargo test").contains("test result: ok. 3 passed"),
        "{}",
        said("cargo test")
    );
    assert!(
        said("-o markdown").starts_with("### Breaking Changes"),
        "{}",
        said("-o markdown")
    );

    // The spec now describes the recorded responses, so that nothing is left to do.
    for command in [
        "cargo xtask drift evidence.har",
        "cargo xtask generate --check",
        "cargo xtask field-map",
    ] {
        let output = run(&copy, command);
        assert!(output.status.success(), "{command}: {}", shown(&output));
    }
}

/// The lines of the first block of shell commands in the section.
fn commands(page: &str) -> Vec<&str> {
    let (_, section) = page.split_once(SECTION).unwrap();
    let (_, block) = section.split_once("```sh\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    block.lines().collect()
}

fn run(copy: &Copied, command: &str) -> Output {
    if let Some(arguments) = command.strip_prefix(PROGRAM) {
        return copy.run(Command::new(program()).args(arguments.split_whitespace()));
    }
    let words: Vec<&str> = command.split_whitespace().collect();
    match words.as_slice() {
        ["cargo", arguments @ ..] => copy.cargo(arguments),
        [program, arguments @ ..] => copy.run(Command::new(program).args(arguments)),
        [] => panic!("an empty line among the commands"),
    }
}

/// The binary of the command line beside this test; built now if only this package was built.
fn program() -> PathBuf {
    let test = env::current_exe().unwrap();
    let folder = test.parent().and_then(|deps| deps.parent()).unwrap();
    let program = folder.join(format!("chat-sessions{}", env::consts::EXE_SUFFIX));
    if !program.exists() {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        let build = cargo.args(["build", "-p", "chat-sessions-cli"]).output().unwrap();
        assert!(build.status.success(), "{}", shown(&build));
    }
    program
}
