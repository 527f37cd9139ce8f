"""`nightdesk chat`: talk to the assistant in the terminal."""

from __future__ import annotations

import argparse
import sys
from typing import Iterable

from bot.commands.talking import add_visitor, talk, visitor_of
from bot.conversations.model import Message


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of this command."""
    add_visitor(parser)


def run(args: argparse.Namespace) -> int:
    """Talk until the end of input; a number chooses a button."""
    print("Loading …", file=sys.stderr)
    with talk(at=args.at) as house:
        conversation, messages = house.start(visitor_of(args))
        buttons = _show(messages)
        while True:
            try:
                text = input("> ").strip()
            except EOFError:
                print()
                return 0
            if not text:
                continue
            if text in buttons:
                _, messages = house.say(conversation.id, choice=buttons[text])
            else:
                _, messages = house.say(conversation.id, text=text)
            buttons = _show(messages) or buttons


def _show(messages: Iterable[Message]) -> dict[str, str]:
    """Print what was said; returns the buttons by their number."""
    buttons: dict[str, str] = {}
    for message in messages:
        print(f"\n{message.text}")
        for line in _card_lines(message.card or {}):
            print(f"  | {line}")
        for choice in message.choices:
            number = str(len(buttons) + 1)
            buttons[number] = choice["id"]
            print(f"  [{number}] {choice['label']}")
    print()
    return buttons


def _card_lines(card: object) -> Iterable[str]:
    """The words of a card, a line each."""
    if isinstance(card, dict):
        for key in ("title", "name", "tag", "price", "stock"):
            if isinstance(card.get(key), str):
                yield card[key]
        for row in card.get("rows") or ():
            yield f"{row.get('label', '')}: {row.get('value', '')}"
        for step in card.get("steps") or ():
            yield " ".join(str(step[k]) for k in ("label", "time", "note") if step.get(k))
        if isinstance(card.get("as_of"), str):
            yield card["as_of"]
