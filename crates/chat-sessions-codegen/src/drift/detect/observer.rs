//! Compares exchanges with the specs, one after the other, and records every deviation.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::display;
use super::observations::{DriftRule, ObservationKey, Observations};
use super::route::{self, Route};
use crate::drift::error::DriftError;
use crate::drift::input::{Body, Exchange, Request, foreign_value};
use crate::spec::normal::wire;
use crate::spec::refs::{self, Located, METHODS};
use crate::spec::{Pointer, Spec};
use crate::validate::{Mismatch, MismatchKind, Validator};

mod finish;
mod request;

/// Compares exchanges with specs.
pub(in crate::drift) struct Observer<'s> {
    specs: &'s [Spec],
    routes: Vec<Route<'s>>,
    /// The words in the paths of the specs, which reports may show.
    words: BTreeSet<&'s str>,
    validators: Vec<Validator<'s>>,
    /// The operation of bodies without a request.
    named: Option<usize>,
    observations: Observations,
    /// The number of responses.
    pub(in crate::drift) responses: usize,
    /// The number of responses whose bodies the recording does not have, so that they were not
    /// compared.
    pub(in crate::drift) unread: usize,
    /// The number of responses in which each schema described an object.
    objects: BTreeMap<(usize, Pointer), usize>,
    properties: BTreeSet<(usize, Pointer)>,
    /// The hosts that served an operation.
    hosts: BTreeSet<String>,
    unmatched: Vec<UnmatchedRequest>,
}

/// A request that no operation matches. Whether it matters is only known at the end, together with
/// all hosts of the provider.
struct UnmatchedRequest {
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
            words: route::words(specs, &routes),
            routes,
            validators: specs.iter().map(Validator::new).collect(),
            named,
            observations: Observations::default(),
            responses: 0,
            unread: 0,
            objects: BTreeMap::new(),
            properties: BTreeSet::new(),
            hosts: BTreeSet::new(),
            unmatched: Vec::new(),
        })
    }

    /// Compares one exchange with the specs.
    pub(in crate::drift) fn exchange(&mut self, exchange: &Exchange) -> Result<(), DriftError> {
        let Some(request) = &exchange.request else {
            return self.alone(exchange);
        };
        let Some(index) = self.find(request, &exchange.place) else {
            return Ok(());
        };
        self.responses += 1;
        self.hosts.insert(request.host.clone());
        let status = exchange.status.unwrap_or_default();
        self.request(index, request, status, &exchange.place);
        let route = &self.routes[index];
        match response_for(route, status) {
            Some(response) => {
                let response = response.clone();
                self.response(index, &response, exchange);
            }
            None => self.undeclared(index, status, exchange),
        }
        Ok(())
    }

    /// Compares a body without a request and status.
    fn alone(&mut self, exchange: &Exchange) -> Result<(), DriftError> {
        let Body::Json(body) = &exchange.body else {
            return Ok(());
        };
        if let Some(foreign) = foreign_value(body)
            && (foreign.is_certain
                || (self.named.is_none() && !route::is_described(&self.routes, &self.validators, body)))
        {
            let message = format!("{}: this is {}", exchange.place, foreign.what);
            return Err(DriftError::input(message, foreign.remedy));
        }
        let (index, status) = route::by_body(&self.routes, &self.validators, self.named, body, &exchange.place)?;
        self.responses += 1;
        let route = &self.routes[index];
        let response = route.responses.iter().find(|(known, _)| *known == status);
        let Some((_, response)) = response else { return Ok(()) };
        let response = response.clone();
        self.response(index, &response, exchange);
        Ok(())
    }

    fn find(&mut self, request: &Request, place: &str) -> Option<usize> {
        let by_path = route::by_path(&self.routes, &request.path);
        let right = |index: &usize| self.routes[*index].operation.method == request.method;
        if let Some(index) = by_path.iter().copied().find(right) {
            return Some(index);
        }
        // Browsers send it before a request to another origin; it is not an operation of the
        // provider.
        if request.method == "options" && !by_path.is_empty() {
            return None;
        }
        let is_known = METHODS.contains(&request.method.as_str());
        let method = if is_known {
            request.method.to_ascii_uppercase()
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
                    display::display_url_path(&request.path, &self.words),
                )
            }
        };
        self.unmatched.push(UnmatchedRequest {
            host: request.host.clone(),
            spec,
            node,
            detail: format!("{method} {path}"),
            place: place.to_owned(),
        });
        None
    }

    /// Compares the body with a response that the spec describes.
    fn response(&mut self, index: usize, response: &Located<'s>, exchange: &Exchange) {
        let spec = self.routes[index].spec;
        let is_head = exchange
            .request
            .as_ref()
            .is_some_and(|request| request.method == "head");
        let content: Vec<(&String, &Value)> = refs::members(response.value, "content").collect();
        if content.is_empty() || is_head || exchange.status == Some(304) {
            return;
        }
        let (node, place) = (response.at.clone(), exchange.place.as_str());
        let key = |rule, detail: &str| ObservationKey {
            spec,
            node: node.clone(),
            rule,
            detail: detail.to_owned(),
        };
        let not_compared = match exchange.body {
            Body::NotRecorded => Some(DriftRule::BodyNotRecorded),
            Body::Undecodable => Some(DriftRule::BodyUndecodable),
            _ => None,
        };
        if let Some(rule) = not_compared {
            self.unread += 1;
            self.observations.count(key(rule, ""), || place.to_owned());
            return;
        }
        let media_type = exchange.media_type.as_deref();
        let is_of = |(declared, _): &&(&String, &Value)| {
            media_type.is_none_or(|sent| wire::includes(&wire::essence(declared), sent))
        };
        // A range describes only what no narrower one does.
        let breadth = |(declared, _): &&(&String, &Value)| declared.matches('*').count();
        let Some((declared, described)) = content.iter().filter(is_of).min_by_key(breadth) else {
            let sent = media_type.unwrap_or_default();
            let detail = if is_media_type(sent) { sent } else { "" };
            self.observations
                .count(key(DriftRule::MediaType, detail), || place.to_owned());
            return;
        };
        let is_json = wire::is_json(declared) || media_type.is_some_and(wire::is_json);
        match &exchange.body {
            Body::Json(body) if described.get("schema").is_some() => {
                let schema = node.below(&["content", declared, "schema"]);
                self.body(spec, &schema, body, place);
            }
            Body::Empty | Body::Other if is_json || media_type.is_none() => {
                let kind = if matches!(exchange.body, Body::Empty) {
                    "empty"
                } else {
                    "something else"
                };
                kind.clone_into(
                    &mut self
                        .observations
                        .count(key(DriftRule::NotJson, ""), || place.to_owned())
                        .kind,
                );
            }
            _ => {}
        }
    }

    fn body(&mut self, spec: usize, schema: &Pointer, body: &Value, place: &str) {
        let validation = self.validators[spec].validate(schema, body);
        for at in validation.objects {
            *self.objects.entry((spec, at)).or_default() += 1;
        }
        self.properties.extend(validation.seen.into_iter().map(|at| (spec, at)));
        for mismatch in validation.mismatches {
            self.mismatch(spec, mismatch, body, place);
        }
    }

    fn mismatch(&mut self, spec: usize, mismatch: Mismatch, body: &Value, place: &str) {
        let Mismatch {
            schema,
            outer_schema,
            path,
            kind,
        } = mismatch;
        let tree = self.specs[spec].tree();
        let value = body.pointer(&path).unwrap_or(&Value::Null);
        let disagrees = schema.clone();
        let (rule, node, detail, expected) = match kind {
            MismatchKind::Type { expected, .. } => (
                DriftRule::Type,
                outer_schema,
                String::new(),
                display::with_article(&expected),
            ),
            MismatchKind::Null => (DriftRule::Null, outer_schema, String::new(), String::new()),
            MismatchKind::NoVariant => (DriftRule::Variant, schema, String::new(), String::new()),
            MismatchKind::EnumValue => {
                let plain = value
                    .as_str()
                    .filter(|text| display::is_a_plain_value(text))
                    .unwrap_or_default();
                (DriftRule::EnumValue, schema, plain.to_owned(), String::new())
            }
            // Only requests have it.
            MismatchKind::Missing { name } if refs::is_marked(tree, &schema, &name, "writeOnly") => return,
            MismatchKind::Missing { name } => (DriftRule::FieldMissing, schema, name, String::new()),
            MismatchKind::Unknown { .. } if is_open(tree, &schema) => return,
            MismatchKind::Unknown { name, .. } => {
                let name = if display::is_a_name(&name) { name } else { String::new() };
                (DriftRule::FieldUnknown, schema, name, String::new())
            }
            MismatchKind::Format { format } => (DriftRule::Format, schema, format, String::new()),
            MismatchKind::NoZone => (DriftRule::Format, schema, "date-time".to_owned(), "zone".to_owned()),
            MismatchKind::Bound { keyword } => (DriftRule::Bound, schema, keyword.to_owned(), String::new()),
            MismatchKind::Not => (DriftRule::Forbidden, schema, String::new(), String::new()),
            // A reader uses the first variant that matches; which one is a question about the spec
            // alone.
            MismatchKind::SeveralVariants => return,
        };
        let key = ObservationKey {
            spec,
            node,
            rule,
            detail,
        };
        let observation = self.observations.count(key, || example(place, &path));
        observation.value(value);
        if observation.count == 1 {
            observation.expected = expected;
            observation.schema = disagrees;
        }
    }

    /// Records a status that the operation does not declare, and for the patch, which of its
    /// failure schemas match the body.
    fn undeclared(&mut self, index: usize, status: u16, exchange: &Exchange) {
        let route = &self.routes[index];
        let spec = route.spec;
        let fits = match &exchange.body {
            Body::Json(body) => {
                let failures = route.responses.iter().filter(|(known, _)| !refs::is_success(known));
                let schemas = failures.flat_map(|(_, response)| refs::content_schemas(response));
                let fitting = schemas.filter(|schema| {
                    let validation = self.validators[spec].validate(&schema.at, body);
                    validation.mismatches.is_empty() && !validation.objects.is_empty()
                });
                Some(fitting.map(|schema| schema.at).collect::<BTreeSet<_>>())
            }
            _ => None,
        };
        let key = ObservationKey {
            spec,
            node: route.operation.at.child("responses"),
            rule: DriftRule::Status,
            detail: status.to_string(),
        };
        let observation = self.observations.count(key, || exchange.place.clone());
        let known = observation.fits.take();
        observation.fits = match (known, fits) {
            (Some(known), Some(fits)) => Some(known.intersection(&fits).cloned().collect()),
            (known, fits) => known.or(fits),
        };
    }
}

/// A location in a response, with names shortened that look like data.
fn example(place: &str, path: &str) -> String {
    let path = display::display_path(path);
    let path = if path.is_empty() { "/" } else { &path };
    format!("{place} {path}")
}

/// The response for a status: its own, that of its class such as `4XX`, or `default`.
fn response_for<'r, 's>(route: &'r Route<'s>, status: u16) -> Option<&'r Located<'s>> {
    let own = status.to_string();
    let class = format!("{}XX", status / 100);
    let by = |name: &str| {
        route
            .responses
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    by(&own)
        .or_else(|| by(&class))
        .or_else(|| by("default"))
        .map(|(_, response)| response)
}

/// Whether a schema explicitly allows any additional properties.
fn is_open(tree: &Value, schema: &Pointer) -> bool {
    let others = tree
        .pointer(schema.as_str())
        .and_then(|schema| schema.get("additionalProperties"));
    others
        .is_some_and(|others| *others == Value::Bool(true) || others.as_object().is_some_and(serde_json::Map::is_empty))
}

/// Whether a media type may be shown.
fn is_media_type(text: &str) -> bool {
    text.matches('/').count() == 1 && text.split(['/', '+']).all(display::is_a_name)
}
