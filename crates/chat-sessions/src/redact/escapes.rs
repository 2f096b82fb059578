//! Reads escaped characters: in URLs, in JSON and other string literals, and in HTML.

/// Finds every way to read the beginning of a text as one character, plain or escaped, with the
/// index where each way ends.
///
/// A text can be read in several ways: `%2541` begins with a percent sign, with an escaped percent
/// sign, or with an `A` that was escaped twice. Only the following characters show which is right.
pub(super) fn read(text: &str, readings: &mut Vec<(char, usize)>) {
    readings.clear();
    let Some(first) = text.chars().next() else { return };
    readings.push((first, first.len_utf8()));
    // An escape sign that was itself escaped begins another escape.
    let mut index = 0;
    while let Some((sign, end)) = readings.get(index).copied() {
        let behind = &text[end..];
        match sign {
            '%' => add(text, percent_encoded(behind), readings),
            '&' => add(text, html_entity(behind), readings),
            '\\' => {
                let behind = behind.trim_start_matches('\\');
                for read in [unicode_escape, byte_escape, utf8_escape, single_escape] {
                    add(text, read(behind), readings);
                }
            }
            _ => {}
        }
        index += 1;
    }
    // Escaping doubles backslashes, so several count as one. The last can begin the next escape.
    for index in 0..readings.len() {
        let (character, end) = readings[index];
        if character == '\\' {
            let further = text.len() - end - text[end..].trim_start_matches('\\').len();
            readings.extend((further > 0).then_some(('\\', end + further)));
            readings.extend((further > 1).then_some(('\\', end + further - 1)));
        }
    }
}

/// Adds a character that was found behind an escape sign, with the text behind it.
fn add(text: &str, found: Option<(char, &str)>, readings: &mut Vec<(char, usize)>) {
    readings.extend(found.map(|(character, behind)| (character, text.len() - behind.len())));
}

/// Returns whether a character can begin an escape.
pub(super) fn is_sign(character: char) -> bool {
    matches!(character, '%' | '&' | '\\')
}

/// Reads `2F` of `%2F`, with digits of either case, and the bytes of a longer character.
fn percent_encoded(behind: &str) -> Option<(char, &str)> {
    utf8(behind, |rest| {
        let mut digits = rest.strip_prefix('%')?;
        // No byte but the first of a character is 0x25, so this sign was encoded again.
        while let Some(again) = digits.strip_prefix("25") {
            digits = again;
        }
        Some(digits)
    })
}

/// Reads `quot;` of `&quot;`, `#34;` of `&#34;` and `#x22;` of `&#x22;`.
fn html_entity(behind: &str) -> Option<(char, &str)> {
    let end = behind.bytes().take(10).position(|byte| byte == b';')?;
    let character = match &behind[..end] {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        name => {
            let number = name.strip_prefix('#')?;
            let hex = number.strip_prefix(['x', 'X']);
            let code = hex.map_or_else(|| number.parse(), |digits| u32::from_str_radix(digits, 16));
            char::from_u32(code.ok()?)?
        }
    };
    Some((character, &behind[end + 1..]))
}

/// Reads `u00fc`, `U000000fc` and `u{fc}`, and the two halves of a surrogate pair.
fn unicode_escape(behind: &str) -> Option<(char, &str)> {
    if let Some(braced) = behind.strip_prefix("u{") {
        let end = braced.bytes().take(7).position(|byte| byte == b'}')?;
        let (code, _) = hex(braced, end)?;
        return Some((char::from_u32(code)?, &braced[end + 1..]));
    }
    if let Some(digits) = behind.strip_prefix('U') {
        let (code, rest) = hex(digits, 8)?;
        return Some((char::from_u32(code)?, rest));
    }
    let (unit, rest) = hex(behind.strip_prefix('u')?, 4)?;
    if !(0xd800..0xdc00).contains(&unit) {
        return Some((char::from_u32(unit)?, rest));
    }
    let (low, rest) = hex(without_backslashes(rest)?.strip_prefix('u')?, 4)?;
    let low = low.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    Some((char::from_u32(0x10000 + ((unit - 0xd800) << 10) + low)?, rest))
}

/// Reads `xfc` as the code of a character.
fn byte_escape(behind: &str) -> Option<(char, &str)> {
    let (code, rest) = hex(behind.strip_prefix('x')?, 2)?;
    Some((char::from_u32(code)?, rest))
}

/// Reads `xc3\xbc` as the bytes of a character.
fn utf8_escape(behind: &str) -> Option<(char, &str)> {
    let first = behind.strip_prefix('x')?;
    utf8(first, |rest| without_backslashes(rest)?.strip_prefix('x')).filter(|(character, _)| !character.is_ascii())
}

/// Reads `n`, `r` and `t`, and everything that stands for itself, such as `/` and `"`. The sign of
/// another escape does not: a long text can consist of such pairs.
fn single_escape(behind: &str) -> Option<(char, &str)> {
    let character = behind.chars().next()?;
    let meant = match character {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'b' | 'f' | 'v' | '0' => '\u{c}',
        other if !other.is_alphanumeric() && !is_sign(other) => other,
        _ => return None,
    };
    Some((meant, &behind[character.len_utf8()..]))
}

/// Removes the backslashes at the beginning; `None` if there is none.
fn without_backslashes(text: &str) -> Option<&str> {
    Some(text.strip_prefix('\\')?.trim_start_matches('\\'))
}

/// Reads the bytes of one character in UTF-8, two hexadecimal digits each. `next` removes what
/// stands before the digits of the second and further bytes.
fn utf8(first: &str, next: impl Fn(&str) -> Option<&str>) -> Option<(char, &str)> {
    let (byte, mut rest) = hex(first, 2)?;
    let mut bytes = [u8::try_from(byte).ok()?, 0, 0, 0];
    let length = match bytes[0] {
        0..0x80 => 1,
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0..0xf8 => 4,
        _ => return None,
    };
    for further in &mut bytes[1..length] {
        let (byte, behind) = hex(next(rest)?, 2)?;
        *further = u8::try_from(byte).ok()?;
        rest = behind;
    }
    let character = std::str::from_utf8(&bytes[..length]).ok()?.chars().next()?;
    Some((character, rest))
}

/// Reads this number of hexadecimal digits.
fn hex(text: &str, digits: usize) -> Option<(u32, &str)> {
    let (number, rest) = text.split_at_checked(digits)?;
    let is_hex = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_hexdigit());
    Some((u32::from_str_radix(number, 16).ok().filter(|_| is_hex)?, rest))
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
