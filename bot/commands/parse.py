"""Say what the model makes of texts on standard input."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any, Iterator, Optional

from bot.engine.explaining import Explanation, explain
from bot.engine.models import current_model
from bot.nlu.understanding import Understanding
from bot.settings import get_settings

_CONTEXT = ("locale", "language_so_far", "timezone", "at")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--explain",
        nargs="?",
        const="",
        metavar="INTENT",
        help="also say how the language was decided, and what spoke for the likeliest intent, "
        "or for this one, and what against it",
    )
    parser.add_argument("--json", action="store_true", help="print JSON lines")
    parser.add_argument(
        "--locale", help="the storefront's locale for lines that name none, for example de-DE"
    )


def run(args: argparse.Namespace) -> int:
    from bot.engine.loading import load_agent, parse

    settings = get_settings()
    agent = load_agent(current_model(settings.models), action_endpoint=None, generator=None)
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    clock = settings.make_clock()
    for text, context in _lines():
        known = {"at": clock().isoformat(), "locale": args.locale, **context}
        understood = Understanding.from_rasa(parse(agent, text, known), text)
        why = explain(agent, text, known, intent=args.explain or None) if args.explain is not None else None
        if args.json:
            print(json.dumps({**understood.to_json(), **_reasons(why)}, ensure_ascii=False), flush=True)
        else:
            print("\n".join([_said(understood), *_because(why)]), flush=True)
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


def _reasons(why: Optional[Explanation]) -> dict[str, Any]:
    if why is None:
        return {}
    return {
        "explained": why.intent,
        "reasons": [asdict(reason) for reason in why.reasons],
        "concepts": list(why.concepts),
        "language_by": why.language_by,
        "language_likely": [{"language": name, "share": round(share, 4)} for name, share in why.likely],
    }


def _because(why: Optional[Explanation]) -> list[str]:
    if why is None:
        return []
    likely = ", ".join(f"{name} {share:.2f}" for name, share in why.likely)
    spoken = f" ({likely})" if likely else ""
    return [
        f"    language {why.language} by {why.language_by}{spoken}",
        f"    concepts {', '.join(why.concepts) or 'none'}",
        *(f"    {r.share:+.3f}  {r.kind} {r.what!r} for {why.intent}" for r in why.reasons),
    ]


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
