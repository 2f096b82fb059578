//! The resources that a process has used: processor time and memory, as the operating system counts
//! them. This file knows no client.
//!
//! Linux only: the peak memory is read from `/proc`.

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

use crate::failure::Failure;

/// The processor time of this process so far in seconds, user and system time.
///
/// # Errors
///
/// Fails if the system does not report it.
pub(crate) fn own_cpu() -> Result<f64, Failure> {
    cpu(UsageWho::RUSAGE_SELF)
}

/// The processor time of all child processes that have ended and been waited for, and of their
/// children.
///
/// # Errors
///
/// Fails if the system does not report it.
pub(crate) fn children_cpu() -> Result<f64, Failure> {
    cpu(UsageWho::RUSAGE_CHILDREN)
}

fn cpu(who: UsageWho) -> Result<f64, Failure> {
    let usage = getrusage(who)?;
    Ok(seconds(usage.user_time()) + seconds(usage.system_time()))
}

/// A double holds these counts exactly for longer than any process lives.
#[allow(
    clippy::cast_precision_loss,
    reason = "seconds and microseconds of a process are far below 2^52"
)]
fn seconds(time: TimeVal) -> f64 {
    time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6
}

/// The peak resident memory of this process, in KiB.
///
/// # Errors
///
/// Fails if `/proc/self/status` or its line `VmHWM` is missing, as on every system other than
/// Linux.
pub(crate) fn peak_kib() -> Result<u64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")
        .map_err(|error| format!("/proc/self/status cannot be read: {error}. The bench runs on Linux only."))?;
    peak_in(&status).ok_or_else(|| "/proc/self/status has no line VmHWM. The bench runs on Linux only.".into())
}

fn peak_in(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{own_cpu, peak_in};

    #[test]
    fn the_peak_is_the_high_water_mark() {
        let status = "VmPeak:\t  9000 kB\nVmHWM:\t    8124 kB\nVmRSS:\t    7000 kB\n";
        assert_eq!(peak_in(status), Some(8124));
        assert_eq!(peak_in("VmRSS:\t    7000 kB\n"), None);
    }

    #[test]
    fn processor_time_only_grows() {
        let before = own_cpu().unwrap();
        let mut sum = 0_u64;
        for number in 0..3_000_000_u64 {
            sum = std::hint::black_box(sum.wrapping_mul(31).wrapping_add(number));
        }
        assert!(own_cpu().unwrap() > before);
    }
}
