//! What is only known when everything was observed: which unmatched requests are the provider's,
//! and which fields never occurred.

use std::collections::{BTreeMap, BTreeSet};

use super::Observer;
use crate::drift::detect::observations::{DriftRule, Observation, ObservationKey};
use crate::drift::detect::route;
use crate::spec::Pointer;
use crate::spec::refs;

impl Observer<'_> {
    /// Returns all observations, including fields that never occurred.
    pub(in crate::drift) fn finish(mut self) -> BTreeMap<ObservationKey, Observation> {
        let servers: BTreeSet<String> = self.specs.iter().flat_map(route::hosts).collect();
        for request in std::mem::take(&mut self.unmatched) {
            let is_ours =
                is_loopback(&request.host) || servers.contains(&request.host) || self.hosts.contains(&request.host);
            let key = if is_ours && !self.specs.is_empty() {
                ObservationKey {
                    spec: request.spec.unwrap_or_default(),
                    node: request.node,
                    rule: DriftRule::Endpoint,
                    detail: request.detail,
                }
            } else {
                ObservationKey {
                    spec: 0,
                    node: Pointer::root().child("servers"),
                    rule: DriftRule::OtherHost,
                    detail: String::new(),
                }
            };
            self.observations.count(key, || request.place);
        }
        self.never_seen();
        self.observations.into_all()
    }

    /// Records the described properties of observed objects that never occurred themselves.
    /// Required ones were already reported as missing.
    fn never_seen(&mut self) {
        for ((spec, schema), count) in std::mem::take(&mut self.objects) {
            let Some(node) = self.specs[spec].tree().pointer(schema.as_str()) else {
                continue;
            };
            for (name, _) in refs::members(node, "properties") {
                if refs::is_marked(self.specs[spec].tree(), &schema, name, "writeOnly") {
                    continue;
                }
                let at = schema.below(&["properties", name]);
                let missing = ObservationKey {
                    spec,
                    node: schema.clone(),
                    rule: DriftRule::FieldMissing,
                    detail: name.clone(),
                };
                if self.properties.contains(&(spec, at.clone())) || self.observations.contains(&missing) {
                    continue;
                }
                let key = ObservationKey {
                    spec,
                    node: at,
                    rule: DriftRule::FieldNeverSeen,
                    detail: name.clone(),
                };
                let observation = self.observations.count(key, String::new);
                observation.count = count;
            }
        }
    }
}

fn is_loopback(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}
