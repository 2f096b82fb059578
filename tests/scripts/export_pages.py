"""Opens exported pages in headless Chromium, for export-pages.sh. Arguments: the folder with the pages, and a
folder for screenshots or nothing."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

scratch, shots = Path(sys.argv[1]), sys.argv[2]
pages = sorted((scratch / "pages").glob("*.html"))
CHROMIUM = [
    "chromium", "--headless=new", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-default-apps", "--hide-scrollbars",
    f"--user-data-dir={scratch}/profile",
    # Whatever tries to leave this machine fails, and is in the log.
    "--host-resolver-rules=MAP * ~NOTFOUND",
]
if os.geteuid() == 0:
    CHROMIUM.append("--no-sandbox")


def run(*arguments):
    return subprocess.run([*CHROMIUM, *arguments], capture_output=True, text=True, timeout=120)


def requests(log):
    """The addresses that the pages requested."""
    document = json.loads(log.read_text())
    kinds = {number: name for name, number in document["constants"]["logEventTypes"].items()}
    for event in document["events"]:
        if kinds[event["type"]] in ("URL_REQUEST_START_JOB", "CORS_REQUEST"):
            params = event.get("params", {})
            # Requests of the browser itself have no initiator.
            if params.get("initiator", "not an origin") != "not an origin":
                yield params.get("url", "")


def problems(page):
    log = scratch / "net.json"
    ran = run("--enable-logging=stderr", f"--log-net-log={log}", "--dump-dom", page.as_uri())
    for line in ran.stderr.splitlines():
        if "CONSOLE" in line:
            yield f"console: {line}"
    for url in requests(log):
        yield f"request: {url}"
    for element in re.findall(r"<(script|img|iframe|link|object|embed|base|form)\b", ran.stdout):
        yield f"element: {element}"
    if "</html>" not in ran.stdout:
        yield f"no document: {ran.stderr}"


# A page with mistakes on purpose, so that a check that sees nothing is noticed.
bad = scratch / "bad.html"
bad.write_text("<!doctype html><title>x</title><img src='http://example.com/x.png'><script>console.error('x')</script>")
found = " ".join(problems(bad))
assert all(kind in found for kind in ("console: ", "request: http://example.com/x.png", "element: script")), found

failed = 0
for page in pages:
    for problem in problems(page):
        failed += 1
        print(f"{page.name}: {problem}")
print(f"{len(pages)} pages, {failed} problems")

if shots:
    Path(shots).mkdir(parents=True, exist_ok=True)

    def first(text):
        return next(page for page in pages if text in page.read_text() and page.name != "index.html")

    chosen = {
        "markup": first("&lt;script&gt;"),
        "scripts": first("日本"),
        "table": first("<table>"),
        "references": first('class="reference"'),
        "code-points": first('class="code-point"'),
        "index": scratch / "pages" / "index.html",
    }
    for name, page in chosen.items():
        for scheme, setting in (("light", 1), ("dark", 0)):
            for width in (400, 1200):
                run(
                    f"--blink-settings=preferredColorScheme={setting}", f"--window-size={width},1400",
                    f"--screenshot={Path(shots).absolute()}/{name}-{width}-{scheme}.png", page.as_uri(),
                )
sys.exit(1 if failed else 0)
