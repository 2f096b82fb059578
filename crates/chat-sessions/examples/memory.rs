//! Lists COUNT made-up sessions one by one and prints the peak memory. Usage:
//! `memory numbers|tokens COUNT`.
//!
//! `cargo xtask memory` runs it for ten thousand and for ten million sessions and compares. The
//! source creates its pages on request, so that only the memory of the walk is measured.

#![allow(clippy::print_stdout, reason = "an example prints its result")]

use chat_sessions::source::{BoxFuture, Capabilities, NextPage, PageRequest, Position, SessionSource, SourcePage};
use chat_sessions::{ChatSessions, Provider, Result, Session, SessionId};

const PAGE: u64 = 1000;

#[derive(Debug)]
struct MadeUp {
    count: u64,
    numbers: bool,
}

impl SessionSource for MadeUp {
    fn provider(&self) -> Provider {
        Provider::new("made-up")
    }

    fn capabilities(&self) -> Capabilities {
        let capabilities = Capabilities::none().keeps_places().new_at_front().truthful_totals();
        if self.numbers {
            capabilities.descending_ids()
        } else {
            capabilities
        }
    }

    fn page(&self, request: PageRequest) -> BoxFuture<'_, Result<SourcePage>> {
        let number = match request.position {
            Position::Page(number) => number,
            Position::Token(token) => token.parse().unwrap_or(1),
            _ => 1,
        };
        let first = (number - 1) * PAGE;
        let sessions = (first..self.count.min(first + PAGE)).map(|index| {
            let id = (700_000_000_000_000_000 + self.count - index).to_string();
            let mut session = Session::new(SessionId::new(self.provider(), id));
            session.title = Some(format!("What happens in scene {index}?"));
            session
        });
        let next = match (self.numbers, number * PAGE < self.count) {
            (true, _) => NextPage::ByNumber,
            (false, true) => NextPage::Token((number + 1).to_string()),
            (false, false) => NextPage::End,
        };
        let mut page = SourcePage::new(sessions.collect(), next);
        if self.numbers {
            page.total = Some(self.count);
            page.page_size = Some(PAGE);
        }
        Box::pin(async { Ok(page) })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let numbers = match arguments.next().as_deref() {
        Some("numbers") => true,
        Some("tokens") => false,
        _ => return Err("usage: memory numbers|tokens COUNT".into()),
    };
    let count = arguments.next().unwrap_or_default().parse()?;

    let mut stream = ChatSessions::new(MadeUp { count, numbers }).list_sessions().by_item();
    let mut listed = 0;
    while let Some(session) = stream.next().await {
        session?;
        listed += 1;
    }
    assert_eq!(listed, count, "every session is listed");
    // The kernel's count of the peak memory of this process.
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!(
        "{} sessions, peak {}",
        listed,
        peak.ok_or("the kernel does not report the peak")?.trim()
    );
    Ok(())
}
