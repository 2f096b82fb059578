//! What answers say: ordinary sentences, and passages that are hard to print, to measure or to show
//! safely.

use crate::{conversation::Conversation, data::rng::SplitMix64};

/// Sentences of an answer about a video.
const VIDEO_SENTENCES: &[&str] = &[
    "The first scene shows a wide shot of the room while somebody adjusts the microphone.",
    "At 00:42 the camera cuts to the crowd, and the music becomes louder.",
    "Two people are visible from 01:15 to 01:48; only one of them speaks.",
    "The slide reads **\"Roadmap\"** and stays on screen for nine seconds.",
    "There is a short pause after the whistle, then everybody moves to the left.",
    "Nobody mentions the price, but the caption shows it briefly.",
    "The light changes from warm to cool around the middle of the recording.",
    "A second speaker joins remotely, and the picture freezes twice.",
    "The closing shot repeats the opening one, this time with the logo.",
    "I could not recognise the words between 02:10 and 02:14.",
];

/// Sentences of an answer about documents.
const DOCUMENT_SENTENCES: &[&str] = &[
    "Revenue grew by 4.2 % to 1.31 billion EUR, mostly because of the services business.",
    "Section 4.3 sets a notice period of **90 days** to the end of a quarter.",
    "The document names three risks: supply, currency and regulation.",
    "Page 17 and annex B disagree about the date; the annex is the newer one.",
    "Management expects a margin between 11 and 12 percent, as in the year before.",
    "The study had 412 participants, who were recruited in two clinics.",
    "There is no statement about data retention in the indexed pages.",
    "Both parties signed on 14 March; the copy lacks the second signature.",
    "The amounts add up to 248,900 EUR without tax.",
    "I found nothing about this in the second index.",
];

/// Titles of steps of reasoning, as in the provider's captured response.
const STEPS: &[&str] = &[
    "Information Retrieval",
    "Question Analysis",
    "Video Understanding",
    "Answer Drafting",
    "Cross-check",
];

/// Sentences of reasoning.
const THOUGHTS: &[&str] = &[
    "The user wants a short answer with evidence.",
    "I should look at the beginning and the end before I decide.",
    "The two sources differ, so I compare their dates.",
    "There are several candidates; the first one fits best.",
    "I have enough for an answer, but one number is uncertain.",
    "The question is ambiguous. I answer the likelier reading and say so.",
];

const CODE: &str = "Here is a script that does it:\n\n```python\nimport json\n\ndef seconds(text: str) -> int:\n    \"\"\"Turns \
`02:13` into 133.\"\"\"\n    minutes, rest = text.split(\":\")\n    return int(minutes) * 60 + int(rest)\n\nprint(json.dumps({\"at\": \
seconds(\"02:13\")}))\n```\n\nThe same in SQL and in a Makefile, which needs its tabs:\n\n```sql\nSELECT name, SUM(amount) AS total\nFROM \
\"invoices\" -- the view, not the table\nWHERE total >= 10000 AND note LIKE '%\\_%' ESCAPE '\\'\nGROUP BY name;\n```\n\n```make\nall:\n\t@echo \
$$HOME && \\\n\ttrue\n```\n\nA fence inside a fence, and one that is never closed:\n\n````markdown\n```rust\nlet x = r#\"a \"quoted\" \
string\"#;\n```\n````\n\n~~~\nunclosed `code` with \\backslashes\\ and trailing spaces   \n";

const TABLE: &str = "| Item | Q2 | Q3 | Change |\n|:-----|---:|---:|:------:|\n| Services | 1,204.5 | 1,310.0 | **+8.8 %** |\n| Hardware \
| 988.1 | 942.7 | -4.6 % |\n| a \\| b | | | |\n| 合計 | 2,192.6 | 2,252.7 | +2.7 % 📈 |\n| A cell that is much wider than every terminal and \
continues with more and more words that nobody will read until it finally ends somewhere to the right of the screen | 1 | 2 | 3 |\n\n| no | \
rows |\n|---|---|\n\n\ttab\tseparated\tvalues\n=SUM(A1:A9)\t+1\t-1\t@x\n";

const SCRIPTS: &str = "日本語の文章と漢字、全角ＡＢＣ。한국어 문장입니다. 繁體中文與简体中文。\nالإجابة في الصفحة 12، والمبلغ 3,500 دولار (USD) فقط.\nהתשובה \
נמצאת בעמוד 7, לא בעמוד 8.\nहिन्दी में उत्तर, ภาษาไทยไม่มีช่องว่าง, Ελληνικά, русский, tiếng Việt.\nMixed: the word \u{5e9}\u{5dc}\u{5d5}\u{5dd} and \
مرحبا inside English, 100% right (نعم).\nCombining: e\u{301} a\u{308}\u{323} Z\u{351}\u{36b}\u{343}\u{36a}; one code point: é. Ligature: \u{fb01}. \
Astral: 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𠮷.\nEmoji: 👩🏽‍🚒 👨‍👩‍👧‍👦 🏳️‍🌈 🇪🇺 ❤️ 1️⃣ 🙏🏿 🎬\n";

const CONTROL: &str = "Colour: \u{1b}[31mred\u{1b}[0m, bold \u{1b}[1m, clear \u{1b}[2J\u{1b}[H.\nTitle: \u{1b}]0;changed\u{7} and a link \
\u{1b}]8;;https://example.com/\u{1b}\\here\u{1b}]8;;\u{1b}\\.\nNUL [\u{0}] BEL [\u{7}] BS [ab\u{8}c] VT [\u{b}] FF [\u{c}] DEL [\u{7f}] C1 \
[\u{9b}31m] NEL [\u{85}].\nA lone return: 100 %\rdone\r\nBidirectional: \u{202e}desrever\u{202c} \u{2066}isolated\u{2069} \u{200f}mark.\nInvisible: \
zero\u{200b}width, joiner\u{200d}, soft\u{ad}hyphen, \u{feff}mark, tag \u{e0041}.\nSeparators: line\u{2028}paragraph\u{2029}end\n";

const MARKUP: &str = "<script>alert(document.cookie)</script>\n\n<img src=x onerror=\"alert(1)\"> <svg/onload=alert(2)> <b \
onmouseover='alert(3)'>bold</b>\n\n![chart](https://example.com/pixel.png?session=1 \"title\") ![](//example.com/x.gif)\n\n[open \
it](javascript:alert(4)) [again](JaVaScRiPt&colon;alert(5)) <a href=\"java\tscript:alert(6)\">third</a> \
[data](data:text/html;base64,PHNjcmlwdD5hbGVydCg3KTwvc2NyaXB0Pg==)\n\n<iframe src=\"https://example.com/\"></iframe></textarea></title><!-- \
unclosed ]]> &lt;i&gt; &amp;amp; {{7*7}} ${7*7}\n\n[ref]: javascript:alert(8)\n[a link by reference][ref] <https://example.com/?a=1&b=2>\n";

/// What an answer is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Style {
    /// Videos.
    Video,
    /// Documents.
    Document,
}

/// The passage that every message of such a conversation has, if there is one.
pub(crate) fn special(kind: Conversation) -> Option<&'static str> {
    match kind {
        Conversation::Code => Some(CODE),
        Conversation::Tables => Some(TABLE),
        Conversation::Scripts => Some(SCRIPTS),
        Conversation::ControlCharacters => Some(CONTROL),
        Conversation::Markup => Some(MARKUP),
        _ => None,
    }
}

/// Returns an answer of one to four paragraphs, some of them lists.
pub(crate) fn answer(rng: &mut SplitMix64, style: Style) -> String {
    let sentences = match style {
        Style::Video => VIDEO_SENTENCES,
        Style::Document => DOCUMENT_SENTENCES,
    };
    let mut text = String::new();
    for _ in 0..rng.between(1, 4) {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let count = rng.between(1, 4);
        if rng.ratio(1, 3) {
            for number in 1..=count {
                let line = if number == 1 { "" } else { "\n" };
                text.push_str(&format!("{line}{number}. {}", rng.choose(sentences)));
            }
        } else {
            for number in 0..count {
                let space = if number == 0 { "" } else { " " };
                text.push_str(&format!("{space}{}", rng.choose(sentences)));
            }
        }
    }
    text
}

/// Returns one sentence of an answer.
pub(crate) fn short_answer(rng: &mut SplitMix64, style: Style) -> String {
    match style {
        Style::Video => rng.choose(VIDEO_SENTENCES).to_owned(),
        Style::Document => rng.choose(DOCUMENT_SENTENCES).to_owned(),
    }
}

/// Returns the title of a step of reasoning.
pub(crate) fn step(rng: &mut SplitMix64) -> String {
    rng.choose(STEPS).to_owned()
}

/// Returns one to three sentences of reasoning.
pub(crate) fn thought(rng: &mut SplitMix64) -> String {
    let sentences = (0..rng.between(1, 3)).map(|_| rng.choose(THOUGHTS));
    sentences.collect::<Vec<_>>().join(" ")
}

/// The least length of a long text, in bytes of UTF-8.
pub(crate) const LONG_TEXT: usize = 2 * 1024 * 1024;

/// Returns a text of a little more than [`LONG_TEXT`] bytes.
pub(crate) fn long_text(rng: &mut SplitMix64, style: Style) -> String {
    let mut text = String::with_capacity(LONG_TEXT + 4096);
    let mut number = 0;
    while text.len() < LONG_TEXT {
        number += 1;
        text.push_str(&format!("{number}. {} – 第{number}段 ✅\n\n", short_answer(rng, style)));
    }
    text
}

/// Cuts a text into fragments of 1 to 24 characters, as a model writes them.
pub(crate) fn fragments(rng: &mut SplitMix64, text: &str) -> Vec<String> {
    let (mut rest, mut fragments) = (text, Vec::new());
    while !rest.is_empty() {
        let length = rng.between(1, 24) as usize;
        let end = rest.char_indices().nth(length).map_or(rest.len(), |(end, _)| end);
        fragments.push(rest[..end].to_owned());
        rest = &rest[end..];
    }
    fragments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fragments_join_to_the_text() {
        for text in ["", "x", CODE, SCRIPTS, CONTROL] {
            let fragments = fragments(&mut SplitMix64::new(5), text);
            assert_eq!(fragments.concat(), text);
            assert!(fragments.iter().all(|fragment| !fragment.is_empty()));
        }
    }

    #[test]
    fn a_long_text_is_a_little_longer_than_promised() {
        let text = long_text(&mut SplitMix64::new(5), Style::Video);
        assert!((LONG_TEXT..LONG_TEXT + 1024).contains(&text.len()), "{}", text.len());
    }
}
