//! Which lists to read, with which settings: command line, environment, configuration file, defaults.

mod edit;
mod file;
mod key_file;
mod key_store;
mod load;
mod location;
mod names;
mod origin;
mod selection;
mod settings;
mod sources;
mod value;

pub(crate) use file::Profile;
pub(crate) use key_store::KeyStore;
pub(crate) use load::Config;
pub(crate) use location::required as config_location;
pub(crate) use names::{known_profiles, known_scopes};
pub(crate) use origin::{Origin, OriginRecord};
pub(crate) use selection::{SELECTION, SourceSelection};
pub(crate) use sources::{OpenSource, Plan, PlannedSource, SourceOpener};
pub(crate) use value::Value;
