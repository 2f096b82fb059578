"""Teaches Schemathesis the facts about the APIs that a schema cannot express. The specs name all of them.

A page token is valid only if the provider issued it, so a request that is meant to be valid gets such a token. One for a
session gets the id of a session, under both names at Memories.ai: a made-up id would never be answered with a session.
Memories.ai reports a failure inside HTTP 200, so its code, not its status, says whether a request was accepted.
The spec demands of a client to send the id under both names, and the namespace; the provider does not need all three.
"""

import itertools
import json
import os
import urllib.request

import schemathesis

REFUSED = 400


def fetched(path):
    """The JSON of a path, with the key of LlamaCloud."""
    request = urllib.request.Request(
        f"{os.environ['LLAMA_CLOUD_BASE_URL']}{path}",
        headers={"Authorization": f"Bearer {os.environ['LLAMA_CLOUD_API_KEY']}"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def conforming_ids(provider):
    """The sessions of the default scope. Two of them do not conform to the spec on purpose, and a long one is slow."""
    odd = {"unknown_events", "untyped_events", "long_text", "many_turns"}
    kinds = fetched("/__sandbox/conversations")[provider]
    excluded = {id for kind, id in kinds.items() if kind in odd}
    scopes = fetched("/__sandbox/sessions")["scopes"]
    sessions = next(scope["sessions"] for scope in scopes if scope["provider"] == provider and scope["default"])
    return [session["id"] for session in sessions if session["id"] not in excluded]


TOKEN = fetched("/api/v1/chat?page_size=5")["next_page_token"]
IDS = {provider: itertools.cycle(conforming_ids(provider)) for provider in ["memories-ai", "llama-cloud"]}


@schemathesis.hook
def before_call(context, case, kwargs):
    if not case.meta.generation.mode.is_positive:
        return
    if case.query and "page_token" in case.query:
        # It is valid in its project only.
        case.query["page_token"] = TOKEN
        case.query.pop("project_id", None)
    if case.query and "sessionId" in case.query:
        case.query["sessionId"] = case.query["session_id"] = next(IDS["memories-ai"])
        case.query["unique_id"] = "default"
    if case.path_parameters and "session_id" in case.path_parameters:
        case.path_parameters["session_id"] = next(IDS["llama-cloud"])


@schemathesis.hook
def after_call(context, case, response):
    if response.status_code != 200 or not case.path.startswith("/serve/"):
        return
    lacks_a_name = "get_session_detail" in case.path and not {"sessionId", "session_id", "unique_id"} <= set(case.query or {})
    if lacks_a_name or response.json()["code"] != "0000":
        response.status_code = REFUSED
