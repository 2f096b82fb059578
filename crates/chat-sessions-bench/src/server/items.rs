//! JSON items in one text, so that any number of them in a row is a slice.

/// Items as JSON, each followed by a comma, and the end of each.
#[derive(Debug)]
pub(super) struct Items {
    text: String,
    ends: Vec<usize>,
}

impl Items {
    pub(super) fn new(count: usize, bytes: usize, mut item: impl FnMut(&mut String, u64)) -> Self {
        let mut text = String::with_capacity(count * bytes);
        let mut ends = Vec::with_capacity(count);
        for index in 0..count as u64 {
            item(&mut text, index);
            text.push(',');
            ends.push(text.len());
        }
        Self { text, ends }
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Up to `count` items from an index, without the last comma; fewer at the end of the list.
    pub(super) fn slice(&self, from: usize, count: usize) -> &[u8] {
        let last = from.saturating_add(count).min(self.len());
        if from >= last {
            return &[];
        }
        let start = from.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text.as_bytes()[start..self.ends[last - 1] - 1]
    }
}
