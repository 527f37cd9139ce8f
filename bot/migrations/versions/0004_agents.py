"""agents, their sessions, and tries to sign in"""

import sqlalchemy as sa
from alembic import op

from bot.database import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "agent",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("password", sa.String(256), nullable=False),
        sa.Column("demo", sa.Boolean, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("updated_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agent"),
        sa.UniqueConstraint("login", name="uq_agent_login"),
    )
    op.create_table(
        "agent_session",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(32), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_agent_session"),
        sa.ForeignKeyConstraint(["agent"], ["agent.id"], name="fk_agent_session_agent", ondelete="CASCADE"),
    )
    op.create_index("ix_agent_session_agent", "agent_session", ["agent"])
    op.create_table(
        "sign_in_try",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_try"),
    )
    op.create_index("ix_sign_in_try_login_at", "sign_in_try", ["login", "at"])
    op.create_index("ix_sign_in_try_address_at", "sign_in_try", ["address", "at"])


def downgrade() -> None:
    op.drop_table("sign_in_try")
    op.drop_table("agent_session")
    op.drop_table("agent")
