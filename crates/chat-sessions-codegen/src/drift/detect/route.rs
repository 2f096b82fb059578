//! Finds the operation of a response: by method and path if the request is known, by id if one is
//! given, and otherwise by the responses that the body matches best.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::drift::error::DriftError;
use crate::drift::input::Request;
use crate::spec::refs::{self, Located, Operation};
use crate::spec::{Pointer, Spec};
use crate::validate::{Mismatch, MismatchKind, Validator};

/// An operation and the index of its spec.
pub(super) struct Route<'s> {
    pub(super) spec: usize,
    pub(super) operation: Operation<'s>,
    /// The responses by status, references resolved.
    pub(super) responses: Vec<(&'s str, Located<'s>)>,
}

impl Route<'_> {
    pub(super) fn id(&self) -> &str {
        self.operation
            .value
            .get("operationId")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }
}

/// Every operation of every spec, in order.
pub(super) fn routes(specs: &[Spec]) -> Vec<Route<'_>> {
    let mut all = Vec::new();
    for (spec, read) in specs.iter().enumerate() {
        for operation in refs::operations(read.tree()) {
            let responses = refs::responses(read.tree(), &operation);
            all.push(Route {
                spec,
                operation,
                responses,
            });
        }
    }
    all
}

/// The operation with this id.
pub(super) fn named(routes: &[Route<'_>], id: &str) -> Result<usize, DriftError> {
    let found: Vec<usize> = (0..routes.len()).filter(|index| routes[*index].id() == id).collect();
    match found.as_slice() {
        [index] => Ok(*index),
        [] => Err(DriftError::input(
            format!("no spec has the operation `{id}`"),
            format!("Name one of {}.", ids(routes)),
        )),
        _ => Err(DriftError::input(
            format!("several specs have the operation `{id}`"),
            "Give the operations different ids, or use a HAR file, which identifies them by path.",
        )),
    }
}

fn ids(routes: &[Route<'_>]) -> String {
    let ids: BTreeSet<&str> = routes.iter().map(Route::id).collect();
    ids.into_iter().collect::<Vec<_>>().join(", ")
}

/// How well a path matches the path of an operation: first by the number of literal segments, then
/// by how few segments precede it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct PathMatch {
    spelled: usize,
    fewer_before: std::cmp::Reverse<usize>,
}

/// The operations whose path is a suffix of the path of a request, best first, whatever their
/// methods.
///
/// Any prefix is allowed: the base path of a server, of a proxy, or none. A path of parameters only
/// must match as a whole.
pub(super) fn by_path(routes: &[Route<'_>], path: &str) -> Vec<usize> {
    let mut fits: Vec<(PathMatch, usize)> = routes
        .iter()
        .enumerate()
        .filter_map(|(index, route)| Some((fit(route.operation.path, path)?, index)))
        .collect();
    fits.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    fits.into_iter().map(|(_, index)| index).collect()
}

fn fit(template: &str, path: &str) -> Option<PathMatch> {
    let template: Vec<&str> = segments(template);
    let path: Vec<&str> = segments(path);
    let before = path.len().checked_sub(template.len())?;
    let pairs = || template.iter().zip(&path[before..]);
    let is_parameter = |segment: &str| segment.contains('{');
    let meets = pairs().all(|(expected, segment)| is_parameter(expected) || expected == segment);
    let spelled = pairs().filter(|(expected, _)| !is_parameter(expected)).count();
    (meets && (spelled > 0 || before == 0)).then_some(PathMatch {
        spelled,
        fewer_before: std::cmp::Reverse(before),
    })
}

/// The segments of a path, without a trailing slash.
fn segments(path: &str) -> Vec<&str> {
    path.trim_matches('/').split('/').collect()
}

/// The words in the paths of all operations and servers, without parameters.
pub(super) fn words<'s>(specs: &'s [Spec], routes: &[Route<'s>]) -> BTreeSet<&'s str> {
    let servers = specs.iter().flat_map(|spec| refs::items(spec.tree(), "servers"));
    let urls = servers.filter_map(|server| server.get("url")?.as_str());
    let bases = urls.filter_map(|url| Some(url.split_once("://").unwrap_or(("", url)).1.split_once('/')?.1));
    let paths = routes.iter().map(|route| route.operation.path).chain(bases);
    let words = paths.flat_map(|path| path.split('/'));
    words.filter(|word| !word.contains(['{', '}'])).collect()
}

/// The spec to blame for a request that no operation matches: the one whose server it was sent to,
/// or whose paths start alike.
pub(super) fn nearest_spec(specs: &[Spec], routes: &[Route<'_>], request: &Request) -> Option<usize> {
    let by_host = specs.iter().position(|spec| hosts(spec).contains(&request.host));
    let path = segments(&request.path);
    let alike = |route: &Route<'_>| {
        let template = segments(route.operation.path);
        let of_prefix = |before: usize| template.iter().zip(&path[before..]).take_while(|(a, b)| a == b).count();
        (0..path.len()).map(of_prefix).max().unwrap_or_default()
    };
    let by_path = || {
        let best = routes.iter().map(|route| (alike(route), route.spec));
        best.filter(|(alike, _)| *alike > 0)
            .max_by_key(|(alike, spec)| (*alike, std::cmp::Reverse(*spec)))
    };
    by_host.or_else(|| by_path().map(|(_, spec)| spec))
}

/// The hosts of a spec's servers.
pub(super) fn hosts(spec: &Spec) -> BTreeSet<String> {
    let servers = spec
        .tree()
        .get("servers")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let urls = servers.filter_map(|server| server.get("url")?.as_str());
    let host = |url: &str| {
        let (_, rest) = url.split_once("://")?;
        Some(rest.split('/').next().unwrap_or_default().to_ascii_lowercase())
    };
    urls.filter_map(host).collect()
}

/// How well a body matches a response, worst first: by described properties minus mismatches, then
/// by described properties.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct BodyMatch {
    balance: i64,
    described: usize,
}

impl BodyMatch {
    /// Whether nothing in the body deviates.
    fn is_clean(self) -> bool {
        i64::try_from(self.described) == Ok(self.balance)
    }
}

/// The operation that a body without a request matches best, and the status of the response.
///
/// A body matches a response if it has at least one property that the response describes. Among the
/// responses of one operation, successes come first and `default` last. If two operations match
/// equally well, that is an error, unless they belong to one spec and nothing deviates from either: a
/// failure looks the same for all operations of a provider.
pub(super) fn by_body(
    routes: &[Route<'_>],
    validators: &[Validator<'_>],
    only: Option<usize>,
    body: &Value,
    place: &str,
) -> Result<(usize, String), DriftError> {
    let mut best: Vec<(BodyMatch, usize, &str)> = Vec::new();
    for (index, route) in routes.iter().enumerate() {
        if only.is_some_and(|only| only != index) {
            continue;
        }
        let mut responses: Vec<_> = route.responses.iter().collect();
        responses.sort_by_key(|(status, _)| (!refs::is_success(status), *status == "default"));
        let mut of_route: Option<(BodyMatch, &str)> = None;
        for (status, response) in responses {
            for schema in refs::content_schemas(response) {
                let Some(body_match) = body_match(&validators[route.spec], &schema.at, body) else {
                    continue;
                };
                if of_route.is_none_or(|(known, _)| body_match > known) {
                    of_route = Some((body_match, status));
                }
            }
        }
        best.extend(of_route.map(|(body_match, status)| (body_match, index, status)));
    }
    best.sort_by_key(|(body_match, index, _)| (std::cmp::Reverse(*body_match), *index));
    match (best.as_slice(), only) {
        ([first, second, ..], _)
            if first.0 == second.0 && !(first.0.is_clean() && routes[first.1].spec == routes[second.1].spec) =>
        {
            Err(DriftError::input(
                format!(
                    "{place}: the body matches `{}` and `{}` equally well",
                    routes[first.1].id(),
                    routes[second.1].id()
                ),
                "Choose one with --operation ID.",
            ))
        }
        ([(_, index, status), ..], _) => Ok((*index, (*status).to_owned())),
        ([], Some(only)) => Ok((only, first_success(&routes[only]))),
        ([], None) => Err(DriftError::input(
            format!("{place}: the body matches no operation's responses"),
            format!("Choose the operation with --operation ID, one of {}.", ids(routes)),
        )),
    }
}

/// Whether a spec describes a response exactly like this body.
pub(super) fn is_described(routes: &[Route<'_>], validators: &[Validator<'_>], body: &Value) -> bool {
    routes.iter().any(|route| {
        let responses = route.responses.iter();
        let schemas = responses.flat_map(|(_, response)| refs::content_schemas(response));
        let mut found = schemas.map(|schema| validators[route.spec].validate(&schema.at, body));
        found.any(|validation| validation.mismatches.is_empty() && !validation.seen.is_empty())
    })
}

/// If the operation is given but the body matches nothing, it is compared with the success
/// response.
fn first_success(route: &Route<'_>) -> String {
    let success = route.responses.iter().find(|(status, _)| refs::is_success(status));
    success.map_or("default", |(status, _)| status).to_owned()
}

fn body_match(validators: &Validator<'_>, schema: &Pointer, body: &Value) -> Option<BodyMatch> {
    let validation = validators.validate(schema, body);
    let described = validation.seen.len();
    // The same mismatch in a thousand items counts once.
    let kinds: BTreeSet<(&Pointer, String)> = validation.mismatches.iter().map(kind).collect();
    let balance = i64::try_from(described).ok()? - i64::try_from(kinds.len()).ok()?;
    (described > 0).then_some(BodyMatch { balance, described })
}

fn kind(mismatch: &Mismatch) -> (&Pointer, String) {
    let name = match &mismatch.kind {
        MismatchKind::Unknown { name, .. } | MismatchKind::Missing { name } => name.clone(),
        other => format!("{:?}", std::mem::discriminant(other)),
    };
    (&mismatch.schema, name)
}
