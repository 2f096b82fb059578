//! Writes schemas that accept every value of a shape.

use super::yaml_node::YamlNode;
use crate::drift::detect::ValueShape;

/// The description of everything that is only known from responses.
pub(super) const OBSERVED_DESCRIPTION: &str = "Seen in live responses; not documented.";

impl ValueShape {
    /// A schema for query values. If some are strings, all are.
    pub(super) fn of_text(&self) -> YamlNode {
        let types = self.types();
        let name = if let [only] = types.as_slice() { only } else { "string" };
        YamlNode::Map(vec![("type".to_owned(), YamlNode::text(name))])
    }

    /// A schema that accepts the whole shape. `about` is inserted between the type and the rest.
    pub(super) fn schema(&self, about: Vec<(String, YamlNode)>) -> Vec<(String, YamlNode)> {
        let types = self.types();
        let mut schema = Vec::new();
        if let [only] = types.as_slice() {
            schema.push(("type".to_owned(), YamlNode::text(only)));
            if self.null {
                schema.push(("nullable".to_owned(), YamlNode::Bool(true)));
            }
            schema.extend(about);
            schema.extend(self.inside(only));
        } else {
            schema.extend(about);
            if !types.is_empty() {
                schema.push(("oneOf".to_owned(), YamlNode::List(self.variants())));
            }
        }
        schema
    }

    /// One schema per type; the first is nullable if null was observed.
    pub(super) fn variants(&self) -> Vec<YamlNode> {
        let variant = |(index, name): (usize, &&str)| {
            let mut schema = vec![("type".to_owned(), YamlNode::text(name))];
            if self.null && index == 0 {
                schema.push(("nullable".to_owned(), YamlNode::Bool(true)));
            }
            schema.extend(self.inside(name));
            YamlNode::Map(schema)
        };
        self.types().iter().enumerate().map(variant).collect()
    }

    /// The keywords for the children of an array or object.
    fn inside(&self, name: &str) -> Vec<(String, YamlNode)> {
        match name {
            "array" => {
                let items = self
                    .items
                    .as_deref()
                    .map(|items| items.schema(Vec::new()))
                    .unwrap_or_default();
                vec![("items".to_owned(), YamlNode::Map(items))]
            }
            "object" => match &self.members {
                Some(members) if !members.is_free && !members.by_name.is_empty() => {
                    let properties = members
                        .by_name
                        .iter()
                        .map(|(name, shape)| (name.clone(), YamlNode::Map(shape.described())));
                    vec![("properties".to_owned(), YamlNode::Map(properties.collect()))]
                }
                _ => vec![("additionalProperties".to_owned(), YamlNode::Bool(true))],
            },
            _ => Vec::new(),
        }
    }

    /// The schema of a property, with a description and evidence as the house rules require.
    pub(super) fn described(&self) -> Vec<(String, YamlNode)> {
        self.schema(about())
    }
}

/// Description and evidence of everything that is only known from responses.
pub(super) fn about() -> Vec<(String, YamlNode)> {
    vec![
        ("description".to_owned(), YamlNode::text(OBSERVED_DESCRIPTION)),
        ("x-evidence".to_owned(), YamlNode::text("live")),
    ]
}
