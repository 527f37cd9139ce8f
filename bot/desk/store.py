"""Handoffs and promises in SQL. It decides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Iterable, Mapping, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.answer import Priority
from bot.conversations.model import Conversation, Owner, Sender
from bot.conversations.tables import conversation as conversations
from bot.conversations.tables import message as messages
from bot.database import Database
from bot.desk.model import Agent, Handoff, HandoffState, InboxRow, Promise, PromiseState
from bot.desk.tables import handoff as handoffs
from bot.desk.tables import promise as promises

Case = tuple[Handoff, Promise]

_OPEN = [HandoffState.WAITING.value, HandoffState.CLAIMED.value]


def _labelled(table: sa.Table, prefix: str) -> list[Any]:
    return [column.label(f"{prefix}{column.name}") for column in table.columns]


_CASE = [*_labelled(handoffs, "h_"), *_labelled(promises, "p_")]
_CASES = handoffs.join(promises, promises.c.id == handoffs.c.promise)

# Built once: `standing` is asked in every turn, and building a statement costs more than running it.
OPEN_OF = sa.select(*_CASE).select_from(_CASES).where(handoffs.c.open_key == sa.bindparam("cid"))


class DeskStore:
    """Reads and writes handoffs and their promises; methods that take `tx` work inside it."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # -- one case ----------------------------------------------------------------------

    def open_of(self, tx: Connection, conversation_id: str) -> Optional[Case]:
        """The open handoff of a conversation with the promise that counts, or none."""
        row = tx.execute(OPEN_OF, {"cid": conversation_id}).mappings().first()
        return _case(row) if row else None

    def add_handoff(self, tx: Connection, one: Handoff, *, promise: str, address: str) -> None:
        """Write a handoff that is open; an IntegrityError when the conversation has one."""
        tx.execute(
            handoffs.insert().values(
                id=one.id,
                conversation=one.conversation,
                open_key=one.conversation,
                team=one.team,
                reason=one.reason[:64],
                topic=one.topic[:64],
                priority=one.priority,
                state=one.state.value,
                quiet=one.quiet,
                address=address,
                packet=dict(one.packet),
                promise=promise,
                opened_at=one.opened_at,
            )
        )

    def add_promise(self, tx: Connection, one: Promise, *, quiet: bool) -> None:
        """Write a promise; a quiet one counts as announced, so that it wakes nobody."""
        tx.execute(
            promises.insert().values(
                id=one.id,
                handoff=one.handoff,
                team=one.team,
                priority=one.priority,
                quiet=quiet,
                made_at=one.made_at,
                opens_at=one.opens_at,
                warn_at=one.warn_at,
                due_at=one.due_at,
                target_minutes=one.target_minutes,
                provisional=one.provisional,
                calendar=one.calendar,
                state=one.state.value,
                renews=one.renews,
                announced_at=one.made_at if quiet else None,
            )
        )

    def let_count(self, tx: Connection, one: Handoff, promise: Promise) -> None:
        """From now on this promise is the one that counts for the handoff."""
        tx.execute(
            handoffs.update()
            .where(handoffs.c.id == one.id)
            .values(promise=promise.id, priority=promise.priority)
        )

    def set_priority(self, tx: Connection, handoff_id: str, priority: Priority) -> None:
        """Give a handoff another priority; its promise stays as it is."""
        tx.execute(handoffs.update().where(handoffs.c.id == handoff_id).values(priority=priority))

    def keep_sentence(
        self, tx: Connection, promise_id: str, *, text: str, language: str, timezone: str
    ) -> None:
        """Keep the sentence that the customer read; the first one stands."""
        tx.execute(
            promises.update()
            .where(promises.c.id == promise_id, promises.c.text.is_(None))
            .values(text=text, language=language, timezone=timezone)
        )

    def end_promise(
        self,
        tx: Connection,
        promise_id: str,
        state: PromiseState,
        *,
        now: datetime,
        by: Optional[str] = None,
        seq: Optional[int] = None,
    ) -> bool:
        """End a promise that has not ended; `by` and `seq` say which answer it was. False: it had ended."""
        values: dict[str, Any] = {"state": state.value, "ended_at": now}
        if seq is not None:
            values.update(answered_at=now, answered_by=by, answered_seq=seq)
        ended = tx.execute(
            promises.update()
            .where(promises.c.id == promise_id, promises.c.ended_at.is_(None))
            .values(**values)
        )
        return bool(ended.rowcount == 1)

    def claimed(self, tx: Connection, handoff_id: str, agent: Agent, *, now: datetime) -> None:
        """Write down who took a handoff, and when somebody first did."""
        tx.execute(
            handoffs.update()
            .where(handoffs.c.id == handoff_id)
            .values(
                state=HandoffState.CLAIMED.value,
                agent=agent.id,
                agent_name=agent.name,
                claimed_at=sa.func.coalesce(
                    handoffs.c.claimed_at, sa.bindparam("first", now, handoffs.c.claimed_at.type)
                ),
            )
        )

    def closed(self, tx: Connection, handoff_id: str, *, why: str, now: datetime) -> None:
        """Close a handoff; the conversation may have another one from now on."""
        tx.execute(
            handoffs.update()
            .where(handoffs.c.id == handoff_id)
            .values(state=HandoffState.CLOSED.value, open_key=None, closed_at=now, closed_why=why[:64])
        )

    # -- messages of the team ------------------------------------------------------------

    def set_client(self, tx: Connection, conversation_id: str, seq: int, client_id: str) -> None:
        """Write the client id to a message, so that it is sent once."""
        tx.execute(
            messages.update()
            .where(messages.c.conversation == conversation_id, messages.c.seq == seq)
            .values(client_id=client_id)
        )

    # -- counting ------------------------------------------------------------------------

    def queue(self, tx: Connection, team: str, priorities: Iterable[Priority]) -> int:
        """How many promises of these priorities a team still has to keep, quiet ones aside."""
        count = tx.execute(
            sa.select(sa.func.count())
            .select_from(promises)
            .where(
                promises.c.team == team,
                promises.c.ended_at.is_(None),
                promises.c.quiet.is_(False),
                promises.c.priority.in_(list(priorities)),
            )
        ).scalar_one()
        return int(count)

    def open_from(self, tx: Connection, address: str) -> int:
        """How many handoffs of this address are open."""
        count = tx.execute(
            sa.select(sa.func.count())
            .select_from(handoffs)
            .where(handoffs.c.address == address, handoffs.c.state.in_(_OPEN))
        ).scalar_one()
        return int(count)

    # -- what the team reads -------------------------------------------------------------

    def promise_states(self, tx: Connection) -> dict[str, int]:
        """How many promises are in each state."""
        rows = tx.execute(sa.select(promises.c.state, sa.func.count()).group_by(promises.c.state))
        return {str(state): int(count) for state, count in rows}

    def handoffs_of(self, tx: Connection, conversation_id: str) -> tuple[Handoff, ...]:
        """Every handoff of a conversation, the oldest first."""
        rows = tx.execute(
            sa.select(*_labelled(handoffs, "h_"))
            .where(handoffs.c.conversation == conversation_id)
            .order_by(handoffs.c.opened_at)
        ).mappings()
        return tuple(_handoff(row) for row in rows)

    def due_of(self, tx: Connection, promise_id: str) -> Optional[datetime]:
        """When a promise was or is due, or None when it is gone."""
        due: Optional[datetime] = tx.execute(
            sa.select(promises.c.due_at).where(promises.c.id == promise_id)
        ).scalar()
        return due

    def promises_of(self, tx: Connection, conversation_id: str) -> tuple[Promise, ...]:
        """Every promise made in a conversation, in the order of their making."""
        rows = tx.execute(
            sa.select(*_labelled(promises, "p_"))
            .select_from(promises.join(handoffs, handoffs.c.id == promises.c.handoff))
            .where(handoffs.c.conversation == conversation_id)
            .order_by(promises.c.made_at, promises.c.renews.is_not(None))
        ).mappings()
        return tuple(_promise(row) for row in rows)

    def inbox(
        self, tx: Connection, owners: Iterable[Owner], *, agent: Optional[str], now: datetime, limit: int
    ) -> list[InboxRow]:
        """Conversations of these owners: unanswered ones by due time, then the rest."""
        table = conversations.outerjoin(handoffs, handoffs.c.open_key == conversations.c.id).outerjoin(
            promises, promises.c.id == handoffs.c.promise
        )
        done = sa.or_(promises.c.id.is_(None), promises.c.ended_at.is_not(None))
        statement = (
            sa.select(*_labelled(conversations, "c_"), *_CASE)
            .select_from(table)
            .where(conversations.c.owner.in_([owner.value for owner in owners]))
            .order_by(done, promises.c.due_at, conversations.c.updated_at.desc())
            .limit(limit)
        )
        if agent is not None:
            statement = statement.where(conversations.c.agent == agent)
        return self._rows(tx, statement, now)

    def finished(self, tx: Connection, *, agent: Optional[str], now: datetime, limit: int) -> list[InboxRow]:
        """Conversations that nobody holds any more, by their last handoff; the latest first."""
        last = (
            sa.select(handoffs.c.conversation, sa.func.max(handoffs.c.closed_at).label("at"))
            .where(handoffs.c.closed_at.is_not(None))
            .group_by(handoffs.c.conversation)
            .subquery()
        )
        table = (
            last.join(
                handoffs,
                sa.and_(handoffs.c.conversation == last.c.conversation, handoffs.c.closed_at == last.c.at),
            )
            .join(conversations, conversations.c.id == last.c.conversation)
            .join(promises, promises.c.id == handoffs.c.promise)
        )
        statement = (
            sa.select(*_labelled(conversations, "c_"), *_CASE)
            .select_from(table)
            .where(conversations.c.owner.in_([Owner.CLOSED.value, Owner.BOT.value]))
            .order_by(last.c.at.desc())
            .limit(limit)
        )
        if agent is not None:
            statement = statement.where(handoffs.c.agent == agent)
        return self._rows(tx, statement, now)

    def _rows(self, tx: Connection, statement: Any, now: datetime) -> list[InboxRow]:
        rows = tx.execute(statement).mappings().all()
        words = self._last_words(tx, [row["c_id"] for row in rows])
        found = []
        for row in rows:
            case = _case(row) if row["h_id"] else None
            text, at = words.get(row["c_id"], ("", None))
            found.append(
                InboxRow(
                    conversation=_conversation(row),
                    words=text,
                    words_at=at,
                    urgency=case[1].urgency(now) if case else "done",
                    handoff=case[0] if case else None,
                    promise=case[1] if case else None,
                )
            )
        return found

    def _last_words(self, tx: Connection, ids: list[str]) -> dict[str, tuple[str, datetime]]:
        if not ids:
            return {}
        last = (
            sa.select(messages.c.conversation, sa.func.max(messages.c.seq).label("seq"))
            .where(messages.c.conversation.in_(ids), messages.c.sender == Sender.CUSTOMER.value)
            .group_by(messages.c.conversation)
            .subquery()
        )
        rows = tx.execute(
            sa.select(messages.c.conversation, messages.c.text, messages.c.at).select_from(
                messages.join(
                    last,
                    sa.and_(messages.c.conversation == last.c.conversation, messages.c.seq == last.c.seq),
                )
            )
        )
        return {row.conversation: (row.text, row.at) for row in rows}


def _case(row: Mapping[str, Any]) -> Case:
    return _handoff(row), _promise(row)


def _handoff(row: Mapping[str, Any]) -> Handoff:
    return Handoff(
        id=row["h_id"],
        conversation=row["h_conversation"],
        team=row["h_team"],
        reason=row["h_reason"],
        topic=row["h_topic"],
        priority=row["h_priority"],
        state=HandoffState(row["h_state"]),
        quiet=row["h_quiet"],
        opened_at=row["h_opened_at"],
        packet=row["h_packet"] or {},
        agent=row["h_agent"],
        agent_name=row["h_agent_name"],
        claimed_at=row["h_claimed_at"],
        closed_at=row["h_closed_at"],
        closed_why=row["h_closed_why"],
    )


def _promise(row: Mapping[str, Any]) -> Promise:
    return Promise(
        id=row["p_id"],
        handoff=row["p_handoff"],
        team=row["p_team"],
        priority=row["p_priority"],
        made_at=row["p_made_at"],
        opens_at=row["p_opens_at"],
        warn_at=row["p_warn_at"],
        due_at=row["p_due_at"],
        target_minutes=row["p_target_minutes"],
        provisional=row["p_provisional"],
        calendar=row["p_calendar"],
        state=PromiseState(row["p_state"]),
        text=row["p_text"],
        language=row["p_language"],
        timezone=row["p_timezone"],
        renews=row["p_renews"],
        answered_at=row["p_answered_at"],
        answered_by=row["p_answered_by"],
        answered_seq=row["p_answered_seq"],
        ended_at=row["p_ended_at"],
    )


def _conversation(row: Mapping[str, Any]) -> Conversation:
    """A conversation as the inbox lists it: without the bot's working memory."""
    return Conversation(
        id=row["c_id"],
        shop=row["c_shop"],
        locale=row["c_locale"],
        language=row["c_language"],
        language_chosen=row["c_language_chosen"],
        timezone=row["c_timezone"],
        country=row["c_country"],
        owner=Owner(row["c_owner"]),
        version=row["c_version"],
        last_seq=row["c_last_seq"],
        created_at=row["c_created_at"],
        updated_at=row["c_updated_at"],
        page=row["c_page"],
        product=row["c_product"],
        order=row["c_order_number"],
        customer=row["c_customer"],
        agent=row["c_agent"],
        address=row["c_address"],
    )
