//! From what was asked for to the sources that are listed: providers, profiles and scopes, each with its settings.
//!
//! How a list is made of them is not known here, nor what is printed.

use chat_sessions::{ChatSessionsBuilder, Error, ErrorKind, LlamaCloud, MemoriesAi, Pacing, Result, SessionSource};
use chat_sessions_sandbox::{LLAMA_CLOUD_KEY, MEMORIES_AI_KEY, Sandbox};

use crate::args::{self, ProviderName, Selection};
use crate::config::{Config, Origin, Settings};
use crate::key_file;
use crate::sandbox::Embedded;

/// One list that is asked for, before anything is opened.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) settings: Settings,
    /// The part of the account, where it is not the provider's own default, and where that was said.
    pub(crate) scope: Option<(String, Origin)>,
    /// Whether it was asked for by name, so that a missing key is an error.
    pub(crate) named: bool,
}

impl Planned {
    /// Says whether it is listed: when it was named, or when there is a key for it.
    pub(crate) fn is_wanted(&self) -> bool {
        self.named || self.settings.has_key()
    }
}

/// Everything that is asked for.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) config: Config,
    pub(crate) lists: Vec<Planned>,
    /// Whether the server inside this process is asked.
    embedded: bool,
}

impl Plan {
    /// Finds out what is asked for. Nothing is opened, and no key is read.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the configuration file, the profile or the scope.
    pub(crate) fn new(selection: &Selection, sandbox: Option<&Sandbox>) -> Result<Self> {
        let config = match sandbox {
            Some(_) => Config::none(),
            None => Config::load(selection)?,
        };
        let wanted = ProviderName::ALL
            .into_iter()
            .filter(|provider| selection.provider.is_empty() || selection.provider.contains(provider));
        let settings: Vec<Settings> = wanted
            .flat_map(|provider| match sandbox {
                Some(sandbox) => vec![Settings::of_sandbox(provider, key_of_sandbox(provider), &sandbox.url())],
                None => config.settings(provider),
            })
            .collect();
        let scopes = scopes(selection, &settings).unwrap_or_else(|complaint| args::usage(&complaint).exit());
        let mut lists = Vec::new();
        for settings in settings {
            let provider = settings.provider;
            let flags: Vec<&String> = scopes
                .iter()
                .filter(|(of, _)| *of == provider)
                .map(|(_, scope)| scope)
                .collect();
            let named = selection.provider.contains(&provider) || !flags.is_empty();
            if flags.is_empty() {
                let scope = settings.scope()?;
                lists.push(Planned { settings, scope, named });
                continue;
            }
            for scope in flags {
                let scope = Some((scope.clone(), Origin::Flag("--scope")));
                lists.push(Planned {
                    settings: settings.clone(),
                    scope,
                    named,
                });
            }
        }
        let embedded = sandbox.is_some();
        Ok(Self {
            config,
            lists,
            embedded,
        })
    }

    /// Adds the profiles that there are to the error that nothing is configured.
    pub(crate) fn with_profiles(&self, error: Error) -> Error {
        let Some(file) = self.config.file.as_ref().filter(|file| !file.profiles.is_empty()) else {
            return error;
        };
        if error.kind() != ErrorKind::Auth || !self.config.profiles.is_empty() {
            return error;
        }
        let names: Vec<&str> = file.profiles.iter().map(|profile| profile.name.as_str()).collect();
        let hint = error.hint().unwrap_or_default().to_owned();
        error.with_hint(format!(
            "{hint} Or name a profile of {} with --profile: {}.",
            file.path.display(),
            names.join(", ")
        ))
    }

    /// Opens what is to be listed: what was named, and every other provider that has a key. Gives warnings besides.
    ///
    /// # Errors
    ///
    /// Says which value is wrong or which key is missing, and which two lists could not be told apart.
    pub(crate) fn open(&self) -> Result<(Vec<Opened>, Vec<String>)> {
        let mut opener = self.opener();
        let mut opened: Vec<Opened> = Vec::new();
        for planned in self.lists.iter().filter(|planned| planned.is_wanted()) {
            let next = opener.open(planned)?;
            match opened.iter().find(|earlier| earlier.label() == next.label()) {
                None => opened.push(next),
                // The same list of the same account is one list, by whichever profile it was asked for.
                Some(earlier) if earlier.account == next.account => {}
                Some(earlier) => return Err(not_told_apart(earlier, &next)),
            }
        }
        Ok((opened, opener.warnings))
    }

    /// Opens one list after the other.
    pub(crate) fn opener(&self) -> Opener {
        Opener {
            embedded: self.embedded,
            accounts: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

fn key_of_sandbox(provider: ProviderName) -> &'static str {
    match provider {
        ProviderName::MemoriesAi => MEMORIES_AI_KEY,
        ProviderName::LlamaCloud => LLAMA_CLOUD_KEY,
    }
}

/// Gives the provider of each scope that was asked for.
fn scopes(selection: &Selection, settings: &[Settings]) -> std::result::Result<Vec<(ProviderName, String)>, String> {
    let mut providers: Vec<ProviderName> = settings
        .iter()
        .filter(|settings| !selection.provider.is_empty() || settings.has_key())
        .map(|settings| settings.provider)
        .collect();
    providers.dedup();
    let scopes = selection.scope.iter().map(|asked| {
        let scope = &asked.scope;
        match (asked.provider, providers.as_slice()) {
            (Some(provider), _) if settings.iter().any(|settings| settings.provider == provider) => {
                Ok((provider, scope.clone()))
            }
            (None, [only]) => Ok((*only, scope.clone())),
            (Some(provider), _) => Err(format!(
                "--scope names {}, which --provider leaves out",
                provider.as_str()
            )),
            (None, []) => Err(format!(
                "--scope {scope} does not say of which provider, and none has a key: write it as memories-ai/{scope} or \
                 llama-cloud/{scope}"
            )),
            (None, _) => Err(format!(
                "--scope {scope} does not say of which provider, and several are asked: write it as memories-ai/{scope} \
                 or llama-cloud/{scope}, or name one --provider"
            )),
        }
    });
    scopes.collect()
}

/// A list that is ready to be asked for.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) planned: Planned,
    source: Source,
    account: Account,
    embedded: bool,
}

impl Opened {
    /// Adds the list to those of a client.
    pub(crate) fn add_to(&self, builder: ChatSessionsBuilder) -> ChatSessionsBuilder {
        match (self.source.clone(), self.embedded) {
            (Source::MemoriesAi(source), false) => builder.source(source),
            (Source::MemoriesAi(source), true) => builder.source(Embedded(source)),
            (Source::LlamaCloud(source), false) => builder.source(source),
            (Source::LlamaCloud(source), true) => builder.source(Embedded(source)),
        }
    }

    /// Names the list as the facade does: by its provider, and by its scope where it has one.
    pub(crate) fn label(&self) -> String {
        let (provider, scope) = match &self.source {
            Source::MemoriesAi(source) => (source.provider(), SessionSource::scope(source)),
            Source::LlamaCloud(source) => (source.provider(), SessionSource::scope(source)),
        };
        scope.map_or_else(|| provider.to_string(), |scope| format!("{provider}/{scope}"))
    }
}

#[derive(Clone, Debug)]
enum Source {
    MemoriesAi(MemoriesAi),
    LlamaCloud(LlamaCloud),
}

impl Source {
    fn open(settings: &Settings, embedded: bool) -> Result<Self> {
        let lookup = |variable: &str| settings.lookup(variable);
        Ok(match settings.provider {
            ProviderName::MemoriesAi => {
                let builder = MemoriesAi::builder_from(&lookup)?;
                // Nobody else asks the server inside this process, and it has no limit.
                let builder = if embedded {
                    builder.pacing(Pacing::none())
                } else {
                    builder
                };
                Self::MemoriesAi(builder.build()?)
            }
            ProviderName::LlamaCloud => Self::LlamaCloud(LlamaCloud::builder_from(&lookup)?.build()?),
        })
    }

    fn scope(&self, scope: &str) -> Self {
        match self {
            Self::MemoriesAi(source) => Self::MemoriesAi(source.scope(scope)),
            Self::LlamaCloud(source) => Self::LlamaCloud(source.scope(scope)),
        }
    }
}

/// What tells two accounts apart: where the key comes from, and every other value but the scope.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Account {
    provider: ProviderName,
    keys: Vec<Origin>,
    key_paths: Vec<std::ffi::OsString>,
    values: Vec<std::ffi::OsString>,
}

impl Account {
    fn new(settings: &Settings) -> Self {
        // Two profiles that name one key file have one key; a variable stands for itself.
        let (paths, variables): (Vec<_>, Vec<_>) = settings.keys().partition(|key| key.is_path);
        let scope = settings.provider.scope_setting();
        let values = settings
            .iter()
            .filter(|(setting, _)| !setting.is_secret() && setting.name != scope)
            .map(|(_, values)| values.first().map(|value| value.text.clone()).unwrap_or_default());
        Self {
            provider: settings.provider,
            keys: variables.into_iter().map(|key| key.origin.clone()).collect(),
            key_paths: paths.into_iter().map(|key| key.text.clone()).collect(),
            values: values.collect(),
        }
    }
}

/// Opens each account once, so that its lists keep one pace and share one budget, and its key is read once.
#[derive(Debug)]
pub(crate) struct Opener {
    embedded: bool,
    accounts: Vec<(Account, Source)>,
    pub(crate) warnings: Vec<String>,
}

impl Opener {
    pub(crate) fn open(&mut self, planned: &Planned) -> Result<Opened> {
        let settings = &planned.settings;
        let account = Account::new(settings);
        let known = self.accounts.iter().find(|(known, _)| *known == account);
        let source = match known {
            Some((_, source)) => source.clone(),
            None => {
                let source = Source::open(settings, self.embedded)?;
                self.warnings.extend(key_file::warnings(settings));
                self.accounts.push((account.clone(), source.clone()));
                source
            }
        };
        Ok(Opened {
            planned: planned.clone(),
            source: match &planned.scope {
                Some((scope, _)) => source.scope(scope),
                None => source,
            },
            account,
            embedded: self.embedded,
        })
    }
}

fn not_told_apart(one: &Opened, other: &Opened) -> Error {
    let name = |opened: &Opened| opened.planned.settings.profile.clone().unwrap_or_default();
    let provider = one.planned.settings.provider;
    let scope = provider.scope_setting();
    let hint = match &one.planned.scope {
        Some((_, origin @ (Origin::Flag(_) | Origin::Variable(_)))) => {
            format!("{origin} speaks over the {scope} of both; leave it out, or name one profile.")
        }
        _ => format!("Give each a {scope} of its own, or name one of them."),
    };
    Error::new(ErrorKind::Config, provider.provider())
        .with_message(format!(
            "the profiles {} and {} both lead to {}, with different keys or settings, so that their sessions could not be told apart",
            name(one),
            name(other),
            one.label()
        ))
        .with_hint(hint)
}
