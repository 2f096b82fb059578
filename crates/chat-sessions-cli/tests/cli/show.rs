//! `show`: which sessions, in which order and format, and that nothing of them is lost.

use chat_sessions::retry::Pacing;
use chat_sessions::source::Operation;
use chat_sessions::{ChatSessions, LlamaCloud, MemoriesAi, SessionAddress};
use chat_sessions_sandbox::{Conversation, LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Provider, Sandbox};
use serde_json::Value;

use crate::support::{Shell, chat_sessions, is_unsafe, parsed, program, run, run_with_input, text};

/// The sandbox that `--sandbox` serves.
async fn same_as_embedded() -> Sandbox {
    let day = "2026-04-23".parse().expect("a date");
    Sandbox::builder().day(day).start().await.expect("it starts")
}

fn all_embedded() -> String {
    chat_sessions(&["list", "--sandbox", "--all", "-o", "ndjson"]).ok()
}

#[tokio::test]
async fn a_whole_list_piped_into_show_equals_what_the_sandbox_holds() {
    let list = all_embedded();
    let sandbox = same_as_embedded().await;
    let bodies = run_with_input(program().args(["show", "-", "--sandbox", "--raw"]), &list).ok();
    assert_eq!(bodies.lines().count(), list.lines().count());
    for (session, body) in list.lines().map(parsed).zip(bodies.lines()) {
        let (provider, name) = match text(&session["provider"]) {
            "memories-ai" => (Provider::MemoriesAi, "messages"),
            _ => (Provider::LlamaCloud, "events"),
        };
        let id = text(&session["id"]);
        let held = sandbox
            .conversation_json(provider, session["scope"].as_str(), id)
            .expect("it is in the list");
        let held = format!("\"{name}\":{}", String::from_utf8(held).expect("JSON is UTF-8"));
        assert!(body.contains(&held), "{id}");
    }
}

#[tokio::test]
async fn ndjson_is_the_transcript_of_the_library() {
    let list = all_embedded();
    let sandbox = same_as_embedded().await;
    let memories = MemoriesAi::builder()
        .api_key(MEMORIES_AI_KEY)
        .base_url(sandbox.url())
        .operation_pacing(Operation::Transcript, Pacing::none())
        .build()
        .expect("the settings are right");
    let llama = LlamaCloud::builder()
        .api_key(LLAMA_CLOUD_KEY)
        .base_url(sandbox.url())
        .build()
        .expect("the settings are right");
    let client = ChatSessions::builder().source(memories).source(llama);
    let client = client.build().expect("the sources differ");
    let addresses: Vec<SessionAddress> = list
        .lines()
        .map(|line| serde_json::from_str::<chat_sessions::Session>(line).expect("a session"))
        .map(SessionAddress::from)
        .collect();
    let shown = run_with_input(program().args(["show", "-", "--sandbox", "-o", "ndjson"]), &list).ok();
    assert!(!shown.replace('\n', "").contains(is_unsafe));
    let mut lines = shown.lines();
    let mut transcripts = client.transcripts(addresses).by_item();
    while let Some(transcript) = transcripts.next().await {
        let transcript = transcript.expect("the sandbox has no faults");
        let own = lines.next().expect("a line for each session");
        let expected = serde_json::to_string(&transcript).expect("it is JSON");
        // Only characters that could control a terminal are written in another form.
        assert_eq!(parsed(own), parsed(&expected), "{}", transcript.session.id);
        if !expected.contains(is_unsafe) {
            assert!(own == expected, "{}: the bytes differ", transcript.session.id);
        }
    }
    assert_eq!(lines.next(), None);
}

#[test]
fn sessions_come_in_the_order_of_their_ids_and_in_every_format() {
    let shell = Shell::start();
    let llama = |kind| {
        shell
            .sandbox
            .session_with(Provider::LlamaCloud, kind)
            .expect("there is one")
    };
    let memories = shell
        .sandbox
        .session_with(Provider::MemoriesAi, Conversation::References)
        .expect("there is one");
    let (code, tables) = (llama(Conversation::Code), llama(Conversation::Tables));
    let ids = [
        format!("llama-cloud:{tables}"),
        memories.clone(),
        code.clone(),
        format!("Memories-AI/default:{memories}"),
    ];
    let expected = [&tables, &memories, &code, &memories];
    let arguments = ids.join(" ");

    let lines = shell.show(&format!("{arguments} -o ndjson")).ok();
    let sessions: Vec<Value> = lines.lines().map(|line| parsed(line)["session"].clone()).collect();
    assert_eq!(
        sessions.iter().map(|one| text(&one["id"])).collect::<Vec<_>>(),
        expected
    );
    assert_eq!(sessions[1], sessions[3], "with and without the scope, it is the same");

    let document = parsed(&shell.show(&format!("{arguments} -o json")).ok());
    assert_valid(&document);
    let transcripts = document["transcripts"].as_array().expect("a list");
    assert_eq!(transcripts.len(), 4);
    assert_eq!(
        (&document["complete"], &document["missing"]),
        (&true.into(), &Value::Array(vec![]))
    );
    for (line, transcript) in lines.lines().zip(transcripts) {
        assert_eq!(parsed(line), *transcript);
    }

    // One id by itself is one object; a list of one id is a document.
    let one = parsed(&shell.show(&format!("{code} -o json")).ok());
    assert_valid(&one);
    assert_eq!(one, transcripts[2]);
    let mut command = shell.command_of("show", "- -o json");
    let document = parsed(&run_with_input(&mut command, &code).ok());
    assert_valid(&document);
    assert_eq!(document["transcripts"], Value::Array(vec![one]));

    let markdown = shell.show(&arguments).ok();
    assert_eq!(markdown, shell.show(&format!("{arguments} -o MD")).ok());
    let titles = markdown.lines().filter(|line| line.starts_with("- Session: `"));
    let shown: Vec<&str> = titles
        .filter_map(|line| line.rsplit_once(':'))
        .map(|(_, id)| id)
        .collect();
    assert_eq!(shown, expected.map(|id| format!("{id}`")));
}

#[test]
fn markdown_of_each_kind_of_conversation() {
    let shell = Shell::start();
    for (provider, kind) in [
        (Provider::LlamaCloud, Conversation::FailedTurn),
        (Provider::LlamaCloud, Conversation::Attachments),
        (Provider::LlamaCloud, Conversation::UnknownEvents),
        (Provider::LlamaCloud, Conversation::NoStop),
        (Provider::LlamaCloud, Conversation::SkippedIndexes),
        (Provider::MemoriesAi, Conversation::ThinkingReferences),
        (Provider::MemoriesAi, Conversation::ControlCharacters),
        (Provider::MemoriesAi, Conversation::Code),
        (Provider::MemoriesAi, Conversation::Empty),
    ] {
        let id = shell.sandbox.session_with(provider, kind).expect("there is one");
        let page = shell.show(&id).ok();
        assert!(!page.replace(['\n', '\t'], "").contains(is_unsafe), "{kind:?}");
        let messages = page.lines().filter(|line| matches!(*line, "## User" | "## Assistant"));
        let messages = messages.count();
        assert!(
            page.contains(&format!(
                "- Messages: {}",
                if messages == 0 {
                    "none".to_owned()
                } else {
                    messages.to_string()
                }
            )),
            "{kind:?}: {page}"
        );
        let name = format!("markdown_{provider}_{kind:?}").to_lowercase();
        // The beginning shows every kind of part.
        let beginning: Vec<&str> = page.lines().take(120).collect();
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, beginning.join("\n")); });
    }
}

#[test]
fn html_is_one_page_that_is_safe_to_print() {
    let shell = Shell::start();
    for kind in [Conversation::ControlCharacters, Conversation::Markup] {
        let id = shell
            .sandbox
            .session_with(Provider::LlamaCloud, kind)
            .expect("there is one");
        let page = shell.show(&format!("{id} -o html")).ok();
        assert!(
            page.starts_with("<!DOCTYPE html>") || page.starts_with("<!doctype html>"),
            "{page}"
        );
        assert!(!page.replace(['\n', '\t'], "").contains(is_unsafe), "{kind:?}");
        assert!(!page.contains("<script"), "{kind:?}");
    }
}

/// The headings of a page as a reader of Markdown finds them.
fn headings(page: &str) -> Vec<String> {
    use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};
    let mut found = Vec::new();
    let mut current: Option<String> = None;
    for event in Parser::new(page) {
        match event {
            Event::Start(Tag::Heading {
                level: HeadingLevel::H2,
                ..
            }) => current = Some(String::new()),
            Event::End(TagEnd::Heading(HeadingLevel::H2)) => found.extend(current.take()),
            Event::Text(text) => {
                if let Some(current) = &mut current {
                    current.push_str(&text);
                }
            }
            _ => {}
        }
    }
    found
}

#[test]
fn every_message_is_a_heading_for_a_reader_of_markdown() {
    let list = all_embedded();
    let lines = run_with_input(program().args(["show", "-", "--sandbox", "-o", "ndjson"]), &list).ok();
    let pages = run_with_input(program().args(["show", "-", "--sandbox"]), &list).ok();
    let roles: Vec<String> = lines
        .lines()
        .map(parsed)
        .flat_map(|transcript| {
            let messages = transcript["messages"].as_array().expect("a list").clone();
            messages.into_iter().map(|message| text(&message["role"]).to_owned())
        })
        .collect();
    let found: Vec<String> = headings(&pages)
        .into_iter()
        .map(|heading| heading.to_lowercase())
        .collect();
    let known: Vec<String> = found
        .into_iter()
        .filter(|heading| ["user", "assistant", "tool"].contains(&heading.as_str()))
        .collect();
    assert_eq!(known.len(), roles.len());
    assert!(known == roles, "the roles differ");
}

#[test]
fn the_newest_session_and_the_newest_with_a_title() {
    let shell = Shell::start();
    let newest = |arguments: &str| {
        let list = shell.list(&format!("{arguments} --limit 1 -o ndjson"));
        text(&list.sessions()[0]["id"]).to_owned()
    };
    for selection in [
        "",
        "-p memories-ai",
        "-p llama-cloud",
        "--scope memories-ai/demo-team -p memories-ai",
    ] {
        let shown = parsed(&shell.show(&format!("--last {selection} -o json")).ok());
        assert_eq!(text(&shown["session"]["id"]), newest(selection), "{selection}");
        assert_valid(&shown);
    }
    for title in ["report", "(?-i)Explain", "deadlines.*table"] {
        let shown = parsed(&shell.show(&format!("--title {title} -o json")).ok());
        assert_eq!(
            text(&shown["session"]["id"]),
            newest(&format!("--title {title}")),
            "{title}"
        );
    }
    shell.sandbox.forget_requests();
    let none = shell.show("--title nothing-has-this-title");
    assert_eq!((none.code, none.stdout.as_str()), (1, ""), "{none:?}");
    assert!(
        none.stderr
            .starts_with("error: no session matches; 249 sessions read, the newest from 2026-"),
        "{}",
        none.stderr
    );
    let none = shell.show("--title nothing-has-this-title -o json");
    assert_eq!((none.code, none.stdout.as_str()), (1, ""), "{none:?}");
    assert_eq!(none.errors()[0]["kind"], "not-found");
}

#[test]
fn an_unclear_id_exits_with_2_and_no_provider_is_asked() {
    let shell = Shell::start();
    for (arguments, input, message) in [
        (
            "12345",
            "",
            "the provider of 12345 is unclear: write memories-ai:12345 or llama-cloud:12345",
        ),
        ("ses-a ses", "", "the provider of ses is unclear"),
        (
            "notes:7",
            "",
            "there is no provider notes; known are memories-ai and llama-cloud",
        ),
        ("memories-ai:", "", "is not the address of a session"),
        (
            "-",
            "ses-a\n{\"title\":1}\n",
            "line 2 of standard input: expected an id, or an object of 'list -o ndjson'",
        ),
        (
            "ses-a -p memories-ai",
            "",
            "ses-a is a session of llama-cloud, but --provider excludes it",
        ),
        ("ses-a --scope all", "", "--scope all works with --last and --title"),
        (
            "601308802842759168 --scope memories-ai/a --scope memories-ai/b",
            "",
            "write memories-ai/a:601308802842759168 or memories-ai/b:601308802842759168",
        ),
        ("", "", "required arguments"),
        ("ses-a --last", "", "cannot be used with"),
        ("ses-a --title x", "", "cannot be used with"),
        ("ses-a --raw -o json", "", "cannot be used with"),
        ("ses-a --full -o md", "", "--full work with text"),
        ("ses-a --thinking --raw", "", "--full work with text"),
        ("ses-a -o csv", "", "'csv'"),
        ("ses-a ses-b -o html", "", "-o html shows one session"),
        ("- -o html", "ses-a", "-o html shows one session"),
    ] {
        let ran = run_with_input(&mut shell.command_of("show", arguments), input);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments}: {ran:?}");
        assert!(ran.stderr.contains(message), "{arguments}: {}", ran.stderr);
    }
    assert!(shell.sandbox.requests().is_empty());
}

#[test]
fn a_bare_id_of_another_form_belongs_to_the_only_provider() {
    let shell = Shell::start();
    let ran = shell.show("-p llama-cloud something -o json");
    assert_eq!(ran.code, 1);
    assert_eq!(ran.errors()[0]["session"], "something");
    assert_eq!(ran.errors()[0]["provider"], "llama-cloud");
}

#[test]
fn only_the_addressed_provider_needs_a_key() {
    let shell = Shell::start();
    let id = shell.sandbox.session_ids(Provider::LlamaCloud, None)[0].clone();
    let mut command = shell.command_of("show", &id);
    run(command.env_remove("MEMORIES_AI_API_KEY")).ok();
    let mut command = shell.command_of("show", &format!("{id} 601308802842759168 -o json"));
    let ran = run(command.env_remove("MEMORIES_AI_API_KEY"));
    assert_eq!(ran.code, 4, "{ran:?}");
    let document = parsed(&ran.stdout);
    assert_valid(&document);
    assert_eq!(
        (&document["complete"], &document["errors"][0]["kind"]),
        (&false.into(), &"auth".into())
    );
    assert!(ran.stderr.contains("MEMORIES_AI_API_KEY"), "{}", ran.stderr);
}

#[test]
fn a_scope_of_an_address_need_not_be_configured() {
    let shell = Shell::start();
    let team = shell.sandbox.session_ids(Provider::MemoriesAi, Some("demo-team"))[0].clone();
    let own = shell.sandbox.session_ids(Provider::MemoriesAi, None)[0].clone();
    let shown = shell
        .show(&format!("memories-ai/demo-team:{team} {own} -o ndjson"))
        .ok();
    let scopes: Vec<Value> = shown
        .lines()
        .map(|line| parsed(line)["session"]["scope"].clone())
        .collect();
    assert_eq!(scopes, ["demo-team", "default"]);
    let in_scope = shell
        .show(&format!("{team} --scope memories-ai/demo-team -o json"))
        .ok();
    assert_eq!(parsed(&in_scope), parsed(shown.lines().next().expect("a line")));
    let wrong = shell.show(&format!("memories-ai/a%0Ab:{team}"));
    assert_eq!(wrong.code, 8, "{wrong:?}");
}

#[test]
fn a_list_of_all_scopes_can_be_piped_into_show() {
    let list = chat_sessions(&["list", "--sandbox", "--all", "--scope", "all", "-o", "ndjson"]).ok();
    let shown = run_with_input(program().args(["show", "-", "--sandbox", "-o", "ndjson"]), &list).ok();
    assert_eq!(shown.lines().count(), list.lines().count());
    for (listed, shown) in list.lines().map(parsed).zip(shown.lines().map(parsed)) {
        for name in ["provider", "scope", "id"] {
            assert_eq!(listed[name], shown["session"][name], "{listed}");
        }
    }
}

/// Profiles of one account with different scopes, one of them without any.
#[test]
fn an_address_without_a_scope_is_that_of_the_source_without_one() {
    let shell = Shell::start();
    let folder = tempfile::tempdir().expect("a temporary directory");
    let file = folder.path().join("config.toml");
    let project = shell.sandbox.scopes(Provider::LlamaCloud).pop().expect("there is one");
    let profiles = format!("[profile.a.llama-cloud]\n[profile.b.llama-cloud]\nproject_id = \"{project}\"\n");
    std::fs::write(&file, profiles).expect("the directory is ours");
    let with_profiles = |name: &str, arguments: &str| {
        let mut command = shell.command_of(name, arguments);
        command.args(["--profile", "a", "--profile", "b", "-p", "llama-cloud"]);
        command.env("CHAT_SESSIONS_CONFIG", &file);
        command
    };
    let list = run(&mut with_profiles("list", "--all -o ndjson")).ok();
    let scopes: Vec<Value> = list.lines().map(|line| parsed(line)["scope"].clone()).collect();
    assert!(scopes.contains(&Value::Null) && scopes.contains(&project.into()));
    let shown = run_with_input(&mut with_profiles("show", "- -o ndjson"), &list).ok();
    let shown: Vec<Value> = shown
        .lines()
        .map(|line| parsed(line)["session"]["scope"].clone())
        .collect();
    assert_eq!(shown, scopes);
}

#[test]
fn nothing_on_standard_input_is_nothing_to_show() {
    let shell = Shell::start();
    let ran = run_with_input(&mut shell.command_of("show", "- -o json"), "\n");
    let document = parsed(&ran.stdout);
    assert_valid(&document);
    assert_eq!((ran.code, &document["complete"]), (0, &true.into()));
    let ran = run_with_input(&mut shell.command_of("show", "-"), "");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
    assert_eq!(ran.stderr, "no sessions: standard input has no ids\n");
}

#[test]
fn the_schema_of_show_does_not_change_by_accident() {
    insta::assert_snapshot!("schema_show", chat_sessions(&["schema", "show"]).ok());
    assert_eq!(chat_sessions(&["schema"]).ok(), chat_sessions(&["schema", "List"]).ok());
}

/// Checks the output of `-o json` against the schema.
pub(crate) fn assert_valid(document: &Value) {
    let schema = parsed(&chat_sessions(&["schema", "show"]).ok());
    let validator = jsonschema::validator_for(&schema).expect("the schema is valid");
    let faults: Vec<String> = validator
        .iter_errors(document)
        .map(|fault| format!("{} at {}", fault, fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{faults:?}");
}
