//! A listener whose connections can cut a response short: by closing, by a reset, or by silence.
//!
//! An HTTP server refuses to send a body that is shorter than its `Content-Length`; this layer
//! below it does not. It only knows where the head of a response ends.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    time::{Sleep, sleep},
};

/// The end of a response's head.
const HEAD_END: &[u8] = b"\r\n\r\n";

/// How long a connection waits before a reset in the middle of a response. A reset discards what
/// has not been delivered yet, and on some systems also what the client has received but not read.
const RESET_DELAY: Duration = Duration::from_millis(20);

/// A handle on one connection, for the handlers of its requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConnectionHandle {
    cut: Arc<Mutex<Option<ResponseCut>>>,
}

/// What happens to the connection where a response is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConnectionEnd {
    /// It is closed normally, as after a complete response.
    Close,
    /// It is reset.
    Reset,
    /// It stays open without further bytes until the client closes it.
    Silence,
}

/// Where and how a response is cut.
#[derive(Clone, Copy, Debug)]
struct ResponseCut {
    progress: CutProgress,
    end: ConnectionEnd,
}

/// How much of a response that will be cut has been sent.
#[derive(Clone, Copy, Debug)]
enum CutProgress {
    /// Nothing, and nothing will be.
    Start,
    /// A part of the head that ends with the first `matched` bytes of [`HEAD_END`]. `body` bytes of
    /// the body will follow the head.
    Head { matched: usize, body: usize },
    /// The head and a part of the body; `left` bytes are still to be sent.
    Body { left: usize },
}

impl ConnectionHandle {
    /// Cuts the next response after `body` bytes of its body.
    pub(crate) fn cut_body_after(&self, body: usize, end: ConnectionEnd) {
        let progress = CutProgress::Head { matched: 0, body };
        self.set(Some(ResponseCut { progress, end }));
    }

    /// Resets the connection instead of sending the next response.
    pub(crate) fn reset_before_head(&self) {
        self.set(Some(ResponseCut {
            progress: CutProgress::Start,
            end: ConnectionEnd::Reset,
        }));
    }

    fn get(&self) -> Option<ResponseCut> {
        *self.cut.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, cut: Option<ResponseCut>) {
        *self.cut.lock().unwrap_or_else(PoisonError::into_inner) = cut;
    }
}

impl CutProgress {
    /// Returns how many of these bytes may still be sent.
    fn allowed_prefix(self, bytes: &[u8]) -> usize {
        let mut progress = self;
        bytes.iter().take_while(|byte| progress.advance(**byte)).count()
    }

    /// Counts one byte. Returns whether it may be sent.
    fn advance(&mut self, byte: u8) -> bool {
        *self = match *self {
            Self::Start | Self::Body { left: 0 } => return false,
            Self::Body { left } => Self::Body { left: left - 1 },
            Self::Head { matched, body } => {
                // After a mismatch, the byte may itself be the first of the pattern, which begins
                // with `\r`.
                let matched = match HEAD_END.get(matched) {
                    Some(expected) if *expected == byte => matched + 1,
                    _ => usize::from(byte == HEAD_END[0]),
                };
                if matched == HEAD_END.len() {
                    Self::Body { left: body }
                } else {
                    Self::Head { matched, body }
                }
            }
        };
        true
    }
}

/// The sandbox's listener.
#[derive(Debug)]
pub(crate) struct LoopbackListener(pub(crate) TcpListener);

impl Listener for LoopbackListener {
    type Io = LoopbackStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            match self.0.accept().await {
                Ok((socket, addr)) => {
                    // Small responses must not wait for the acknowledgement of the previous one. If
                    // the system refuses the option, responses are only slower.
                    let _ = socket.set_nodelay(true);
                    return (
                        LoopbackStream {
                            socket,
                            handle: ConnectionHandle::default(),
                            reset_delay: None,
                        },
                        addr,
                    );
                }
                // Either the connection ended before it was accepted, or the process has too many
                // open files, which takes time to resolve.
                Err(_) => sleep(Duration::from_millis(10)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, LoopbackListener>> for ConnectionHandle {
    fn connect_info(stream: IncomingStream<'_, LoopbackListener>) -> Self {
        stream.io().handle.clone()
    }
}

/// One connection.
#[derive(Debug)]
pub(crate) struct LoopbackStream {
    socket: TcpStream,
    handle: ConnectionHandle,
    /// The time until a reset, while one is pending.
    reset_delay: Option<Pin<Box<Sleep>>>,
}

impl LoopbackStream {
    /// Ends the connection after the last byte that may be sent.
    fn poll_end(&mut self, context: &mut Context<'_>, cut: ResponseCut) -> Poll<io::Error> {
        match cut.end {
            // The HTTP server drops a connection that it cannot write to, which closes the socket.
            ConnectionEnd::Close => Poll::Ready(io::ErrorKind::BrokenPipe.into()),
            ConnectionEnd::Reset => {
                if !matches!(cut.progress, CutProgress::Start) {
                    let pause = self.reset_delay.get_or_insert_with(|| Box::pin(sleep(RESET_DELAY)));
                    ready!(pause.as_mut().poll(context));
                }
                // Without lingering, closing the socket resets the connection. A socket that
                // refuses the option has already lost its peer.
                let _ = self.socket.set_zero_linger();
                Poll::Ready(io::ErrorKind::ConnectionReset.into())
            }
            // The reading half wakes the HTTP server when the client closes.
            ConnectionEnd::Silence => Poll::Pending,
        }
    }
}

impl AsyncRead for LoopbackStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(context, buffer)
    }
}

impl AsyncWrite for LoopbackStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Some(mut cut) = self.handle.get() else {
            return Pin::new(&mut self.socket).poll_write(context, bytes);
        };
        let allowed = cut.progress.allowed_prefix(bytes);
        if allowed == 0 {
            return self.poll_end(context, cut).map(Err);
        }
        let written = ready!(Pin::new(&mut self.socket).poll_write(context, &bytes[..allowed]))?;
        for byte in &bytes[..written] {
            cut.progress.advance(*byte);
        }
        self.handle.set(Some(cut));
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_is_sent_whole_and_the_body_up_to_the_cut() {
        let response = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\r\n\r\nhello";
        for body in 0..5 {
            let progress = CutProgress::Head { matched: 0, body };
            assert_eq!(progress.allowed_prefix(response), response.len() - 5 + body);
        }
    }

    #[test]
    fn the_end_of_the_head_is_recognized_across_writes() {
        let mut progress = CutProgress::Head { matched: 0, body: 1 };
        for byte in b"HTTP/1.1 200 OK\r\n\r" {
            assert!(progress.advance(*byte));
        }
        assert_eq!(progress.allowed_prefix(b"\nhello"), 2);
    }
}
