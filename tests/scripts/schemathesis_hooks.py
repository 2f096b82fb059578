"""Teaches Schemathesis the two facts about the APIs that a schema cannot express. The specs name both.

A page token is valid only if the provider issued it, so a request that is meant to be valid gets such a token.
Memories.ai reports a failure inside HTTP 200, so its code, not its status, says whether a request was accepted.
"""

import json
import os
import urllib.request

import schemathesis

REFUSED = 400


def issued_token():
    """A token of the sandbox's default project."""
    request = urllib.request.Request(
        f"{os.environ['LLAMA_CLOUD_BASE_URL']}/api/v1/chat?page_size=5",
        headers={"Authorization": f"Bearer {os.environ['LLAMA_CLOUD_API_KEY']}"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)["next_page_token"]


TOKEN = issued_token()


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.query and "page_token" in case.query and case.meta.generation.mode.is_positive:
        case.query["page_token"] = TOKEN


@schemathesis.hook
def after_call(context, case, response):
    if response.status_code == 200 and "list_sessions" in case.path and response.json()["code"] != "0000":
        response.status_code = REFUSED
