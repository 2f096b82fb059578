//! Reads an API key: from the terminal without showing it, or from a pipe. It is never an argument, which
//! every user of the machine can see and a shell keeps in its history.

#[cfg(unix)]
use std::fs::File;
#[cfg(unix)]
use std::io::Write;
use std::io::{self, IsTerminal, Read};

use chat_sessions::config::SettingValue;
use chat_sessions::{Error, ErrorKind, Result};
use rpassword::{Config, ConfigBuilder};
#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use tokio::task::spawn_blocking;

use crate::interrupt::Interrupt;
use crate::output::messages;
use crate::provider::ProviderName;

/// Longer than any key.
const LONGEST: u64 = 64 * 1024;

/// Reads the key; `None` if a signal ended it.
pub(super) async fn read_key(provider: ProviderName, interrupt: &mut Interrupt) -> Result<Option<SettingValue>> {
    let key = if io::stdin().is_terminal() {
        let prompt = format!("API key for {} (not shown): ", provider.as_str());
        let terminal = HiddenTerminal::open().map_err(|error| unreadable("the terminal", &error.to_string()))?;
        let config = terminal.config();
        let typed = tokio::select! {
            biased;
            () = interrupt.received() => return Ok(None),
            typed = spawn_blocking(move || rpassword::prompt_password_with_config(prompt, config()?)) => typed,
        };
        match typed {
            Ok(Ok(key)) => SettingValue::new(key, "the key that was typed"),
            // Ctrl-C is a character while the key is typed, and becomes a signal only then.
            Ok(Err(error)) if error.kind() == io::ErrorKind::Interrupted => return Ok(None),
            Ok(Err(error)) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(no_key()),
            Ok(Err(error)) => return Err(unreadable("the terminal", &error.to_string())),
            Err(error) => return Err(unreadable("the terminal", &error.to_string())),
        }
    } else {
        let piped = tokio::select! {
            biased;
            () = interrupt.received() => return Ok(None),
            piped = spawn_blocking(read_pipe) => piped,
        };
        match piped {
            Ok(Ok(key)) => SettingValue::new(key, "standard input"),
            Ok(Err(error)) => return Err(unreadable("standard input", &error.to_string())),
            Err(error) => return Err(unreadable("standard input", &error.to_string())),
        }
    };
    if key.value().is_empty() {
        return Err(no_key());
    }
    Ok(Some(key))
}

/// Asks for the provider on the terminal; `None` if a signal ended it.
pub(super) async fn ask_provider(interrupt: &mut Interrupt) -> Result<Option<ProviderName>> {
    let names = ProviderName::ALL.map(ProviderName::as_str).join(" or ");
    messages::prompt(&format!("Provider ({names}): "));
    let typed = tokio::select! {
        biased;
        () = interrupt.received() => return Ok(None),
        typed = spawn_blocking(|| io::stdin().lines().next()) => typed,
    };
    let typed = typed.ok().flatten().and_then(io::Result::ok).unwrap_or_default();
    let mut providers = ProviderName::ALL.into_iter();
    let found = providers.find(|provider| provider.as_str().eq_ignore_ascii_case(typed.trim()));
    // The message does not repeat what was typed, which may be the key.
    found.map(Some).ok_or_else(|| {
        Error::local(ErrorKind::Config)
            .with_message("this is not the name of a provider")
            .with_remedy(format!("Type {names}."))
    })
}

fn read_pipe() -> io::Result<String> {
    let mut key = String::new();
    io::stdin().take(LONGEST + 1).read_to_string(&mut key)?;
    if key.len() as u64 > LONGEST {
        return Err(io::Error::other("it is too long for a key"));
    }
    Ok(key)
}

fn no_key() -> Error {
    Error::local(ErrorKind::Auth)
        .with_message("no key was given")
        .with_remedy("Paste it when asked, or pipe it in: chat-sessions auth login PROVIDER < FILE")
}

fn unreadable(place: &str, reason: &str) -> Error {
    Error::local(ErrorKind::Config)
        .with_message(format!("cannot read the key from {place}: {reason}"))
        .with_remedy("Paste it when asked, or pipe it in.")
}

/// The terminal, which does not show what is typed until this is dropped.
///
/// `rpassword` could do this itself. But it shows its prompt first, and a key that is pasted at that
/// moment would be visible. And its thread goes on after a signal: it could hide what is typed again
/// after this program has restored the terminal.
#[cfg(unix)]
struct HiddenTerminal {
    terminal: File,
    before: Termios,
}

#[cfg(unix)]
impl HiddenTerminal {
    fn open() -> io::Result<Self> {
        let terminal = File::options().read(true).write(true).open("/dev/tty")?;
        let before = tcgetattr(&terminal)?;
        let mut hidden = before.clone();
        // `rpassword` reads single characters, and handles the editing keys and Ctrl-C itself.
        hidden.local_modes -= LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG;
        hidden.special_codes[SpecialCodeIndex::VMIN] = 1;
        hidden.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(&terminal, OptionalActions::Now, &hidden)?;
        Ok(Self { terminal, before })
    }

    /// Returns a function that configures `rpassword` to leave the state of the terminal to this type:
    /// it changes only a terminal that it opens itself. It is a function because a `Config` cannot be
    /// sent to another thread.
    fn config(&self) -> impl FnOnce() -> io::Result<Config> + Send + 'static {
        let (input, output) = (self.terminal.try_clone(), self.terminal.try_clone());
        move || Ok(ConfigBuilder::new().input_reader(input?).output_writer(output?).build())
    }
}

#[cfg(unix)]
impl Drop for HiddenTerminal {
    fn drop(&mut self) {
        // There is no other way to restore it.
        let _ = tcsetattr(&self.terminal, OptionalActions::Now, &self.before);
        // Enter or Ctrl-C was not shown either, and the next message needs a line of its own.
        let _ = self.terminal.write_all(b"\n");
    }
}

#[cfg(not(unix))]
struct HiddenTerminal;

#[cfg(not(unix))]
impl HiddenTerminal {
    fn open() -> io::Result<Self> {
        Ok(Self)
    }

    /// Returns a function that configures `rpassword` to hide what is typed.
    fn config(&self) -> impl FnOnce() -> io::Result<Config> + Send + 'static {
        || Ok(ConfigBuilder::new().build())
    }
}
