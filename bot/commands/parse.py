"""Say what the model makes of texts on standard input."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any, Iterator

from bot.engine.models import current_model
from bot.nlu.understanding import Understanding
from bot.settings import get_settings

_CONTEXT = ("locale", "language_so_far", "timezone", "at")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON lines")
    parser.add_argument(
        "--locale", help="the storefront's locale for lines that name none, for example de-DE"
    )


def run(args: argparse.Namespace) -> int:
    from bot.engine.loading import load_agent, parse

    settings = get_settings()
    agent = load_agent(current_model(settings.models), action_endpoint=None, generator=None)
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    for text, context in _lines():
        known = {"at": settings.make_clock()().isoformat(), "locale": args.locale, **context}
        understood = Understanding.from_rasa(parse(agent, text, known), text)
        print(
            json.dumps(understood.to_json(), ensure_ascii=False) if args.json else _said(understood),
            flush=True,
        )
    return 0


def _lines() -> Iterator[tuple[str, dict[str, Any]]]:
    """A text and its context for each line: the line itself, or a JSON object with a `text`."""
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", errors="replace").rstrip("\r\n")
        data = _object(line)
        if data is None:
            yield line, {}
        else:
            yield data["text"], {name: data[name] for name in _CONTEXT if data.get(name)}


def _object(line: str) -> dict[str, Any] | None:
    if not line.lstrip().startswith("{"):
        return None
    try:
        data = json.loads(line)
    except ValueError:
        return None
    return data if isinstance(data, dict) and isinstance(data.get("text"), str) else None


def _said(understood: Understanding) -> str:
    """One line for people."""
    guessed = (
        "unsure, perhaps " + understood.ranking[0].intent
        if understood.abstained and understood.ranking
        else ""
    )
    parts = [
        f"{understood.language}  {guessed or understood.intent} ({understood.confidence:.2f})",
        *(f"{e.entity}={e.value}" for e in understood.entities),
    ]
    if understood.emotion != "calm":
        parts.append(understood.emotion)
    if understood.urgency != "normal":
        parts.append(f"urgency {understood.urgency}")
    if understood.also:
        parts.append(f"also {understood.also}")
    return "  ".join(parts)
