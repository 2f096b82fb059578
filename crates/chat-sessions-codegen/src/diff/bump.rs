//! The version bump that a change requires.

use std::fmt;

use semver::Version;

/// The version bump that a change requires, in terms of a crate at 1.0 or later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Bump {
    /// Nothing that is published changes.
    #[default]
    None,
    /// Something changes that no program can depend on.
    Patch,
    /// Something new becomes available.
    Minor,
    /// A program that compiled may no longer compile.
    Major,
}

impl Bump {
    /// The stable name, in text and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// The lowest version after `version` that may contain the change.
    ///
    /// Below 1.0, cargo treats the first non-zero number as the major one: 0.1.2 is followed by
    /// 0.2.0 when something breaks, and by 0.1.3 otherwise.
    #[must_use]
    pub fn next(self, version: &Version) -> Version {
        let Version {
            major, minor, patch, ..
        } = *version;
        match (self, major, minor) {
            (Self::None, ..) => version.clone(),
            (Self::Major, 0, 0) => Version::new(0, 0, patch + 1),
            (Self::Major, 0, _) => Version::new(0, minor + 1, 0),
            (Self::Major, ..) => Version::new(major + 1, 0, 0),
            (Self::Minor, 1.., _) => Version::new(major, minor + 1, 0),
            _ => Version::new(major, minor, patch + 1),
        }
    }
}

impl fmt::Display for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The version bump that one crate requires, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequiredBump {
    /// The name of the crate.
    pub package: String,
    /// The bump; `None` when it is unknown.
    pub bump: Option<Bump>,
    /// The reason, as a clause.
    pub reason: String,
}

/// The versions of the crates before the change; `None` where unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// The version of the raw crate.
    pub raw: Option<Version>,
    /// The version of the facade.
    pub facade: Option<Version>,
}

#[cfg(test)]
mod tests {
    use semver::Version;

    use super::Bump;

    #[test]
    fn the_first_non_zero_number_is_the_major_one() {
        for (bump, version, next) in [
            (Bump::None, "0.1.2", "0.1.2"),
            (Bump::Patch, "0.1.2", "0.1.3"),
            (Bump::Minor, "0.1.2", "0.1.3"),
            (Bump::Major, "0.1.2", "0.2.0"),
            (Bump::Major, "0.0.2", "0.0.3"),
            (Bump::Minor, "0.0.2", "0.0.3"),
            (Bump::Patch, "1.2.3", "1.2.4"),
            (Bump::Minor, "1.2.3", "1.3.0"),
            (Bump::Major, "1.2.3", "2.0.0"),
        ] {
            let version: Version = version.parse().expect("it is a version");
            assert_eq!(bump.next(&version).to_string(), next, "{bump} after {version}");
        }
    }
}
