"""The desk's tables."""

from __future__ import annotations

import sqlalchemy as sa

from bot.conversations import tables as _transcript  # noqa: F401  (handoffs point at conversations)
from bot.database import JsonText, UtcDateTime, metadata

# `open_key` is the conversation while the handoff is open and null after it: one open handoff each.
# `promise` is the row that counts now; those it renewed are in the promise table too.
handoff = sa.Table(
    "handoff",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation", sa.ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
    sa.Column("open_key", sa.String(32), unique=True),
    sa.Column("team", sa.String(64), nullable=False),
    sa.Column("reason", sa.String(64), nullable=False),
    sa.Column("topic", sa.String(64), nullable=False),
    sa.Column("priority", sa.String(8), nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("quiet", sa.Boolean, nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("packet", JsonText, nullable=False),
    sa.Column("promise", sa.String(32), nullable=False),
    sa.Column("agent", sa.String(32)),
    sa.Column("agent_name", sa.String(128)),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("claimed_at", UtcDateTime),
    sa.Column("closed_at", UtcDateTime),
    sa.Column("closed_why", sa.String(64)),
    sa.Index("ix_handoff_conversation", "conversation"),
    sa.Index("ix_handoff_address_state", "address", "state"),
    sa.Index("ix_handoff_closed_at", "closed_at"),
)

promise = sa.Table(
    "promise",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("handoff", sa.ForeignKey("handoff.id", ondelete="CASCADE"), nullable=False),
    sa.Column("team", sa.String(64), nullable=False),
    sa.Column("priority", sa.String(8), nullable=False),
    sa.Column("quiet", sa.Boolean, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("opens_at", UtcDateTime, nullable=False),
    sa.Column("warn_at", UtcDateTime, nullable=False),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("target_minutes", sa.Integer, nullable=False),
    sa.Column("provisional", sa.Boolean, nullable=False),
    sa.Column("calendar", sa.String(128), nullable=False),
    sa.Column("state", sa.String(9), nullable=False),
    sa.Column("text", JsonText),
    sa.Column("language", sa.String(8)),
    sa.Column("timezone", sa.String(64)),
    sa.Column("renews", sa.String(32)),
    sa.Column("announced_at", UtcDateTime),
    sa.Column("warned_at", UtcDateTime),
    sa.Column("late_at", UtcDateTime),
    sa.Column("answered_at", UtcDateTime),
    sa.Column("answered_by", sa.String(128)),
    sa.Column("answered_seq", sa.Integer),
    sa.Column("ended_at", UtcDateTime),
    sa.Index("ix_promise_handoff", "handoff"),
    sa.Index("ix_promise_team_ended_at", "team", "ended_at"),
    sa.Index("ix_promise_announced_at", "announced_at"),
    sa.Index("ix_promise_state_warn_at", "state", "warn_at"),
    sa.Index("ix_promise_state_due_at", "state", "due_at"),
)

# One row an event of a promise and a target: what is to be delivered, and how often it was tried.
delivery = sa.Table(
    "delivery",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("promise", sa.ForeignKey("promise.id", ondelete="CASCADE"), nullable=False),
    sa.Column("event", sa.String(8), nullable=False),
    sa.Column("target", sa.String(32), nullable=False),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("next_at", UtcDateTime, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("sent_at", UtcDateTime),
    sa.Column("error", sa.Text),
    sa.UniqueConstraint("promise", "event", "target"),
    sa.Index("ix_delivery_target_state_next_at", "target", "state", "next_at"),
)
