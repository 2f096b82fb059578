"""Finds a key in a text, whole or in parts, in every encoding that a server or a log may use.

It decodes the text in several ways and looks for any twelve characters of the key in a row.
"""

import base64
import html
import json
import re
import urllib.parse

WINDOW = 12


def parts(key):
    return {key[start : start + WINDOW].lower() for start in range(len(key) - WINDOW + 1)}


#: At least twelve pairs of digits, with nothing or with what people write between them.
HEXADECIMAL = re.compile(rf"(?:(?:0x|\\+x)?[0-9a-fA-F]{{2}}[\s:,;.\-_]{{0,2}}){{{WINDOW},}}")
BASE64 = re.compile(rf"[A-Za-z0-9+/_\-]{{{WINDOW * 4 // 3},}}")


def views(text):
    """The text, and what its encoded parts stand for, each with the name of the encoding."""
    yield "as it is", text
    once = urllib.parse.unquote(text, errors="replace")
    yield "escaped for URLs", once
    yield "escaped for URLs twice", urllib.parse.unquote(once, errors="replace")
    yield "escaped for HTML", html.unescape(text)
    yield "escaped for JSON", re.sub(r"\\+u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    decoded = []
    for run in HEXADECIMAL.findall(text):
        digits = re.sub(r"0x|[^0-9a-fA-F]", "", run)
        for start in (0, 1):
            pairs = digits[start : start + (len(digits) - start) // 2 * 2]
            decoded.append(bytes.fromhex(pairs).decode("latin-1"))
    yield "in hexadecimal", "\n".join(decoded)
    decoded = []
    for run in BASE64.findall(text):
        plain = run.replace("-", "+").replace("_", "/")
        # What was encoded may begin inside a group of four.
        for start in range(4):
            group = plain[start : start + (len(plain) - start) // 4 * 4]
            decoded.append(base64.b64decode(group).decode("latin-1"))
    yield "in base64", "\n".join(decoded)


def find(text, key):
    """The first encoding in which at least twelve characters of the key are in the text."""
    wanted = parts(key)
    for name, view in views(text):
        lower = view.lower()
        for part in wanted:
            if part in lower:
                return name
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
    key = "llx-aB3dE6gH9jK2mN5pQ8sT"
    for shown in (
        key,
        key[4:],
        key.upper(),
        key.encode().hex(":"),
        base64.b64encode(b"a" + key.encode()).decode(),
        "".join(f"%{byte:02x}" for byte in key.encode()),
        "".join(f"&#{byte};" for byte in key.encode()),
        json.dumps("".join(f"\\u{ord(c):04x}" for c in key)),
    ):
        assert find(f"before {shown} after", key), shown
    assert not find("llx-*** and nothing else, aB3dE6g H9jK2mN", key)
