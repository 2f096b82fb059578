//! Finds what recorded responses contain that no spec describes.

pub(super) mod display;
mod observations;
mod observer;
mod route;
mod shape;

pub(super) use observations::{DriftRule, Observation, ObservationKey};
pub(super) use observer::Observer;
pub(super) use shape::ValueShape;
