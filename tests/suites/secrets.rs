//! Keys, page tokens and cookies do not leak.

mod debug_output;
mod leak_cases;
mod recording;
mod secret_leaks;
