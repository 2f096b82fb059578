//! Operations: ambiguous paths, missing failure responses, and `example` beside `examples`.

use std::collections::BTreeMap;

use super::checker::Checker;
use crate::spec::grammar::ObjectKind;
use crate::spec::nodes::is_extension;
use crate::spec::{Pointer, refs};

impl Checker<'_> {
    pub(super) fn lint_operations(&mut self) {
        self.paths();
        for operation in refs::operations(self.tree()) {
            let at = operation.at.child("responses");
            let mut statuses = refs::members(operation.value, "responses").map(|(status, _)| status.as_str());
            // An operation without any response already has a finding.
            if self.is_new(&at) && !statuses.any(|status| status == "default" || status.starts_with('4')) {
                let remedy = "Describe the response to a rejected request, as 4XX or as `default`.";
                self.report(
                    "response-failure",
                    &at,
                    "the operation describes no failure response",
                    remedy,
                );
            }
        }
        for node in self.nodes().iter() {
            let has_both = ["example", "examples"]
                .iter()
                .all(|name| node.value.get(name).is_some());
            if matches!(
                node.kind,
                ObjectKind::MediaType | ObjectKind::Parameter | ObjectKind::Header
            ) && has_both
            {
                let message =
                    "`example` and `examples` are mutually exclusive, and readers disagree about which one counts";
                let remedy = "Move the single example into `examples`.";
                self.report("example-both", &node.at.child("example"), message, remedy);
            }
        }
    }

    /// Paths that differ only in the names of their parameters are the same to a server.
    fn paths(&mut self) {
        let mut seen: BTreeMap<String, &String> = BTreeMap::new();
        for (path, _) in refs::members(self.tree(), "paths").filter(|(path, _)| !is_extension(path)) {
            let shape = path
                .split('/')
                .map(|part| match (part.find('{'), part.rfind('}')) {
                    (Some(open), Some(close)) if open < close => format!("{}{{}}{}", &part[..open], &part[close + 1..]),
                    _ => part.to_owned(),
                })
                .collect::<Vec<_>>()
                .join("/");
            if let Some(first) = seen.get(&shape) {
                let message = format!("the paths `{first}` and `{path}` are the same to a server");
                let at = Pointer::root().below(&["paths", path]);
                let remedy = "Merge their operations into one path.";
                self.report("path-ambiguous", &at, &message, remedy);
            } else {
                seen.insert(shape, path);
            }
        }
    }
}
