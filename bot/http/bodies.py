"""Reads a request's body."""

from __future__ import annotations

import json
from typing import Any

from bot.http.problems import Problem


def json_object(raw: bytes) -> dict[str, Any]:
    """The JSON object of a request; Problem 400 when it is none."""
    try:
        body = json.loads(raw or b"{}")
    except (ValueError, RecursionError):
        raise Problem(400, "malformed-json", "The body is not JSON; send a JSON object.") from None
    if not isinstance(body, dict):
        raise Problem(400, "malformed-json", "The body is JSON, but no object; send a JSON object.")
    return body
