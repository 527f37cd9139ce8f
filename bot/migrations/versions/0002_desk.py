"""handoffs, promises and what the alarm delivers"""

import sqlalchemy as sa
from alembic import op

from bot.database import JsonText, UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "handoff",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("conversation", sa.String(32), nullable=False),
        sa.Column("open_key", sa.String(32)),
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
        sa.PrimaryKeyConstraint("id", name="pk_handoff"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversation.id"], name="fk_handoff_conversation", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("open_key", name="uq_handoff_open_key"),
    )
    op.create_index("ix_handoff_conversation", "handoff", ["conversation"])
    op.create_index("ix_handoff_address_state", "handoff", ["address", "state"])
    op.create_index("ix_handoff_closed_at", "handoff", ["closed_at"])
    op.create_table(
        "promise",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("handoff", sa.String(32), nullable=False),
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
        sa.PrimaryKeyConstraint("id", name="pk_promise"),
        sa.ForeignKeyConstraint(["handoff"], ["handoff.id"], name="fk_promise_handoff", ondelete="CASCADE"),
    )
    op.create_index("ix_promise_handoff", "promise", ["handoff"])
    op.create_index("ix_promise_team_ended_at", "promise", ["team", "ended_at"])
    op.create_index("ix_promise_announced_at", "promise", ["announced_at"])
    op.create_index("ix_promise_state_warn_at", "promise", ["state", "warn_at"])
    op.create_index("ix_promise_state_due_at", "promise", ["state", "due_at"])
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("promise", sa.String(32), nullable=False),
        sa.Column("event", sa.String(8), nullable=False),
        sa.Column("target", sa.String(32), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("next_at", UtcDateTime, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("sent_at", UtcDateTime),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.ForeignKeyConstraint(["promise"], ["promise.id"], name="fk_delivery_promise", ondelete="CASCADE"),
        sa.UniqueConstraint("promise", "event", "target", name="uq_delivery_promise_event_target"),
    )
    op.create_index("ix_delivery_target_state_next_at", "delivery", ["target", "state", "next_at"])


def downgrade() -> None:
    op.drop_table("delivery")
    op.drop_table("promise")
    op.drop_table("handoff")
