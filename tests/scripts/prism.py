"""Sends good and bad requests through prism, which validates them and the sandbox's responses against the specs.

Usage: prism.py PROXIES COMMAND...   (PROXIES has lines `PROVIDER URL LOG`; COMMAND lists all sessions as JSON)

What prism calls a violation of the request must be what the sandbox refuses, and no response may violate the spec.
It exits with 0 if that holds, otherwise with 1 after printing what does not.
"""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

SANDBOX = os.environ["LLAMA_CLOUD_BASE_URL"]
LISTS = {
    "memories-ai": ("/serve/api/v1/list_sessions", os.environ["MEMORIES_AI_API_KEY"], "unique_id=default"),
    "llama-cloud": ("/api/v1/chat", f"Bearer {os.environ['LLAMA_CLOUD_API_KEY']}", ""),
}
UNKNOWN = "00000000-0000-4000-8000-000000000000"
#: The conversations that break the spec on purpose.
ODD = {"unknown_events", "untyped_events"}
#: Other operations: the target, whether the spec forbids the request, and whether the provider refuses it. The provider
#: needs neither both names of the id nor the namespace.
OTHERS = {
    "memories-ai": [
        ("/serve/api/v1/list_unique_ids", False, False),
        ("/serve/api/v1/get_session_detail?sessionId={id}", True, False),
        ("/serve/api/v1/get_session_detail?session_id={id}&unique_id=default", True, False),
        ("/serve/api/v1/get_session_detail?sessionId={id}&session_id=1&unique_id=default", False, True),
        ("/serve/api/v1/get_session_detail?sessionId=1&session_id=1&unique_id=default", False, False),
        ("/serve/api/v1/get_session_detail?unique_id=default", True, True),
    ],
    "llama-cloud": [
        ("/api/v1/projects", False, False),
        ("/api/v1/projects?project_name=Default", False, False),
        ("/api/v1/projects?project_name=nobody", False, False),
        ("/api/v1/projects?organization_id=mine", True, True),
        (f"/api/v1/projects?organization_id={UNKNOWN}", False, True),
        ("/api/v1/chat/{id}?project_id=mine", True, True),
        (f"/api/v1/chat/{{id}}?project_id={UNKNOWN}", False, True),
        ("/api/v1/chat/ses-unknown", False, True),
        ("/api/v1/chat/ses-unknown/summary", False, True),
    ],
}
#: The operations for one session.
DETAILS = {
    "memories-ai": ["/serve/api/v1/get_session_detail?sessionId={id}&session_id={id}&unique_id=default"],
    "llama-cloud": ["/api/v1/chat/{id}", "/api/v1/chat/{id}/summary"],
}
#: Queries that the specs allow.
GOOD = {
    "memories-ai": ["", "page=1", "page=7", "page=8", "page=1000000", "other=1"],
    "llama-cloud": [
        "",
        "page_size=1",
        "page_size=0",
        "page_size=-1",
        "page_size=5000",
        "page_token={token}",
        "other=1",
    ],
}
#: Queries that the specs forbid.
BAD = {
    "memories-ai": ["page=0", "page=-1", "page=one", "page=1.5"],
    "llama-cloud": ["page_size=many", "page_size=1.5", "project_id=mine", "organization_id=mine"],
}
#: Queries that only the provider can refuse; the specs say why.
REFUSED_BY_THE_PROVIDER = {
    "memories-ai": [],
    "llama-cloud": ["page_token=anything", f"project_id={UNKNOWN}", f"organization_id={UNKNOWN}"],
}
STATUSES = [400, 401, 402, 403, 404, 405, 409, 422, 429, 500, 502, 503]


class Reply:
    """A response through the proxy, with the violations that it found."""

    def __init__(self, response):
        self.status, self.body = response.status, response.read()
        header = response.headers.get("sl-violations", "[]")
        # Of more violations than a header can hold, prism sends the beginning after a remark, cut in the middle.
        is_cut = header.startswith("Too many violations!")
        place = "response" if '"location":["response"' in header else "request"
        self.violations = [{"location": [place], "message": header}] if is_cut else json.loads(header)

    def refused(self):
        # Memories.ai reports a failure inside HTTP 200. The projects of LlamaCloud are a bare array.
        body = json.loads(self.body)
        return self.status != 200 or isinstance(body, dict) and body.get("code", "0000") != "0000"

    def of(self, place):
        return [violation for violation in self.violations if violation.get("location", [""])[0] == place]


def send(url, authorization, method="GET"):
    headers = {"Authorization": authorization} if authorization else {}
    try:
        return Reply(urllib.request.urlopen(urllib.request.Request(url, headers=headers, method=method), timeout=60))
    except urllib.error.HTTPError as error:
        return Reply(error)


def script(provider, status):
    """Makes the sandbox answer its next request with a status."""
    body = json.dumps({"provider": provider, "fault": "status", "status": status}).encode()
    request = urllib.request.Request(f"{SANDBOX}/__sandbox/faults", body, {"content-type": "application/json"})
    urllib.request.urlopen(request, timeout=60).close()


def check(provider, proxy):
    """The faults of one provider, one line each."""
    path, key, query = LISTS[provider]
    token = ""
    if provider == "llama-cloud":
        token = urllib.parse.quote(json.loads(send(f"{proxy}{path}", key).body)["next_page_token"], safe="")

    def url(more=""):
        return f"{proxy}{path}?{'&'.join(part for part in (query, more.format(token=token)) if part)}"

    replies = []
    replies += [(f"?{more}", send(url(more), key), False, False) for more in GOOD[provider]]
    replies += [(f"?{more}", send(url(more), key), True, True) for more in BAD[provider]]
    replies += [(f"?{more}", send(url(more), key), False, True) for more in REFUSED_BY_THE_PROVIDER[provider]]
    if provider == "memories-ai":
        replies.append(("no unique_id", send(f"{proxy}{path}", key), True, True))
    replies.append(("no key", send(url(), None), True, True))
    replies.append(("a wrong key", send(url(), "Bearer wrong"), False, True))
    for status in STATUSES:
        script(provider, status)
        replies.append((f"status {status}", send(url(), key), False, True))
    for name, reply, violates, refused in replies:
        place = f"{provider}, {name}, status {reply.status}"
        if bool(reply.of("request")) != violates:
            yield f"{place}: the spec {'allows' if violates else 'forbids'} the request: {reply.of('request')}"
        if reply.refused() != refused:
            yield f"{place}: the sandbox {'accepts' if refused else 'refuses'} the request: {reply.body[:200]}"
        if reply.of("response"):
            yield f"{place}: the spec does not allow the response: {reply.of('response')} in {reply.body[:200]}"


def sandbox(path):
    """The JSON of one of the sandbox's control routes."""
    with urllib.request.urlopen(f"{SANDBOX}/__sandbox/{path}", timeout=60) as response:
        return json.load(response)


def check_sessions(provider, proxy):
    """The faults of the operations for one session, for every session of the default scope, one line each."""
    _, key, _ = LISTS[provider]
    kinds = {id: kind for kind, id in sandbox("conversations")[provider].items()}
    scopes = sandbox("sessions")["scopes"]
    sessions = next(scope["sessions"] for scope in scopes if scope["provider"] == provider and scope["default"])
    for target, violates, refused in OTHERS[provider]:
        reply = send(proxy + target.format(id=sessions[0]["id"]), key)
        if (bool(reply.of("request")), reply.refused(), reply.of("response")) != (violates, refused, []):
            yield f"{target}: {reply.status} {reply.violations} {reply.body[:200]}"
    for session in sessions:
        for target in DETAILS[provider]:
            reply = send(proxy + target.format(id=session["id"]), key)
            violates = kinds.get(session["id"]) in ODD and not target.endswith("/summary")
            if reply.refused() or reply.of("request") or bool(reply.of("response")) != violates:
                yield f"{target.format(id=session['id'])}: {reply.status} {reply.violations} {reply.body[:200]}"


def listed(command, proxies):
    """Runs our own list through the proxies; neither its requests nor the responses may violate a spec."""
    variables = {"memories-ai": "MEMORIES_AI_BASE_URL", "llama-cloud": "LLAMA_CLOUD_BASE_URL"}
    before = {provider: os.path.getsize(log) for provider, (_, log) in proxies.items()}
    environment = {**os.environ, **{variables[provider]: url for provider, (url, _) in proxies.items()}}
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment).stdout
    sessions = json.loads(printed)["sessions"]
    for provider, (_, log) in proxies.items():
        with open(log, encoding="utf-8") as file:
            file.seek(before[provider])
            lines = file.readlines()
        if not any("request received" in line.lower() for line in lines):
            yield f"{provider}: our list did not reach the proxy"
        yield from (f"{provider}, our list: {line.strip()}" for line in lines if "Violation" in line)
    if len({session["provider"] for session in sessions}) != len(proxies):
        yield "our list lacks a provider"


def main(file, command):
    with open(file, encoding="utf-8") as lines:
        proxies = {provider: (url, log) for provider, url, log in map(str.split, lines)}
    faults = [fault for provider, (url, _) in proxies.items() for fault in check(provider, url)]
    faults += [fault for provider, (url, _) in proxies.items() for fault in check_sessions(provider, url)]
    faults += listed(command, proxies)
    if faults:
        print("\n".join(faults), file=sys.stderr)
        return 1
    print("prism, the specs and the sandbox agree about every request and every response")
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
