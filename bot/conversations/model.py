"""What a conversation is: its owner, its messages, who sent them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Mapping, Optional


class Owner(str, Enum):
    """Who holds the pen."""

    BOT = "bot"
    WAITING = "waiting"
    TEAM = "team"
    CLOSED = "closed"


class Sender(str, Enum):
    """Who said it. `note` is for the team's eyes only."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class Kind(str, Enum):
    """What sort of row it is. A `note` is never shown to the customer."""

    TEXT = "text"
    CHOICE = "choice"
    FORM = "form"
    EVENT = "event"
    NOTE = "note"


@dataclass(frozen=True)
class Conversation:
    """One customer's thread with one shop."""

    id: str
    shop: str
    locale: str
    language: str
    language_chosen: bool
    timezone: str
    country: Optional[str]
    owner: Owner
    version: int
    last_seq: int
    created_at: datetime
    updated_at: datetime
    page: Optional[str] = None
    product: Optional[str] = None
    order: Optional[str] = None
    customer: Optional[str] = None
    agent: Optional[str] = None
    address: str = ""
    memory: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """One row of the transcript. `seq` counts from 1 within its conversation.

    `facts`, `reply_key` and `guard` say why the bot said it; `understood` what it made of
    the customer's words; `answers` is the customer message that this one answers.
    """

    conversation: str
    seq: int
    at: datetime
    sender: Sender
    kind: Kind
    text: str
    language: str = ""
    agent: Optional[str] = None
    client_id: Optional[str] = None
    choices: tuple[Mapping[str, Any], ...] = ()
    card: Optional[Mapping[str, Any]] = None
    payload: Optional[Mapping[str, Any]] = None
    facts: tuple[Mapping[str, Any], ...] = ()
    reply_key: Optional[str] = None
    guard: Optional[Mapping[str, Any]] = None
    understood: Optional[Mapping[str, Any]] = None
    promise: Optional[Mapping[str, Any]] = None
    answers: Optional[int] = None

    def to_public(self) -> dict[str, Any]:
        """The message as the customer's page gets it: no reasons, no intents behind choices.

        A client id is told to whom it belongs: the page knows its own message by it.
        """
        sender = "assistant" if self.sender is Sender.BOT else self.sender.value
        return {
            "seq": self.seq,
            "at": self.at.isoformat(),
            "from": sender,
            "agent": self.agent,
            "kind": self.kind.value,
            "text": self.text,
            "language": self.language,
            "choices": [{"id": c["id"], "label": c["label"]} for c in self.choices],
            "card": self.card,
            "promise": self.promise,
            "client_id": self.client_id if self.sender is Sender.CUSTOMER else None,
        }


@dataclass(frozen=True)
class Draft:
    """A message before it has a place in the transcript."""

    sender: Sender
    kind: Kind
    text: str
    language: str = ""
    agent: Optional[str] = None
    choices: tuple[Mapping[str, Any], ...] = ()
    card: Optional[Mapping[str, Any]] = None
    facts: tuple[Mapping[str, Any], ...] = ()
    reply_key: Optional[str] = None
    guard: Optional[Mapping[str, Any]] = None
    promise: Optional[Mapping[str, Any]] = None
    answers: Optional[int] = None


class OwnerChanged(Exception):
    """Someone else took the pen first: the compare-and-set found another owner or version."""


class ClientIdTaken(ValueError):
    """Somebody else's message in this conversation has this client id."""


class UnknownConversation(LookupError):
    """No conversation with this id (or the token does not belong to it)."""
