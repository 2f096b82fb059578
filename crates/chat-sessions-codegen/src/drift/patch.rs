//! Changes the text of a spec so that it accepts what was observed.

mod apply;
mod edit;
mod plan;
mod schema;
mod yaml_node;

pub(super) use apply::{Patched, patch};
