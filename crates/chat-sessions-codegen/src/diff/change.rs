//! One change of a spec: where it is, whom it affects, and whether it breaks anything on the wire.

use super::rust::RustChange;
use crate::spec::{Location, Pointer, Spec};

/// The direction that a change affects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Side {
    /// What a client sends.
    Sent,
    /// What a client receives.
    Received,
    /// A schema that is used in both directions.
    Both,
    /// Nothing on the wire: text for people, or a schema that no operation uses.
    Neither,
}

impl Side {
    /// The stable name in the JSON output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Both => "both",
            Self::Neither => "neither",
        }
    }

    /// The heading of its group in reports.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Sent => "What a client sends",
            Self::Received => "What a client receives",
            Self::Both => "In both directions",
            Self::Neither => "Not on the wire",
        }
    }
}

/// Whether clients and servers of the two versions are compatible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Compatibility {
    /// Nothing on the wire is different.
    Same,
    /// Something on the wire changes, but programs that follow the old spec still work.
    Compatible,
    /// A program that follows the old spec exactly may fail.
    Breaking,
}

impl Compatibility {
    /// The stable name, in text and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Compatible => "compatible",
            Self::Breaking => "breaking",
        }
    }
}

/// How a change affects the set of valid values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// More values are valid than before.
    Widens,
    /// Fewer values are valid than before.
    Narrows,
    /// Some values become valid and others invalid.
    Alters,
}

impl Effect {
    /// Variance: a sender keeps to the old set, so a narrower set breaks it. A receiver expects the
    /// old set, so a wider set breaks it.
    pub(super) fn on(self, side: Side) -> Compatibility {
        match (self, side) {
            (_, Side::Neither) => Compatibility::Same,
            (Self::Alters, _) | (_, Side::Both) => Compatibility::Breaking,
            (Self::Narrows, Side::Sent) | (Self::Widens, Side::Received) => Compatibility::Breaking,
            (Self::Widens, Side::Sent) | (Self::Narrows, Side::Received) => Compatibility::Compatible,
        }
    }
}

/// The location of a node in one of the two specs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NodeLocation {
    /// The name of the spec.
    pub file: String,
    /// The position in the text; that of the nearest ancestor when the node is not written out.
    pub location: Option<Location>,
    /// The node in the document.
    pub pointer: Pointer,
}

impl NodeLocation {
    pub(super) fn of(spec: &Spec, pointer: &Pointer) -> Self {
        Self {
            file: spec.name().to_owned(),
            location: spec.nearest_location(pointer),
            pointer: pointer.clone(),
        }
    }
}

/// One change of a spec, with its consequences.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The short, stable name of the kind of change, such as `property-added`.
    pub kind: &'static str,
    /// The direction it affects.
    pub side: Side,
    /// Whether it breaks anyone on the wire.
    pub wire: Compatibility,
    /// What changed, as a sentence. It does not name the direction, which is in the heading above
    /// it.
    pub message: String,
    /// The old location; `None` for an addition.
    pub old: Option<NodeLocation>,
    /// The new location; `None` for a removal.
    pub new: Option<NodeLocation>,
    /// The consequences in the generated Rust; empty when the generated readers are not affected.
    pub rust: Vec<RustChange>,
    /// The consequences in the facade, each a sentence.
    pub facade: Vec<String>,
    /// Whether it is also a cause of a Rust change that is listed under another change.
    pub(super) shares_rust_change: bool,
    /// Whether the generated reader still rejects what is valid now.
    pub(super) still_rejected: bool,
}

impl Change {
    /// Whether it is only a note, such as a new description, example or evidence, which changes no
    /// item of the Rust interface.
    #[must_use]
    pub fn is_note(&self) -> bool {
        self.wire == Compatibility::Same && self.rust.iter().all(RustChange::is_documentation)
    }

    /// The location to look at first: the new one, or the old one of a removal.
    #[must_use]
    pub fn location(&self) -> Option<&NodeLocation> {
        self.new.as_ref().or(self.old.as_ref())
    }
}
