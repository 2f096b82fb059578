//! Finds what recorded responses contain that no spec describes.

pub(super) mod display;
mod observations;
mod observer;
mod route;
mod shape;

pub(super) use observations::{Key, Rule, Sighting};
pub(super) use observer::Observer;
pub(super) use shape::Shape;
