"""`nightdesk converse`: plays conversations from JSON lines, for tests and tinkering."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from typing import Any, Iterator, Mapping, Optional, Sequence

from bot.commands.talking import Talk, Visitor, add_visitor, instant, talk, visitor_of
from bot.conversations.model import Conversation, Message
from bot.serving import zone_name

FIELDS = ("conversation", "text", "at", "choice", "locale", "timezone", "country", "product", "order")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of this command."""
    add_visitor(parser)
    parser.add_argument("--json", action="store_true", help="print JSON lines")


def run(args: argparse.Namespace) -> int:
    """Answer every line of standard input; the same `conversation` goes on with the same thread."""
    with talk(at=args.at) as house:
        visitor = visitor_of(args)
        threads: dict[str, str] = {}
        for line in _lines():
            name = str(line.get("conversation") or "1")
            if line.get("at"):
                house.clock.set(instant(str(line["at"])))
            if name not in threads:
                conversation, _ = house.start(_visitor(visitor, line))
                threads[name] = conversation.id
            asked, replies = house.say(threads[name], text=_text(line), choice=str(line.get("choice") or ""))
            for row in _rows(house, name, threads[name], asked, replies):
                print(json.dumps(row, ensure_ascii=False) if args.json else _for_people(row), flush=True)
    return 0


def _lines() -> Iterator[Mapping[str, Any]]:
    for number, raw in enumerate(sys.stdin, start=1):
        if not raw.strip():
            continue
        try:
            line = json.loads(raw)
        except ValueError:
            raise ValueError(f'Line {number} is not JSON; write one like {{"text": "hello"}}.') from None
        if not isinstance(line, dict) or not (
            isinstance(line.get("text"), str) or isinstance(line.get("choice"), str)
        ):
            raise ValueError(f"Line {number} needs `text` or `choice` (a button's id), each a string.")
        unknown = sorted(set(line) - set(FIELDS))
        if unknown:
            raise ValueError(f"Line {number} has {unknown[0]!r}. Known: {', '.join(FIELDS)}.")
        yield line


def _text(line: Mapping[str, Any]) -> str:
    return str(line.get("text") or "")


def _visitor(visitor: Visitor, line: Mapping[str, Any]) -> Visitor:
    given = {k: str(line[k]) for k in ("locale", "country", "product", "order") if line.get(k)}
    if line.get("timezone"):
        given["timezone"] = zone_name(str(line["timezone"]))
    return replace(visitor, **given)


def _rows(
    house: Talk, name: str, conversation_id: str, asked: Message, replies: list[Message]
) -> Iterator[dict[str, Any]]:
    """One row a reply; one row without a text when nobody answers, so that no line is left silent."""
    state = house.state(conversation_id)
    standing = house.standing(conversation_id)
    understood = asked.understood or {}
    said: Sequence[Optional[Message]] = replies or [None]
    for message in said:
        yield {
            "conversation": name,
            **_said(message, asked, state),
            "intent": understood.get("intent"),
            "confidence": understood.get("confidence"),
            "owner": state.owner.value,
            "handoff": _handoff(standing),
            "promise": _promise(standing),
        }


def _said(message: Optional[Message], asked: Message, state: Conversation) -> dict[str, Any]:
    if message is None:
        return {
            "seq": asked.seq,
            "at": asked.at.isoformat(),
            "from": "system",
            "kind": "event",
            "text": "",
            "language": state.language,
            "reply_key": None,
            "facts": [],
            "choices": [],
            "card": None,
            "guard": None,
        }
    public = message.to_public()
    return {
        **{key: public[key] for key in ("seq", "at", "from", "kind", "text", "language", "choices", "card")},
        "reply_key": message.reply_key,
        "facts": [{k: v for k, v in fact.items() if k != "type"} for fact in message.facts],
        "guard": message.guard,
    }


def _handoff(standing: Any) -> Optional[dict[str, Any]]:
    if standing is None:
        return None
    handoff = standing.handoff
    return {"id": handoff.id, "reason": handoff.reason, "priority": handoff.priority, "topic": handoff.topic}


def _promise(standing: Any) -> Optional[dict[str, Any]]:
    if standing is None:
        return None
    promise = standing.promise
    return {
        "id": promise.id,
        "due_at": promise.due_at.isoformat(),
        "opens_at": promise.opens_at.isoformat(),
        "target_minutes": promise.target_minutes,
        "state": promise.state.value,
        "shown": promise.text,
    }


def _for_people(row: Mapping[str, Any]) -> str:
    return f"{row['conversation']} {row['from']}: {row['text']}"
