"""the transcript"""

import sqlalchemy as sa
from alembic import op

from bot.database import JsonText, UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("token_expires_at", UtcDateTime, nullable=False),
        sa.Column("shop", sa.String(64), nullable=False),
        sa.Column("locale", sa.String(35), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("language_chosen", sa.Boolean, nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("country", sa.String(2)),
        sa.Column("page", sa.Text),
        sa.Column("product", sa.String(128)),
        sa.Column("order_number", sa.String(64)),
        sa.Column("customer", sa.String(128)),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(8), nullable=False),
        sa.Column("agent", sa.String(32)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("memory", JsonText, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
        sa.UniqueConstraint("token_hash", name="uq_conversation_token_hash"),
    )
    op.create_index("ix_conversation_owner_updated_at", "conversation", ["owner", "updated_at"])
    op.create_index("ix_conversation_address_created_at", "conversation", ["address", "created_at"])
    op.create_table(
        "message",
        sa.Column("conversation", sa.String(32), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("client_id", sa.String(64)),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("sender", sa.String(8), nullable=False),
        sa.Column("agent", sa.String(128)),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("text", JsonText, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
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
        sa.Column("tries", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("conversation", "seq", name="pk_message"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name="fk_message_conversation", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("conversation", "client_id", name="uq_message_conversation_client_id"),
    )
    op.create_index("ix_message_state_claimed_until", "message", ["state", "claimed_until"])


def downgrade() -> None:
    op.drop_table("message")
    op.drop_table("conversation")
