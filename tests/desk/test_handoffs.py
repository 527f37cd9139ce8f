from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any, Callable

import pytest
import sqlalchemy as sa

from bot.answer import HandoffRequest
from bot.conversations.model import Conversation, Kind, Owner, OwnerChanged, Sender, UnknownConversation
from bot.conversations.store import ConversationStore
from bot.desk.handoffs import Handoffs
from bot.desk.model import HandoffState, Opened, PromiseState, Team
from bot.desk.tables import handoff as handoff_table
from bot.desk.tables import promise as promise_table
from tests.desk.conftest import ELENA, MEI, NIGHT, conversation

NORMAL = HandoffRequest(reason="customer_asked", topic="human_handoff")
HIGH = HandoffRequest(reason="topic", priority="high", topic="damaged_or_wrong_item")
URGENT = HandoffRequest(reason="topic", priority="urgent", topic="safety_incident")


def open_one(
    handoffs: Handoffs,
    store: ConversationStore,
    one: Conversation,
    request: HandoffRequest = NORMAL,
    *,
    now: datetime = NIGHT,
    packet: dict[str, Any] | None = None,
) -> Opened:
    """What a turn does as it commits."""
    with store.database.begin() as tx:
        current = store.get_in(tx, one.id, lock=True)
        return handoffs.open(tx, current, request, now=now, packet=packet)


def standing(handoffs: Handoffs, store: ConversationStore, one: Conversation, **when: Any) -> Opened | None:
    with store.database.read() as tx:
        return handoffs.standing(tx, one.id, **when)


def test_a_handoff_opens_with_its_promise_and_the_conversation_waits(
    handoffs: Handoffs, store: ConversationStore, team: Team
) -> None:
    one = conversation(store)
    opened = open_one(handoffs, store, one, HIGH, packet={"words": "nass"})
    assert store.get(one.id).owner is Owner.WAITING
    assert not opened.repeated
    facts = {fact.name: fact for fact in opened.facts}
    assert facts["due_at"].value == opened.promise.due_at == NIGHT + timedelta(hours=3)
    assert (facts["due_at"].unit, facts["due_at"].source) == ("instant", "team hours")
    assert facts["team_zone"].value == "Asia/Shanghai"
    stands = standing(handoffs, store, one)
    assert stands is not None
    assert (stands.promise, stands.repeated) == (opened.promise, True)
    assert stands.handoff.packet == {"words": "nass"}
    assert stands.promise.calendar == team.calendar


def test_what_would_be_promised_is_promised_when_it_is_asked_for(
    handoffs: Handoffs, store: ConversationStore
) -> None:
    for _ in range(9):
        open_one(handoffs, store, conversation(store))
    one = conversation(store)
    with store.database.begin() as tx:
        possible = {f.name: f for f in handoffs.possible(tx, store.get_in(tx, one.id), NORMAL, now=NIGHT)}
    assert standing(handoffs, store, one) is None
    opened = open_one(handoffs, store, one)
    assert possible["due_at"] == {f.name: f for f in opened.facts}["due_at"]


def test_nothing_stands_where_nothing_was_opened(handoffs: Handoffs, store: ConversationStore) -> None:
    assert standing(handoffs, store, conversation(store)) is None


def test_a_turn_that_is_undone_leaves_nothing(handoffs: Handoffs, store: ConversationStore) -> None:
    one = conversation(store)

    def fails() -> None:
        with store.database.begin() as tx:
            handoffs.open(tx, store.get_in(tx, one.id), NORMAL, now=NIGHT)
            raise RuntimeError("the process ends here")

    with pytest.raises(RuntimeError, match="ends here"):
        fails()
    assert standing(handoffs, store, one) is None
    assert store.get(one.id).owner is Owner.BOT


@pytest.mark.parametrize(
    ("second", "later", "repeated", "first_state", "priority"),
    [
        (NORMAL, timedelta(minutes=5), True, PromiseState.OPEN, "normal"),
        # More urgent, and an earlier time can be promised: a new row takes its place.
        (URGENT, timedelta(minutes=5), False, PromiseState.RENEWED, "urgent"),
        # More urgent, but so late that no earlier time can be promised: the row stays.
        (HIGH, timedelta(hours=4), True, PromiseState.OPEN, "high"),
        # The time has passed: a new one has to be said.
        (NORMAL, timedelta(hours=5), False, PromiseState.RENEWED, "normal"),
    ],
)
def test_a_second_wish_joins_the_first(
    handoffs: Handoffs,
    store: ConversationStore,
    second: HandoffRequest,
    later: timedelta,
    repeated: bool,
    first_state: PromiseState,
    priority: str,
) -> None:
    one = conversation(store)
    first = open_one(handoffs, store, one).promise
    opened = open_one(handoffs, store, one, second, now=NIGHT + later)
    thread = handoffs.thread(one.id)
    assert len(thread.handoffs) == 1
    assert thread.handoffs[0].priority == opened.handoff.priority == priority
    assert opened.repeated is repeated
    assert thread.promises[0].due_at == first.due_at
    assert thread.promises[0].state is first_state
    if repeated:
        assert [p.id for p in thread.promises] == [first.id] == [opened.promise.id]
    else:
        assert [p.id for p in thread.promises] == [first.id, opened.promise.id]
        assert opened.promise.renews == first.id
        stands = standing(handoffs, store, one)
        assert stands is not None
        assert stands.promise.id == opened.promise.id


def test_a_case_does_not_wait_for_itself(handoffs: Handoffs, store: ConversationStore) -> None:
    cases = [conversation(store) for _ in range(6)]
    for one in cases:
        open_one(handoffs, store, one, URGENT)
    # Five others are ahead: three turns of eight minutes for two people are within the target.
    later = NIGHT + timedelta(hours=3)
    assert open_one(handoffs, store, cases[0], URGENT, now=later).promise.due_at == later + timedelta(
        minutes=30
    )


def test_a_less_urgent_wish_lowers_nothing(handoffs: Handoffs, store: ConversationStore) -> None:
    one = conversation(store)
    first = open_one(handoffs, store, one, URGENT)
    again = open_one(handoffs, store, one, NORMAL)
    assert (again.promise, again.handoff.priority) == (first.promise, "urgent")


def test_the_database_itself_refuses_a_second_open_handoff(
    handoffs: Handoffs, store: ConversationStore
) -> None:
    one = conversation(store)
    opened = open_one(handoffs, store, one)

    def write_another() -> None:
        with store.database.begin() as tx:
            row = dict(tx.execute(sa.select(handoff_table)).mappings().one())
            tx.execute(handoff_table.insert().values({**row, "id": "another"}))

    with pytest.raises(sa.exc.IntegrityError):
        write_another()
    assert len(handoffs.thread(one.id).handoffs) == 1
    handoffs.close(one.id, agent=MEI, now=NIGHT)
    with store.database.begin() as tx:
        store.change_owner(tx, one.id, expect=[Owner.CLOSED], to=Owner.BOT, now=NIGHT)
    assert open_one(handoffs, store, one).handoff.id != opened.handoff.id


def test_the_sentence_is_kept_once(handoffs: Handoffs, store: ConversationStore) -> None:
    one = conversation(store)
    promise = open_one(handoffs, store, one).promise
    for text in ("bis Dienstag", "something else"):
        with store.database.begin() as tx:
            handoffs.shown(tx, promise.id, text=text, language="de", timezone="Europe/Berlin")
    kept = handoffs.thread(one.id).promises[0]
    assert (kept.text, kept.language, kept.timezone) == ("bis Dienstag", "de", "Europe/Berlin")


def test_a_night_full_of_cases_is_not_all_told_the_same_hour(
    handoffs: Handoffs, store: ConversationStore
) -> None:
    urgent = [open_one(handoffs, store, conversation(store), URGENT).promise.due_at for _ in range(17)]
    assert urgent == sorted(urgent)
    assert (urgent[0], urgent[-1]) == (NIGHT + timedelta(minutes=90), NIGHT + timedelta(minutes=135))
    # What is less urgent waits for all of them; what is as urgent does not wait for less.
    normal = [open_one(handoffs, store, conversation(store), NORMAL) for _ in range(3)]
    assert {one.promise.due_at for one in normal} == {NIGHT + timedelta(hours=5)}
    answered = conversation(store)
    open_one(handoffs, store, answered, URGENT)
    before = open_one(handoffs, store, conversation(store), URGENT).promise.due_at
    for case in handoffs.inbox(now=NIGHT)[:4]:
        handoffs.reply(case.conversation.id, agent=MEI, text="Guten Morgen", client_id="r", now=NIGHT)
    after = open_one(handoffs, store, conversation(store), URGENT).promise.due_at
    assert after < before


def test_more_than_a_few_from_one_address_wait_quietly(handoffs: Handoffs, store: ConversationStore) -> None:
    ours = [
        open_one(handoffs, store, conversation(store, address="10.0.0.9"), URGENT).handoff for _ in range(5)
    ]
    assert [handoff.quiet for handoff in ours] == [False, False, False, True, True]
    assert not open_one(handoffs, store, conversation(store, address="10.0.0.8"), URGENT).handoff.quiet
    assert not any(open_one(handoffs, store, conversation(store, address="")).handoff.quiet for _ in range(5))
    # A hundred of them don't put off the others: quiet cases don't count in the queue.
    loud = open_one(handoffs, store, conversation(store, address="10.0.0.7"), URGENT)
    assert loud.promise.due_at == NIGHT + timedelta(minutes=90)
    assert all(row.promise is not None for row in handoffs.inbox(now=NIGHT))


# -- the team ------------------------------------------------------------------------------


def test_claiming_silences_the_bot_but_keeps_no_promise(handoffs: Handoffs, store: ConversationStore) -> None:
    one = conversation(store)
    open_one(handoffs, store, one)
    claimed = handoffs.claim(one.id, agent=MEI, now=NIGHT + timedelta(hours=1))
    assert (claimed.owner, claimed.agent) == (Owner.TEAM, "a1")
    thread = handoffs.thread(one.id)
    assert (thread.handoffs[0].state, thread.handoffs[0].agent_name) == (HandoffState.CLAIMED, "Mei")
    assert thread.promises[0].state is PromiseState.OPEN
    handoffs.note(one.id, agent=MEI, text="Foto fehlt", now=NIGHT + timedelta(hours=1))
    assert handoffs.thread(one.id).promises[0].state is PromiseState.OPEN
    with pytest.raises(OwnerChanged):
        open_one(handoffs, store, conversation_of_team(handoffs, store), NORMAL)


def conversation_of_team(handoffs: Handoffs, store: ConversationStore) -> Conversation:
    one = conversation(store)
    return handoffs.claim(one.id, agent=MEI, now=NIGHT)


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (timedelta(hours=2), PromiseState.KEPT),
        (timedelta(hours=5), PromiseState.KEPT),  # due to the second
        (timedelta(hours=5, seconds=1), PromiseState.LATE),
    ],
)
def test_a_persons_answer_keeps_the_promise(
    handoffs: Handoffs, store: ConversationStore, after: timedelta, state: PromiseState
) -> None:
    one = conversation(store)
    open_one(handoffs, store, one)
    message = handoffs.reply(one.id, agent=MEI, text=" Guten Tag ", client_id="r1", now=NIGHT + after)
    assert (message.sender, message.agent, message.text) == (Sender.AGENT, "Mei", "Guten Tag")
    thread = handoffs.thread(one.id)
    assert thread.conversation.owner is Owner.TEAM
    kept = thread.promises[0]
    assert (kept.state, kept.answered_by, kept.answered_seq) == (state, "Mei", message.seq)
    assert kept.answered_at == NIGHT + after
    handoffs.reply(one.id, agent=MEI, text="Noch etwas", client_id="r2", now=NIGHT + timedelta(hours=9))
    assert handoffs.thread(one.id).promises[0] == kept


def test_a_reply_is_sent_once(handoffs: Handoffs, store: ConversationStore) -> None:
    one = conversation(store)
    open_one(handoffs, store, one)
    seqs: list[int] = []

    def send() -> None:
        seqs.append(handoffs.reply(one.id, agent=MEI, text="Ja", client_id="r1", now=NIGHT).seq)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seqs) == 8
    assert len(set(seqs)) == 1
    said = [m for m in store.messages(one.id) if m.sender is Sender.AGENT]
    assert [m.text for m in said] == ["Ja"]


@pytest.mark.parametrize(
    ("text", "client_id", "message"),
    [
        ("  \n", "r1", "nothing in this"),
        ("x" * 10_001, "r1", "10001"),
        ("Hi", "", "client id"),
        ("Hi", "r" * 65, "id"),
    ],
)
def test_a_reply_that_cannot_be(
    handoffs: Handoffs, store: ConversationStore, text: str, client_id: str, message: str
) -> None:
    one = conversation(store)
    with pytest.raises(ValueError, match=message):
        handoffs.reply(one.id, agent=MEI, text=text, client_id=client_id, now=NIGHT)
    assert store.get(one.id).owner is Owner.BOT


def test_two_agents_do_not_answer_at_once(handoffs: Handoffs, store: ConversationStore) -> None:
    one = conversation(store)
    open_one(handoffs, store, one)
    results: list[str] = []

    def take(who: Any) -> None:
        try:
            handoffs.claim(one.id, agent=who, now=NIGHT)
            results.append(who.name)
        except OwnerChanged:
            results.append("second")

    threads = [threading.Thread(target=take, args=(who,)) for who in (MEI, ELENA)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results)[-1] == "second"
    holder = store.get(one.id).agent
    other = ELENA if holder == "a1" else MEI
    acts: list[Callable[[], object]] = [
        lambda: handoffs.reply(one.id, agent=other, text="Hallo", client_id="x", now=NIGHT),
        lambda: handoffs.handback(one.id, agent=other, now=NIGHT),
        lambda: handoffs.close(one.id, agent=other, now=NIGHT),
    ]
    for act in acts:
        with pytest.raises(OwnerChanged, match="another agent"):
            act()
    assert handoffs.claim(one.id, agent=other, now=NIGHT, over=True).agent == other.id


@pytest.mark.parametrize(
    ("end", "owner", "why"), [("handback", Owner.BOT, "handed_back"), ("close", Owner.CLOSED, "solved")]
)
@pytest.mark.parametrize("answered", [False, True])
def test_the_end_of_a_case(
    handoffs: Handoffs, store: ConversationStore, end: str, owner: Owner, why: str, answered: bool
) -> None:
    one = conversation(store)
    open_one(handoffs, store, one)
    if answered:
        handoffs.reply(one.id, agent=MEI, text="Ja", client_id="r", now=NIGHT)
    ended = getattr(handoffs, end)(one.id, agent=MEI, now=NIGHT + timedelta(hours=1))
    assert (ended.owner, ended.agent) == (owner, None)
    thread = handoffs.thread(one.id)
    assert (thread.handoffs[0].state, thread.handoffs[0].closed_why) == (HandoffState.CLOSED, why)
    assert thread.promises[0].state is (PromiseState.KEPT if answered else PromiseState.WITHDRAWN)
    assert standing(handoffs, store, one) is None
    assert getattr(handoffs, end)(one.id, agent=MEI, now=NIGHT).owner is owner  # twice is once


def test_a_closed_conversation_is_not_claimed_or_answered(
    handoffs: Handoffs, store: ConversationStore
) -> None:
    one = conversation(store)
    handoffs.close(one.id, agent=MEI, now=NIGHT)
    for act in (
        lambda: handoffs.claim(one.id, agent=MEI, now=NIGHT),
        lambda: handoffs.reply(one.id, agent=MEI, text="Hallo", client_id="x", now=NIGHT),
        lambda: handoffs.handback(one.id, agent=MEI, now=NIGHT),
    ):
        with pytest.raises(OwnerChanged, match="closed"):
            act()


def test_an_unknown_conversation(handoffs: Handoffs) -> None:
    with pytest.raises(UnknownConversation):
        handoffs.claim("nope", agent=MEI, now=NIGHT)
    with pytest.raises(UnknownConversation):
        handoffs.thread("nope")


def test_the_inbox_is_in_the_order_of_due_times(handoffs: Handoffs, store: ConversationStore) -> None:
    late, soon, fine, answered, urgent = (conversation(store, said=f"Nr. {n}") for n in range(5))
    open_one(handoffs, store, late, HIGH)  # due 3 h, warned 2 h 30 after NIGHT
    open_one(handoffs, store, soon, NORMAL)  # due 5 h, warned 4 h after
    open_one(handoffs, store, answered, NORMAL)
    now = NIGHT + timedelta(hours=4)
    open_one(handoffs, store, fine, NORMAL, now=now)  # due 8 h
    open_one(handoffs, store, urgent, URGENT, now=now)  # due 4 h 30
    handoffs.reply(answered.id, agent=MEI, text="Ja", client_id="r", now=now)
    store.accept(soon.id, client_id="c2", kind=Kind.TEXT, text="Hallo?", now=now)
    rows = handoffs.inbox(now=now)
    assert [row.conversation.id for row in rows] == [late.id, urgent.id, soon.id, fine.id, answered.id]
    assert [row.urgency for row in rows] == ["late", "fine", "soon", "fine", "done"]
    assert [row.words for row in rows] == ["Nr. 0", "Nr. 4", "Hallo?", "Nr. 2", "Nr. 3"]
    first = rows[0]
    assert (first.conversation.country, first.conversation.timezone) == ("DE", "Europe/Berlin")
    assert first.handoff is not None
    assert first.handoff.topic == "damaged_or_wrong_item"
    assert [row.conversation.id for row in handoffs.inbox(now=now, view="mine", agent="a1")] == [answered.id]
    assert len(handoffs.inbox(now=now, view="waiting")) == 4
    assert len(handoffs.inbox(now=now, limit=2)) == 2
    handoffs.close(answered.id, agent=MEI, now=now)
    handoffs.handback(fine.id, agent=MEI, now=now + timedelta(minutes=1))
    closed = handoffs.inbox(now=now, view="closed")
    assert [row.conversation.id for row in closed] == [fine.id, answered.id]
    assert handoffs.inbox(now=now, view="closed", agent="a2") == []


def test_a_conversation_that_was_closed_twice_is_listed_once(
    handoffs: Handoffs, store: ConversationStore
) -> None:
    one = conversation(store)
    for hour, request in enumerate((NORMAL, URGENT)):
        now = NIGHT + timedelta(hours=hour)
        open_one(handoffs, store, one, request, now=now)
        handoffs.handback(one.id, agent=MEI, now=now)
    (row,) = handoffs.inbox(now=NIGHT, view="closed")
    assert row.handoff is not None
    assert row.handoff.topic == URGENT.topic


@pytest.mark.parametrize(
    ("view", "agent", "message"), [("all", None, "Known: open"), ("mine", None, "needs an agent")]
)
def test_an_unknown_view(handoffs: Handoffs, view: str, agent: str | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        handoffs.inbox(now=NIGHT, view=view, agent=agent)


def test_the_thread_has_the_notes_that_the_customer_never_sees(
    handoffs: Handoffs, store: ConversationStore
) -> None:
    one = conversation(store)
    handoffs.note(one.id, agent=MEI, text="kennt uns", now=NIGHT)
    assert [m.kind for m in handoffs.thread(one.id).messages] == [Kind.TEXT, Kind.NOTE]
    assert [m.kind for m in store.messages(one.id)] == [Kind.TEXT]


def test_a_long_thread_is_whole(handoffs: Handoffs, store: ConversationStore) -> None:
    from bot.conversations.model import Draft

    one = conversation(store)
    with store.database.begin() as tx:
        store.append(tx, one.id, [Draft(Sender.BOT, Kind.TEXT, str(n)) for n in range(1100)], now=NIGHT)
    assert [m.seq for m in handoffs.thread(one.id).messages] == list(range(1, 1102))


def test_a_deleted_conversation_takes_its_handoffs_with_it(
    handoffs: Handoffs, store: ConversationStore
) -> None:
    one = conversation(store)
    open_one(handoffs, store, one)
    store.delete(one.id)
    with store.database.read() as tx:
        assert tx.execute(sa.select(promise_table)).all() == []


def test_a_promise_that_the_alarm_called_late_says_so(handoffs: Handoffs, store: ConversationStore) -> None:
    one = conversation(store)
    due = open_one(handoffs, store, one).promise.due_at
    before = standing(handoffs, store, one, now=due - timedelta(seconds=1))
    after = standing(handoffs, store, one, now=due)
    assert before is not None
    assert after is not None
    assert (before.late, after.late) == (False, True)
