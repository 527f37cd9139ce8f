"""What the alarm has to tell, and to whom it was told, in SQL.

Everything is claimed by an UPDATE that says what it expects, so that any number of processes may
do this at the same time.
"""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Iterable, Mapping, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.conversations.tables import conversation as conversations
from bot.database import Database
from bot.desk.model import PromiseState
from bot.desk.tables import delivery as deliveries
from bot.desk.tables import handoff as handoffs
from bot.desk.tables import promise as promises
from bot.desk.targets.base import Notice

MADE, WARNING, LATE = "made", "warning", "late"
WAITING, SENT, GIVEN_UP = "waiting", "sent", "given_up"
AT_ONCE = 200

_OPEN, _WARNED = PromiseState.OPEN.value, PromiseState.WARNED.value
_now = sa.bindparam("now", type_=promises.c.due_at.type)

_DUE = {
    MADE: promises.c.announced_at.is_(None),
    WARNING: sa.and_(promises.c.state == _OPEN, promises.c.warn_at <= _now, promises.c.due_at > _now),
    LATE: sa.and_(promises.c.state.in_([_OPEN, _WARNED]), promises.c.due_at <= _now),
}
_DONE: Mapping[str, Mapping[str, Any]] = {
    MADE: {"announced_at": _now},
    WARNING: {"warned_at": _now, "state": PromiseState.WARNED.value},
    LATE: {"late_at": _now, "state": PromiseState.LATE.value},
}
_FIND = {
    event: sa.select(promises.c.id, promises.c.quiet)
    .where(due)
    .order_by(promises.c.due_at, promises.c.id)
    .limit(AT_ONCE)
    for event, due in _DUE.items()
}
_TAKE = {
    event: promises.update().where(promises.c.id == sa.bindparam("pid"), due).values(**_DONE[event])
    for event, due in _DUE.items()
}
_WAITS = (
    sa.select(deliveries.c.id, deliveries.c.tries)
    .where(
        deliveries.c.target == sa.bindparam("whose"),
        deliveries.c.state == WAITING,
        deliveries.c.next_at <= _now,
    )
    .order_by(deliveries.c.next_at, deliveries.c.at)
    .limit(20)
)
_CONTENT = (
    sa.select(
        deliveries.c.id,
        deliveries.c.event,
        deliveries.c.at,
        deliveries.c.tries,
        promises.c.id.label("promise"),
        promises.c.made_at,
        promises.c.due_at,
        promises.c.provisional,
        promises.c.priority,
        handoffs.c.id.label("handoff"),
        handoffs.c.conversation,
        handoffs.c.team,
        handoffs.c.topic,
        handoffs.c.reason,
        handoffs.c.packet,
        conversations.c.shop,
        conversations.c.language,
        conversations.c.timezone,
        conversations.c.country,
    )
    .select_from(
        deliveries.join(promises, promises.c.id == deliveries.c.promise)
        .join(handoffs, handoffs.c.id == promises.c.handoff)
        .join(conversations, conversations.c.id == handoffs.c.conversation)
    )
    .where(deliveries.c.id == sa.bindparam("did"))
)


@dataclass(frozen=True)
class Errand:
    """A delivery that is ours to make; `tries` counts this one."""

    notice: Notice
    tries: int


class AlarmStore:
    """Finds what is due, writes deliveries, and hands each to one process at a time."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def ring(self, event: str, *, targets: Iterable[str], now: datetime) -> int:
        """Claim every promise for which this event is due, and write its deliveries; returns how many.

        A quiet promise changes its state and is told to nobody.
        """
        with self.database.read() as tx:
            found = tx.execute(_FIND[event], {"now": now}).all()
        if not found:
            return 0
        claimed = 0
        with self.database.begin() as tx:
            for row in found:
                if tx.execute(_TAKE[event], {"pid": row.id, "now": now}).rowcount != 1:
                    continue
                claimed += 1
                if not row.quiet:
                    self._write(tx, row.id, event, targets, now)
        return claimed

    @staticmethod
    def _write(tx: Connection, promise_id: str, event: str, targets: Iterable[str], now: datetime) -> None:
        rows = [
            {
                "id": uuid.uuid4().hex,
                "promise": promise_id,
                "event": event,
                "target": target,
                "state": WAITING,
                "at": now,
                "next_at": now,
                "tries": 0,
            }
            for target in targets
        ]
        if rows:
            tx.execute(deliveries.insert(), rows)

    def take(self, target: str, *, now: datetime, lease: timedelta) -> Optional[Errand]:
        """Take the next delivery of a target; whoever dies with it gives it back when the lease ends."""
        with self.database.read() as tx:
            waiting = tx.execute(_WAITS, {"whose": target, "now": now}).all()
        for row in waiting:
            with self.database.begin() as tx:
                taken = tx.execute(
                    deliveries.update()
                    .where(
                        deliveries.c.id == row.id,
                        deliveries.c.state == WAITING,
                        deliveries.c.tries == row.tries,
                    )
                    .values(tries=row.tries + 1, next_at=now + lease)
                )
                if taken.rowcount != 1:
                    continue
                content = tx.execute(_CONTENT, {"did": row.id}).mappings().one()
            return Errand(notice=_notice(content), tries=content["tries"])
        return None

    def sent(self, delivery_id: str, *, now: datetime) -> None:
        """The target took it."""
        self._set(delivery_id, {"state": SENT, "sent_at": now, "error": None})

    def failed(self, delivery_id: str, *, error: str, again_at: Optional[datetime]) -> None:
        """The target did not take it: try again then, or never."""
        values: dict[str, Any] = {"error": error[:500]}
        values.update({"next_at": again_at} if again_at else {"state": GIVEN_UP})
        self._set(delivery_id, values)

    def _set(self, delivery_id: str, values: Mapping[str, Any]) -> None:
        with self.database.begin() as tx:
            tx.execute(
                deliveries.update()
                .where(deliveries.c.id == delivery_id, deliveries.c.state == WAITING)
                .values(**values)
            )


def _notice(row: Mapping[str, Any]) -> Notice:
    return Notice(
        id=row["id"],
        event=row["event"],
        at=row["at"],
        promise=row["promise"],
        handoff=row["handoff"],
        conversation=row["conversation"],
        shop=row["shop"],
        team=row["team"],
        topic=row["topic"],
        reason=row["reason"],
        priority=row["priority"],
        made_at=row["made_at"],
        due_at=row["due_at"],
        provisional=row["provisional"],
        words=_readable(str((row["packet"] or {}).get("words") or "")),
        language=row["language"],
        timezone=row["timezone"],
        country=row["country"],
    )


def _readable(text: str) -> str:
    """A text that any mail and any receiver can carry: no lone surrogates, no control characters."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c for c in whole if c == "\n" or unicodedata.category(c) != "Cc")
