//! `nullable` that does not do what its author meant.

use serde_json::Value;

use super::checker::Checker;
use crate::spec::nodes::Node;
use crate::spec::null::{NullObstacle, NullObstacleKind, obstacles_to_null};
use crate::spec::refs::{self, Located};
use crate::spec::{Pointer, sentence};

impl Checker<'_> {
    /// OpenAPI 3.0.3 lets `nullable` add null to the `type` beside it, and do nothing else.
    pub(super) fn nullable(&mut self, node: &Node<'_>) {
        let schema = Located {
            at: node.at.clone(),
            value: node.value,
        };
        if is_nullable(node.value) {
            let at = node.at.child("nullable");
            let obstacles = obstacles_to_null(self.tree(), &schema);
            if !obstacles.is_empty() {
                let message =
                    "null stays invalid here: `nullable` adds null to the `type` beside it, and has no other effect";
                self.report("nullable-ignored", &at, message, &remedy(node, &obstacles));
            } else if node.value.get("type").is_none() {
                let message = "without `type` beside it, `nullable` has no effect; null is valid here anyway";
                let remedy = "Remove it, or add the type.";
                self.report("nullable-type", &at, message, remedy);
            }
        }
        self.nullable_twice(&schema);
    }

    /// Null must match exactly one variant of a `oneOf`.
    fn nullable_twice(&mut self, schema: &Located<'_>) {
        let at = schema.at.child("oneOf");
        let variants = refs::items(schema.value, "oneOf").enumerate();
        let nullable = variants.filter_map(|(index, value)| {
            let at = at.child(index);
            let found = refs::resolve(self.tree(), Located { at: at.clone(), value })?;
            let allows = is_nullable(found.value) && obstacles_to_null(self.tree(), &found).is_empty();
            allows.then_some(at)
        });
        let nullable: Vec<Pointer> = nullable.collect();
        if let [_, second, ..] = nullable.as_slice() {
            let message = "several variants of this `oneOf` allow null, so null does not match exactly one of them";
            let remedy = "Write `nullable: true` in one variant only, or write `anyOf`.";
            self.report("nullable-ignored", second, message, remedy);
        }
    }
}

fn is_nullable(schema: &Value) -> bool {
    schema.get("nullable") == Some(&Value::Bool(true))
}

/// What to write where, for each schema that forbids null.
fn remedy(node: &Node<'_>, obstacles: &[NullObstacle]) -> String {
    let is_own = |obstacle: &NullObstacle| obstacle.at == node.at;
    let steps = obstacles.iter().map(|obstacle| {
        let place = match is_own(obstacle) {
            true => String::new(),
            false => format!(" at {}", obstacle.at),
        };
        match obstacle.kind {
            NullObstacleKind::Type => format!("write `nullable: true` beside the type{place}"),
            NullObstacleKind::Enum => format!("list null in the enum{place}"),
            NullObstacleKind::NoVariant(keyword) => {
                format!("write `nullable: true` beside the type of one variant of the `{keyword}`{place}")
            }
            NullObstacleKind::SeveralVariants => format!("allow null in one variant of the `oneOf`{place} only"),
            NullObstacleKind::Not => format!("change the `not`{place}, which null matches"),
        }
    });
    let mut steps: Vec<String> = steps.collect();
    // Beside a type it is still needed, since that type would forbid null.
    if node.value.get("type").is_none() {
        steps.push("remove it here".to_owned());
    }
    match steps.split_last() {
        Some((last, others)) if !others.is_empty() => sentence(&format!("{}, and {last}", others.join(", "))),
        _ => sentence(&steps.concat()),
    }
}
