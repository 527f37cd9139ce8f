"""Conversations as the team's page gets them. Times are ISO 8601 with a zone; the page words them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Iterable, Optional, Sequence

from bot.conversations.model import Conversation, Message, Owner, Sender
from bot.desk.agents import Agent
from bot.desk.model import Handoff, InboxRow, Promise, Thread

WORDS_IN_LIST = 160


def inbox(
    rows: Sequence[InboxRow], *, shown: str, agent: Agent, now: datetime, closed: Sequence[InboxRow] = ()
) -> dict[str, Any]:
    """The list of a filter, with how many the others hold."""
    mine = [row for row in rows if row.handoff is not None and row.handoff.agent == agent.id]
    chosen = {"waiting": rows, "mine": mine, "closed": closed}[shown]
    return {
        "now": now.isoformat(),
        "filter": shown,
        "counts": {
            "waiting": len(rows),
            "mine": len(mine),
            "late": sum(1 for row in rows if row.urgency == "late"),
        },
        "conversations": [_row(row, agent=agent) for row in chosen],
    }


def head(found: Thread, *, agent: Optional[Agent] = None) -> dict[str, Any]:
    """What a list row and an open conversation both show."""
    handoff = found.handoffs[-1] if found.handoffs else None
    promise = found.promises[-1] if found.promises else None
    return _head(found.conversation, handoff, promise, agent=agent)


def thread(found: Thread, *, agent: Agent, now: datetime) -> dict[str, Any]:
    """One conversation: the transcript with the bot's reasons, the handoff, every promise."""
    return {
        "now": now.isoformat(),
        **head(found, agent=agent),
        "urgency": found.promises[-1].urgency(now) if found.promises else "done",
        "page": found.conversation.page,
        "product": found.conversation.product,
        "order": found.conversation.order,
        "messages": [message(m) for m in found.messages],
        "handoffs": [_handoff(h) for h in found.handoffs],
        "promises": [{**p.to_json(), "handoff": p.handoff} for p in found.promises],
    }


def message(row: Message) -> dict[str, Any]:
    """One message as the team sees it: with facts, reply key, guard and what was understood."""
    return {
        "seq": row.seq,
        "at": row.at.isoformat(),
        "from": "assistant" if row.sender is Sender.BOT else row.sender.value,
        "kind": row.kind.value,
        "agent": row.agent,
        "text": row.text,
        "language": row.language,
        "choices": [choice["label"] for choice in row.choices],
        "card": row.card,
        "facts": list(row.facts),
        "reply_key": row.reply_key,
        "guard": row.guard,
        "understood": row.understood,
        "promise": row.promise,
        "answers": row.answers,
        "client_id": row.client_id,
    }


def _row(row: InboxRow, *, agent: Agent) -> dict[str, Any]:
    return {
        **_head(row.conversation, row.handoff, row.promise, agent=agent),
        "urgency": row.urgency,
        "words": row.words[:WORDS_IN_LIST],
        "words_at": _iso(row.words_at),
    }


def _head(
    conversation: Conversation,
    handoff: Optional[Handoff],
    promise: Optional[Promise],
    *,
    agent: Optional[Agent],
) -> dict[str, Any]:
    owned = conversation.owner is Owner.TEAM and handoff is not None
    holder = {"id": handoff.agent, "name": handoff.agent_name} if owned and handoff else None
    return {
        "id": conversation.id,
        "shop": conversation.shop,
        "customer": conversation.customer,
        "language": conversation.language,
        "country": conversation.country,
        "timezone": conversation.timezone,
        "owner": conversation.owner.value,
        "agent": holder,
        "mine": bool(agent and holder and holder["id"] == agent.id),
        "topic": handoff.topic if handoff else None,
        "priority": handoff.priority if handoff else None,
        "promise": _promise(promise) if promise else None,
        "version": conversation.version,
        "last_seq": conversation.last_seq,
        "updated_at": conversation.updated_at.isoformat(),
    }


def _promise(promise: Promise) -> dict[str, Any]:
    """The row that counts down, and how it ended."""
    return {
        "id": promise.id,
        "state": promise.state.value,
        "made_at": promise.made_at.isoformat(),
        "warn_at": promise.warn_at.isoformat(),
        "due_at": promise.due_at.isoformat(),
        "answered_at": _iso(promise.answered_at),
        "ended_at": _iso(promise.ended_at),
        "provisional": promise.provisional,
    }


def _handoff(handoff: Handoff) -> dict[str, Any]:
    return {
        "id": handoff.id,
        "topic": handoff.topic,
        "reason": handoff.reason,
        "priority": handoff.priority,
        "state": handoff.state.value,
        "agent": handoff.agent_name,
        "opened_at": handoff.opened_at.isoformat(),
        "claimed_at": _iso(handoff.claimed_at),
        "closed_at": _iso(handoff.closed_at),
        "closed_why": handoff.closed_why,
        "packet": dict(handoff.packet),
    }


def _iso(moment: Optional[datetime]) -> Optional[str]:
    return moment.isoformat() if moment else None


def fingerprint(view: Iterable[tuple[str, Any]]) -> str:
    """What of a view is news when it changes: everything but the time of looking."""
    return repr([(key, value) for key, value in view if key != "now"])
