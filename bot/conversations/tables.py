"""The transcript's tables."""

from __future__ import annotations

import sqlalchemy as sa

from bot.database import JsonText, UtcDateTime, metadata

conversation = sa.Table(
    "conversation",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("token_expires_at", UtcDateTime, nullable=False),
    sa.Column("shop", sa.String(64), nullable=False),
    sa.Column("locale", sa.String(35), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("language_chosen", sa.Boolean, nullable=False, default=False),
    sa.Column("timezone", sa.String(64), nullable=False),
    sa.Column("country", sa.String(2)),
    sa.Column("page", sa.Text),
    sa.Column("product", sa.String(128)),
    sa.Column("order_number", sa.String(64)),
    sa.Column("customer", sa.String(128)),
    sa.Column("address", sa.String(64), nullable=False, default=""),
    sa.Column("owner", sa.String(8), nullable=False),
    sa.Column("agent", sa.String(32)),
    sa.Column("version", sa.Integer, nullable=False, default=0),
    sa.Column("last_seq", sa.Integer, nullable=False, default=0),
    sa.Column("memory", JsonText, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Index("ix_conversation_owner_updated_at", "owner", "updated_at"),
    sa.Index("ix_conversation_address_created_at", "address", "created_at"),
)

# `state` is for customer rows only: accepted -> claimed -> done. Everything else is null.
message = sa.Table(
    "message",
    metadata,
    sa.Column("conversation", sa.ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("client_id", sa.String(64)),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("sender", sa.String(8), nullable=False),
    sa.Column("agent", sa.String(128)),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("text", JsonText, nullable=False),
    sa.Column("language", sa.String(8), nullable=False, default=""),
    sa.Column("choices", JsonText),
    sa.Column("card", JsonText),
    sa.Column("payload", JsonText),
    sa.Column("facts", JsonText),
    sa.Column("reply_key", sa.String(128)),
    sa.Column("guard", JsonText),
    sa.Column("understood", JsonText),
    sa.Column("promise", JsonText),
    sa.Column("answers", sa.Integer),
    sa.Column("state", sa.String(8)),
    sa.Column("claimed_until", UtcDateTime),
    sa.Column("tries", sa.Integer, nullable=False, default=0),
    sa.UniqueConstraint("conversation", "client_id"),
    sa.Index("ix_message_state_claimed_until", "state", "claimed_until"),
)
