"""What the two lists look like on the wire, written from the providers' documents and nothing else."""

import json


class LlamaCloud:
    """`GET /api/v1/chat`: items and an opaque token; the list ends at a page without a token."""

    name = "llama-cloud"
    path = "/api/v1/chat"
    key_variable, url_variable = "LLAMA_CLOUD_API_KEY", "LLAMA_CLOUD_BASE_URL"
    id_field = "session_id"

    @staticmethod
    def authorization(key):
        return f"Bearer {key}"

    @staticmethod
    def session_id(number):
        return f"ses-{number:05d}"

    def item(self, number, **fields):
        item = {
            "session_id": self.session_id(number),
            "last_updated_at": f"2026-04-{28 - number % 28:02d}T12:34:41.342245",
            "generated_title": f"Question {number}",
            "index_ids": ["idx-abc123"],
            "job_metadata": None,
        }
        return {**item, **fields}

    @staticmethod
    def page(items, token=None, **fields):
        page = {"items": items}
        if token is not None:
            page["next_page_token"] = token
        return {**page, **fields}

    @staticmethod
    def items_of(page):
        return page["items"]

    @staticmethod
    def failure(message, status):
        return {"detail": message}


class MemoriesAi:
    """`GET /serve/api/v1/list_sessions`: an envelope around a numbered page, newest first."""

    name = "memories-ai"
    path = "/serve/api/v1/list_sessions"
    key_variable, url_variable = "MEMORIES_AI_API_KEY", "MEMORIES_AI_BASE_URL"
    id_field = "sessionId"

    @staticmethod
    def authorization(key):
        return key

    @staticmethod
    def session_id(number):
        # The upper bits count milliseconds, so that ids fall as sessions become older.
        return str(702135219382493013 - number * 60_000 * 2**22)

    def item(self, number, **fields):
        return {"sessionId": self.session_id(number), "title": f"Prompt {number}", **fields}

    @staticmethod
    def page(items, page=1, size=2, total="5", **fields):
        data = {"sessions": items, "current_page": page, "page_size": size, "total_count": total, **fields}
        return {"code": "0000", "msg": "success", "data": data, "success": True, "failed": False}

    @staticmethod
    def items_of(page):
        return page["data"]["sessions"]

    @staticmethod
    def failure(message, status):
        # Where no documented code means the status, an unknown one leaves the verdict to the status.
        code = f"0{status}" if status in (401, 402, 403, 409, 429) else "1024"
        return {"code": code, "msg": message, "data": None, "success": False, "failed": True}


PROVIDERS = [MemoriesAi(), LlamaCloud()]


def to_bytes(value):
    return json.dumps(value).encode()
