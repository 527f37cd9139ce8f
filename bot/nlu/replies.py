"""Rasa's names for our replies, and our replies as stock Rasa wants them in its domain."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterable, Mapping

from bot.yamls import load_yaml

PREFIX = "utter_"
FIRST_LANGUAGE = "en"


def key_of(response: str) -> str:
    """The reply key of a Rasa response: utter_social_bot_challenge is social.bot_challenge."""
    topic, _, name = response.removeprefix(PREFIX).partition("_")
    return f"{topic}.{name}"


def responses(actions: Iterable[str], *, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Rasa responses for each `utter_…` among the actions, from a folder of replies.

    A language answers where the slot `language` says so; English answers everybody else.
    """
    replies = {path.name: _replies(path) for path in sorted(folder.glob("*")) if path.is_dir()}
    found: dict[str, list[dict[str, Any]]] = {}
    for action in actions:
        if not action.startswith(PREFIX):
            continue
        texts = {
            language: _texts(table[key_of(action)])
            for language, table in replies.items()
            if key_of(action) in table
        }
        rows = [
            {"text": text, "condition": [{"type": "slot", "name": "language", "value": language}]}
            for language in texts
            if language != FIRST_LANGUAGE
            for text in texts[language]
        ]
        found[action] = rows + [{"text": text} for text in texts.get(FIRST_LANGUAGE, [key_of(action)])]
    return found


def _replies(folder: Path) -> Mapping[str, Any]:
    table: dict[str, Any] = {}
    for path in sorted(folder.glob("*.yml")):
        data: Any = load_yaml(path.read_text(encoding="utf-8")) or {}
        table.update(data)
    return table


def _texts(reply: Any) -> list[str]:
    """A reply's variations; of plural forms the last, which is the general one."""
    if isinstance(reply, dict):
        return [str(list(reply.values())[-1])]
    return [str(text) for text in reply] if isinstance(reply, list) else [str(reply)]
