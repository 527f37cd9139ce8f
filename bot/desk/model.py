"""What the desk knows: teams, handoffs, promises, and what the inbox shows of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Mapping, Optional, Protocol

from bot.answer import Fact, Priority
from bot.conversations.model import Conversation, Message
from bot.desk.hours import Hours


@dataclass(frozen=True)
class Team:
    """Who answers handoffs, when, and how fast. Targets and `minutes_a_case` are open minutes.

    `calendar` is the version that a promise keeps: it changes with the file and with the holidays.
    `on_call` are the hours in which urgent cases are answered besides, or none.
    """

    id: str
    name: str
    language: str
    country: str
    hours: Hours
    targets: Mapping[Priority, int]
    rounding_minutes: int
    minutes_a_case: int
    people: int
    warn_share: float
    calendar: str
    as_of: date
    source: str = "team hours"
    on_call: Optional[Hours] = None


class Agent(Protocol):
    """A person of the team: `id` is kept with the conversation, `name` is what the customer reads."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


class HandoffState(str, Enum):
    """How far a handoff is."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    CLOSED = "closed"


class PromiseState(str, Enum):
    """What became of a promise. `late` stays late, also when an answer came after all.

    `renewed`: another row took its place; `withdrawn`: the case ended without an answer.
    """

    OPEN = "open"
    WARNED = "warned"
    LATE = "late"
    KEPT = "kept"
    RENEWED = "renewed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Promise:
    """One time that a customer was told; the row never moves.

    `text`, `language` and `timezone` are the very sentence that was shown; `renews` is the row
    whose place this one took; `answered_seq` the message that kept it.
    """

    id: str
    handoff: str
    team: str
    priority: Priority
    made_at: datetime
    opens_at: datetime
    warn_at: datetime
    due_at: datetime
    target_minutes: int
    provisional: bool
    calendar: str
    state: PromiseState
    text: Optional[str] = None
    language: Optional[str] = None
    timezone: Optional[str] = None
    renews: Optional[str] = None
    answered_at: Optional[datetime] = None
    answered_by: Optional[str] = None
    answered_seq: Optional[int] = None
    ended_at: Optional[datetime] = None

    def urgency(self, now: datetime) -> str:
        """How the inbox colours it: late, soon, fine, or done once it ended."""
        if self.ended_at is not None:
            return "done"
        if now > self.due_at or self.state is PromiseState.LATE:
            return "late"
        return "soon" if now >= self.warn_at else "fine"

    def to_json(self) -> dict[str, Any]:
        """The row as JSON values."""
        return {
            "id": self.id,
            "priority": self.priority,
            "made_at": self.made_at.isoformat(),
            "opens_at": self.opens_at.isoformat(),
            "warn_at": self.warn_at.isoformat(),
            "due_at": self.due_at.isoformat(),
            "target_minutes": self.target_minutes,
            "provisional": self.provisional,
            "calendar": self.calendar,
            "state": self.state.value,
            "text": self.text,
            "language": self.language,
            "timezone": self.timezone,
            "renews": self.renews,
            "answered_at": self.answered_at.isoformat() if self.answered_at else None,
            "answered_by": self.answered_by,
            "answered_seq": self.answered_seq,
        }


@dataclass(frozen=True)
class Handoff:
    """A conversation handed over to a team. `quiet`: one too many from its address; it wakes nobody.

    `packet` is what the person who takes over should see first.
    """

    id: str
    conversation: str
    team: str
    reason: str
    topic: str
    priority: Priority
    state: HandoffState
    quiet: bool
    opened_at: datetime
    packet: Mapping[str, Any]
    agent: Optional[str] = None
    agent_name: Optional[str] = None
    claimed_at: Optional[datetime] = None
    closed_at: Optional[datetime] = None
    closed_why: Optional[str] = None


@dataclass(frozen=True)
class Opened:
    """A handoff that stands. `repeated`: its promise stood before; `late`: its time has passed."""

    handoff: Handoff
    promise: Promise
    facts: tuple[Fact, ...]
    repeated: bool
    late: bool = False


@dataclass(frozen=True)
class InboxRow:
    """One line of the inbox. `words` are the customer's last; `urgency` is late, soon, fine or done."""

    conversation: Conversation
    words: str
    words_at: Optional[datetime]
    urgency: str
    handoff: Optional[Handoff] = None
    promise: Optional[Promise] = None


@dataclass(frozen=True)
class Thread:
    """Everything that the team may see of a conversation, the bot's reasons and notes included."""

    conversation: Conversation
    messages: tuple[Message, ...]
    handoffs: tuple[Handoff, ...]
    promises: tuple[Promise, ...]
