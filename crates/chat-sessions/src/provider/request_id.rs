//! Finds the id under which a provider, or a gateway in front of it, logged a request.

use http::{HeaderMap, HeaderName};

/// Returns the id under which the provider, or a gateway in front of it, logged the request.
pub(super) fn request_id(headers: &HeaderMap) -> Option<String> {
    // Neither provider documents a name; these are common among gateways.
    const NAMES: [HeaderName; 5] = [
        HeaderName::from_static("x-request-id"),
        HeaderName::from_static("request-id"),
        HeaderName::from_static("x-correlation-id"),
        HeaderName::from_static("x-amzn-requestid"),
        HeaderName::from_static("cf-ray"),
    ];
    // Most responses have none of these and few headers, so comparing all headers is cheaper than
    // looking up each name.
    let rank = |name: &HeaderName| NAMES.iter().position(|known| known == name);
    headers
        .iter()
        .filter_map(|(name, value)| Some((rank(name)?, value)))
        .min_by_key(|(rank, _)| *rank)
        .and_then(|(_, value)| value.to_str().ok())
        .map(ToOwned::to_owned)
}
