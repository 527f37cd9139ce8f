"""Small stand-ins for the rooms around a turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Mapping, Optional

from bot.answer import Answer, Fact, HandoffRequest
from bot.conversations.model import Conversation, Owner
from bot.conversations.store import ConversationStore

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Said:
    text: str
    card: Optional[Mapping[str, Any]] = None
    choices: tuple[Mapping[str, Any], ...] = ()


class PlainSayer:
    """Says the key and the names of the facts."""

    languages = ("en", "de", "zh", "es")

    def __init__(self, refuse: tuple[str, ...] = ()) -> None:
        self._refuse = refuse

    def say(self, answer: Answer, *, language: str, timezone: str, now: datetime, variation: int = 0) -> Said:
        facts = ",".join(sorted(f.name for f in answer.facts))
        return Said(text=f"{language}|{answer.key}|{facts}")

    def refusal(self, answer: Answer, rendered: Said, **_: Any) -> Optional[dict[str, Any]]:
        return {"reply_key": answer.key} if answer.key in self._refuse else None


@dataclass(frozen=True)
class Thinking:
    intent: str = "shipping_status"
    confidence: float = 0.9
    abstained: bool = False
    language: str = "en"
    adds_to_handoff: bool = False

    @property
    def parsed(self) -> Mapping[str, Any]:
        return {"intent": self.intent}

    def to_json(self) -> dict[str, Any]:
        return {"intent": self.intent, "confidence": self.confidence}


@dataclass(frozen=True)
class Thought:
    answers: tuple[Answer, ...]
    memory: Mapping[str, Any] = field(default_factory=dict)


class ScriptedMind:
    """Understands as told, and answers by calling `reply(text)`."""

    def __init__(
        self,
        reply: Callable[[str], tuple[Answer, ...]],
        *,
        understood: Thinking = Thinking(),
        memory: Mapping[str, Any] = {"turns": 1},
    ) -> None:
        self.reply = reply
        self.understood = understood
        self.memory = memory
        self.heard: list[str] = []

    def understand(self, text: str, **_: Any) -> Thinking:
        return self.understood

    def chosen(self, text: str, *, intent: str, entities: Any, context: Any) -> Thinking:
        return Thinking(intent=intent, confidence=1.0)

    def respond(self, text: str, **_: Any) -> Thought:
        self.heard.append(text)
        return Thought(answers=self.reply(text), memory=self.memory)


@dataclass(frozen=True)
class Row:
    id: str


@dataclass(frozen=True)
class Opened:
    facts: tuple[Fact, ...]
    promise: Row
    repeated: bool
    late: bool = False


class OneDesk:
    """Opens at most one handoff a conversation, as the real desk does, and keeps it in memory."""

    def __init__(self, store: ConversationStore) -> None:
        self._store = store
        self.opened: dict[str, HandoffRequest] = {}
        self.late = False
        self.sentences: list[str] = []

    def open(
        self,
        tx: Any,
        conversation: Conversation,
        request: HandoffRequest,
        *,
        now: datetime,
        packet: Optional[Mapping[str, Any]] = None,
    ) -> Opened:
        repeated = conversation.id in self.opened
        if not repeated:
            self.opened[conversation.id] = request
            self._store.change_owner(tx, conversation.id, expect=[Owner.BOT], to=Owner.WAITING, now=now)
        return Opened(facts=(self._due(),), promise=Row("p1"), repeated=repeated)

    def standing(self, tx: Any, conversation_id: str, *, now: datetime) -> Optional[Opened]:
        if conversation_id not in self.opened:
            return None
        return Opened(facts=(self._due(),), promise=Row("p1"), repeated=True, late=self.late)

    def possible(self, tx: Any, *_: Any, **__: Any) -> tuple[Fact, ...]:
        return (self._due(),)

    def shown(self, tx: Any, promise_id: str, *, text: str, language: str, timezone: str) -> None:
        self.sentences.append(text)

    @staticmethod
    def _due() -> Fact:
        return Fact("due_at", NOW + timedelta(hours=8), "instant", source="team hours")
