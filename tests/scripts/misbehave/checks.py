"""Runs the program against one scenario, and compares what it printed with what the server did."""

import json
import os
import re
import secrets
import subprocess
import tempfile
import time
from dataclasses import dataclass, field

import leaks
from providers import PROVIDERS
from server import ListServer

PAGE_TIMEOUT = 4
ATTEMPTS = 2
#: Further commands and formats. CSV holds control characters as they are, by its RFC.
OTHERS = [
    ("list", "-o", "table"),
    ("list", "-o", "csv"),
    ("list", "-o", "ndjson"),
    ("doctor", "-o", "text"),
    ("doctor", "-o", "json"),
]
#: Beyond this a run is killed.
HANG = 90
KIND_CODES = {
    **dict.fromkeys(("auth", "permission"), 4),
    "rate-limited": 5,
    **dict.fromkeys(("timeout", "connect", "server"), 6),
    **dict.fromkeys(("protocol", "walk"), 7),
    "config": 8,
    "cursor": 2,
}
CURSOR = re.compile(r"cs\d+_[A-Za-z0-9_-]+")
#: What may be in text for people: no C0 or C1 control except line feed and tab, and nothing that reorders text.
CONTROLS = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0))} - {"\n", "\t"}
REORDERING = set("\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass
class Run:
    """One start of the program, and the faults that it revealed."""

    name: str
    code: int = 0
    seconds: float = 0.0
    stdout: bytes = b""
    stderr: bytes = b""
    recording: str = ""
    faults: list = field(default_factory=list)

    def fault(self, text):
        self.faults.append(text)


def start(program, run, keys, servers, command, *arguments):
    """Starts a command of the program with a clean environment and waits for its end."""
    with tempfile.TemporaryDirectory() as home:
        recording = os.path.join(home, "recording.har")
        environment = {"PATH": os.environ["PATH"], "HOME": home, "TZ": "UTC", "NO_PROXY": "127.0.0.1", "COLUMNS": "200"}
        for provider in PROVIDERS:
            if provider.name in servers:
                environment[provider.key_variable] = keys[provider.name]
                environment[provider.url_variable] = servers[provider.name].url
        of_lists = ("--attempts", str(ATTEMPTS), "--record", recording) if command == "list" else ()
        words = [program, command, "--page-timeout", str(PAGE_TIMEOUT), *of_lists, *arguments]
        began = time.monotonic()
        process = subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            run.stdout, run.stderr = process.communicate(timeout=HANG)
        except subprocess.TimeoutExpired:
            process.kill()
            run.stdout, run.stderr = process.communicate()
            run.fault(f"it hangs: killed after {HANG} s")
        run.code, run.seconds = process.returncode, time.monotonic() - began
        if os.path.exists(recording):
            with open(recording, encoding="utf-8") as file:
                run.recording = file.read()


def new_keys():
    """Keys that no other run uses and that hold nothing a page could hold by chance."""
    return {"memories-ai": f"sk-{secrets.token_hex(16)}", "llama-cloud": f"llx-{secrets.token_urlsafe(24)}"}


def run_all(program, scenario, provider, turn, slack):
    """Runs one provider alone as JSON, then both together as TSV with a log, the other one healthy; and in every other
    turn one more command or format."""
    runs = [alone(program, scenario, provider, slack), together(program, scenario, provider, slack)]
    if turn % 2 == 0:
        runs.append(otherwise(program, scenario, provider, OTHERS[turn // 2 % len(OTHERS)], slack))
    return runs


def alone(program, scenario, provider, slack):
    run, keys = Run(f"{provider.name}: {scenario.name} (json)"), new_keys()
    server = ListServer(provider, scenario.behaviour, scenario.on_accept)
    limit = () if scenario.limited else ("--all",)
    try:
        start(program, run, keys, {provider.name: server}, "list", *limit, "-o", "json", *scenario.arguments)
    finally:
        server.stop()
    common(run, scenario, keys, [server], slack)
    document = read_json(run)
    if document is not None:
        judge_document(run, scenario, server, document)
    return run


def together(program, scenario, provider, slack):
    run, keys = Run(f"{provider.name}: {scenario.name} (tsv)"), new_keys()
    servers = {
        each.name: ListServer(
            each, *((scenario.behaviour, scenario.on_accept) if each is provider else (lambda x: x.good(),))
        )
        for each in PROVIDERS
    }
    limit = () if scenario.limited else ("--all",)
    try:
        start(program, run, keys, servers, "list", *limit, "-o", "tsv", "-vv", *scenario.arguments)
    finally:
        for server in servers.values():
            server.stop()
    common(run, scenario, keys, list(servers.values()), slack)
    judge_rows(run, scenario, provider, servers)
    return run


def otherwise(program, scenario, provider, command, slack):
    """Runs a command of which only what must always hold is checked."""
    run, keys = Run(f"{provider.name}: {scenario.name} ({' '.join(command)})"), new_keys()
    server = ListServer(provider, scenario.behaviour, scenario.on_accept)
    limit = ("--limit", "1000") if command[0] == "list" else ()
    try:
        start(program, run, keys, {provider.name: server}, *command, *limit)
    finally:
        server.stop()
    common(run, scenario, keys, [server], slack)
    text = run.stdout.decode(errors="replace")
    if command[-1] in ("json", "ndjson"):
        for document in text.splitlines() if command[-1] == "ndjson" else [text]:
            try:
                json.loads(document)
            except ValueError as error:
                run.fault(f"no JSON: {error} in {document[:200]!r}")
    elif command[-1] != "csv" and (bad := sorted(set(text) & (CONTROLS | REORDERING))):
        run.fault(f"control characters in standard output: {bad}")
    return run


# What must hold whatever the server does.


def common(run, scenario, keys, servers, slack):
    stderr = run.stderr.decode(errors="replace")
    if run.code < 0 or run.code == 101 or "panicked" in stderr:
        run.fault(f"it crashed with {run.code}: {stderr[-300:]}")
    requests = sum(len(server.requests) for server in servers)
    bound = PAGE_TIMEOUT + 0.25 * requests + slack
    if run.seconds > bound:
        run.fault(f"it took {run.seconds:.1f} s, more than {bound:.1f} s")
    if run.code and not stderr.strip() and not run.stdout.strip():
        run.fault(f"exit code {run.code} without a word")
    names = {key: f"the key of {name}" for name, key in keys.items()}
    for server in servers:
        names.update(dict.fromkeys(server.tokens.values(), "a page token"))
        names.update(dict.fromkeys(server.cookies, "a cookie"))
        judge_requests(run, server, keys[server.provider.name])
    for place, text in outputs(run, stderr):
        if scenario.prints_titles_of_the_server and place == "standard output":
            continue
        for secret, name in names.items():
            if encoding := leaks.find(text, secret):
                run.fault(f"at least {leaks.WINDOW} characters of {name} are in {place}, {encoding}")
    if bad := sorted(set(stderr) & (CONTROLS | REORDERING)):
        run.fault(f"control characters in standard error: {bad}")


def outputs(run, stderr):
    # A cursor holds the provider's page token, whatever that is; the pages about secrets say so.
    yield "standard output", CURSOR.sub("", run.stdout.decode(errors="replace"))
    yield "standard error", CURSOR.sub("", stderr)
    if run.recording:
        try:
            yield "the recording", "\n".join(leaks.strings_of(json.loads(run.recording)))
        except (ValueError, RecursionError) as error:
            run.fault(f"the recording is no JSON: {error}")
            yield "the recording", run.recording


def judge_requests(run, server, key):
    """A request is a GET to the documented path, with the key in its header and nowhere else."""
    for method, target, headers in server.requests:
        path = target.split("?")[0]
        if method != "GET" or path != server.provider.path:
            run.fault(f"a request {method} {path}")
        if headers.get("authorization") != server.provider.authorization(key):
            run.fault("a request without the documented Authorization header")
        if leaks.find(target, key):
            token = server.provider.name == "llama-cloud" and "page_token=t-" in target
            if not token:
                run.fault("the key is in a URL")
        for name in ("cookie", "referer"):
            if name in headers:
                run.fault(f"a request with the header {name}")
        if not headers.get("user-agent"):
            run.fault("a request without a User-Agent")


# What the output must say.


def read_json(run):
    try:
        document = json.loads(run.stdout)
    except ValueError as error:
        run.fault(f"standard output is no JSON: {error}")
        return None
    for line in run.stderr.decode(errors="replace").splitlines():
        try:
            json.loads(line)
        except ValueError:
            run.fault(f"a line of standard error is no JSON: {line[:200]!r}")
    return document


def judge_document(run, scenario, server, document):
    rows, errors, complete = document["sessions"], document["errors"], document["complete"]
    listed = [row["id"] for row in rows]
    judge_ids(run, scenario, server, listed, complete)
    if scenario.limited:
        if run.code != 0 or complete:
            run.fault(f"cut by --max-pages: exit code {run.code}, complete {complete}; 0 and false are right")
        return
    if complete != (run.code == 0):
        run.fault(f"exit code {run.code}, but complete is {complete}")
    if complete and errors:
        run.fault("complete, but there are errors")
    if rows and run.code not in (0, 3):
        run.fault(f"rows were printed, but the exit code is {run.code}")
    if not rows and run.code == 3 and not scenario.expected.lost:
        run.fault("exit code 3 without a row")
    if not rows and scenario.name.endswith(", always") and len(server.requests) > ATTEMPTS:
        run.fault(f"{len(server.requests)} requests for one page, more than {ATTEMPTS}")
    if errors and not rows:
        kind = errors[0]["kind"]
        if run.code != KIND_CODES.get(kind, 1):
            run.fault(f"exit code {run.code} for an error of kind {kind}")
    judge_expected(run, scenario, complete, bool(rows))


def judge_expected(run, scenario, complete, has_rows):
    expected = scenario.expected
    if complete:
        right = expected.ok
    elif has_rows:
        right = expected.lost or expected.codes
    else:
        right = run.code in expected.codes or (expected.lost and run.code in (3, 7))
    if not right:
        stderr = run.stderr.decode(errors="replace")
        run.fault(f"expected {expected}; exit code {run.code}, {'rows' if has_rows else 'no rows'}: {stderr[:300]}")


def judge_ids(run, scenario, server, listed, complete):
    if len(set(listed)) != len(listed):
        run.fault("an id is listed twice")
    if not scenario.compares_ids:
        return
    missing, invented = server.delivered - set(listed), set(listed) - server.sent
    if missing and complete:
        run.fault(f"{len(missing)} session(s) were lost without a word: {sorted(missing)[:3]}")
    if missing and scenario.expected.ok and not scenario.expected.codes and not scenario.expected.lost:
        run.fault(f"{len(missing)} session(s) are missing: {sorted(missing)[:3]}")
    if invented:
        run.fault(f"ids that nobody sent: {sorted(invented)[:3]}")


def judge_rows(run, scenario, provider, servers):
    try:
        text = run.stdout.decode()
    except UnicodeDecodeError as error:
        run.fault(f"standard output is no UTF-8: {error}")
        return
    if bad := sorted(set(text) & CONTROLS):
        run.fault(f"control characters in TSV: {bad}")
    listed = {each: [] for each in servers}
    for line in text.split("\n")[:-1]:
        cells = line.split("\t")
        if len(cells) != 5 or cells[0] not in listed:
            run.fault(f"a row of {len(cells)} cells: {line[:80]!r}")
            return
        listed[cells[0]].append(cells[1])
    complete = run.code == 0
    for name, server in servers.items():
        if name == provider.name:
            judge_ids(run, scenario, server, listed[name], complete)
        elif not scenario.limited and (missing := server.delivered - set(listed[name]) or len(listed[name]) != 5):
            run.fault(f"the healthy provider {name} lost sessions: {missing}")
    if scenario.limited:
        return
    if run.code not in (0, 3):
        run.fault(f"rows were printed, but the exit code is {run.code}")
    judge_expected(run, scenario, complete, True)
