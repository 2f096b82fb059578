//! Reads an API key: from the terminal without showing it, or from a pipe. It is never an argument, which
//! every user of the machine can see and a shell keeps in its history.

use std::io::{self, IsTerminal, Read};

use chat_sessions::config::SettingValue;
use chat_sessions::{Error, ErrorKind, Result};
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
        let terminal = Terminal::save();
        let typed = tokio::select! {
            biased;
            () = interrupt.received() => {
                // The thread that reads the key goes on, and does not restore the terminal.
                terminal.restore();
                return Ok(None);
            }
            typed = spawn_blocking(move || rpassword::prompt_password(prompt)) => typed,
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

/// The state of the terminal before the key is typed, so that a signal leaves it as it was.
#[cfg(unix)]
struct Terminal(Option<(std::fs::File, rustix::termios::Termios)>);

#[cfg(unix)]
impl Terminal {
    fn save() -> Self {
        let terminal = std::fs::File::open("/dev/tty").ok();
        Self(terminal.and_then(|terminal| {
            let state = rustix::termios::tcgetattr(&terminal).ok()?;
            Some((terminal, state))
        }))
    }

    fn restore(self) {
        if let Some((terminal, state)) = self.0 {
            // There is no other way to restore it.
            let _ = rustix::termios::tcsetattr(terminal, rustix::termios::OptionalActions::Now, &state);
        }
    }
}

#[cfg(not(unix))]
struct Terminal;

#[cfg(not(unix))]
impl Terminal {
    fn save() -> Self {
        Self
    }

    fn restore(self) {}
}
