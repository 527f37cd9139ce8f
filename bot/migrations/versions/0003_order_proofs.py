"""who proved which order, and who tried in vain"""

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "order_proof",
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("order_number", sa.String(64), nullable=False),
        sa.Column("email_digest", sa.String(64), nullable=False),
        sa.Column("proved_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("conversation", "order_number", name="pk_order_proof"),
    )
    op.create_table(
        "order_try",
        sa.Column("conversation", sa.String(255), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("conversation", "seq", name="pk_order_try"),
    )
    op.create_index("ix_order_try_address_at", "order_try", ["address", "at"])
    op.create_index("ix_order_try_at", "order_try", ["at"])


def downgrade() -> None:
    op.drop_table("order_try")
    op.drop_table("order_proof")
