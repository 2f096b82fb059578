//! Ends work that takes longer than it may.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use tokio::runtime::Handle;
use tokio::time::{Instant, timeout_at};

/// Waits for a future until the deadline, if there is one. Returns `None` if the future was not ready
/// by then.
///
/// A future that is ready at once needs no timer, and without a tokio runtime there is none.
pub(crate) async fn before_deadline<T>(deadline: Option<Instant>, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let ready = poll_fn(|cx| Poll::Ready(work.as_mut().poll(cx))).await;
    if let Poll::Ready(done) = ready {
        return Some(done);
    }
    match deadline.filter(|_| Handle::try_current().is_ok()) {
        None => Some(work.await),
        Some(deadline) => timeout_at(deadline, work).await.ok(),
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn work_ends_at_its_deadline_unless_it_is_ready_before() {
        let at = |millis| Some(Instant::now() + Duration::from_millis(millis));
        let work = |millis| async move {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            millis
        };
        assert_eq!(before_deadline(at(0), ready(7)).await, Some(7), "it is ready at once");
        assert_eq!(before_deadline(at(100), work(99)).await, Some(99));
        assert_eq!(before_deadline(None, work(10_000)).await, Some(10_000));
        let start = Instant::now();
        assert_eq!(before_deadline(at(100), pending::<()>()).await, None);
        assert_eq!(start.elapsed(), Duration::from_millis(100));
    }

    #[test]
    fn without_a_timer_ready_work_is_done() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("it starts");
        let deadline = Instant::now();
        assert_eq!(runtime.block_on(before_deadline(Some(deadline), ready(7))), Some(7));
    }

    #[test]
    fn without_a_runtime_there_is_no_deadline() {
        let mut polls = 0;
        let work = poll_fn(move |cx| {
            polls += 1;
            cx.waker().wake_by_ref();
            if polls < 3 { Poll::Pending } else { Poll::Ready(polls) }
        });
        let mut work = pin!(before_deadline(Some(Instant::now()), work));
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        let done = std::iter::repeat_with(|| work.as_mut().poll(&mut cx)).find(Poll::is_ready);
        assert_eq!(done, Some(Poll::Ready(Some(3))));
    }
}
