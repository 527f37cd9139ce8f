"""Hands conversations over to people, and lets people answer them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any, Callable, Mapping, Optional

from bot.answer import PRIORITIES, Fact, HandoffRequest, Priority
from bot.conversations.model import (
    Conversation,
    Draft,
    Kind,
    Message,
    Owner,
    OwnerChanged,
    Sender,
)
from bot.conversations.store import ConversationStore
from bot.desk.model import (
    Agent,
    Handoff,
    HandoffState,
    InboxRow,
    Opened,
    Promise,
    PromiseState,
    Team,
    Thread,
)
from bot.desk.promises import promise
from bot.desk.store import DeskStore

MOST_CHARS = 10_000
VIEWS = ("open", "waiting", "mine", "closed")


class Handoffs:
    """Opens handoffs inside a turn's transaction, and carries out what the team does with them.

    `team_of(shop)` gives the team that answers for a shop; `pages_per_address` is how many open
    handoffs of one address wake the team.
    """

    def __init__(
        self, *, store: ConversationStore, team_of: Callable[[str], Team], pages_per_address: int
    ) -> None:
        self._conversations = store
        self._database = store.database
        self._store = DeskStore(store.database)
        self._team_of = team_of
        self._pages_per_address = pages_per_address

    # -- in a turn ---------------------------------------------------------------------

    def open(
        self,
        tx: Any,
        conversation: Conversation,
        request: HandoffRequest,
        *,
        now: datetime,
        packet: Optional[Mapping[str, Any]] = None,
    ) -> Opened:
        """Open a handoff and its promise in this transaction, or join the one that is open.

        OwnerChanged when a person holds the pen already.
        """
        team = self._team_of(conversation.shop)
        self._database.lock(tx, f"team:{team.id}")  # the queue must not change while it is counted
        standing = self._store.open_of(tx, conversation.id)
        if standing is not None:
            return self._join(tx, team, *standing, request=request, now=now)
        self._conversations.change_owner(
            tx, conversation.id, expect=[Owner.BOT, Owner.WAITING], to=Owner.WAITING, now=now
        )
        handoff = Handoff(
            id=uuid.uuid4().hex,
            conversation=conversation.id,
            team=team.id,
            reason=request.reason,
            topic=request.topic,
            priority=request.priority,
            state=HandoffState.WAITING,
            quiet=self._is_one_too_many(tx, conversation.address),
            opened_at=now,
            packet=packet or {},
        )
        made = self._promise(tx, team, handoff, request.priority, now=now)
        self._store.add_handoff(tx, handoff, promise=made.id, address=conversation.address)
        self._store.add_promise(tx, made, quiet=handoff.quiet)
        return self._opened(handoff, made, team, repeated=False, now=now)

    def possible(
        self, tx: Any, conversation: Conversation, request: HandoffRequest, *, now: datetime
    ) -> tuple[Fact, ...]:
        """The facts that a promise made now would have; nothing is promised by asking."""
        team = self._team_of(conversation.shop)
        before = PRIORITIES[: PRIORITIES.index(request.priority) + 1]
        queue = self._store.queue(tx, team.id, before)
        due = promise(team=team, at=now, priority=request.priority, queue=queue)
        return _facts(team, due.due_at, as_of=now)

    def standing(self, tx: Any, conversation_id: str, *, now: Optional[datetime] = None) -> Optional[Opened]:
        """The handoff that is open, with the promise that counts, if there is one."""
        case = self._store.open_of(tx, conversation_id)
        if case is None:
            return None
        handoff, made = case
        team = self._team_of_handoff(tx, handoff)
        return self._opened(handoff, made, team, repeated=True, now=now)

    def awaited(self, conversation_id: str) -> Optional[tuple[datetime, Optional[datetime]]]:
        """The time that the customer waits for, and the one in whose place it stands."""
        with self._database.read() as tx:
            case = self._store.open_of(tx, conversation_id)
            if case is None:
                return None
            made = case[1]
            return made.due_at, self._store.due_of(tx, made.renews) if made.renews else None

    def shown(self, tx: Any, promise_id: str, *, text: str, language: str, timezone: str) -> None:
        """Keep the exact sentence that the customer read; only the first one."""
        self._store.keep_sentence(tx, promise_id, text=text, language=language, timezone=timezone)

    def _join(
        self,
        tx: Any,
        team: Team,
        handoff: Handoff,
        standing: Promise,
        *,
        request: HandoffRequest,
        now: datetime,
    ) -> Opened:
        """A second wish in the same case joins the first.

        The promise is renewed when its time has passed, or when the new wish is more urgent and
        an earlier time can be promised: the row ends and an earlier one points back at it.
        """
        priority = _more_urgent(request.priority, handoff.priority)
        is_over = standing.ended_at is not None or standing.due_at <= now
        if not is_over and priority == handoff.priority:
            return self._opened(handoff, standing, team, repeated=True, now=now)
        made = self._promise(tx, team, handoff, priority, now=now, renews=standing)
        if not is_over and made.due_at >= standing.due_at:
            self._store.set_priority(tx, handoff.id, priority)
            handoff = replace(handoff, priority=priority)
            return self._opened(handoff, standing, team, repeated=True, now=now)
        self._store.end_promise(tx, standing.id, PromiseState.RENEWED, now=now)
        self._store.add_promise(tx, made, quiet=handoff.quiet)
        self._store.let_count(tx, handoff, made)
        return self._opened(replace(handoff, priority=priority), made, team, repeated=False, now=now)

    def _promise(
        self,
        tx: Any,
        team: Team,
        handoff: Handoff,
        priority: Priority,
        *,
        now: datetime,
        renews: Optional[Promise] = None,
    ) -> Promise:
        """What can be promised now: whoever is as urgent or more goes before this case."""
        before = PRIORITIES[: PRIORITIES.index(priority) + 1]
        queue = self._store.queue(tx, team.id, before)
        if renews is not None and renews.ended_at is None and renews.priority in before and not handoff.quiet:
            queue -= 1  # the case does not wait for itself
        due = promise(team=team, at=now, priority=priority, queue=queue)
        return Promise(
            id=uuid.uuid4().hex,
            handoff=handoff.id,
            team=team.id,
            priority=priority,
            made_at=now,
            opens_at=due.opens_at,
            warn_at=due.warn_at,
            due_at=due.due_at,
            target_minutes=due.target_minutes,
            provisional=due.provisional,
            calendar=due.calendar,
            state=PromiseState.OPEN,
            renews=renews.id if renews is not None else None,
        )

    def _is_one_too_many(self, tx: Any, address: str) -> bool:
        return bool(address) and self._store.open_from(tx, address) >= self._pages_per_address

    def _team_of_handoff(self, tx: Any, handoff: Handoff) -> Team:
        return self._team_of(self._conversations.get_in(tx, handoff.conversation).shop)

    @staticmethod
    def _opened(
        handoff: Handoff, made: Promise, team: Team, *, repeated: bool, now: Optional[datetime]
    ) -> Opened:
        late = made.state is PromiseState.LATE if now is None else made.due_at <= now
        facts = _facts(team, made.due_at, as_of=now or made.made_at)
        return Opened(handoff=handoff, promise=made, facts=facts, repeated=repeated, late=late)

    # -- what the team does ------------------------------------------------------------

    def claim(self, conversation_id: str, *, agent: Agent, now: datetime, over: bool = False) -> Conversation:
        """Take a conversation; `over` takes it from another agent. OwnerChanged when it is not to be had.

        It keeps no promise: only an answer does.
        """
        with self._database.begin() as tx:
            conversation = self._conversations.get_in(tx, conversation_id, lock=True)
            self._take(tx, conversation, agent, now=now, over=over)
            return self._conversations.get_in(tx, conversation_id)

    def reply(
        self,
        conversation_id: str,
        *,
        agent: Agent,
        text: str,
        client_id: str,
        now: datetime,
        language: str = "",
    ) -> Message:
        """Answer a customer: takes the conversation, writes the message, and keeps the promise.

        The same client id gives the same message, however often it is sent. ValueError for a text
        or a client id that cannot be (ClientIdTaken: it is a customer's); OwnerChanged when
        another agent holds the conversation.
        """
        text = _said(text)
        if not 1 <= len(client_id) <= 64:
            raise ValueError("A reply needs a client id of 1 to 64 characters.")
        with self._database.begin() as tx:
            conversation = self._conversations.get_in(tx, conversation_id, lock=True)
            seq = self._conversations.of_client(tx, conversation_id, client_id, sender=Sender.AGENT)
            if seq is None:
                self._take(tx, conversation, agent, now=now)
                seq = self._write(tx, conversation_id, agent, Kind.TEXT, text, language, now=now)
                self._store.set_client(tx, conversation_id, seq, client_id)
                self._keep(tx, conversation_id, agent, seq, now=now)
        return self._message(conversation_id, seq)

    def note(self, conversation_id: str, *, agent: Agent, text: str, now: datetime) -> Message:
        """Write something that only the team can read; it changes nothing else."""
        text = _said(text)
        with self._database.begin() as tx:
            self._conversations.get_in(tx, conversation_id, lock=True)
            seq = self._write(tx, conversation_id, agent, Kind.NOTE, text, "", now=now)
        return self._message(conversation_id, seq)

    def handback(self, conversation_id: str, *, agent: Agent, now: datetime) -> Conversation:
        """Give the conversation back to the bot; a promise without an answer is withdrawn."""
        return self._end(conversation_id, agent, to=Owner.BOT, why="handed_back", now=now)

    def close(
        self, conversation_id: str, *, agent: Agent, now: datetime, why: str = "solved"
    ) -> Conversation:
        """Close the conversation; a promise without an answer is withdrawn."""
        return self._end(conversation_id, agent, to=Owner.CLOSED, why=why, now=now)

    # -- what the team reads -----------------------------------------------------------

    def inbox(
        self, *, now: datetime, view: str = "open", agent: Optional[str] = None, limit: int = 200
    ) -> list[InboxRow]:
        """Conversations by due time. `view` is open (waiting or with the team), waiting, mine or closed.

        `agent` is an agent's id: for mine, and to narrow closed.
        """
        if view not in VIEWS:
            raise ValueError(f"No view {view!r} of the inbox. Known: {', '.join(VIEWS)}.")
        if view == "mine" and agent is None:
            raise ValueError("The view 'mine' needs an agent.")
        owners = {"waiting": [Owner.WAITING], "mine": [Owner.TEAM]}.get(view, [Owner.WAITING, Owner.TEAM])
        with self._database.read() as tx:
            if view == "closed":
                return self._store.finished(tx, agent=agent, now=now, limit=limit)
            whose = agent if view == "mine" else None
            return self._store.inbox(tx, owners, agent=whose, now=now, limit=limit)

    def promise_states(self) -> dict[str, int]:
        """How many promises are in each state (`PromiseState`)."""
        with self._database.read() as tx:
            return self._store.promise_states(tx)

    def thread(self, conversation_id: str) -> Thread:
        """A conversation with its notes, the bot's reasons, its handoffs and its promises."""
        messages: list[Message] = []
        while True:
            after = messages[-1].seq if messages else 0
            page = self._conversations.messages(conversation_id, after=after, notes=True)
            messages += page
            if len(page) < 500:
                break
        with self._database.read() as tx:
            return Thread(
                conversation=self._conversations.get_in(tx, conversation_id),
                messages=tuple(messages),
                handoffs=self._store.handoffs_of(tx, conversation_id),
                promises=self._store.promises_of(tx, conversation_id),
            )

    # -- inside ------------------------------------------------------------------------

    def _take(
        self, tx: Any, conversation: Conversation, agent: Agent, *, now: datetime, over: bool = False
    ) -> None:
        if conversation.owner is Owner.CLOSED:
            raise OwnerChanged(f"Conversation {conversation.id} is closed.")
        if conversation.owner is Owner.TEAM:
            if conversation.agent == agent.id:
                return
            if not over:
                raise OwnerChanged(f"Conversation {conversation.id} is with another agent.")
        self._conversations.change_owner(
            tx, conversation.id, expect=[conversation.owner], to=Owner.TEAM, agent=agent.id, now=now
        )
        case = self._store.open_of(tx, conversation.id)
        if case is not None:
            self._store.claimed(tx, case[0].id, agent, now=now)

    def _keep(self, tx: Any, conversation_id: str, agent: Agent, seq: int, *, now: datetime) -> None:
        """A person has answered: the promise is kept, or stays late."""
        case = self._store.open_of(tx, conversation_id)
        if case is None:
            return
        made = case[1]
        in_time = now <= made.due_at and made.state is not PromiseState.LATE
        state = PromiseState.KEPT if in_time else PromiseState.LATE
        self._store.end_promise(tx, made.id, state, now=now, by=agent.name, seq=seq)

    def _end(self, conversation_id: str, agent: Agent, *, to: Owner, why: str, now: datetime) -> Conversation:
        with self._database.begin() as tx:
            conversation = self._conversations.get_in(tx, conversation_id, lock=True)
            if conversation.owner is Owner.TEAM and conversation.agent != agent.id:
                raise OwnerChanged(f"Conversation {conversation_id} is with another agent.")
            if conversation.owner is to:
                return conversation
            if conversation.owner is Owner.CLOSED:
                raise OwnerChanged(f"Conversation {conversation_id} is closed.")
            self._conversations.change_owner(tx, conversation_id, expect=[conversation.owner], to=to, now=now)
            case = self._store.open_of(tx, conversation_id)
            if case is not None:
                self._store.end_promise(tx, case[1].id, PromiseState.WITHDRAWN, now=now)
                self._store.closed(tx, case[0].id, why=why, now=now)
            return self._conversations.get_in(tx, conversation_id)

    def _write(
        self,
        tx: Any,
        conversation_id: str,
        agent: Agent,
        kind: Kind,
        text: str,
        language: str,
        *,
        now: datetime,
    ) -> int:
        draft = Draft(sender=Sender.AGENT, kind=kind, text=text, language=language, agent=agent.name)
        return self._conversations.append(tx, conversation_id, [draft], now=now)[0].seq

    def _message(self, conversation_id: str, seq: int) -> Message:
        message = self._conversations.message(conversation_id, seq)
        assert message is not None
        return message


def _more_urgent(one: Priority, other: Priority) -> Priority:
    return min(one, other, key=PRIORITIES.index)


def _said(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValueError("There is nothing in this message; write something.")
    if len(text) > MOST_CHARS:
        raise ValueError(f"This message has {len(text)} characters; {MOST_CHARS} is the most.")
    return text


def _facts(team: Team, due_at: datetime, *, as_of: datetime) -> tuple[Fact, ...]:
    return (
        Fact("due_at", due_at, "instant", source=team.source, as_of=as_of),
        Fact("team_zone", str(team.hours.zone), source=team.source, as_of=team.as_of),
    )
