//! One exchange after the other, held against the specs: everything that disagrees becomes a sighting.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::display;
use super::observations::{Key, Rule, Sighting, Sightings};
use super::route::{self, Route};
use crate::drift::error::DriftError;
use crate::drift::input::{Body, Exchange, Request};
use crate::spec::refs::{self, Found};
use crate::spec::{Pointer, Spec};
use crate::validate::{Instances, Kind, Mismatch};

mod request;

/// Holds exchanges against specs.
pub(in crate::drift) struct Observer<'s> {
    specs: &'s [Spec],
    routes: Vec<Route<'s>>,
    instances: Vec<Instances<'s>>,
    /// The operation of bodies that come without a request.
    named: Option<usize>,
    sightings: Sightings,
    /// How many answers there were.
    pub(in crate::drift) answers: usize,
    /// In how many answers each schema described an object.
    objects: BTreeMap<(usize, Pointer), usize>,
    properties: BTreeSet<(usize, Pointer)>,
    /// The hosts that served an operation.
    hosts: BTreeSet<String>,
    strangers: Vec<Stranger>,
}

/// A request that no operation takes. Whether it matters is known at the end, when all hosts of the provider are.
struct Stranger {
    host: String,
    spec: Option<usize>,
    node: Pointer,
    detail: String,
    place: String,
}

impl<'s> Observer<'s> {
    pub(in crate::drift) fn new(specs: &'s [Spec], operation: Option<&str>) -> Result<Self, DriftError> {
        let routes = route::routes(specs);
        let named = operation.map(|id| route::named(&routes, id)).transpose()?;
        Ok(Self {
            specs,
            routes,
            instances: specs.iter().map(Instances::new).collect(),
            named,
            sightings: Sightings::default(),
            answers: 0,
            objects: BTreeMap::new(),
            properties: BTreeSet::new(),
            hosts: BTreeSet::new(),
            strangers: Vec::new(),
        })
    }

    /// Holds one exchange against the specs.
    pub(in crate::drift) fn exchange(&mut self, exchange: &Exchange) -> Result<(), DriftError> {
        let Some(request) = &exchange.request else {
            return self.alone(exchange);
        };
        let Some(index) = self.find(request, &exchange.place) else {
            return Ok(());
        };
        self.answers += 1;
        self.hosts.insert(request.host.clone());
        let status = exchange.status.unwrap_or_default();
        self.request(index, request, status, &exchange.place);
        let route = &self.routes[index];
        match answer_for(route, status) {
            Some(answer) => {
                let answer = answer.clone();
                self.answer(index, &answer, exchange);
            }
            None => self.undeclared(index, status, exchange),
        }
        Ok(())
    }

    /// A body without a request and a status.
    fn alone(&mut self, exchange: &Exchange) -> Result<(), DriftError> {
        let Body::Json(body) = &exchange.body else {
            return Ok(());
        };
        let (index, status) = route::by_body(&self.routes, &self.instances, self.named, body, &exchange.place)?;
        self.answers += 1;
        let route = &self.routes[index];
        let answer = route.answers.iter().find(|(known, _)| *known == status);
        let Some((_, answer)) = answer else { return Ok(()) };
        let answer = answer.clone();
        self.answer(index, &answer, exchange);
        Ok(())
    }

    fn find(&mut self, request: &Request, place: &str) -> Option<usize> {
        let by_path = route::by_path(&self.routes, &request.path);
        let right = |index: &usize| self.routes[*index].operation.method == request.method;
        if let Some(index) = by_path.iter().copied().find(right) {
            return Some(index);
        }
        // A browser asks so before a request to another origin; it is no operation of the provider's.
        if request.method == "options" && !by_path.is_empty() {
            return None;
        }
        let method = request.method.to_ascii_uppercase();
        let method = if display::is_a_name(&method) {
            method
        } else {
            "a method".to_owned()
        };
        let (spec, node, path) = match by_path.first() {
            Some(index) => {
                let route = &self.routes[*index];
                let node = route.operation.at.parent().unwrap_or_default();
                (Some(route.spec), node, route.operation.path.to_owned())
            }
            None => {
                let spec = route::nearest_spec(self.specs, &self.routes, request);
                (
                    spec,
                    Pointer::root().child("paths"),
                    display::shown_url_path(&request.path),
                )
            }
        };
        self.strangers.push(Stranger {
            host: request.host.clone(),
            spec,
            node,
            detail: format!("{method} {path}"),
            place: place.to_owned(),
        });
        None
    }

    /// The body, against an answer that the spec describes.
    fn answer(&mut self, index: usize, answer: &Found<'s>, exchange: &Exchange) {
        let spec = self.routes[index].spec;
        let is_head = exchange
            .request
            .as_ref()
            .is_some_and(|request| request.method == "head");
        let content: Vec<(&String, &Value)> = refs::members(answer.value, "content").collect();
        if content.is_empty() || is_head || exchange.status == Some(304) {
            return;
        }
        let (node, place) = (answer.at.clone(), exchange.place.as_str());
        let key = |rule, detail: &str| Key {
            spec,
            node: node.clone(),
            rule,
            detail: detail.to_owned(),
        };
        if matches!(exchange.body, Body::NotRecorded) {
            self.sightings
                .count(key(Rule::BodyNotRecorded, ""), || place.to_owned());
            return;
        }
        let media_type = exchange.media_type.as_deref();
        let is_of = |(declared, _): &&(&String, &Value)| media_type.is_none_or(|sent| covers(declared, sent));
        let Some((declared, described)) = content.iter().find(is_of) else {
            let sent = media_type.unwrap_or_default();
            let detail = if is_media_type(sent) { sent } else { "" };
            self.sightings.count(key(Rule::MediaType, detail), || place.to_owned());
            return;
        };
        let is_json =
            declared.to_ascii_lowercase().contains("json") || media_type.is_some_and(|sent| sent.contains("json"));
        match &exchange.body {
            Body::Json(body) if described.get("schema").is_some() => {
                let schema = node.below(&["content", declared, "schema"]);
                self.body(spec, &schema, body, place);
            }
            Body::Empty | Body::Other if is_json || media_type.is_none() => {
                let kind = if matches!(exchange.body, Body::Empty) {
                    "nothing"
                } else {
                    "something else"
                };
                kind.clone_into(&mut self.sightings.count(key(Rule::NotJson, ""), || place.to_owned()).kind);
            }
            _ => {}
        }
    }

    fn body(&mut self, spec: usize, schema: &Pointer, body: &Value, place: &str) {
        let compared = self.instances[spec].compare(schema, body);
        for at in compared.objects {
            *self.objects.entry((spec, at)).or_default() += 1;
        }
        self.properties.extend(compared.seen.into_iter().map(|at| (spec, at)));
        for mismatch in compared.mismatches {
            self.mismatch(spec, mismatch, body, place);
        }
    }

    fn mismatch(&mut self, spec: usize, mismatch: Mismatch, body: &Value, place: &str) {
        let Mismatch {
            schema,
            place: outer,
            path,
            kind,
        } = mismatch;
        let tree = self.specs[spec].tree();
        let value = body.pointer(&path).unwrap_or(&Value::Null);
        let disagrees = schema.clone();
        let (rule, node, detail, expected) = match kind {
            Kind::Type { expected, .. } => (Rule::Type, outer, String::new(), display::with_article(&expected)),
            Kind::Null => (Rule::Null, outer, String::new(), String::new()),
            Kind::NoVariant => (Rule::Variant, schema, String::new(), String::new()),
            Kind::EnumValue => {
                let plain = value
                    .as_str()
                    .filter(|text| display::is_a_plain_value(text))
                    .unwrap_or_default();
                (Rule::EnumValue, schema, plain.to_owned(), String::new())
            }
            Kind::Missing { name } => (Rule::FieldMissing, schema, name, String::new()),
            Kind::Unknown { .. } if is_open(tree, &schema) => return,
            Kind::Unknown { name, .. } => {
                let name = if display::is_a_name(&name) { name } else { String::new() };
                (Rule::FieldUnknown, schema, name, String::new())
            }
            Kind::Format { format } => (Rule::Format, schema, format, String::new()),
            Kind::NoZone => (Rule::Format, schema, "date-time".to_owned(), "zone".to_owned()),
            Kind::Bound { keyword } => (Rule::Bound, schema, keyword.to_owned(), String::new()),
            Kind::Not => (Rule::Forbidden, schema, String::new(), String::new()),
            // Whoever reads the value finds a variant that takes it; which one is a matter of the spec alone.
            Kind::SeveralVariants => return,
        };
        let key = Key {
            spec,
            node,
            rule,
            detail,
        };
        let sighting = self.sightings.count(key, || example(place, &path));
        sighting.value(value);
        if sighting.count == 1 {
            sighting.expected = expected;
            sighting.schema = disagrees;
        }
    }

    /// A status that the operation does not declare. Which of its failures has a body like this one is remembered for the patch.
    fn undeclared(&mut self, index: usize, status: u16, exchange: &Exchange) {
        let route = &self.routes[index];
        let spec = route.spec;
        let fits = match &exchange.body {
            Body::Json(body) => {
                let failures = route.answers.iter().filter(|(known, _)| !refs::is_success(known));
                let schemas = failures.flat_map(|(_, answer)| refs::content_schemas(answer));
                let fitting = schemas.filter(|schema| {
                    let compared = self.instances[spec].compare(&schema.at, body);
                    compared.mismatches.is_empty() && !compared.objects.is_empty()
                });
                Some(fitting.map(|schema| schema.at).collect::<BTreeSet<_>>())
            }
            _ => None,
        };
        let key = Key {
            spec,
            node: route.operation.at.child("responses"),
            rule: Rule::Status,
            detail: status.to_string(),
        };
        let sighting = self.sightings.count(key, || exchange.place.clone());
        let known = sighting.fits.take();
        sighting.fits = match (known, fits) {
            (Some(known), Some(fits)) => Some(known.intersection(&fits).cloned().collect()),
            (known, fits) => known.or(fits),
        };
    }

    /// Everything that was seen, and what was not.
    pub(in crate::drift) fn finish(mut self) -> BTreeMap<Key, Sighting> {
        let servers: BTreeSet<String> = self.specs.iter().flat_map(route::hosts).collect();
        for stranger in std::mem::take(&mut self.strangers) {
            let is_ours =
                is_loopback(&stranger.host) || servers.contains(&stranger.host) || self.hosts.contains(&stranger.host);
            let key = if is_ours && !self.specs.is_empty() {
                Key {
                    spec: stranger.spec.unwrap_or_default(),
                    node: stranger.node,
                    rule: Rule::Endpoint,
                    detail: stranger.detail,
                }
            } else {
                Key {
                    spec: 0,
                    node: Pointer::root().child("servers"),
                    rule: Rule::OtherHost,
                    detail: String::new(),
                }
            };
            self.sightings.count(key, || stranger.place);
        }
        self.never_seen();
        self.sightings.into_all()
    }

    /// The described properties of objects that came, which never came themselves. Required ones were reported as missing.
    fn never_seen(&mut self) {
        for ((spec, schema), count) in std::mem::take(&mut self.objects) {
            let Some(node) = self.specs[spec].tree().pointer(schema.as_str()) else {
                continue;
            };
            for (name, _) in refs::members(node, "properties") {
                let at = schema.below(&["properties", name]);
                let missing = Key {
                    spec,
                    node: schema.clone(),
                    rule: Rule::FieldMissing,
                    detail: name.clone(),
                };
                if self.properties.contains(&(spec, at.clone())) || self.sightings.contains(&missing) {
                    continue;
                }
                let key = Key {
                    spec,
                    node: at,
                    rule: Rule::FieldNeverSeen,
                    detail: name.clone(),
                };
                let sighting = self.sightings.count(key, String::new);
                sighting.count = count;
            }
        }
    }
}

/// Where in an answer, names that look like data shortened.
fn example(place: &str, path: &str) -> String {
    let path = display::shown_path(path);
    let path = if path.is_empty() { "/" } else { &path };
    format!("{place} {path}")
}

/// The answer to a status: its own, that of its class such as `4XX`, or `default`.
fn answer_for<'r, 's>(route: &'r Route<'s>, status: u16) -> Option<&'r Found<'s>> {
    let own = status.to_string();
    let class = format!("{}XX", status / 100);
    let by = |name: &str| route.answers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    by(&own)
        .or_else(|| by(&class))
        .or_else(|| by("default"))
        .map(|(_, answer)| answer)
}

/// Whether a schema says outright that it takes any other property.
fn is_open(tree: &Value, schema: &Pointer) -> bool {
    let others = tree
        .pointer(schema.as_str())
        .and_then(|schema| schema.get("additionalProperties"));
    others
        .is_some_and(|others| *others == Value::Bool(true) || others.as_object().is_some_and(serde_json::Map::is_empty))
}

/// Whether a media type, or range of them, that a spec declares is the one that was sent.
fn covers(declared: &str, sent: &str) -> bool {
    let declared = declared
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match declared.strip_suffix("/*") {
        Some("*") => true,
        Some(class) => sent.split('/').next() == Some(class),
        None => declared == sent,
    }
}

/// Whether a media type can be shown.
fn is_media_type(text: &str) -> bool {
    text.matches('/').count() == 1 && text.split(['/', '+']).all(display::is_a_name)
}

fn is_loopback(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}
