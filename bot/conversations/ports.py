"""What a turn needs of the other rooms; wiring fills these in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Mapping, Optional, Protocol, Sequence

from bot.answer import Answer, Fact, HandoffRequest
from bot.conversations.model import Conversation


class Thought(Protocol):
    """Answers in the order of saying, and the working memory after them."""

    @property
    def answers(self) -> tuple[Answer, ...]: ...

    @property
    def memory(self) -> Mapping[str, Any]: ...


class Understood(Protocol):
    """What the model made of a text; `parsed` is what `respond` takes."""

    @property
    def intent(self) -> str: ...

    @property
    def confidence(self) -> float: ...

    @property
    def abstained(self) -> bool: ...

    @property
    def language(self) -> str: ...

    @property
    def parsed(self) -> Mapping[str, Any]: ...

    @property
    def adds_to_handoff(self) -> bool:
        """Whether it only adds to what a person was asked already."""

    def to_json(self) -> dict[str, Any]: ...


class Mind(Protocol):
    """Understands a message, then thinks of answers."""

    def understand(
        self, text: str, *, context: Mapping[str, Any], memory: Mapping[str, Any], timeout: float
    ) -> Understood:
        """What a customer's text means after what was said; it can never name an intent itself."""

    def chosen(
        self, text: str, *, intent: str, entities: Mapping[str, str], context: Mapping[str, Any]
    ) -> Understood:
        """What a button or a form means; the server itself said so."""

    def respond(
        self,
        text: str,
        *,
        understood: Understood,
        context: Mapping[str, Any],
        memory: Mapping[str, Any],
        timeout: float,
    ) -> Thought:
        """Answers; raises when an action fails or time runs out."""


class Opened(Protocol):
    """A handoff that stands, with its promise; `repeated` when it stood before, `late` past its time."""

    @property
    def repeated(self) -> bool: ...

    @property
    def late(self) -> bool: ...

    @property
    def facts(self) -> tuple[Fact, ...]: ...

    @property
    def promise(self) -> Any: ...


class Desk(Protocol):
    """Hands conversations over to people."""

    def open(
        self,
        tx: Any,
        conversation: Conversation,
        request: HandoffRequest,
        *,
        now: datetime,
        packet: Optional[Mapping[str, Any]] = None,
    ) -> Opened:
        """Open a handoff and its promise in this transaction, or give the one that is open."""

    def standing(self, tx: Any, conversation_id: str, *, now: datetime) -> Optional[Opened]:
        """The handoff that is open, with its promise, if there is one."""

    def possible(
        self, tx: Any, conversation: Conversation, request: HandoffRequest, *, now: datetime
    ) -> tuple[Fact, ...]:
        """The facts that a promise made now would have; nothing is promised."""

    def shown(self, tx: Any, promise_id: str, *, text: str, language: str, timezone: str) -> None:
        """Keep the exact sentence that the customer read."""


class Rendered(Protocol):
    """Words, ready to be shown."""

    @property
    def text(self) -> str: ...

    @property
    def card(self) -> Optional[Mapping[str, Any]]: ...

    @property
    def choices(self) -> Sequence[Mapping[str, Any]]: ...


class Sayer(Protocol):
    """Turns an answer into checked words; the one way to render."""

    languages: tuple[str, ...]

    def say(
        self, answer: Answer, *, language: str, timezone: str, now: datetime, variation: int = 0
    ) -> Rendered:
        """The answer's words, unchecked."""

    def refusal(
        self, answer: Answer, rendered: Rendered, *, language: str, timezone: str
    ) -> Optional[dict[str, Any]]:
        """Why these words may not go out, or None when every claim in them is a fact."""
