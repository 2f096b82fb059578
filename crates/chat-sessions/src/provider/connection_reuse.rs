//! Lets consecutive requests share a connection, by not dialing while one is about to return to the
//! pool.
//!
//! The pool of hyper-util dials as soon as it finds no idle connection. A connection becomes idle
//! in a separate task, shortly after its response was read; with several threads, the next request
//! is often faster than that task. It still gets the old connection a moment later, but by then
//! another dial runs in the background, and the server has to complete an unnecessary TLS
//! handshake. The pool has no setting for this (<https://github.com/hyperium/hyper/issues/4134>: it
//! cannot know that a connection is about to become idle). This crate does know: it has just read
//! the response.
//!
//! So a request that follows a response takes over its connection: its dial waits a moment. If the
//! connection returns, the pool moves the dial into a separate task, where no request waits for
//! it and it ends before it connects. Parallel requests take over nothing and dial at once.

use std::cell::Cell;
use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use chat_sessions_wire::Received;
use http::HeaderMap;
use http::header::CONNECTION;
use tokio::time::{Instant, Sleep, sleep_until};
use tower::util::Oneshot;
use tower::{Layer, Service, ServiceExt};

/// The longest time that a connection may take from the end of its response back to the pool. It
/// takes microseconds, and up to 62 ms when ten busy threads compete for each core. A request waits
/// this long only if the server closes a connection right after a response without announcing it in
/// the headers.
const LONGEST_RETURN: Duration = Duration::from_secs(1);

/// The number of consecutive unsuccessful waits after which no dial waits any more: if
/// `configure_http` turns off the pool, no connection ever returns.
const MOST_MISSES: u32 = 3;

tokio::task_local! {
    /// The time until which the current request may wait for the connection that it takes over. It
    /// is set only while a request is polled, and not in the tasks in which the pool ends dials.
    static WAIT_UNTIL: Cell<Option<Instant>>;
}

/// The connections of one HTTP client that are about to return to its pool. Clones share the same
/// state.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionReuse {
    returning: Arc<Mutex<Returning>>,
    longest_return: Duration,
}

#[derive(Debug, Default)]
struct Returning {
    /// The time until which each connection is expected.
    until: Vec<Instant>,
    /// The number of connections that did not return, since the last one that did.
    misses: u32,
}

impl ConnectionReuse {
    /// Creates the record for a client with this connect timeout, which includes the wait.
    pub(crate) fn new(connect_timeout: Duration) -> Self {
        Self {
            returning: Arc::default(),
            longest_return: LONGEST_RETURN.min(connect_timeout / 10),
        }
    }

    /// Sends a request and lets it take over the connection of a completed one.
    pub(crate) async fn request<E>(&self, request: impl Future<Output = Result<Received, E>>) -> Result<Received, E> {
        let wait_until = Cell::new(self.take_over());
        let outcome = WAIT_UNTIL.scope(wait_until, request).await;
        // Neither a failed request nor a refused one is counted: it is retried only after a wait, if at
        // all.
        if let Ok(received) = &outcome
            && received.status == 200
            && !says_that_it_closes(&received.headers)
        {
            self.with(|returning| returning.until.push(Instant::now() + self.longest_return));
        }
        outcome
    }

    fn take_over(&self) -> Option<Instant> {
        let now = Instant::now();
        self.with(|returning| {
            returning.until.retain(|until| now < *until);
            let next = returning.until.pop();
            next.filter(|_| returning.misses < MOST_MISSES)
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Returning) -> T) -> T {
        work(&mut self.returning.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn says_that_it_closes(headers: &HeaderMap) -> bool {
    let closes = |options: &str| {
        let mut options = options.split(',');
        options.any(|option| option.trim().eq_ignore_ascii_case("close"))
    };
    let mut values = headers.get_all(CONNECTION).iter();
    values.any(|value| value.to_str().is_ok_and(closes))
}

impl<S> Layer<S> for ConnectionReuse {
    type Service = PatientConnector<S>;

    fn layer(&self, connector: S) -> PatientConnector<S> {
        PatientConnector {
            connector: Arc::new(connector),
            reuse: self.clone(),
        }
    }
}

/// A connector that does not dial while a connection may return.
///
/// The HTTP client clones this several times for each request, but most clones never dial. Cloning the
/// connector beneath allocates memory, so only a dial does it.
#[derive(Debug)]
pub(crate) struct PatientConnector<S> {
    connector: Arc<S>,
    reuse: ConnectionReuse,
}

impl<S> Clone for PatientConnector<S> {
    fn clone(&self) -> Self {
        Self {
            connector: Arc::clone(&self.connector),
            reuse: self.reuse.clone(),
        }
    }
}

impl<S, R> Service<R> for PatientConnector<S>
where
    S: Service<R, Error = Box<dyn Error + Send + Sync>> + Clone,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Dial<Oneshot<S, R>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        // The dial waits until the connector is ready, so the connect timeout includes that.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: R) -> Self::Future {
        // Taken, so that a second dial for the same request does not wait: the connection that
        // returned was dead.
        let wait_until = WAIT_UNTIL.try_with(Cell::take).ok().flatten();
        Dial {
            wait: wait_until.map(|until| Box::pin(sleep_until(until))),
            dial: Box::pin(S::clone(&self.connector).oneshot(request)),
            reuse: self.reuse.clone(),
        }
    }
}

/// A dial that starts after a wait, if it is still needed then.
#[derive(Debug)]
pub(crate) struct Dial<F> {
    wait: Option<Pin<Box<Sleep>>>,
    dial: Pin<Box<F>>,
    reuse: ConnectionReuse,
}

impl<C, F> Future for Dial<F>
where
    F: Future<Output = Result<C, Box<dyn Error + Send + Sync>>>,
{
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        if let Some(wait) = &mut self.wait {
            if WAIT_UNTIL.try_with(|_| ()).is_err() {
                self.reuse.with(|returning| returning.misses = 0);
                return Poll::Ready(Err("an idle connection became available before dialing".into()));
            }
            ready!(wait.as_mut().poll(cx));
            self.wait = None;
            self.reuse.with(|returning| returning.misses += 1);
        }
        self.dial.as_mut().poll(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::future::{Ready, ready};

    use bytes::Bytes;

    use super::*;

    /// Dials at once, and counts the dials.
    #[derive(Clone, Default)]
    struct Network(Arc<Mutex<u32>>);

    impl Service<()> for Network {
        type Response = ();
        type Error = Box<dyn Error + Send + Sync>;
        type Future = Pin<Box<dyn Future<Output = Result<(), Self::Error>> + Send>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, (): ()) -> Self::Future {
            let dials = Arc::clone(&self.0);
            Box::pin(async move {
                *dials.lock().unwrap() += 1;
                Ok(())
            })
        }
    }

    struct Client {
        network: Network,
        reuse: ConnectionReuse,
    }

    impl Client {
        fn new() -> Self {
            Self {
                network: Network::default(),
                reuse: ConnectionReuse::new(Duration::from_secs(10)),
            }
        }

        fn dials(&self) -> u32 {
            *self.network.0.lock().unwrap()
        }

        fn dial(&self) -> Dial<Oneshot<Network, ()>> {
            self.reuse.layer(self.network.clone()).call(())
        }

        /// Sends a request for which the pool has no idle connection.
        async fn request(&self, headers: HeaderMap) -> Duration {
            let begun = Instant::now();
            let request = async {
                self.dial().await.unwrap();
                // The response takes a moment, in which parallel requests start.
                tokio::task::yield_now().await;
                Ok::<_, ()>(Received::new(200, headers, Bytes::new()))
            };
            self.reuse.request(request).await.unwrap();
            begun.elapsed()
        }
    }

    fn response() -> Ready<Result<Received, ()>> {
        ready(Ok(Received::new(200, HeaderMap::new(), Bytes::new())))
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_request_dials_at_once_and_so_do_requests_side_by_side() {
        let client = Client::new();
        let waits = tokio::join!(client.request(HeaderMap::new()), client.request(HeaderMap::new()));
        assert_eq!(waits, (Duration::ZERO, Duration::ZERO));
        let waits = tokio::join!(
            client.request(HeaderMap::new()),
            client.request(HeaderMap::new()),
            client.request(HeaderMap::new()),
        );
        // Two connections are about to return.
        assert_eq!(waits, (LONGEST_RETURN, LONGEST_RETURN, Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn a_dial_that_nobody_waits_for_any_longer_does_not_begin() {
        let client = Client::new();
        client.reuse.request(response()).await.unwrap();
        let (mut dial, begun) = (None, Instant::now());
        let request = async {
            // This is what the pool does: it starts the dial, an idle connection returns, and the
            // dial moves into a separate task.
            let mut started = client.dial();
            assert!(std::future::poll_fn(|cx| Poll::Ready(Pin::new(&mut started).poll(cx).is_pending())).await);
            dial = Some(started);
            response().await
        };
        client.reuse.request(request).await.unwrap();
        assert!(tokio::spawn(dial.unwrap()).await.unwrap().is_err());
        assert_eq!((client.dials(), begun.elapsed()), (0, Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_the_server_closes_is_not_waited_for() {
        let client = Client::new();
        let closes = HeaderMap::from_iter([(CONNECTION, http::HeaderValue::from_static("foo, Close"))]);
        client.request(closes).await;
        assert_eq!(client.request(HeaderMap::new()).await, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn the_connection_of_a_refused_request_is_not_waited_for() {
        let client = Client::new();
        let refused = Received::new(429, HeaderMap::new(), Bytes::new());
        client.reuse.request(ready(Ok::<_, ()>(refused))).await.unwrap();
        assert_eq!(client.request(HeaderMap::new()).await, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_should_be_back_is_not_waited_for() {
        let client = Client::new();
        client.request(HeaderMap::new()).await;
        tokio::time::advance(LONGEST_RETURN).await;
        assert_eq!(client.request(HeaderMap::new()).await, Duration::ZERO);
    }

    /// Is ready when it is asked for the second time, as a layer that limits dials may be.
    #[derive(Clone, Default)]
    struct Busy {
        network: Network,
        is_ready: bool,
    }

    impl Service<()> for Busy {
        type Response = ();
        type Error = Box<dyn Error + Send + Sync>;
        type Future = <Network as Service<()>>::Future;

        fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
            if std::mem::replace(&mut self.is_ready, true) {
                return Poll::Ready(Ok(()));
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        }

        fn call(&mut self, (): ()) -> Self::Future {
            assert!(self.is_ready, "it was called before it was ready");
            self.network.call(())
        }
    }

    #[tokio::test]
    async fn a_dial_waits_until_the_connector_is_ready() {
        let busy = Busy::default();
        let reuse = ConnectionReuse::new(Duration::from_secs(10));
        reuse.layer(busy.clone()).call(()).await.unwrap();
        assert_eq!(*busy.network.0.lock().unwrap(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_whose_connections_never_come_back_stops_waiting() {
        let client = Client::new();
        client.request(HeaderMap::new()).await;
        for _ in 0..MOST_MISSES {
            assert_eq!(client.request(HeaderMap::new()).await, LONGEST_RETURN);
        }
        assert_eq!(client.request(HeaderMap::new()).await, Duration::ZERO);
        assert_eq!(client.dials(), MOST_MISSES + 2);
    }
}
