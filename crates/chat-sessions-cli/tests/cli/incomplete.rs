//! One truth about completeness: for every way in which a list can be incomplete, and for what looks
//! like one and is none, the JSON document, the exit code and standard error agree in every format, and
//! with `ALL_CASES` in every format in both orders. `interrupt.rs` and `stalled.rs` have the cases that
//! need a signal or time, `pipes.rs` those of a closed pipe.

use std::collections::BTreeSet;
use std::process::Command;

use chat_sessions_sandbox::{Fault, Paging, Provider, Sandbox};
use serde_json::Value;

use crate::json::assert_valid;
use crate::support::{FORMATS, Ran, Shell, cursor, in_parallel, pairs, parsed, run, text};

use Provider::{LlamaCloud as Llama, MemoriesAi as Memories};

const ORDERS: [&str; 2] = ["newest", "source"];

/// A way in which a list ends.
struct Case {
    name: &'static str,
    /// What the server does.
    faults: Vec<(Provider, Fault)>,
    arguments: &'static str,
    /// Variables that differ from those of a working setup.
    environment: Vec<(&'static str, &'static str)>,
    code: i32,
    /// The provider and the kind of each error.
    errors: Vec<(&'static str, &'static str)>,
    /// The provider and the reason of everything else that is missing.
    missing: Vec<(&'static str, &'static str)>,
    /// What standard error says in text.
    said: Vec<&'static str>,
}

/// A case in which the list is complete.
fn case(name: &'static str, arguments: &'static str) -> Case {
    Case {
        name,
        faults: Vec::new(),
        arguments,
        environment: Vec::new(),
        code: 0,
        errors: Vec::new(),
        missing: Vec::new(),
        said: Vec::new(),
    }
}

impl Case {
    fn fault(mut self, provider: Provider, fault: Fault) -> Self {
        self.faults.push((provider, fault));
        self
    }

    fn variable(mut self, name: &'static str, value: &'static str) -> Self {
        self.environment.push((name, value));
        self
    }

    fn code(mut self, code: i32) -> Self {
        self.code = code;
        self
    }

    fn error(mut self, provider: &'static str, kind: &'static str) -> Self {
        self.errors.push((provider, kind));
        self
    }

    fn missing(mut self, provider: &'static str, kind: &'static str) -> Self {
        self.missing.push((provider, kind));
        self
    }

    fn said(mut self, text: &'static str) -> Self {
        self.said.push(text);
        self
    }
}

const MEMORIES: &str = "memories-ai";
const LLAMA: &str = "llama-cloud";

fn json(body: &str) -> Fault {
    Fault::raw(200, "application/json", body)
}

fn bad_item() -> Fault {
    Fault::paging(Paging::ReplaceItem { at: 1, item: None })
}

/// Ways in which nothing is missing.
fn complete() -> Vec<Case> {
    vec![
        case("the whole list", "--all"),
        case("a limit beyond the end", "--limit 100"),
        case("a limit that all sessions fill", "--limit 13"),
        case("as many pages as there are", "--all --max-pages 2"),
        case("a filter that stops early", "--all --since 2026-04-21"),
        case("a filter that nothing matches", "--all --title nothing-has-this-title")
            .said("no session matches; 13 sessions read, the newest from 2026-04-22 12:34"),
        case("a provider without a key", "--all").variable("LLAMA_CLOUD_API_KEY", ""),
        case("a session that is sent twice", "--all")
            .fault(Memories, Fault::paging(Paging::Duplicates(1)).on_pages(2..=2))
            .said("1 session received twice, listed once"),
        case("sessions that are sent twice", "--all")
            .fault(Memories, Fault::paging(Paging::Duplicates(2)).on_pages(2..=2))
            .said("2 sessions received twice, listed once"),
        // They do not match, as a session without a title never matches --title.
        case(
            "a session without a time",
            "--provider llama-cloud --all --since 2020-01-01",
        )
        .fault(Llama, json(r#"{"items":[{"session_id":"ses-a"}]}"#))
        .said("skipped 1 session without a time to compare with --since or --until"),
        case("an empty page in the middle", "--provider llama-cloud --all")
            .fault(Llama, Fault::paging(Paging::EmptyPage).on_pages(1..=1)),
    ]
}

/// Ways in which only an option cuts the list.
fn cut() -> Vec<Case> {
    vec![
        case("a limit", "--limit 5")
            .missing(MEMORIES, "limit")
            .missing(LLAMA, "limit")
            .said("5 sessions shown, more available; use a larger --limit or --all"),
        case("a limit of one", "--limit 1")
            .missing(MEMORIES, "limit")
            .missing(LLAMA, "limit")
            .said("1 session shown, more available; use a larger --limit or --all"),
        case("a limit on what matches", "--limit 1 --title .")
            .missing(MEMORIES, "limit")
            .missing(LLAMA, "limit")
            .said("1 session shown, there may be more"),
        case("a limit on pages", "--provider memories-ai --all --max-pages 1")
            .missing(MEMORIES, "max-pages")
            .said("4 sessions shown, more available; use a larger --max-pages"),
        case("a limit on the pages of both", "--all --max-pages 1")
            .missing(MEMORIES, "max-pages")
            .missing(LLAMA, "max-pages")
            .said("use a larger --max-pages"),
    ]
}

/// Ways in which something is lost.
fn lost() -> Vec<Case> {
    let failing = |code| Fault::status(code).with_header("retry-after-ms", "1");
    let a_token_again = Fault::paging(Paging::Token("again".to_owned())).on_pages(1..);
    vec![
        case("a skipped item", "--all")
            .fault(Memories, bad_item().on_pages(1..=1))
            .code(3)
            .missing(MEMORIES, "rejected")
            .said("skipped 1 invalid item at /data/sessions/1: "),
        case("two skipped items", "--all")
            .fault(Memories, bad_item())
            .code(3)
            .missing(MEMORIES, "rejected")
            .said("skipped 2 invalid items, the first at /data/sessions/1: "),
        case(
            "a skipped item and no session that matches",
            "--all --title nothing-has-this-title",
        )
        .fault(Llama, bad_item().on_pages(1..=1))
        .code(3)
        .missing(LLAMA, "rejected")
        .said("skipped 1 invalid item at /items/1"),
        case("a skipped item and a limit", "--provider memories-ai --limit 2")
            .fault(Memories, bad_item())
            .code(3)
            .missing(MEMORIES, "limit")
            .missing(MEMORIES, "rejected")
            .said("skipped 1 invalid item")
            .said("2 sessions shown, more available"),
        case(
            "a skipped item and a limit on pages",
            "--provider memories-ai --all --max-pages 1",
        )
        .fault(Memories, bad_item())
        .code(3)
        .missing(MEMORIES, "max-pages")
        .missing(MEMORIES, "rejected")
        .said("skipped 1 invalid item")
        .said("3 sessions shown, "),
        case("only bad items", "--all")
            .fault(Llama, Fault::paging(Paging::AllItemsBad))
            .code(3)
            .error(LLAMA, "protocol")
            .missing(LLAMA, "rejected")
            .said("an item of the page cannot be decoded"),
        case("a failure at the start", "--all")
            .fault(Llama, failing(500))
            .code(3)
            .error(LLAMA, "server")
            .said("error: llama-cloud: "),
        case("a failure in the middle", "--all")
            .fault(Memories, failing(503).on_pages(2..))
            .code(3)
            .error(MEMORIES, "server")
            .said("error: memories-ai/default: "),
        case("a refused key", "--all")
            .variable("LLAMA_CLOUD_API_KEY", "llx-planted-wrong")
            .code(3)
            .error(LLAMA, "auth")
            .said("error: llama-cloud: "),
        case("a failure and a limit", "--limit 3")
            .fault(Memories, failing(429))
            .code(3)
            .error(MEMORIES, "rate-limited")
            .missing(LLAMA, "limit")
            .said("3 sessions shown, there may be more"),
        case("a failure and a skipped item", "--all")
            .fault(Llama, failing(500))
            .fault(Memories, bad_item().on_pages(1..=1))
            .code(3)
            .error(LLAMA, "server")
            .missing(MEMORIES, "rejected"),
        case("both fail", "--all")
            .fault(Memories, failing(500))
            .fault(Llama, failing(429))
            .code(6)
            .error(MEMORIES, "server")
            .error(LLAMA, "rate-limited"),
        case("the first failure ends the list", "--all --fail-fast")
            .fault(Memories, failing(429))
            .code(5)
            .error(MEMORIES, "rate-limited")
            .missing(LLAMA, "fail-fast"),
        case("a total that is not reached", "--all")
            .fault(Memories, Fault::paging(Paging::ClaimedTotal(9)))
            .code(3)
            .missing(MEMORIES, "never-sent")
            .said("memories-ai/default: the provider counts 9 sessions, but 2 of them were never sent"),
        case("a total that is missed by one", "--all")
            .fault(Memories, Fault::paging(Paging::ClaimedTotal(8)))
            .code(3)
            .missing(MEMORIES, "never-sent")
            .said("the provider counts 8 sessions, but 1 of them was never sent"),
        case("a page without its sessions", "--all")
            .fault(Memories, Fault::paging(Paging::EmptyPage).on_pages(2..=2))
            .code(3)
            .missing(MEMORIES, "never-sent"),
        case("a token that repeats", "--all")
            .fault(Llama, a_token_again)
            .code(3)
            .error(LLAMA, "invalid-request"),
        case("a list that does not end", "--provider llama-cloud --all")
            .fault(
                Llama,
                json(r#"{"items":[{"session_id":"ses-a"}],"next_page_token":"again"}"#),
            )
            .code(3)
            .error(LLAMA, "walk")
            .said("the list returned the same page token twice"),
        case("a response without a list", "--all")
            .fault(Memories, Fault::paging(Paging::DataNull))
            .code(3)
            .error(MEMORIES, "protocol"),
        case("a page of a login", "--all")
            .fault(Llama, Fault::html(200))
            .code(3)
            .error(LLAMA, "protocol"),
        case("a body that breaks off", "--all")
            .fault(Memories, Fault::cut_body(30).on_pages(2..))
            .code(3)
            .error(MEMORIES, "connect"),
    ]
}

/// Ways in which no list is started.
fn refused() -> Vec<Case> {
    vec![
        case(
            "a provider that is asked for and has no key",
            "--provider llama-cloud --provider memories-ai",
        )
        .variable("LLAMA_CLOUD_API_KEY", "")
        .code(4)
        .error(LLAMA, "auth"),
        case("no key at all", "--all")
            .variable("LLAMA_CLOUD_API_KEY", "")
            .variable("MEMORIES_AI_API_KEY", "")
            .code(4)
            .error("", "auth"),
        case("a wrong base URL", "--all")
            .variable("LLAMA_CLOUD_BASE_URL", "ftp://127.0.0.1")
            .code(8)
            .error(LLAMA, "config"),
        case("a cursor that is none", "--cursor page-2")
            .code(2)
            .error("", "cursor"),
    ]
}

fn command(shell: &Shell, case: &Case, order: &str, format: &str) -> Command {
    let mut command = shell.command(case.arguments);
    command.args(["--page-size", "3", "--order", order, "-o", format]);
    command.env("COLUMNS", "400").envs(case.environment.iter().copied());
    command
}

fn strings<'a>(records: impl IntoIterator<Item = &'a Value>, name: &str) -> Vec<(String, String)> {
    let provider = |record: &Value| record["provider"].as_str().unwrap_or_default().to_owned();
    let records = records.into_iter();
    records
        .map(|record| (provider(record), text(&record[name]).to_owned()))
        .collect()
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(provider, kind)| ((*provider).to_owned(), (*kind).to_owned()))
        .collect()
}

/// Returns the objects of this name on standard error.
fn on_stderr(ran: &Ran, name: &str) -> Vec<Value> {
    let lines = ran.stderr.lines().map(parsed);
    lines
        .map(|line| line[name].clone())
        .filter(|record| !record.is_null())
        .collect()
}

/// Checks the document, which has all of the truth.
fn check_document(case: &Case, ran: &Ran, place: &str) {
    let document = parsed(&ran.stdout);
    assert_valid(&document);
    let list = |name: &str| document[name].as_array().expect("a list").clone();
    let (errors, missing) = (list("errors"), list("missing"));
    assert_eq!(strings(&errors, "kind"), owned(&case.errors), "{place}");
    assert_eq!(strings(&missing, "kind"), owned(&case.missing), "{place}");
    let is_complete = case.errors.is_empty() && case.missing.is_empty();
    assert_eq!(document["complete"], is_complete, "{place}");
    // There is somewhere to continue unless every list was read to its end, or none was started.
    let is_lost = |kind: &str| kind == "rejected" || kind == "never-sent";
    let is_cut = case.missing.iter().any(|(_, kind)| !is_lost(kind));
    let was_started = !matches!(case.code, 2 | 4 | 8);
    let continues = was_started && (is_cut || !case.errors.is_empty());
    assert_eq!(document["next_cursor"].is_string(), continues, "{place}");
    assert_eq!(on_stderr(ran, "error"), errors, "{place}");
}

/// Checks that standard error has the same reasons as the document.
fn check_notices(case: &Case, ran: &Ran, place: &str) {
    assert_eq!(
        strings(&on_stderr(ran, "error"), "kind"),
        owned(&case.errors),
        "{place}"
    );
    let reasons = ["limit", "max-pages", "rejected", "never-sent", "fail-fast"];
    let notices = on_stderr(ran, "notice");
    let said: BTreeSet<&str> = notices.iter().map(|notice| text(&notice["kind"])).collect();
    let said: BTreeSet<&str> = said.into_iter().filter(|kind| reasons.contains(kind)).collect();
    let mut missing: BTreeSet<&str> = case.missing.iter().map(|(_, kind)| *kind).collect();
    // Without a session there is nothing to continue, and the error explains it.
    missing.remove("fail-fast");
    assert_eq!(said, missing, "{place}");
}

/// Checks the rules that hold for every case: what the exit code means.
fn check_rules(case: &Case) {
    let is_lost = |(_, kind): &(&str, &str)| matches!(*kind, "rejected" | "never-sent");
    let lost = !case.errors.is_empty() || case.missing.iter().any(is_lost);
    assert_eq!(
        case.code != 0,
        lost,
        "{}: only an option may cut a list that succeeds",
        case.name
    );
    assert!(
        case.code != 3 || !case.missing.is_empty() || !case.errors.is_empty(),
        "{}",
        case.name
    );
}

fn check_all(cases: Vec<Case>) {
    let builder = || {
        Sandbox::builder()
            .memories_ai_sessions(7)
            .memories_ai_page_size(4)
            .llama_cloud_sessions(6)
    };
    for case in cases {
        check_rules(&case);
        let shell = Shell::start_with(builder());
        for (provider, fault) in &case.faults {
            shell.sandbox.always(*provider, fault.clone());
        }
        in_parallel(pairs(&ORDERS, &FORMATS), |(order, format)| {
            let ran = run(&mut command(&shell, &case, order, format));
            let place = format!("{}, {order}, {format}: {ran:?}", case.name);
            assert_eq!(ran.code, case.code, "{place}");
            match format {
                "json" => {
                    check_document(&case, &ran, &place);
                    check_notices(&case, &ran, &place);
                }
                "ndjson" => check_notices(&case, &ran, &place),
                _ => {
                    for said in &case.said {
                        assert!(ran.stderr.contains(said), "{said}: {place}");
                    }
                    let is_silent = case.code == 0 && case.missing.is_empty() && case.said.is_empty();
                    assert_eq!(ran.stderr.is_empty(), is_silent, "{place}");
                    assert_eq!(ran.stderr.matches("error: ").count(), case.errors.len(), "{place}");
                }
            }
            // Checks that it is printed once at most.
            let _ = cursor(&ran, format);
        });
    }
}

#[test]
fn a_list_from_which_nothing_is_missing_is_complete() {
    check_all(complete());
}

#[test]
fn a_list_that_an_option_cuts_is_incomplete_and_no_failure() {
    check_all(cut());
}

#[test]
fn a_list_that_has_lost_something_is_incomplete_and_a_failure() {
    check_all(lost());
}

#[test]
fn a_list_that_is_not_started_is_incomplete_and_a_failure() {
    check_all(refused());
}

#[test]
fn the_rest_of_a_list_is_complete() {
    let shell = Shell::start();
    let first = shell.list("--limit 30 -o json");
    let cursor = cursor(&first, "json").expect("something is left");
    let document = parsed(&shell.list(&format!("--all -o json --cursor {cursor}")).ok());
    assert_eq!(
        (&document["complete"], &document["next_cursor"]),
        (&true.into(), &Value::Null)
    );
    // A list that both providers had read to their ends stays complete, and so does one whose rest is
    // older than wanted.
    let first = shell.list("--provider memories-ai --all --since 2026-04-20 -o json");
    assert_eq!((first.code, &parsed(&first.stdout)["complete"]), (0, &true.into()));
}

#[test]
fn quiet_lists_still_say_it_by_their_exit_code() {
    let shell = Shell::start_with(Sandbox::builder().memories_ai_sessions(7).memories_ai_page_size(4));
    shell.sandbox.always(Memories, bad_item());
    for format in FORMATS {
        let ran = shell.list(&format!("--all -q -o {format}"));
        assert_eq!((ran.code, ran.stderr.as_str()), (3, ""), "{format}");
        if format == "json" {
            assert_eq!(parsed(&ran.stdout)["complete"], false);
        }
    }
}
