//! The line on standard error that shows progress and is erased before anything else is printed.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::visible::visible;

/// The text of the line as it is on the screen; empty if there is none. Clones share the line.
#[derive(Clone, Debug, Default)]
pub(crate) struct StatusLine(Arc<Mutex<String>>);

impl StatusLine {
    /// Erases the line, if there is one. All other code that writes to the terminal calls this first.
    pub(crate) fn erase(&self) {
        let mut current = self.lock();
        if !current.is_empty() {
            // Progress must not fail the list, so errors are ignored.
            let _ = io::stderr().lock().write_all(b"\r\x1b[K");
            current.clear();
        }
    }

    pub(crate) fn draw(&self, text: &str) {
        let text = visible(text);
        let mut current = self.lock();
        if *current != *text {
            // To avoid flicker: one write, and the rest of a longer line is erased after the new text.
            let _ = io::stderr().lock().write_all(format!("\r{text}\x1b[K").as_bytes());
            *current = text.into_owned();
        }
    }

    /// A panic elsewhere cannot leave the text inconsistent, so poisoning is ignored.
    fn lock(&self) -> MutexGuard<'_, String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
