"""Between rows of the transcript's tables and what they mean."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Mapping

from bot.conversations.model import Conversation, Draft, Kind, Message, Owner, Sender
from bot.conversations.tables import message as messages

EMPTY: dict[str, Any] = {column.name: None for column in messages.columns}


def draft_row(conversation_id: str, seq: int, draft: Draft, now: datetime) -> dict[str, Any]:
    """A draft as a row of the transcript; its buttons get the ids that a page chooses by."""
    choices = [{**choice, "id": f"{seq}.{i}"} for i, choice in enumerate(draft.choices)]
    return {
        "conversation": conversation_id,
        "seq": seq,
        "at": now,
        "sender": draft.sender.value,
        "agent": draft.agent,
        "kind": draft.kind.value,
        "text": draft.text,
        "language": draft.language,
        "choices": choices or None,
        "card": draft.card,
        "facts": list(draft.facts) or None,
        "reply_key": draft.reply_key,
        "guard": draft.guard,
        "promise": draft.promise,
        "answers": draft.answers,
        "tries": 0,
    }


def conversation_of(row: Mapping[str, Any]) -> Conversation:
    """The conversation in a row."""
    return Conversation(
        id=row["id"],
        shop=row["shop"],
        locale=row["locale"],
        language=row["language"],
        language_chosen=row["language_chosen"],
        timezone=row["timezone"],
        country=row["country"],
        owner=Owner(row["owner"]),
        version=row["version"],
        last_seq=row["last_seq"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        page=row["page"],
        product=row["product"],
        order=row["order_number"],
        customer=row["customer"],
        agent=row["agent"],
        address=row["address"],
        memory=row["memory"] or {},
    )


def message_of(row: Mapping[str, Any]) -> Message:
    """The message in a row."""
    return Message(
        conversation=row["conversation"],
        seq=row["seq"],
        at=row["at"],
        sender=Sender(row["sender"]),
        kind=Kind(row["kind"]),
        text=row["text"],
        language=row["language"] or "",
        agent=row["agent"],
        client_id=row["client_id"],
        choices=tuple(row["choices"] or ()),
        card=row["card"],
        payload=row["payload"],
        facts=tuple(row["facts"] or ()),
        reply_key=row["reply_key"],
        guard=row["guard"],
        understood=row["understood"],
        promise=row["promise"],
        answers=row["answers"],
    )
