//! Work that is shared among the cores.

use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

/// Does some work for each item, for as many at the same time as there are cores, and hands each result to `done` as soon as it
/// is there.
pub(crate) fn for_each<Item: Send, Done: Send>(
    items: impl IntoIterator<Item = Item, IntoIter: Send>,
    work: impl Fn(Item) -> Done + Sync,
    done: impl FnMut(Done),
) {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let queue = Mutex::new(items.into_iter());
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..workers {
            let (sender, queue, work) = (sender.clone(), &queue, &work);
            scope.spawn(move || {
                let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                while let Some(item) = next() {
                    // The receiver lives as long as this scope.
                    let _ = sender.send(work(item));
                }
            });
        }
        drop(sender);
        results.into_iter().for_each(done);
    });
}
