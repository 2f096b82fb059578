//! Schemas that take every value of a shape.

use super::yaml_node::Node;
use crate::drift::detect::Shape;

/// What a description says that was made from answers alone.
pub(super) const SEEN: &str = "Seen in live answers; no document names it.";

impl Shape {
    /// A schema for values of a query; what is sometimes a text is one.
    pub(super) fn of_text(&self) -> Node {
        let types = self.types();
        let name = if let [only] = types.as_slice() { only } else { "string" };
        Node::Map(vec![("type".to_owned(), Node::text(name))])
    }

    /// The members of a schema that takes all of it. `about` stands between the type and the rest.
    pub(super) fn schema(&self, about: Vec<(String, Node)>) -> Vec<(String, Node)> {
        let types = self.types();
        let mut schema = Vec::new();
        if let [only] = types.as_slice() {
            schema.push(("type".to_owned(), Node::text(only)));
            if self.null {
                schema.push(("nullable".to_owned(), Node::Bool(true)));
            }
            schema.extend(about);
            schema.extend(self.inside(only));
        } else {
            schema.extend(about);
            if !types.is_empty() {
                schema.push(("oneOf".to_owned(), Node::List(self.variants())));
            }
        }
        schema
    }

    /// One schema for each type, the first of them nullable when null was seen.
    pub(super) fn variants(&self) -> Vec<Node> {
        let variant = |(index, name): (usize, &&str)| {
            let mut schema = vec![("type".to_owned(), Node::text(name))];
            if self.null && index == 0 {
                schema.push(("nullable".to_owned(), Node::Bool(true)));
            }
            schema.extend(self.inside(name));
            Node::Map(schema)
        };
        self.types().iter().enumerate().map(variant).collect()
    }

    /// What a schema of arrays or objects says about their parts.
    fn inside(&self, name: &str) -> Vec<(String, Node)> {
        match name {
            "array" => {
                let items = self
                    .items
                    .as_deref()
                    .map(|items| items.schema(Vec::new()))
                    .unwrap_or_default();
                vec![("items".to_owned(), Node::Map(items))]
            }
            "object" => match &self.members {
                Some(members) if !members.is_free && !members.by_name.is_empty() => {
                    let properties = members
                        .by_name
                        .iter()
                        .map(|(name, shape)| (name.clone(), Node::Map(shape.described())));
                    vec![("properties".to_owned(), Node::Map(properties.collect()))]
                }
                _ => vec![("additionalProperties".to_owned(), Node::Bool(true))],
            },
            _ => Vec::new(),
        }
    }

    /// The schema of a property, as the house describes properties.
    pub(super) fn described(&self) -> Vec<(String, Node)> {
        self.schema(about())
    }
}

/// What stands in every description that was made from answers alone.
pub(super) fn about() -> Vec<(String, Node)> {
    vec![
        ("description".to_owned(), Node::text(SEEN)),
        ("x-evidence".to_owned(), Node::text("live")),
    ]
}
