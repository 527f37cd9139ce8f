"""Reads an agent's reply before it goes out: which of its claims does no fact of the case back?"""

from __future__ import annotations

from typing import Sequence

from bot.answer import Fact
from bot.desk.model import Thread
from bot.guard import Guard

# What a customer may hold us to. Bare numbers are not: agents write order numbers and counts.
CLAIMS = frozenset(
    {"date", "time", "weekday", "relative day", "amount", "percentage", "duration", "guarantee"}
)


class ReplyCheck:
    """Holds an agent's words against every fact that the conversation has on record."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    def __call__(self, text: str, *, thread: Thread) -> Sequence[str]:
        """The words that nothing backs, in the order of the text; empty when all is well."""
        conversation = thread.conversation
        try:
            verdict = self._guard.check(
                text, facts=facts_of(thread), language=conversation.language, timezone=conversation.timezone
            )
        except LookupError:  # a language that the guard can't read: the agent knows it better anyway
            return []
        return [_as_typed(finding.text, text) for finding in verdict.findings if finding.kind in CLAIMS]


def _as_typed(words: str, text: str) -> str:
    """The guard reads folded text; the agent should see their own words."""
    at = text.lower().find(words)
    return text[at : at + len(words)] if at >= 0 and len(text.lower()) == len(text) else words


def facts_of(thread: Thread) -> tuple[Fact, ...]:
    """What the customer has been told, and the times that were promised."""
    told = [Fact.from_json(fact) for message in thread.messages for fact in message.facts]
    promised = [Fact("due_at", promise.due_at, "instant", source="team hours") for promise in thread.promises]
    return (*told, *promised)
