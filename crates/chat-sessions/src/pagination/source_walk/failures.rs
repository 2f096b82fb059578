//! Turns what stops a walk into errors that name its source.

use crate::error::{Error, ErrorKind};
use crate::pagination::page_policy::OnBadItem;
use crate::pagination::source_walk::Lane;
use crate::pagination::step::Fault;
use crate::source::Rejected;

impl Lane {
    pub(super) fn bad_item(&self, first: &Rejected) -> Error {
        self.error(ErrorKind::Protocol)
            .with_message(format!(
                "an item of the page cannot be understood: {}, at {}",
                first.reason, first.pointer
            ))
            .with_hint(match self.policy.on_bad_item {
                OnBadItem::Skip => "Every item of the page is like that; the provider's answers have changed.",
                OnBadItem::Fail => "on_bad_item(OnBadItem::Skip) goes on without the item.",
            })
    }

    pub(super) fn fault(&self, fault: Fault) -> Error {
        let (kind, hint) = match fault {
            Fault::NoList => (
                ErrorKind::Protocol,
                "Try again; if it stays so, the provider's answers have changed.",
            ),
            Fault::ListChanged => (ErrorKind::Walk, "Go on from the cursor when the list has come to rest."),
            Fault::RepeatedToken | Fault::NothingNew | Fault::PageBudget => (
                ErrorKind::Walk,
                "The provider's paging is at fault; what came before this error is good.",
            ),
        };
        self.error(kind).with_message(fault.to_string()).with_hint(hint)
    }

    fn error(&self, kind: ErrorKind) -> Error {
        Error::new(kind, self.report.provider.clone())
            .with_scope(self.report.scope.clone())
            .with_attempts(1)
    }
}
