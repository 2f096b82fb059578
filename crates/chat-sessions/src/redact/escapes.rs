//! Recognises escaped characters: in URLs, in JSON and other string literals, and in HTML.

/// Returns the lengths of all forms of a character that the text begins with.
pub(super) fn written(text: &str, character: char) -> [Option<usize>; 6] {
    let literal = text
        .chars()
        .next()
        .filter(|first| *first == character || (character.is_whitespace() && (first.is_whitespace() || *first == '+')));
    [
        literal.map(char::len_utf8),
        percent_encoded(text, character),
        // The escape signs themselves, escaped twice. They begin like those that are escaped once.
        (character == '%' && text.starts_with("%2525")).then_some("%2525".len()),
        (character == '&' && text.starts_with("&amp;amp;")).then_some("&amp;amp;".len()),
        backslashed(text, character),
        html_entity(text, character),
    ]
}

/// Matches `%2F`, with hexadecimal digits of either case, and `%252F`, which was encoded twice.
fn percent_encoded(text: &str, character: char) -> Option<usize> {
    let mut rest = text;
    for byte in character.encode_utf8(&mut [0; 4]).bytes() {
        rest = rest.strip_prefix('%')?;
        while !is_hex(rest, 2, byte.into()) {
            rest = rest.strip_prefix("25")?;
        }
        rest = &rest[2..];
    }
    Some(text.len() - rest.len())
}

/// Matches `\"`, `\/`, `\u00fc`, `\u{fc}` and the bytes `\xc3\xbc`, with any number of backslashes,
/// because a string inside a string has more of them.
fn backslashed(text: &str, character: char) -> Option<usize> {
    let without = |rest: &'_ str| rest.len() - rest.trim_start_matches('\\').len();
    let slashes = without(text);
    if slashes == 0 {
        return None;
    }
    let behind = &text[slashes..];
    if character == '\\' {
        return Some(slashes);
    }
    if !character.is_alphanumeric() && behind.starts_with(character) {
        return Some(slashes + character.len_utf8());
    }
    if let Some(braced) = behind.strip_prefix("u{") {
        let digits = braced.find('}').filter(|digits| *digits <= 6)?;
        return is_hex(braced, digits, character.into()).then_some(slashes + "u{}".len() + digits);
    }
    let all = |letter: char, width: usize, codes: &mut dyn Iterator<Item = u32>| {
        let mut rest = text;
        for code in codes {
            let digits = rest[without(rest)..].strip_prefix(letter)?;
            if !is_hex(digits, width, code) {
                return None;
            }
            rest = &digits[width..];
        }
        Some(text.len() - rest.len())
    };
    let (mut units, mut bytes) = ([0; 2], [0; 4]);
    let mut units = character.encode_utf16(&mut units).iter().map(|unit| (*unit).into());
    let mut bytes = character.encode_utf8(&mut bytes).bytes().map(u32::from);
    all('u', 4, &mut units).or_else(|| all('x', 2, &mut bytes))
}

/// Matches `&quot;`, `&#34;` and `&#x22;`, and `&amp;quot;`, which was escaped twice.
fn html_entity(text: &str, character: char) -> Option<usize> {
    let mut rest = text.strip_prefix('&')?;
    loop {
        let end = rest.bytes().take(10).position(|byte| byte == b';')?;
        let name = &rest[..end];
        rest = &rest[end + 1..];
        let meant = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => name.strip_prefix('#').and_then(|number| {
                let hex = number.strip_prefix(['x', 'X']);
                let code = hex.map_or_else(|| number.parse(), |digits| u32::from_str_radix(digits, 16));
                code.ok().and_then(char::from_u32)
            }),
        };
        if meant == Some(character) {
            return Some(text.len() - rest.len());
        }
        if meant != Some('&') {
            return None;
        }
    }
}

/// Returns whether a text begins with this number of hexadecimal digits of this value.
fn is_hex(text: &str, digits: usize, value: u32) -> bool {
    let digits = text.get(..digits).unwrap_or_default();
    u32::from_str_radix(digits, 16).is_ok_and(|found| found == value)
}

pub(super) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let digits = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits
            .filter(|_| *first == b'%')
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &behind[2..] } else { behind };
    }
    // If the result is not text, the percent signs were not meant as an encoding.
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
