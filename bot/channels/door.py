"""What the customers' door needs, and who may use it."""

from __future__ import annotations

import asyncio
import functools
import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Callable, Iterator, Optional, Protocol, TypeVar

from sanic import Request

from bot.channels.origins import foreign_origin, refuse_origin
from bot.conversations.model import Conversation, Draft, UnknownConversation
from bot.conversations.store import ConversationStore, Opening
from bot.http.bell import Bell
from bot.http.problems import Problem
from bot.settings import Settings

T = TypeVar("T")


class Front(Protocol):
    """What the door asks of the shop and its wording."""

    def shop_exists(self, shop: str) -> bool: ...

    def origins(self, shop: Optional[str] = None) -> frozenset[str]: ...

    def language_for(self, shop: str, locale: str) -> str: ...

    def languages(self) -> tuple[str, ...]: ...

    def welcome(self, opening: Opening, *, now: datetime) -> Draft: ...

    def ui(self, shop: str, language: str, *, timezone: str, now: datetime) -> dict[str, Any]: ...

    def promise_of(self, conversation: Conversation, *, now: datetime) -> Optional[dict[str, Any]]: ...

    def agent_name(self, conversation: Conversation) -> Optional[str]: ...


# A page needs one, and its tabs share it; each costs a look at the database every two seconds.
MOST_STREAMS = 8


@dataclass(eq=False)
class Stream:
    """One stream or long poll that is open. `is_over` when newer ones have taken its place."""

    is_over: bool = False


@dataclass
class Streams:
    """The event streams and long polls that are open in this process; `open` counts them."""

    open: int = 0
    _of: dict[str, list[Stream]] = field(default_factory=dict)

    @contextmanager
    def one_more(self, cid: str) -> Iterator[Stream]:
        """Count one of this conversation while it is open.

        The oldest gives way to one too many: a phone that lost its network leaves some behind.
        """
        stream, own = Stream(), self._of.setdefault(cid, [])
        own.append(stream)
        for old in own[:-MOST_STREAMS]:
            old.is_over = True
        self.open += 1
        try:
            yield stream
        finally:
            self.open -= 1
            own.remove(stream)
            if not own and self._of.get(cid) is own:
                del self._of[cid]


class Deleted:
    """Conversations that were deleted here lately: against their address they count as before.

    Else whoever deletes what they start could start without end.
    """

    def __init__(self, *, most: int = 10_000) -> None:
        self._lock = threading.Lock()
        self._rows: deque[tuple[str, datetime]] = deque(maxlen=most)

    def add(self, address: str, created_at: datetime) -> None:
        """A conversation of this address, started then, is gone."""
        with self._lock:
            self._rows.append((address, created_at))

    def started_since(self, address: str, since: datetime) -> int:
        """How many of them this address had started since then."""
        with self._lock:
            return sum(1 for of, created_at in self._rows if of == address and created_at > since)


@dataclass(frozen=True)
class Door:
    """Everything that the customers' door needs. `address_key` keys the hash of addresses.

    `forget` is told of each deleted conversation.
    """

    store: ConversationStore
    front: Front
    settings: Settings
    clock: Callable[[], datetime]
    bell: Bell
    wake: Callable[[str], None]
    address_key: bytes
    streams: Streams = field(default_factory=Streams)
    deleted: Deleted = field(default_factory=Deleted)
    forget: Callable[[str], None] = lambda conversation_id: None


@dataclass(frozen=True)
class Caller:
    """Who asks: the token, and the other site's origin when a page of another site asks."""

    token: str
    origin: Optional[str]


def caller_of(door: Door, request: Request) -> Caller:
    """The bearer of a token; Problem 401 when the request has none."""
    scheme, _, token = (request.headers.get("authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem(401, "no-token", "Send the conversation's token as Authorization: Bearer.")
    return Caller(token=token.strip(), origin=foreign_origin(request, door.settings.public_url))


def conversation_of(door: Door, cid: str, caller: Caller) -> Conversation:
    """The conversation that the caller may see; Problem 401 or 403 otherwise."""
    try:
        conversation = door.store.by_token(cid, caller.token, now=door.clock())
    except UnknownConversation:
        raise no_such_conversation() from None
    refuse_origin(caller.origin, door.front.origins(conversation.shop))
    return conversation


def no_such_conversation() -> Problem:
    """What a token hears that opens nothing, or nothing any more."""
    return Problem(401, "unknown-token", "This token opens no such conversation; start a new one.")


def state_of(door: Door, conversation: Conversation) -> dict[str, Any]:
    """Who holds the pen, and what was promised, as the page shows it."""
    return {
        "owner": conversation.owner.value,
        "language": conversation.language,
        "last_seq": conversation.last_seq,
        "promise": door.front.promise_of(conversation, now=door.clock()),
        "agent": door.front.agent_name(conversation),
    }


async def in_thread(work: Callable[..., T], *args: Any) -> T:
    """Run blocking work where it holds up nobody."""
    return await asyncio.get_running_loop().run_in_executor(None, functools.partial(work, *args))
