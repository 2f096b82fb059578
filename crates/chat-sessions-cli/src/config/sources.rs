//! From the user's selection to opened sources: which providers, profiles and scopes to list, each
//! with its settings.

use std::ffi::OsString;
use std::path::Path;

use chat_sessions::config::{self, SettingValue};
use chat_sessions::model::Scope;
use chat_sessions::{ChatSessionsBuilder, Error, ErrorKind, Result};
use chat_sessions_sandbox::Sandbox;
use clap::error::ErrorKind as UsageErrorKind;

use super::key_file;
use super::load::Config;
use super::origin::Origin;
use super::selection::{ALL_SCOPES, ScopeArg, SourceSelection};
use super::settings::Settings;
use crate::exit::Failure;
use crate::provider::{ProviderName, Source};

/// A source to list, before it is opened.
#[derive(Clone, Debug)]
pub(crate) struct PlannedSource {
    pub(crate) settings: Settings,
    /// The scope and its origin; `None` for the provider's default.
    pub(crate) scope: Option<(String, Origin)>,
    /// Whether an option names the provider or the scope, so that a missing key is an error.
    is_explicit: bool,
    /// Whether it stands for every scope of the account.
    has_all_scopes: bool,
}

impl PlannedSource {
    /// Returns whether to list the source: an option names it, or it has a key.
    pub(crate) fn is_listed(&self) -> bool {
        self.is_explicit || self.settings.has_key()
    }

    /// Checks the scope, from wherever it comes. The facade gets only a valid one.
    pub(crate) fn check_scope(&self) -> Result<()> {
        let Some((setting, value)) = self.settings.scope() else {
            return Ok(());
        };
        match (&self.scope, value) {
            (Some((scope, origin @ Origin::Flag(_))), _) => {
                let given = SettingValue::new(scope, origin.to_string());
                self.settings.provider.built_in().check(setting, &given)
            }
            (_, Some(value)) => self.settings.check(setting, value),
            (_, None) => Ok(()),
        }
    }

    /// Returns everything that is wrong with the settings, without opening the account.
    pub(crate) fn problems(&self) -> Vec<Error> {
        self.settings.problems().chain(self.check_scope().err()).collect()
    }
}

/// All sources that the selection may include.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) config: Config,
    pub(crate) sources: Vec<PlannedSource>,
    /// Whether to list from the server inside this process.
    embedded: bool,
}

impl Plan {
    /// Determines the sources, for a command that knows nothing of `--scope all`. It opens nothing and
    /// reads no key.
    ///
    /// # Errors
    ///
    /// The configuration file or a profile is wrong, or the provider of a scope is unclear.
    pub(crate) fn new(selection: &SourceSelection, sandbox: Option<&Sandbox>) -> std::result::Result<Self, Failure> {
        if selection.names_all_scopes() {
            let message = "--scope all works with list, show and export; name one scope here";
            return Err(Failure::usage(UsageErrorKind::ValueValidation, message));
        }
        Self::with_all_scopes(selection, sandbox)
    }

    /// Determines the sources. One with `--scope all` stands for all scopes of its account.
    ///
    /// # Errors
    ///
    /// The same as those of [`new`](Self::new).
    pub(crate) fn with_all_scopes(
        selection: &SourceSelection,
        sandbox: Option<&Sandbox>,
    ) -> std::result::Result<Self, Failure> {
        let config = match sandbox {
            Some(_) => Config::none(),
            None => Config::load(selection)?,
        };
        let is_wanted = |provider: &ProviderName| match selection.provider.as_slice() {
            [] => sandbox.is_none() || provider.info().in_sandbox_list,
            named => named.contains(provider),
        };
        let wanted = ProviderName::ALL.into_iter().filter(is_wanted);
        let settings: Vec<Settings> = wanted
            .flat_map(|provider| match sandbox {
                Some(sandbox) => vec![Settings::of_sandbox(provider, &sandbox.url())],
                None => config.settings(provider),
            })
            .collect();
        let scopes = scopes(selection, &settings)
            .map_err(|message| Failure::usage(UsageErrorKind::ValueValidation, &message))?;
        let mut sources = Vec::new();
        for settings in settings {
            let provider = settings.provider;
            let flags: Vec<&String> = scopes
                .iter()
                .filter(|(of, scope)| *of == provider && scope != ALL_SCOPES)
                .map(|(_, scope)| scope)
                .collect();
            let of_all: Vec<&ScopeArg> = selection.scope.iter().filter(|arg| arg.is_all()).collect();
            let names_all = of_all.iter().any(|arg| arg.provider == Some(provider));
            let has_all_scopes = names_all || of_all.iter().any(|arg| arg.provider.is_none());
            let is_explicit = selection.provider.contains(&provider) || !flags.is_empty() || names_all;
            if flags.is_empty() || has_all_scopes {
                let scope = settings.scope().and_then(|(_, value)| value);
                let scope = scope.map(|value| (value.text.to_string_lossy().into_owned(), value.origin.clone()));
                sources.push(PlannedSource {
                    settings: settings.clone(),
                    scope,
                    is_explicit,
                    has_all_scopes,
                });
            }
            for scope in flags {
                sources.push(PlannedSource {
                    settings: settings.clone(),
                    scope: Some((scope.clone(), Origin::Flag("--scope"))),
                    is_explicit,
                    has_all_scopes: false,
                });
            }
        }
        Ok(Self {
            config,
            sources,
            embedded: sandbox.is_some(),
        })
    }

    /// Opens the sources to list, and returns warnings too.
    ///
    /// # Errors
    ///
    /// A value is wrong, a key is missing, or two sources cannot be distinguished in the list.
    pub(crate) fn open(&self) -> Result<(Vec<OpenSource>, Vec<String>)> {
        let mut opener = self.opener();
        let mut opened: Vec<OpenSource> = Vec::new();
        for planned in self.sources.iter().filter(|planned| planned.is_listed()) {
            let next = opener.open(planned)?;
            match opened.iter().find(|earlier| earlier.label() == next.label()) {
                None => opened.push(next),
                // Two profiles select the same list of the same account.
                Some(earlier) if earlier.account == next.account => {}
                Some(earlier) => return Err(indistinguishable(earlier, &next)),
            }
        }
        Ok((opened, opener.warnings))
    }

    /// Returns the file and its profiles if it has some and none is in use.
    pub(crate) fn unused_profiles(&self) -> Option<(&Path, Vec<&str>)> {
        let file = self.config.file.as_ref().filter(|_| self.config.profiles.is_empty())?;
        let names: Vec<&str> = file.profiles.iter().map(|profile| profile.name.as_str()).collect();
        (!names.is_empty()).then_some((&file.path, names))
    }

    pub(crate) fn opener(&self) -> SourceOpener {
        SourceOpener {
            embedded: self.embedded,
            accounts: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

/// Returns each `--scope` with its provider, or the message for one whose provider is unclear.
fn scopes(
    selection: &SourceSelection,
    settings: &[Settings],
) -> std::result::Result<Vec<(ProviderName, String)>, String> {
    let mut providers: Vec<ProviderName> = settings
        .iter()
        .filter(|settings| !selection.provider.is_empty() || settings.has_key())
        .map(|settings| settings.provider)
        .collect();
    providers.dedup();
    let named = selection.scope.iter();
    let named = named.filter(|arg| !arg.is_all() || arg.provider.is_some());
    let scopes = named.map(|arg| {
        let scope = &arg.scope;
        let forms = || {
            let forms = ProviderName::ALL.map(|provider| format!("{}/{scope}", provider.as_str()));
            forms.join(" or ")
        };
        match (arg.provider, providers.as_slice()) {
            (Some(provider), _) if settings.iter().any(|settings| settings.provider == provider) => {
                Ok((provider, scope.clone()))
            }
            (None, [only]) => Ok((*only, scope.clone())),
            (Some(provider), _) => Err(format!(
                "--scope is for {}, but --provider excludes it",
                provider.as_str()
            )),
            (None, []) => Err(format!(
                "the provider of --scope {scope} is unclear, because no API key is set: write {}",
                forms()
            )),
            (None, _) => Err(format!(
                "the provider of --scope {scope} is unclear, because several are selected: write {}, or add --provider",
                forms()
            )),
        }
    });
    scopes.collect()
}

/// A source that is ready to be listed.
#[derive(Clone, Debug)]
pub(crate) struct OpenSource {
    planned: PlannedSource,
    source: Source,
    account: AccountIdentity,
    embedded: bool,
}

impl OpenSource {
    pub(crate) fn add_to(&self, builder: ChatSessionsBuilder) -> ChatSessionsBuilder {
        self.source.clone().add_to(builder, self.embedded)
    }

    pub(crate) fn provider(&self) -> ProviderName {
        self.planned.settings.provider
    }

    pub(crate) fn scope(&self) -> Option<Scope> {
        self.source.as_dyn().scope()
    }

    /// Returns whether the user asked for every scope of the account instead of this one.
    pub(crate) fn stands_for_all_scopes(&self) -> bool {
        self.planned.has_all_scopes
    }

    /// Returns the source for another scope of the same account.
    pub(crate) fn in_scope(&self, scope: &str) -> Self {
        Self {
            source: self.source.with_scope(scope),
            ..self.clone()
        }
    }

    /// Returns the source for the scope of an address.
    ///
    /// # Errors
    ///
    /// The scope is not valid.
    pub(crate) fn in_addressed_scope(&self, scope: &str, address: &str) -> Result<Self> {
        if let Some((setting, _)) = self.planned.settings.scope() {
            let given = SettingValue::new(scope, address);
            self.planned.settings.provider.built_in().check(setting, &given)?;
        }
        Ok(self.in_scope(scope))
    }

    /// Returns whether both are of the same account.
    pub(crate) fn is_same_account(&self, other: &Self) -> bool {
        self.account == other.account
    }

    /// Returns whether both list the same sessions of the same account.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.account == other.account && self.label() == other.label()
    }

    /// Returns the label that the facade uses: the provider, and the scope if there is one.
    fn label(&self) -> String {
        let source = self.source.as_dyn();
        let provider = source.provider();
        source
            .scope()
            .map_or_else(|| provider.to_string(), |scope| format!("{provider}/{scope}"))
    }
}

/// What distinguishes two accounts: where the key comes from, and every value but the scope.
#[derive(Clone, Debug, PartialEq, Eq)]
struct AccountIdentity {
    provider: ProviderName,
    keys: Vec<Origin>,
    key_paths: Vec<OsString>,
    values: Vec<OsString>,
}

impl AccountIdentity {
    fn new(settings: &Settings) -> Self {
        // Two profiles with the same key file have the same key. Variables are compared by name.
        let (paths, variables): (Vec<_>, Vec<_>) = settings.keys().partition(|key| key.is_path);
        let scope = settings.provider.built_in().scope_setting;
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

/// Opens each account once: its lists share one rate limit and one retry budget, and its key is read
/// once.
#[derive(Debug)]
pub(crate) struct SourceOpener {
    embedded: bool,
    accounts: Vec<(AccountIdentity, Source)>,
    pub(crate) warnings: Vec<String>,
}

impl SourceOpener {
    pub(crate) fn open(&mut self, planned: &PlannedSource) -> Result<OpenSource> {
        // The server inside this process is reached without any of these variables.
        if !self.embedded {
            config::check_environment()?;
        }
        planned.check_scope()?;
        let settings = &planned.settings;
        let account = AccountIdentity::new(settings);
        let known = self.accounts.iter().find(|(known, _)| *known == account);
        let source = match known {
            Some((_, source)) => source.clone(),
            None => {
                let source = Source::open(settings.provider, &|variable| settings.lookup(variable), self.embedded)?;
                self.warnings.extend(key_file::warnings(settings));
                self.accounts.push((account.clone(), source.clone()));
                source
            }
        };
        Ok(OpenSource {
            planned: planned.clone(),
            source: match &planned.scope {
                Some((scope, _)) => source.with_scope(scope),
                None => source,
            },
            account,
            embedded: self.embedded,
        })
    }
}

fn indistinguishable(one: &OpenSource, other: &OpenSource) -> Error {
    let name = |source: &OpenSource| source.planned.settings.profile.clone().unwrap_or_default();
    let built_in = one.planned.settings.provider.built_in();
    let scope = built_in.scope_setting;
    let hint = match &one.planned.scope {
        Some((_, origin @ (Origin::Flag(_) | Origin::Variable(_)))) => {
            format!("{origin} overrides the {scope} of both; remove it, or select only one of them.")
        }
        _ => format!("Give each its own {scope}, or select only one of them."),
    };
    Error::new(ErrorKind::Config, built_in.provider.clone())
        .with_message(format!(
            "the profiles {} and {} both list {} but have different keys or settings, so their sessions would be \
             indistinguishable",
            name(one),
            name(other),
            one.label()
        ))
        .with_remedy(hint)
}
