//! README.md, ARCHITECTURE.md and `docs/` are tested: their commands run, their links lead somewhere, their limits hold.

mod commands;
mod links;
mod page;
mod shown_output;
