"""The tables of agents, their sessions and their tries to sign in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.database import UtcDateTime, metadata

agent = sa.Table(
    "agent",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("login", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.String(128), nullable=False),
    sa.Column("password", sa.String(256), nullable=False),
    sa.Column("demo", sa.Boolean, nullable=False, default=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
)

agent_session = sa.Table(
    "agent_session",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("agent", sa.ForeignKey("agent.id", ondelete="CASCADE"), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Index("ix_agent_session_agent", "agent"),
)

# A row is written before the password is looked at and deleted when it was right, so that
# many tries at once can't all pass below the limit.
sign_in_try = sa.Table(
    "sign_in_try",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("login", sa.String(64), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Index("ix_sign_in_try_login_at", "login", "at"),
    sa.Index("ix_sign_in_try_address_at", "address", "at"),
)


def tries(*, login: str, address: str, since: datetime) -> Any:
    """Count the tries since then: of this login from this address, of the login, from the address."""
    of_login, from_address = sign_in_try.c.login == login, sign_in_try.c.address == address

    def count(condition: Any) -> Any:
        return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)

    return sa.select(count(sa.and_(of_login, from_address)), count(of_login), count(from_address)).where(
        sign_in_try.c.at > since, sa.or_(of_login, from_address)
    )


def session_of(token_hash: str) -> Any:
    """The agent of a session, with the time at which it ends."""
    return (
        sa.select(agent.c.id, agent.c.login, agent.c.name, agent.c.demo, agent_session.c.expires_at)
        .select_from(agent_session.join(agent, agent.c.id == agent_session.c.agent))
        .where(agent_session.c.token_hash == token_hash)
    )
