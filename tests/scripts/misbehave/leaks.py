"""Finds a key in a text, whole or in parts, in every encoding that a server or a log may use.

It looks for any twelve characters of the key in a row, whatever their case: in the text, in what the text stands for
when it is unescaped, and as hexadecimal digits and base64.
"""

import base64
import html
import json
import re
import urllib.parse

WINDOW = 12
#: What people write between hexadecimal digits.
STRING_ESCAPE = re.compile(r"\\+(?:U0000([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,4})\})")
BETWEEN_NUMBERS = re.compile(r"[\s,;]+")
#: What nobody sees between characters.
INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
BETWEEN_DIGITS = re.compile(r"0x|\\+x|[\s:,;.\-_]")


def windows(key):
    return [key[start : start + WINDOW] for start in range(len(key) - WINDOW + 1)]


def base64_cores(part):
    """How a part of a text looks in base64, wherever it begins, without the digits that its neighbours change."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + part.encode()).decode()
        first = (before * 8 + 5) // 6
        last = (before + len(part)) * 8 // 6
        yield encoded[first:last]


def find(text, key):
    """The first encoding in which at least twelve characters of the key are in the text, or None."""
    parts = windows(key)
    once = urllib.parse.unquote(text, errors="replace")
    views = {
        "as it is": text,
        "escaped for URLs": once,
        "escaped for URLs twice": urllib.parse.unquote(once, errors="replace"),
        "escaped for HTML": html.unescape(text),
        "escaped for strings": STRING_ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), text),
        "escaped for JSON": re.sub(r"\\+u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text),
    }
    for name, view in views.items():
        lower = INVISIBLE.sub("", view).lower()
        if any(part.lower() in lower for part in parts):
            return name
    digits = BETWEEN_DIGITS.sub("", text).lower()
    if any(part.encode().hex() in digits for part in parts):
        return "in hexadecimal"
    numbers = BETWEEN_NUMBERS.sub(",", text)
    if any(",".join(str(byte) for byte in part.encode()) in numbers for part in parts):
        return "in decimal"
    plain = INVISIBLE.sub("", text).translate(str.maketrans("-_", "+/"))
    if any(core in plain for part in parts for core in base64_cores(part)):
        return "in base64"
    return None


def strings_of(har):
    """All texts of a recording after JSON was read, so that its own escapes hide nothing."""
    if isinstance(har, str):
        yield har
    elif isinstance(har, list):
        for item in har:
            yield from strings_of(item)
    elif isinstance(har, dict):
        for name, value in har.items():
            yield name
            yield from strings_of(value)


def self_test():
    key = "llx-placeholder-for-test"
    for shown in (
        key,
        key[4:],
        key.upper(),
        " ".join(key),
        "\n".join(key),
        "\u200b".join(key),
        ", ".join(str(byte) for byte in key.encode()),
        "".join(f"\\u{{{byte:x}}}" for byte in key.encode()),
        key.encode().hex(":"),
        key[4:-3].encode().hex(" ").upper(),
        "".join(f"\\x{byte:02x}" for byte in key.encode()),
        *(base64.b64encode(b"abc"[:before] + key.encode()).decode() for before in range(4)),
        base64.urlsafe_b64encode(b"?>" + key.encode()).decode(),
        "".join(f"%{byte:02x}" for byte in key.encode()),
        "".join(f"&#{byte};" for byte in key.encode()),
        json.dumps("".join(f"\\u{ord(c):04x}" for c in key)),
    ):
        assert find(f"before {shown} after", key), shown
    assert not find("llx-*** and nothing else, place/holder-for", key)
