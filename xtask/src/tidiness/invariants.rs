//! The design's invariants that can be checked by searching the sources. The search is plain text without comments, so that
//! everyone can repeat it with `grep`.
//!
//! Other invariants have steps of their own: 6 (no test leaves loopback) in `check`, 7 (no import cycles) in `cycles`.

use std::fs;
use std::path::Path;

use crate::outcome::{Failure, Outcome};
use crate::providers::{self, Provider};
use crate::{provider, workspace};

#[cfg(test)]
mod tests;

const FACADE: &str = "crates/chat-sessions/src/";
const FACADE_PROVIDERS: &str = "crates/chat-sessions/src/provider/";
const SANDBOX: &str = "crates/chat-sessions-sandbox/src/";

/// The types that hold a secret.
const SECRETS: [&str; 3] = ["ApiKey", "Given", "Wire"];

/// The command: the step of `check` alone.
pub(crate) fn command() -> Result<Outcome, Failure> {
    Ok(Outcome::of(run(&workspace::root())?))
}

/// Prints all violations.
pub(crate) fn run(root: &Path) -> Result<bool, Failure> {
    let violations = violations(root)?;
    for violation in &violations {
        eprintln!("{violation}");
    }
    Ok(violations.is_empty())
}

/// Words that some files must not contain.
struct Rule {
    invariant: u8,
    /// Whether the rule is for a file, given by its path from the root.
    is_for: Box<dyn Fn(&str) -> bool>,
    words: Vec<String>,
}

fn rule(invariant: u8, words: &[&str], is_for: impl Fn(&str) -> bool + 'static) -> Rule {
    Rule {
        invariant,
        is_for: Box::new(is_for),
        words: words.iter().map(ToString::to_string).collect(),
    }
}

/// The rules for a list of providers.
fn rules(providers: &[Provider], libraries: Vec<String>) -> Vec<Rule> {
    let raw_sources: Vec<String> = providers.iter().map(|provider| provider.raw_sources() + "/").collect();
    let is_raw = move |file: &str| raw_sources.iter().any(|folder| file.starts_with(folder));
    let in_facade = |file: &str| file.starts_with(FACADE);
    let in_provider = |file: &str| file.starts_with(FACADE_PROVIDERS);
    let is_walk = move |file: &str| in_facade(file) && (file.ends_with("/walk.rs") || file.contains("/walk/"));

    // 1. Only codegen reads OpenAPI.
    let openapi = [
        "openapiv3::",
        "use progenitor::",
        "chat_sessions_yaml::",
        "progenitor::Generator",
    ];
    let mut rules = vec![rule(1, &openapi, |file| {
        file.starts_with("crates/") && !file.starts_with("crates/chat-sessions-codegen/")
    })];
    rules.push(rule(1, &["saphyr_parser::"], |file| {
        file.starts_with("crates/") && !file.starts_with("crates/chat-sessions-yaml/")
    }));

    // 2. Raw crates hold no policy. The one loop in what they share reads a body to its end.
    let policy = ["std::env", "env::var", "sleep(", "retry_after", "Retry"];
    rules.push(rule(2, &[&policy[..], &["loop {", "while "]].concat(), is_raw));
    rules.push(rule(2, &policy, |file| {
        file.starts_with("crates/chat-sessions-wire/src/")
    }));

    // 3. In the facade, only `provider/` names a raw type. `reqwest` is named there, in the one public module that is documented
    //    for it, and by the private parser of base URLs.
    let mut raw_crates: Vec<String> = providers.iter().map(|provider| provider.module() + "_client").collect();
    raw_crates.push("progenitor_client".to_owned());
    rules.push(Rule {
        words: raw_crates,
        ..rule(3, &[], move |file| in_facade(file) && !in_provider(file))
    });
    rules.push(rule(3, &["reqwest::"], move |file| {
        let may_name_it = ["/http.rs", "/base_url.rs"].iter().any(|name| file.ends_with(name));
        in_facade(file) && !in_provider(file) && !may_name_it
    }));

    // 4. The walk knows no HTTP and no provider.
    let http = ["reqwest", "http::", "StatusCode", "crate::provider"];
    rules.push(rule(4, &http, is_walk));
    rules.push(Rule {
        words: providers.iter().map(Provider::type_name).collect(),
        ..rule(4, &[], is_walk)
    });

    // 5. Libraries never print; a crate's binary may.
    rules.push(rule(5, &["println!(", "print!(", "dbg!("], move |file| {
        let in_library = libraries.iter().any(|library| file.starts_with(library.as_str()));
        in_library && !file.ends_with("/src/main.rs") && !file.contains("/src/bin/")
    }));
    // No secret type has `Display` or `Serialize`; see also `derives`.
    for secret in SECRETS {
        let traits = [format!("Display for {secret} "), format!("Serialize for {secret} ")];
        let traits = [traits[0].as_str(), traits[1].as_str()];
        rules.push(rule(5, &traits, |file| file.starts_with("crates/")));
    }

    // 8. Providers are listed in one place: the tools name none.
    let names = |provider: &Provider| [provider.name.clone(), provider.module(), provider.type_name()];
    rules.push(Rule {
        words: providers.iter().flat_map(names).collect(),
        ..rule(8, &[], |file| file.starts_with("xtask/src/"))
    });
    rules
}

fn violations(root: &Path) -> Result<Vec<String>, Failure> {
    let providers = providers::all(root)?;
    let rules = rules(&providers, libraries(root)?);
    let mut found = missing_parts(root, &providers)?;
    for decision in provider::open_decisions(root)? {
        let provider::Decision { place, text } = decision;
        found.push(format!(
            "{place}: to decide: {text} Remedy: decide it, and delete the comment."
        ));
    }
    let mut applied = vec![false; rules.len()];
    let mut unseen = SECRETS.to_vec();
    for folder in ["crates", "xtask/src"] {
        for path in workspace::rust_files(&root.join(folder))? {
            let file = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            let text = workspace::read(&path)?;
            for (rule, applied) in rules.iter().zip(&mut applied) {
                if (rule.is_for)(&file) {
                    *applied = true;
                    found.extend(rule.violations(&file, &text));
                }
            }
            for secret in SECRETS {
                let Some(derives) = derives(&text, secret) else {
                    continue;
                };
                unseen.retain(|unseen| *unseen != secret);
                if derives {
                    found.push(format!(
                        "{file}: {secret} derives Debug or Serialize, against invariant 5."
                    ));
                }
            }
        }
    }
    // A type that was renamed would pass as well.
    found.extend(unseen.iter().map(|secret| {
        format!(
            "No file declares `{secret}` (invariant 5). Remedy: correct SECRETS in xtask/src/tidiness/invariants.rs."
        )
    }));
    // A rule whose files were renamed would pass without looking at anything.
    for (rule, _) in rules.iter().zip(applied).filter(|(_, applied)| !applied) {
        let words = rule.words.join("`, `");
        found.push(format!(
            "No file is searched for `{words}` (invariant {}). Remedy: correct the paths in xtask/src/tidiness/invariants.rs.",
            rule.invariant
        ));
    }
    Ok(found)
}

impl Rule {
    fn violations(&self, file: &str, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if let Some(word) = self.words.iter().find(|word| code.contains(word.as_str())) {
                let Self { invariant, .. } = self;
                found.push(format!(
                    "{file}:{}: `{word}` is against invariant {invariant}.",
                    index + 1
                ));
            }
        }
        found
    }
}

/// Whether a type derives what a secret must not have; `None` if the text does not declare it. The attributes are the lines
/// above the type.
fn derives(text: &str, secret: &str) -> Option<bool> {
    let declaration = format!("pub struct {secret}");
    let ends = |at: &usize| {
        text.get(at + declaration.len()..)
            .is_some_and(|rest| rest.starts_with([' ', '(', '<']))
    };
    let at = text.match_indices(&declaration).map(|(at, _)| at).find(ends)?;
    let before = text.get(..at).unwrap_or_default();
    let attributes = before.lines().rev().take_while(|line| !line.is_empty());
    let mut derives = attributes.filter(|line| line.starts_with("#[derive("));
    Some(derives.any(|line| line.contains("Debug") || line.contains("Serialize")))
}

/// The source folders of the packages that have a library.
fn libraries(root: &Path) -> Result<Vec<String>, Failure> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(root.join("crates"))? {
        let folder = format!("crates/{}/src/", entry?.file_name().to_string_lossy());
        if root.join(&folder).join("lib.rs").exists() {
            folders.push(folder);
        }
    }
    Ok(folders)
}

/// 8. What belongs to each provider and must exist, so that no tool omits it; and the converse, a spec for each raw client.
fn missing_parts(root: &Path, providers: &[Provider]) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for provider in providers {
        let module = provider.module();
        for (part, exists) in [
            ("raw client", root.join(provider.raw_sources()).join("lib.rs").exists()),
            ("module in the facade", has_module(root, FACADE_PROVIDERS, &module)?),
            ("module in the sandbox", has_module(root, SANDBOX, &module)?),
            ("documented example", root.join(provider.documented_example()).exists()),
        ] {
            if !exists {
                let spec = provider.spec();
                found.push(format!(
                    "{spec} has no {part}, against invariant 8. Remedy: add it, or remove the spec; `cargo xtask provider new` writes all parts."
                ));
            }
        }
    }
    for entry in fs::read_dir(root.join("crates"))? {
        let package = entry?.file_name().to_string_lossy().into_owned();
        let has_spec = providers.iter().any(|provider| provider.package() == package);
        if package.ends_with("-client") && !has_spec {
            found.push(format!(
                "crates/{package} has no spec, against invariant 8. Remedy: add it to specs/."
            ));
        }
    }
    Ok(found)
}

/// Whether a folder, or one below it, has a file with the name of a module.
fn has_module(root: &Path, folder: &str, module: &str) -> Result<bool, Failure> {
    let files = workspace::rust_files(&root.join(folder))?;
    Ok(files
        .iter()
        .any(|file| file.file_stem().is_some_and(|name| name == module)))
}
