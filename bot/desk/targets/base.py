"""The port that every receiver of alarms stands behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Optional, Protocol


class TargetFailed(RuntimeError):
    """The target did not take the notice; it will be tried again."""


@dataclass(frozen=True)
class Notice:
    """One thing that the team is told: a promise was made, is due shortly (warning), or is late.

    `id` is the same however often this is sent, so that a receiver can tell a repeat; `at` is when
    it happened. `words` are the customer's.
    """

    id: str
    event: str
    at: datetime
    promise: str
    handoff: str
    conversation: str
    shop: str
    team: str
    topic: str
    reason: str
    priority: str
    made_at: datetime
    due_at: datetime
    provisional: bool
    words: str
    language: str
    timezone: str
    country: Optional[str] = None

    def to_json(self) -> dict[str, Any]:
        """The notice as JSON values, as a webhook posts it."""
        return {
            "id": self.id,
            "event": f"promise.{self.event}",
            "at": self.at.isoformat(),
            "promise": {
                "id": self.promise,
                "made_at": self.made_at.isoformat(),
                "due_at": self.due_at.isoformat(),
                "provisional": self.provisional,
            },
            "handoff": {
                "id": self.handoff,
                "team": self.team,
                "topic": self.topic,
                "reason": self.reason,
                "priority": self.priority,
            },
            "conversation": {
                "id": self.conversation,
                "shop": self.shop,
                "language": self.language,
                "timezone": self.timezone,
                "country": self.country,
                "words": self.words,
            },
        }


class Target(Protocol):
    """Takes notices. `name` is how deliveries know it; it stays the same for good."""

    @property
    def name(self) -> str: ...

    def send(self, notice: Notice) -> None:
        """Deliver a notice; TargetFailed when it was not taken."""
