//! Runs the generator on a thread where its panics are caught.

use std::any::Any;
use std::cell::Cell;
use std::panic;
use std::sync::Once;

thread_local! {
    /// Whether a panic on this thread is expected; it becomes a finding.
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// Runs the generator on a thread of its own. Its panics are caught without output on stderr, and
/// the stack is large enough for deeply nested schemas.
pub(super) fn run_isolated<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Box<dyn Any + Send>> {
    const STACK: usize = 32 * 1024 * 1024;
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !EXPECTED.get() {
                previous(info);
            }
        }));
    });
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || {
            EXPECTED.set(true);
            work()
        });
        match worker {
            Ok(worker) => worker.join(),
            Err(error) => Err(Box::new(format!("cannot start a thread: {error}")) as Box<dyn Any + Send>),
        }
    })
}

pub(super) fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    // A message can quote a whole schema; the first line is enough.
    text.and_then(|text| text.lines().next())
        .unwrap_or("a panic without a message")
        .to_owned()
}
