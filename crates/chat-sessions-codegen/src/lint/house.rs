//! The rules for the specs of this repository: each fact states its evidence and its meaning, and
//! the provider's own example equals the fixture that the tests use.

use serde_json::Value;

use super::checker::Checker;
use super::rules::DocumentedExample;
use crate::spec::grammar::ObjectKind;
use crate::spec::nodes::Node;

/// The kinds of evidence. The head of each spec explains them.
const MARKS: [&str; 5] = ["table", "example", "live", "sdk", "inferred"];

/// The example that is compared with a fixture, relative to an operation.
const DOCUMENTED: &str = "/responses/200/content/application~1json/examples/documented";

impl Checker<'_> {
    pub(super) fn house(&mut self, documented: Option<DocumentedExample<'_>>) {
        for node in self.nodes().iter() {
            let Some(noun) = fact(node) else { continue };
            if node.reference().is_none() {
                self.evidence(node, noun);
                self.description(node, noun);
            } else if node.kind == ObjectKind::Schema && self.is_new(&node.at) {
                let message = format!("the {noun} is a bare reference, which cannot carry evidence");
                let remedy = "Write a description, `x-evidence` and `allOf: [{$ref: …}]`.";
                self.report("evidence-missing", &node.at, &message, remedy);
            }
        }
        if let Some(documented) = documented {
            self.documented(documented);
        }
    }

    fn evidence(&mut self, node: &Node<'_>, noun: &str) {
        let at = node.at.child("x-evidence");
        let marks: Vec<&Value> = match node.value.get("x-evidence") {
            None => {
                let message = format!("the {noun} has no evidence");
                let remedy = format!("Write `x-evidence` with one or more of {}.", MARKS.join(", "));
                self.report("evidence-missing", &node.at, &message, &remedy);
                return;
            }
            Some(Value::Array(marks)) if !marks.is_empty() => marks.iter().collect(),
            Some(mark) => vec![mark],
        };
        for (index, mark) in marks.iter().enumerate() {
            let remedy = format!("Write one or more of {}, each once.", MARKS.join(", "));
            if !mark.as_str().is_some_and(|mark| MARKS.contains(&mark)) {
                let message = format!("{mark} is not a kind of evidence");
                self.report("evidence-mark", &at, &message, &remedy);
            } else if marks[..index].contains(mark) {
                self.report(
                    "evidence-mark",
                    &at,
                    &format!("the evidence {mark} is listed twice"),
                    &remedy,
                );
            }
        }
    }

    fn description(&mut self, node: &Node<'_>, noun: &str) {
        let keyword = match node.kind {
            ObjectKind::Operation | ObjectKind::Example => "summary",
            _ => "description",
        };
        let text = node.value.get(keyword).and_then(Value::as_str).unwrap_or_default();
        if text.trim().is_empty() && self.is_new(&node.at.child(keyword)) {
            let message = format!("the {noun} has no {keyword}");
            let remedy = "Explain it in a sentence; if sources disagree, say how.";
            self.report("description-missing", &node.at, &message, remedy);
        }
    }

    fn documented(&mut self, documented: DocumentedExample<'_>) {
        let DocumentedExample { file, value } = documented;
        let nodes = self.nodes();
        let example = nodes
            .iter()
            .find(|node| node.kind == ObjectKind::Example && node.at.as_str().ends_with(DOCUMENTED));
        let remedy = "Both hold the example of the provider's document, unchanged; restore the one that was edited.";
        let Some(example) = example else {
            let message = format!("{file} exists, but no operation has the example `documented` for status 200");
            self.report(
                "example-fixture",
                &crate::Pointer::root().child("paths"),
                &message,
                remedy,
            );
            return;
        };
        let at = example.at.child("value");
        let own = example.value.get("value").unwrap_or(&Value::Null);
        if let Some(path) = difference(own, value) {
            let message = match path.as_str() {
                "" => format!("the example and {file} differ"),
                path => format!("the example and {file} differ, first at `{path}`"),
            };
            self.report("example-fixture", &at.joined(&path), &message, remedy);
        }
    }
}

/// The noun for a node that states a fact about the provider; `None` for one that only groups
/// others.
pub(crate) fn fact(node: &Node<'_>) -> Option<&'static str> {
    match node.kind {
        ObjectKind::Operation
        | ObjectKind::Parameter
        | ObjectKind::Response
        | ObjectKind::Example
        | ObjectKind::SecurityScheme => Some(node.kind.noun()),
        ObjectKind::Schema if node.is_named => {
            let list = node.at.parent().map(|above| above.name());
            Some(if list.as_deref() == Some("properties") {
                "property"
            } else {
                "schema"
            })
        }
        _ => None,
    }
}

/// The path to the first difference between two values.
fn difference(one: &Value, other: &Value) -> Option<String> {
    let root = crate::Pointer::root();
    let below = |name: &str, path: String| root.child(name).joined(&path).as_str().to_owned();
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let names = one.keys().chain(other.keys().filter(|name| !one.contains_key(*name)));
            for name in names {
                let path = match (one.get(name), other.get(name)) {
                    (Some(one), Some(other)) => difference(one, other),
                    _ => Some(String::new()),
                };
                if let Some(path) = path {
                    return Some(below(name, path));
                }
            }
            None
        }
        (Value::Array(one), Value::Array(other)) => {
            let pairs = one.iter().zip(other).enumerate();
            for (index, (one, other)) in pairs {
                if let Some(path) = difference(one, other) {
                    return Some(below(&index.to_string(), path));
                }
            }
            let shorter = one.len().min(other.len());
            (one.len() != other.len()).then(|| below(&shorter.to_string(), String::new()))
        }
        (one, other) => (one != other).then(String::new),
    }
}
