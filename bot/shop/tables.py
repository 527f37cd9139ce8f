"""Tables of the shop room: who proved which order, and who tried in vain."""

from __future__ import annotations

import sqlalchemy as sa

from bot.database import UtcDateTime, metadata

# No foreign keys: a conversation under plain Rasa has no row, and deleting a conversation
# must not hand an address its tries back.
order_proofs = sa.Table(
    "order_proof",
    metadata,
    sa.Column("conversation", sa.String(255), primary_key=True),
    sa.Column("order_number", sa.String(64), primary_key=True),
    sa.Column("email_digest", sa.String(64), nullable=False),
    sa.Column("proved_at", UtcDateTime, nullable=False),
)

order_tries = sa.Table(
    "order_try",
    metadata,
    sa.Column("conversation", sa.String(255), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Index(None, "address", "at"),
    sa.Index(None, "at"),
)
