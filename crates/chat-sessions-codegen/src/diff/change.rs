//! One change of a spec: where it is, on which side, and whether it breaks what is on the wire.

use super::rust::RustChange;
use crate::spec::{Location, Pointer, Spec};

/// Who meets a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Side {
    /// It is in what a client sends.
    Sent,
    /// It is in what a client receives.
    Received,
    /// It is in a schema that travels both ways.
    Both,
    /// It never travels: a text for people, or a schema that no operation uses.
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

    /// The heading of its group in texts for people.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Sent => "What a client sends",
            Self::Received => "What a client receives",
            Self::Both => "What travels both ways",
            Self::Neither => "What is not on the wire",
        }
    }
}

/// Whether a client and a server of the two versions still understand each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Compatibility {
    /// Nothing on the wire is different.
    Same,
    /// Something is different, and everyone who kept to the old spec still gets along.
    Compatible,
    /// Someone who kept to the old spec, to the letter, can fail.
    Breaking,
}

impl Compatibility {
    /// The stable name in the JSON output, and the word in texts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Compatible => "compatible",
            Self::Breaking => "breaking",
        }
    }
}

/// What a change does to the set of the values that are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// More is allowed than before.
    Widens,
    /// Less is allowed than before.
    Narrows,
    /// Something is allowed that was not, and something that was is not.
    Alters,
}

impl Effect {
    /// Variance: whoever sends keeps to the old set, so a narrower new one breaks; whoever receives
    /// is ready for the old set, so a wider new one breaks.
    pub(super) fn on(self, side: Side) -> Compatibility {
        match (self, side) {
            (_, Side::Neither) => Compatibility::Same,
            (Self::Alters, _) | (_, Side::Both) => Compatibility::Breaking,
            (Self::Narrows, Side::Sent) | (Self::Widens, Side::Received) => Compatibility::Breaking,
            (Self::Widens, Side::Sent) | (Self::Narrows, Side::Received) => Compatibility::Compatible,
        }
    }
}

/// A node of one of the two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NodeLocation {
    /// The name of the spec.
    pub file: String,
    /// Where in the text; the nearest place above when the node is in a part that is not written
    /// out.
    pub location: Option<Location>,
    /// Where in the document.
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

/// One change of a spec, with what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The short, stable name of the kind of change, such as `property-added`.
    pub kind: &'static str,
    /// Who meets it.
    pub side: Side,
    /// Whether it breaks someone on the wire.
    pub wire: Compatibility,
    /// What is different, as a sentence. It names no side, since that is the heading it stands
    /// under.
    pub message: String,
    /// Where it was; `None` for what is new.
    pub old: Option<NodeLocation>,
    /// Where it is; `None` for what is gone.
    pub new: Option<NodeLocation>,
    /// What follows in the generated Rust; empty when the generated readers do not notice.
    pub rust: Vec<RustChange>,
    /// What follows in the facade, each a sentence.
    pub facade: Vec<String>,
    /// Whether a difference in the Rust that is told at another change comes from this one as much.
    pub(super) shares_rust_change: bool,
    /// Whether the generated reader refuses what is allowed now.
    pub(super) still_rejected: bool,
}

impl Change {
    /// Whether it is only a note: a description, an example, an evidence mark, from which no item
    /// of the Rust interface changes.
    #[must_use]
    pub fn is_note(&self) -> bool {
        self.wire == Compatibility::Same && self.rust.iter().all(RustChange::is_documentation)
    }

    /// The place where a reader looks first: the new one, or the old one of what is gone.
    #[must_use]
    pub fn location(&self) -> Option<&NodeLocation> {
        self.new.as_ref().or(self.old.as_ref())
    }
}
