//! Follows `docs/adding-a-provider.md`, from a published document to a merged list, in a copy of the
//! workspace. The page has the commands and, as diffs, what a maintainer changes by hand.

use std::fs;
use std::process::{Command, Output};

use crate::workspace_copy::{Copied, shown, stderr, stdout};

const PAGE: &str = "docs/adding-a-provider.md";

/// A maintainer may write this many lines by hand, beside specs, fixtures and snapshots.
const MOST_LINES: usize = 200;

#[test]
fn a_published_document_becomes_a_provider_in_the_merged_list() {
    let copy = Copied::new("provider_workflow");
    commit(&copy, "As it was");
    let page = fs::read_to_string(copy.root.join(PAGE)).unwrap();
    let commands = blocks(&page, "sh");
    let [new, checks, list] = commands.as_slice() else {
        panic!("{commands:#?}")
    };

    let outputs = run_all(&copy, new);
    let written = stdout(&outputs[0]);
    for decision in ["end rule", "capabilities", "times"] {
        assert!(written.contains(&format!(": {decision}: ")), "{decision}: {written}");
    }
    commit(&copy, "What the command wrote");

    // The decisions are not made yet, and a check names each with its place.
    let undecided = copy.cargo(&["xtask", "invariants"]);
    assert_eq!(undecided.status.code(), Some(1), "{}", shown(&undecided));
    assert_eq!(
        stderr(&undecided).matches("to decide: ").count(),
        3,
        "{}",
        shown(&undecided)
    );

    for (index, diff) in blocks(&page, "diff").iter().enumerate() {
        let name = format!("decision-{index}.diff");
        fs::write(copy.root.join(&name), diff).unwrap();
        let apply = copy.run(Command::new("git").args(["apply", "--recount", &name]));
        assert!(apply.status.success(), "{diff}\n{}", shown(&apply));
        fs::remove_file(copy.root.join(&name)).unwrap();
    }
    run_all(&copy, checks);

    let listed = stdout(&run_all(&copy, list)[0]);
    for provider in ["memories-ai", "llama-cloud", "harbor"] {
        assert!(listed.contains(provider), "{provider}: {listed}");
    }
    let by_hand = lines_by_hand(&copy);
    assert!(
        by_hand.iter().map(|(_, lines)| lines).sum::<usize>() <= MOST_LINES,
        "{by_hand:?}"
    );

    a_broken_rule_is_noticed(&copy);
}

/// The third raw client is under the same rules as the first two.
fn a_broken_rule_is_noticed(copy: &Copied) {
    let notices = |file: &str, text: &str, command: &[&str], part: &str| {
        let path = copy.root.join(file);
        let before = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("…", &before)).unwrap();
        let output = copy.cargo(command);
        fs::write(&path, before).unwrap();
        assert_eq!(output.status.code(), Some(1), "{file}: {}", shown(&output));
        assert!(shown(&output).contains(part), "{part}: {}", shown(&output));
    };
    let raw = "crates/harbor-client/src/lib.rs";
    let policy = "…\nfn wait() { std::thread::sleep(std::time::Duration::ZERO) }\n";
    notices(raw, policy, &["xtask", "invariants"], "harbor-client/src/lib.rs:");
    let facade = "crates/chat-sessions/src/client.rs";
    let raw_type = "…\nfn raw(_: harbor_client::types::Thread) {}\n";
    notices(
        facade,
        raw_type,
        &["xtask", "invariants"],
        "`harbor_client` is against invariant 3",
    );
    let spec = "specs/harbor.yaml";
    let generated = ["xtask", "generate", "--check"];
    notices(
        spec,
        "…# changed\n",
        &generated,
        "harbor-client/src/generated.rs: stale",
    );
    let example = "tests/fixtures/harbor/documented-example.json";
    notices(example, "{\"data\": []}", &["xtask", "lint"], "error[example-fixture]");
}

/// The files that were changed after the command, with the number of lines that were written.
fn lines_by_hand(copy: &Copied) -> Vec<(String, usize)> {
    let diff = copy.run(Command::new("git").args(["diff", "--numstat", "HEAD"]));
    let lines = stdout(&diff);
    let rows = lines.lines().filter_map(|line| {
        let mut parts = line.split('\t');
        let (added, _, file) = (parts.next()?, parts.next()?, parts.next()?);
        let counts = !["specs/", "tests/fixtures/", "snapshots/", "Cargo.lock"]
            .iter()
            .any(|part| file.contains(part));
        counts.then(|| (file.to_owned(), added.parse().unwrap_or(0)))
    });
    rows.collect()
}

fn commit(copy: &Copied, message: &str) {
    let identity = [
        "-c",
        "user.name=A Maintainer",
        "-c",
        "user.email=maintainer@example.org",
    ];
    for arguments in [&["init", "-q"][..], &["add", "-A"], &["commit", "-q", "-m", message]] {
        let git = copy.run(Command::new("git").args(identity).args(arguments));
        assert!(git.status.success(), "{}", shown(&git));
    }
}

/// Runs each line of a block; all must succeed.
fn run_all(copy: &Copied, block: &str) -> Vec<Output> {
    let outputs = block.lines().map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let output = copy.cargo(&words[1..]);
        assert!(output.status.success(), "{line}: {}", shown(&output));
        output
    });
    outputs.collect()
}

/// The blocks of a page in one language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let start = format!("```{language}\n");
    let parts = page.split(&start).skip(1);
    parts
        .map(|part| part.split("```").next().unwrap_or_default().to_owned())
        .collect()
}
