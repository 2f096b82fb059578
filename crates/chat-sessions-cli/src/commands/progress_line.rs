//! When a progress line is drawn: not by a fast command, and at most ten times per second.

use std::time::Duration;

use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use crate::output::StatusLine;

/// A faster command shows no progress. A slower one shows it within 100 ms of its start.
const FIRST_DRAW: Duration = Duration::from_millis(70);
const REDRAW_INTERVAL: Duration = Duration::from_millis(100);
/// The width if the terminal does not report one.
pub(crate) const DEFAULT_WIDTH: usize = 80;
/// Columns to keep free at the end of the line, for the `^C` that a terminal echoes and for the
/// cursor. Otherwise they would start a second line, which is not erased.
pub(crate) const RESERVED_COLUMNS: usize = 3;

/// A line on standard error, and the clock that says when to draw it.
#[derive(Debug)]
pub(crate) struct ProgressLine {
    line: StatusLine,
    /// `None` if progress is not shown.
    clock: Option<Interval>,
}

impl ProgressLine {
    /// Starts the clock, if progress is shown. Needs a runtime.
    pub(crate) fn start(is_shown: bool, line: StatusLine) -> Self {
        let clock = is_shown.then(|| {
            let mut clock = interval_at(Instant::now() + FIRST_DRAW, REDRAW_INTERVAL);
            clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
            clock
        });
        Self { line, clock }
    }

    /// Waits until it is time to draw.
    pub(crate) async fn tick(&mut self) {
        match &mut self.clock {
            Some(clock) => {
                clock.tick().await;
            }
            None => std::future::pending().await,
        }
    }

    pub(crate) fn draw(&self, text: &str) {
        self.line.draw(text);
    }

    pub(crate) fn end(&self) {
        self.line.erase();
    }
}
