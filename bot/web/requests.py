"""Reads what the team's page sends: every field checked, every refusal one sentence."""

from __future__ import annotations

import re
from typing import Any, Mapping, Optional

from bot.http.problems import Problem

CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")
CONVERSATION = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
FILTERS = ("waiting", "mine", "closed")
MOST_TEXT = 10_000


def read_credentials(body: Mapping[str, Any]) -> tuple[str, str]:
    """Login and password; Problem 422 when one is missing."""
    login, password = body.get("login"), body.get("password")
    if not isinstance(login, str) or not isinstance(password, str) or not login or not password:
        raise Problem(422, "bad-field", "Signing in needs login and password, both texts.")
    return login, password


def read_filter(value: Any) -> str:
    """Which conversations are asked for; Problem 422 for an unknown filter."""
    if value in (None, ""):
        return FILTERS[0]
    if value not in FILTERS:
        raise Problem(422, "bad-field", f"There is no filter of this name. Known: {', '.join(FILTERS)}.")
    return str(value)


def read_conversation(value: Any) -> Optional[str]:
    """The id of the conversation to watch, or None; Problem 422 for what can be none."""
    if value in (None, ""):
        return None
    if not isinstance(value, str) or not CONVERSATION.match(value):
        raise Problem(422, "bad-field", "The conversation is no id of one.")
    return value


def read_text(body: Mapping[str, Any]) -> str:
    """The text of a reply or a note; Problem 422 when it is empty or too long."""
    text = body.get("text")
    said = _plain(text) if isinstance(text, str) else ""
    if not said:
        raise Problem(422, "empty-text", "The text is empty; write at least one character.")
    if len(said) > MOST_TEXT:
        raise Problem(422, "text-too-long", f"The text has {len(said)} characters; the most is {MOST_TEXT}.")
    return said


def _plain(text: str) -> str:
    # No keyboard types a NUL or half a character, and a customer's page can't show them.
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()


def read_client_id(body: Mapping[str, Any]) -> str:
    """The id that makes a repeated request harmless; Problem 422 when it is missing."""
    client_id = body.get("id")
    if not isinstance(client_id, str) or not CLIENT_ID.match(client_id):
        raise Problem(422, "bad-field", "Send an id of 8 to 64 letters, digits or dashes, such as a UUID.")
    return client_id
