"""What the customers' door says about a shop: its languages, its welcome, the words of its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Callable, Mapping, Optional, Protocol, Sequence
from zoneinfo import ZoneInfo

from babel import Locale

from bot.answer import Answer, Choice, Fact
from bot.conversations.model import Conversation, Draft, Kind, Owner, Sender
from bot.conversations.ports import Rendered
from bot.conversations.store import Opening
from bot.shop.model import Shop

# What most customers ask first: the buttons below the welcome.
FIRST_QUESTIONS = ("shipping_status", "delivery_time", "customs_duty", "return_request", "size_question")


class Words(Protocol):
    """The phrasebook, as far as the page needs it."""

    @property
    def languages(self) -> Sequence[str]: ...

    def render(
        self, answer: Answer, *, language: str, timezone: str, now: datetime, variation: int = 0
    ) -> Rendered: ...

    def ui(self, prefix: str, language: str) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class Awaited:
    """The time that stands, as the customer is shown it; `instead_of` when it was renewed."""

    due_at: datetime
    instead_of: Optional[datetime] = None


class ShopFront:
    """Speaks for the shops at the customers' door.

    `awaited(conversation_id)` is the promise that stands; `agent_name(agent_id)` what the
    customer may call that agent; `next_open(shop, now)` when the team is next there, or None
    while it is there or when nobody knows.
    """

    def __init__(
        self,
        *,
        words: Words,
        shops: Mapping[str, Shop],
        awaited: Callable[[str], Optional[Awaited]],
        agent_name: Callable[[str], Optional[str]],
        next_open: Callable[[Shop, datetime], Optional[datetime]],
    ) -> None:
        self._words = words
        self._shops = shops
        self._awaited = awaited
        self._agent_name = agent_name
        self._next_open = next_open
        self._origins = frozenset(origin for shop in shops.values() for origin in shop.origins)

    def shop_exists(self, shop: str) -> bool:
        """Whether there is a shop of this name."""
        return shop in self._shops

    def origins(self, shop: Optional[str] = None) -> frozenset[str]:
        """The other sites whose pages may use a shop's chat, or any shop's."""
        return self._origins if shop is None else frozenset(self._shops[shop].origins)

    def languages(self) -> tuple[str, ...]:
        """The languages that the assistant speaks."""
        return tuple(self._words.languages)

    def language_for(self, shop: str, locale: str) -> str:
        """The language of a locale if the assistant speaks it (pt-BR is pt), else the shop's own."""
        primary = locale.replace("_", "-").split("-")[0].lower()
        return primary if primary in self._words.languages else self._shops[shop].default_language

    def welcome(self, opening: Opening, *, now: datetime) -> Draft:
        """The first message: what speaks here, what it can do, and the way to a person."""
        shop = self._shops[opening.shop]
        answer = Answer(
            key="social.welcome",
            facts=(Fact("shop", shop.name, source=f"data/shops/{shop.id}.yml"),),
            choices=tuple(Choice(label=f"web.first.{intent}", intent=intent) for intent in FIRST_QUESTIONS),
        )
        said = self._words.render(answer, language=opening.language, timezone=opening.timezone, now=now)
        return Draft(
            sender=Sender.BOT,
            kind=Kind.TEXT,
            text=said.text,
            language=opening.language,
            choices=tuple(said.choices),
            facts=tuple(fact.to_json() for fact in answer.facts),
            reply_key=answer.key,
        )

    def ui(self, shop: str, language: str, *, timezone: str, now: datetime) -> dict[str, Any]:
        """The words of the page in a language, and when the team is next there.

        Raises ValueError or KeyError for a zone that does not exist.
        """
        zone = ZoneInfo(timezone)
        opens_at = self._next_open(self._shops[shop], now)
        return {
            "shop": self._shops[shop].name,
            "language": language,
            "dir": direction(language),
            "languages": [{"code": code, "name": own_name(code)} for code in self.languages()],
            "now": now.astimezone(zone).isoformat(),
            "opens_at": opens_at.astimezone(zone).isoformat() if opens_at else None,
            "labels": dict(self._words.ui("web.", language)),
        }

    def promise_of(self, conversation: Conversation, *, now: datetime) -> Optional[dict[str, Any]]:
        """The time that stands while a person is awaited; the page words it from the instant.

        A time gone by is not shown, and what it stands for only where that was earlier.
        """
        if conversation.owner is not Owner.WAITING:
            return None
        awaited = self._awaited(conversation.id)
        if awaited is None or awaited.due_at <= now:
            return None
        before = awaited.instead_of
        instead_of = before.isoformat() if before is not None and before < awaited.due_at else None
        return {"due_at": awaited.due_at.isoformat(), "instead_of": instead_of}

    def agent_name(self, conversation: Conversation) -> Optional[str]:
        """Who of the team holds the pen, by the name that customers know."""
        if conversation.owner is not Owner.TEAM or not conversation.agent:
            return None
        return self._agent_name(conversation.agent)


@lru_cache(maxsize=64)
def own_name(language: str) -> str:
    """A language's name in that language, as it stands alone: Deutsch, Español, 中文."""
    name = Locale.parse(language).get_display_name() or language
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=64)
def direction(language: str) -> str:
    """`rtl` for a language that is written from right to left, else `ltr`."""
    return str(Locale.parse(language).text_direction)
