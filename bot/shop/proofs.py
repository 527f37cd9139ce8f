"""Remembers, past restarts, which orders a conversation has proved and how often one was wrong."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Any, Optional

import sqlalchemy as sa

from bot.database import Database
from bot.shop.tables import order_proofs, order_tries


class ProofStore:
    """Proofs by conversation and order; wrong tries by conversation and message."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def is_kept(self, *, conversation: str, order_number: str, email: str) -> bool:
        """Whether this conversation has proved this order, which still has this e-mail address."""
        row = order_proofs.c
        with self._database.read() as tx:
            kept: Optional[str] = tx.execute(
                sa.select(row.email_digest).where(
                    row.conversation == conversation, row.order_number == order_number
                )
            ).scalar()
        return kept is not None and hmac.compare_digest(kept, _digest(conversation, email))

    def keep(self, *, conversation: str, order_number: str, email: str, now: datetime) -> None:
        """Keep a proof; the last one stands."""
        row = order_proofs.c
        values = {"email_digest": _digest(conversation, email), "proved_at": now}
        with self._database.begin() as tx:
            changed = tx.execute(
                order_proofs.update()
                .where(row.conversation == conversation, row.order_number == order_number)
                .values(values)
            )
            if changed.rowcount == 0:
                _insert_once(
                    tx,
                    order_proofs.insert().values(
                        conversation=conversation, order_number=order_number, **values
                    ),
                )

    def add_try(self, *, conversation: str, seq: int, address: str, now: datetime) -> None:
        """Keep a wrong try; the same message of a conversation counts once."""
        row = order_tries.c
        with self._database.begin() as tx:
            kept = tx.execute(
                sa.select(row.seq).where(row.conversation == conversation, row.seq == seq)
            ).first()
            if kept is None:
                _insert_once(
                    tx,
                    order_tries.insert().values(conversation=conversation, seq=seq, address=address, at=now),
                )

    def tries(self, *, conversation: str) -> int:
        """Wrong tries of a conversation."""
        return self._count(order_tries.c.conversation == conversation)

    def tries_from(self, *, address: str, since: datetime) -> int:
        """Wrong tries that came from an address after an instant, whatever the conversation."""
        return self._count(sa.and_(order_tries.c.address == address, order_tries.c.at > since))

    def forget(self, *, conversation: str) -> None:
        """Delete what a conversation has proved; its tries stay, or deleting would give new ones."""
        with self._database.begin() as tx:
            tx.execute(order_proofs.delete().where(order_proofs.c.conversation == conversation))

    def prune(self, *, before: datetime) -> int:
        """Delete proofs and tries from before an instant; returns how many."""
        with self._database.begin() as tx:
            proofs = tx.execute(order_proofs.delete().where(order_proofs.c.proved_at < before))
            tries = tx.execute(order_tries.delete().where(order_tries.c.at < before))
        return int(proofs.rowcount + tries.rowcount)

    def _count(self, condition: Any) -> int:
        with self._database.read() as tx:
            return int(
                tx.execute(sa.select(sa.func.count()).select_from(order_tries).where(condition)).scalar()
            )


def _insert_once(tx: Any, insert: Any) -> None:
    """Insert, unless another process has just written the same row."""
    try:
        with tx.begin_nested():
            tx.execute(insert)
    except sa.exc.IntegrityError:
        pass


def _digest(conversation: str, email: str) -> str:
    """An e-mail address as this conversation keeps it; it tells nothing to another conversation."""
    return hashlib.sha256(f"{conversation}\0{email}".encode("utf-8", "replace")).hexdigest()
