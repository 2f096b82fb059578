//! The id under which a provider, or a gateway before it, logged a request.

use http::{HeaderMap, HeaderName};

/// Reads the id under which the provider, or a gateway before it, logged the request.
pub(super) fn request_id(headers: &HeaderMap) -> Option<String> {
    // No document of either provider names one; these are the names in use among gateways.
    const NAMES: [HeaderName; 5] = [
        HeaderName::from_static("x-request-id"),
        HeaderName::from_static("request-id"),
        HeaderName::from_static("x-correlation-id"),
        HeaderName::from_static("x-amzn-requestid"),
        HeaderName::from_static("cf-ray"),
    ];
    // Most answers have none of them and few headers, so that to compare them all is less than to look up each name.
    let rank = |name: &HeaderName| NAMES.iter().position(|known| known == name);
    headers
        .iter()
        .filter_map(|(name, value)| Some((rank(name)?, value)))
        .min_by_key(|(rank, _)| *rank)
        .and_then(|(_, value)| value.to_str().ok())
        .map(ToOwned::to_owned)
}
