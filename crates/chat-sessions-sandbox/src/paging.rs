//! Ways to alter a page of a list, and how they change the number of its items.
//!
//! What they do to each item is in `items`; what they do to tokens and totals is in the dialects that have them.

pub(crate) mod issued_tokens;
pub(crate) mod items;
pub(crate) mod page_size;
pub(crate) mod page_token;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

/// One way in which a page is not what it should be; the rest of the page stays true.
///
/// A [`Fault`](crate::Fault) may carry several; they are applied in their order. An answer that is no page, such as the
/// refusal of a wrong key, is left as it is. Where only one provider has what is bent, the other's pages stay ordinary,
/// and a script that asks for it there is refused.
///
/// In JSON, the name stands alone or before its value: `"data_null"`, `{"short_page": 3}`,
/// `{"insert_item": {"at": 3, "item": {"sessionId": 7}}}`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Paging {
    /// No items, and the list goes on.
    ///
    /// A LlamaCloud page then always has a token, a new one, which leads to what this page should have shown: nothing is
    /// lost. A Memories.ai page hides its items, since the page after it is the next number.
    EmptyPage,
    /// Only so many of the page's first items, or the whole page when it has fewer; none is an empty page.
    ///
    /// The LlamaCloud token goes on right after the last item shown: nothing is lost, as in a list that filters after it
    /// has counted. A Memories.ai page hides the rest, since the page after it is the next number.
    ShortPage(usize),
    /// So many of the items before this page come again at its front, in addition to its own; the first page of a list
    /// has none before it.
    Duplicates(usize),
    /// The last page comes again for ever: for Memories.ai under every number beyond its own, for LlamaCloud with a token
    /// that leads to it again, a new one each time.
    StickyEnd,
    /// LlamaCloud only. The token is the one that was given this many answers ago in the same project; 1 means the answer
    /// before this one. It takes the place of the true token, or of none on the last page. Where fewer were given, or
    /// more than 65,536 lie between, the token is the true one.
    RepeatToken(usize),
    /// LlamaCloud only. The token is this text, on the last page too. The sandbox refuses it when it comes back, unless
    /// it is one of its own.
    Token(String),
    /// LlamaCloud only. Where the token would be left out it is `null`.
    NullAtEnd,
    /// LlamaCloud only. Where the token would be left out it is the empty text.
    EmptyAtEnd,
    /// An item at this place of the page, counted from 0, or at its end when it is shorter.
    InsertItem {
        /// The place.
        at: usize,
        /// The item; nothing means a session whose id is an object instead of a text.
        #[serde(default, deserialize_with = "present")]
        item: Option<Value>,
    },
    /// Another item instead of the one at this place of the page, counted from 0, where there is one.
    ReplaceItem {
        /// The place.
        at: usize,
        /// The item; nothing means the session that stood there, with an object as its id instead of a text.
        #[serde(default, deserialize_with = "present")]
        item: Option<Value>,
    },
    /// Every item has an object as its id instead of a text.
    AllItemsBad,
    /// Memories.ai only. The total is this one, in the form of the true one.
    ClaimedTotal(i64),
    /// Memories.ai only. The total is a number instead of digits in a text.
    TotalNumber,
    /// Memories.ai only. The total is this text.
    TotalText(String),
    /// Memories.ai only. The total is `null`.
    TotalNull,
    /// Memories.ai only. There is no total.
    TotalAbsent,
    /// Memories.ai: `data` is `null` in an answer that says it succeeded. LlamaCloud: `items` is `null`, and the token
    /// stands as it would.
    DataNull,
    /// A field named `sandbox_unknown` on every item that is an object, on the answer, and on what lies between.
    UnknownFields,
    /// Memories.ai only. The names and types of the table in its document, which no known answer has: `session_id`,
    /// `video_no`, `created_time` and no title; `page`, `total_pages` and a number as the total.
    TableSpelling,
}

/// A part of a page that only some providers have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageFeature {
    /// A token for the next page.
    Token,
    /// The number of all sessions.
    Total,
    /// A second spelling of the fields in the provider's document.
    TableSpelling,
}

impl Paging {
    /// The part of the page that this alters, if not every provider has it.
    pub(crate) fn required_feature(&self) -> Option<PageFeature> {
        match self {
            Self::RepeatToken(_) | Self::Token(_) | Self::NullAtEnd | Self::EmptyAtEnd => Some(PageFeature::Token),
            Self::ClaimedTotal(_) | Self::TotalNumber | Self::TotalText(_) | Self::TotalNull | Self::TotalAbsent => {
                Some(PageFeature::Total)
            }
            Self::TableSpelling => Some(PageFeature::TableSpelling),
            Self::EmptyPage
            | Self::ShortPage(_)
            | Self::Duplicates(_)
            | Self::StickyEnd
            | Self::InsertItem { .. }
            | Self::ReplaceItem { .. }
            | Self::AllItemsBad
            | Self::DataNull
            | Self::UnknownFields => None,
        }
    }
}

/// A field that stands there, even as `null`; without this, `null` would read like a field left out.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// The fields that [`Paging::UnknownFields`] adds to every object, if it is asked for.
pub(crate) fn unknown_fields(paging: &[Paging]) -> Map<String, Value> {
    let mut fields = Map::new();
    if paging.contains(&Paging::UnknownFields) {
        let value = json!({ "nested": [1, null, "as nobody expected"] });
        fields.insert("sandbox_unknown".to_owned(), value);
    }
    fields
}

/// How many items of a page of `size` are shown.
pub(crate) fn visible_items(paging: &[Paging], size: usize) -> usize {
    paging.iter().fold(size, |size, paging| match paging {
        Paging::EmptyPage => 0,
        Paging::ShortPage(max) => size.min(*max),
        _ => size,
    })
}

/// How many items of the pages before come again.
pub(crate) fn duplicate_count(paging: &[Paging]) -> usize {
    paging.iter().fold(0, |count: usize, paging| match paging {
        Paging::Duplicates(more) => count.saturating_add(*more),
        _ => count,
    })
}
