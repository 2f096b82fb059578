//! Builds the errors that end a walk, with the name of its source.

use crate::error::{Error, ErrorKind, Remedy};
use crate::pagination::source_walk::SourceWalk;
use crate::pagination::step::WalkFailure;
use crate::pagination::walk_options::OnBadItem;
use crate::source::Rejected;

impl SourceWalk {
    pub(super) fn bad_item_error(&self, first: &Rejected) -> Error {
        self.error(ErrorKind::Protocol)
            .with_message(format!(
                "an item of the page cannot be decoded: {}, at {}",
                first.reason, first.pointer
            ))
            .with_remedy(match self.options.on_bad_item {
                OnBadItem::Skip => Remedy::UpdateSpec,
                OnBadItem::Fail => Remedy::SkipBadItems,
            })
    }

    pub(super) fn walk_error(&self, failure: WalkFailure) -> Error {
        let (kind, remedy) = match failure {
            WalkFailure::NoList => (ErrorKind::Protocol, Remedy::UpdateSpec),
            WalkFailure::ListChanged => (ErrorKind::Walk, Remedy::ResumeLater),
            WalkFailure::RepeatedToken | WalkFailure::NothingNew | WalkFailure::PageBudget => {
                (ErrorKind::Walk, Remedy::KeepDelivered)
            }
        };
        self.error(kind).with_message(failure.to_string()).with_remedy(remedy)
    }

    fn error(&self, kind: ErrorKind) -> Error {
        Error::new(kind, self.report.provider.clone())
            .with_scope(self.report.scope.clone())
            .with_attempts(1)
    }
}
