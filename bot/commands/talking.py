"""Conversations without a server: for `chat` and `converse`."""

from __future__ import annotations

import argparse
import tempfile
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Iterator, Mapping, Optional

from bot import serving, wiring
from bot.conversations.model import Conversation, Kind, Message
from bot.conversations.store import Opening, new_token
from bot.conversations.turn import Turns


class HandClock:
    """A clock that can be set; from there it runs on with the real one."""

    def __init__(self, at: Optional[datetime] = None) -> None:
        self._offset = timedelta(0)
        if at is not None:
            self.set(at)

    def __call__(self) -> datetime:
        return datetime.now(timezone.utc) + self._offset

    def set(self, at: datetime) -> None:
        """Be at this instant now."""
        self._offset = at - datetime.now(timezone.utc)


@dataclass(frozen=True)
class Visitor:
    """What a page would tell of a customer."""

    shop: str
    locale: str
    timezone: str
    country: Optional[str]
    product: Optional[str] = None
    order: Optional[str] = None


class Talk:
    """Conversations on a transcript of their own, answered at once."""

    def __init__(self, *, clock: HandClock, turns: Turns) -> None:
        self.clock = clock
        self._turns = turns
        self._store = wiring.conversations()

    def start(self, visitor: Visitor) -> tuple[Conversation, list[Message]]:
        """Open a conversation; returns it with its welcome. LookupError for an unknown shop."""
        front = serving.front()
        if not front.shop_exists(visitor.shop):
            known = ", ".join(sorted(wiring.shops()))
            raise LookupError(f"No shop {visitor.shop!r}. Known: {known}. Add data/shops/{visitor.shop}.yml.")
        opening = Opening(
            shop=visitor.shop,
            locale=visitor.locale,
            language=front.language_for(visitor.shop, visitor.locale),
            timezone=visitor.timezone,
            country=visitor.country,
            product=visitor.product,
            order=visitor.order,
        )
        now = self.clock()
        conversation = self._store.start(
            opening, token=new_token(), token_hours=24, welcome=[front.welcome(opening, now=now)], now=now
        )
        return conversation, self._store.messages(conversation.id)

    def say(self, conversation_id: str, *, text: str = "", choice: str = "") -> tuple[Message, list[Message]]:
        """Say something, or choose a button; returns the message as kept, and what came back."""
        payload: Optional[Mapping[str, Any]] = None
        kind = Kind.TEXT
        if choice:
            kind = Kind.CHOICE
            text, payload = self._chosen(conversation_id, choice)
        accepted = self._store.accept(
            conversation_id,
            client_id=uuid.uuid4().hex,
            kind=kind,
            text=text,
            payload=payload,
            now=self.clock(),
        )
        self._turns.answer_all(conversation_id)
        asked = self._store.message(conversation_id, accepted.seq)
        assert asked is not None
        return asked, self._store.messages(conversation_id, after=accepted.seq)

    def state(self, conversation_id: str) -> Conversation:
        """The conversation as it stands."""
        return self._store.get(conversation_id)

    def standing(self, conversation_id: str) -> Any:
        """The handoff that is open with its promise, or None."""
        with self._store.database.read() as tx:
            return wiring.handoffs().standing(tx, conversation_id, now=self.clock())

    def _chosen(self, conversation_id: str, choice: str) -> tuple[str, dict[str, Any]]:
        seq, _, index = choice.partition(".")
        message = self._store.message(conversation_id, int(seq)) if seq.isdigit() else None
        offered = message.choices if message else ()
        for one in offered:
            if one["id"] == choice or one["id"] == f"{seq}.{index}":
                return one["label"], {"intent": one["intent"], "entities": one.get("entities") or {}}
        raise LookupError(
            f"No button {choice!r} in this conversation. "
            f"A button's id is the `id` among a message's `choices`, for example 2.0."
        )


def add_visitor(parser: argparse.ArgumentParser) -> None:
    """The options that say who is talking, and when."""
    parser.add_argument("--shop", default=None, help="shop of data/shops/ (default: the demo shop)")
    parser.add_argument("--locale", default="en", help="language tag of the page, such as de or pt-BR")
    parser.add_argument("--timezone", default="UTC", help="the customer's time zone, such as Europe/Berlin")
    parser.add_argument("--country", default=None, help="the customer's country, two letters")
    parser.add_argument("--at", type=instant, default=None, help="the time, ISO 8601 with a zone")


def visitor_of(args: argparse.Namespace) -> Visitor:
    """The visitor that the options describe; ValueError for a zone that does not exist."""
    return Visitor(
        shop=args.shop or wiring.settings().shop,
        locale=args.locale,
        timezone=serving.zone_name(args.timezone),
        country=args.country.upper() if args.country else None,
    )


def instant(text: str) -> datetime:
    """An aware time from ISO 8601; ValueError says what is missing."""
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise ValueError(f"{text!r} is no time; write it like 2026-11-24T02:00:00+01:00.") from None
    if at.tzinfo is None:
        raise ValueError(f"{text!r} has no zone; write it like 2026-11-24T02:00:00+01:00.")
    return at


@contextmanager
def talk(*, at: Optional[datetime]) -> Iterator[Talk]:
    """A house without doors, on a transcript that is gone afterwards."""
    settings = wiring.settings()
    clock = HandClock(at or (settings.make_clock()() if settings.clock else None))
    with tempfile.TemporaryDirectory(prefix="nightdesk-") as folder:
        own = settings.copy(update={"var": Path(folder), "database_url": ""})
        wiring.use(own, clock=clock)
        wiring.prepare()
        engine = wiring.engine()
        engine.load()
        engine.start()
        try:
            yield Talk(clock=clock, turns=serving.turns(changed=lambda _: None))
        finally:
            engine.stop()
            wiring.database().close()
