//! The part of HTTP/1.1 that our clients use: GET without a body, one request at a time on a
//! persistent connection.

use std::io::{self, IoSlice, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use super::pages::Asked;
use super::state::State;

/// The maximum length of the request headers.
const LONGEST_HEAD: usize = 16 * 1024;

/// Accepts connections, and serves each in a thread of its own.
pub(super) fn accept(listener: &TcpListener, state: &Arc<State>) {
    for stream in listener.incoming().flatten() {
        let state = Arc::clone(state);
        std::thread::spawn(move || {
            // A client that disconnects is not an error.
            let _ = converse(stream, &state);
        });
    }
}

fn converse(mut stream: TcpStream, state: &State) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = [0; LONGEST_HEAD];
    let mut filled = 0;
    loop {
        let end = loop {
            if let Some(end) = end_of_head(&buffer[..filled]) {
                break end;
            }
            let read = stream.read(&mut buffer[filled..])?;
            if read == 0 {
                return Ok(());
            }
            state.count_bytes(read);
            filled += read;
        };
        state.count_request();
        let request = Request::read(&buffer[..end]);
        buffer.copy_within(end..filled, 0);
        filled -= end;
        if !state.latency.is_zero() {
            std::thread::sleep(state.latency);
        }
        let Some(request) = request else {
            let refusal = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            state.count_bytes(refusal.len());
            return stream.write_all(refusal);
        };
        answer(&mut stream, state, request)?;
    }
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .map(|at| at + 4)
}

/// The parts of a request that the server uses.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Request {
    asked: Asked,
    takes_gzip: bool,
}

impl Request {
    /// Reads the headers to their end.
    fn read(head: &[u8]) -> Option<Self> {
        let mut lines = str::from_utf8(head).ok()?.split("\r\n");
        let target = lines.next()?.strip_prefix("GET ")?.strip_suffix(" HTTP/1.1")?;
        Some(Self {
            asked: Asked::read(target)?,
            takes_gzip: lines.any(|line| {
                line.split_once(':')
                    .is_some_and(|(name, value)| name.eq_ignore_ascii_case("accept-encoding") && value.contains("gzip"))
            }),
        })
    }
}

fn answer(stream: &mut TcpStream, state: &State, request: Request) -> io::Result<()> {
    const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    if request.takes_gzip
        && let Some(body) = state.compressed.get(&request.asked)
    {
        let head = format!("{HEAD}content-encoding: gzip\r\ncontent-length: {}\r\n\r\n", body.len());
        return write_all(stream, state, &mut [IoSlice::new(head.as_bytes()), IoSlice::new(body)]);
    }
    let page = state.pages.page(request.asked);
    let head = format!("{HEAD}content-length: {}\r\n\r\n{}", page.len(), page.before);
    let mut parts = [
        IoSlice::new(head.as_bytes()),
        IoSlice::new(page.items),
        IoSlice::new(page.after.as_bytes()),
    ];
    write_all(stream, state, &mut parts)
}

/// Writes all parts, with one system call if the socket accepts them.
fn write_all(stream: &mut TcpStream, state: &State, mut parts: &mut [IoSlice<'_>]) -> io::Result<()> {
    while !parts.is_empty() {
        let written = stream.write_vectored(parts)?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        state.count_bytes(written);
        IoSlice::advance_slices(&mut parts, written);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Asked, Request, end_of_head};

    #[test]
    fn a_head_ends_at_its_empty_line() {
        assert_eq!(end_of_head(b"GET / HTTP/1.1\r\nhost: x\r\n\r\nGET"), Some(27));
        assert_eq!(end_of_head(b"GET / HTTP/1.1\r\nhost: x\r\n"), None);
    }

    #[test]
    fn only_what_our_clients_send_is_read() {
        let read = |head: &str| Request::read(head.as_bytes());
        let asked = Asked::LlamaCloud { from: 0, size: 20 };
        let plain = "GET /api/v1/chat?page_size=20 HTTP/1.1\r\nhost: x\r\naccept: application/json\r\n\r\n";
        assert_eq!(
            read(plain),
            Some(Request {
                asked,
                takes_gzip: false
            })
        );
        let packed = "GET /api/v1/chat?page_size=20 HTTP/1.1\r\nAccept-Encoding: gzip\r\n\r\n";
        assert_eq!(
            read(packed),
            Some(Request {
                asked,
                takes_gzip: true
            })
        );
        assert_eq!(read("POST /api/v1/chat HTTP/1.1\r\n\r\n"), None);
        assert_eq!(read("GET /api/v1/chat HTTP/1.0\r\n\r\n"), None);
        assert_eq!(Request::read(b"GET /\xff HTTP/1.1\r\n\r\n"), None);
    }
}
