//! Finds what is wrong with a spec.
//!
//! [`check`](check()) finds what stops the generator. [`lint`](lint()) finds that and everything
//! else in one run. [`rules`](rules()) is the table of all rules.

mod check;
mod checker;
mod components;
mod contradictions;
mod discriminators;
mod forbidden;
mod house;
mod losses;
mod nullable;
mod operations;
mod patterns;
mod rules;
mod run;
mod schemas;
mod servers;
mod values;

pub use check::check;
pub(crate) use house::fact;
pub use rules::{DocumentedExample, Rule, RuleSet, Subject, rules};
pub(crate) use run::obstacles_to_reading;
pub use run::{lint, lint_text};
