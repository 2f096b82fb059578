//! `chat-sessions auth login`: reads a key, checks it with one request, and saves it.
//!
//! Nothing is written before the provider has accepted the key.

use std::ffi::OsStr;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use chat_sessions::config::{SettingValue, check_environment};
use chat_sessions::error::Remedy;
use chat_sessions::retry::RetryPolicy;
use chat_sessions::{ChatSessions, Error, Order};
use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::ErrorKind as UsageErrorKind;
use clap::{Arg, Command};

use super::key_input::{ask_provider, read_key};
use crate::config::{KeyStore, Origin};
use crate::exit::{Exit, Failure};
use crate::interrupt::Interrupt;
use crate::name_arg::name;
use crate::output::{Format, align, hints, messages, report_writer};
use crate::provider::{ProviderName, Source};
use crate::runtime::{self, Writes};
use crate::verbosity::Verbosity;

/// The longest wait for the provider.
const TIMEOUT: Duration = Duration::from_secs(30);

const EXAMPLES: &str = "\
Examples:
  chat-sessions auth login memories-ai          asks for the key
  chat-sessions auth login llama-cloud --profile work
  pass show llama | chat-sessions auth login llama-cloud";

const AFTER_HELP: &str = "\
The key is read from the terminal, where it is not shown, or from standard
input. One request checks it, at the base URL of the profile or of the
environment. Then it is saved in a file that only you can read, in the folder
keys beside config.toml, and the profile gets the path of that file as key_file.
The rest of config.toml stays as it is.

The profile is the one that --profile or CHAT_SESSIONS_PROFILE names, otherwise
default_profile of config.toml, otherwise a new profile named default.";

#[derive(Debug, clap::Args)]
#[command(before_long_help = EXAMPLES, after_long_help = AFTER_HELP)]
pub(crate) struct AuthLoginArgs {
    /// The provider of the key; asked for if omitted.
    #[arg(value_name = "PROVIDER", value_parser = ProviderParser)]
    provider: Option<ProviderName>,

    /// Save the key in this profile, which may be new.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// Replace the key that the profile has.
    #[arg(long)]
    force: bool,
}

/// Parses the name of a provider. What resembles none may be a key, and is not repeated.
#[derive(Clone, Debug)]
struct ProviderParser;

impl TypedValueParser for ProviderParser {
    type Value = ProviderName;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<ProviderName, clap::Error> {
        let parsed = name().parse_ref(command, arg, value);
        parsed.map_err(|error| {
            let text = value.to_string_lossy();
            let resembles = |provider: ProviderName| strsim::jaro(provider.as_str(), &text) > 0.7;
            if ProviderName::ALL.into_iter().any(resembles) {
                return error;
            }
            let names = ProviderName::ALL.map(ProviderName::as_str).join(" or ");
            let message = format!("the provider must be {names}; a key is never an argument, it is asked for\n");
            clap::Error::raw(UsageErrorKind::InvalidValue, message).with_cmd(command)
        })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let names = ProviderName::ALL.map(|provider| PossibleValue::new(provider.as_str()));
        Some(Box::new(names.into_iter()))
    }
}

pub(crate) fn run(args: &AuthLoginArgs, verbosity: Verbosity) -> Result<Exit, Failure> {
    if args.provider.is_none() && !io::stdin().is_terminal() {
        let names = ProviderName::ALL.map(ProviderName::as_str).join(" or ");
        let message = format!("no provider is given: choose {names}");
        return Err(Failure::usage(UsageErrorKind::MissingRequiredArgument, &message));
    }
    runtime::block_on(Writes::Few, log_in(args, verbosity))?
}

async fn log_in(args: &AuthLoginArgs, verbosity: Verbosity) -> Result<Exit, Failure> {
    // From here on, a signal does not end the program, so that it cannot end it between two files.
    let mut interrupt = Interrupt::listen();
    let provider = match args.provider {
        Some(provider) => Some(provider),
        None => ask_provider(&mut interrupt).await?,
    };
    let Some(provider) = provider else {
        return Ok(interrupted());
    };
    let store = KeyStore::find(provider, args.profile.as_deref())?;
    if let Some(replaced) = store.replaces().filter(|_| !args.force) {
        let message = format!("{replaced}; --force replaces it, --profile NAME uses another profile");
        return Err(Failure::usage(UsageErrorKind::ArgumentConflict, &message));
    }
    let Some(key) = read_key(provider, &mut interrupt).await? else {
        return Ok(interrupted());
    };
    if let Some(setting) = provider.key_setting() {
        let checked = provider.built_in().check(setting, &key);
        checked.map_err(|error| error.with_remedy(Remedy::CopyApiKey))?;
    }
    let checked = tokio::select! {
        biased;
        () = interrupt.received() => return Ok(interrupted()),
        checked = check(provider, &store, &key) => checked,
    };
    checked.map_err(|error| {
        let hint = hints::hint(&error).unwrap_or_default();
        error.with_remedy(format!("{hint} Nothing was saved.").trim_start().to_owned())
    })?;
    store.save(key.text()?)?;
    report(&store)?;
    if !verbosity.quiet {
        warn(&store);
    }
    Ok(Exit::Ok)
}

fn interrupted() -> Exit {
    messages::line("interrupted; nothing was saved");
    Exit::Interrupted
}

/// Requests one page with the key, and the other settings of the profile and the environment.
async fn check(provider: ProviderName, store: &KeyStore, key: &SettingValue) -> Result<(), Error> {
    check_environment()?;
    let settings = store.settings();
    let lookup = |variable: &str| match provider.key_setting() {
        Some(setting) if setting.variables.first() == Some(&variable) => Some(key.clone()),
        Some(setting) if setting.variables.contains(&variable) || setting.file_variables.contains(&variable) => None,
        _ => settings.lookup(variable),
    };
    let mut source = Source::open(provider, &lookup, false)?;
    if let Some((setting, Some(scope))) = settings.scope() {
        settings.check(setting, scope)?;
        source = source.with_scope(scope.given().text()?);
    }
    let client = source.add_to(ChatSessions::builder(), false).build()?;
    let list = client.list_sessions().page_size(1).order(Order::Source).read_ahead(0);
    let mut pages = list.retry(RetryPolicy::none().timeout(TIMEOUT)).by_page();
    // A list without sessions has no pages.
    pages.next().await.map_or(Ok(()), |page| page.map(drop))
}

fn report(store: &KeyStore) -> io::Result<()> {
    let key_file = store.key_file().display().to_string();
    let profile = format!("{}, in {}", store.profile, store.config.display());
    let mut out = report_writer();
    writeln!(out, "The provider accepted the key. It is saved:")?;
    for line in align(&[["key file", &key_file, ""], ["profile", &profile, ""]]) {
        writeln!(out, "{line}")?;
    }
    out.flush()
}

/// Says what keeps the key from being used.
fn warn(store: &KeyStore) {
    let profile = &store.profile;
    if !store.is_default {
        let message = format!("{profile} is not the default profile; use it with --profile {profile}");
        messages::warning(&message, Format::Table);
    }
    for key in store.settings().keys() {
        if let Origin::Variable(variable) = key.origin {
            let message = format!("{variable} overrides the saved key; unset it to use the key of the profile");
            messages::warning(&message, Format::Table);
        }
    }
}
