"""One turn, at its edges: who holds the pen, what failed, what the guard says."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from bot.answer import Answer, Fact, HandoffRequest
from bot.conversations.model import Conversation, Kind, Owner
from bot.conversations.runner import Runner
from bot.conversations.saying import Saying
from bot.conversations.store import ConversationStore
from bot.conversations.turn import Turns
from bot.guard import Guard
from bot.phrasebook import Phrasebook
from bot.settings import ROOT
from tests.conversations.fakes import NOW, OneDesk, PlainSayer, ScriptedMind, Thinking
from tests.conversations.test_store import said, started

OK = Answer(key="stock.in_stock")
PERSON = Answer(
    key="handoff.promised", handoff=HandoffRequest(reason="customer_asked", topic="human_handoff")
)


class House:
    """A turn with fakes around it, on a real transcript."""

    def __init__(self, store: ConversationStore, mind: ScriptedMind, sayer: Any = None) -> None:
        self.store = store
        self.mind = mind
        self.desk = OneDesk(store)
        self.changed: list[str] = []
        self.turns = Turns(
            store=store,
            mind=mind,
            desk=self.desk,
            sayer=sayer or PlainSayer(),
            clock=lambda: NOW,
            changed=self.changed.append,
            seconds=4,
            sure=0.55,
            text_chars=2000,
        )
        self.conversation: Conversation = started(store)

    def ask(self, text: str = "hi", **options: Any) -> list[str]:
        """Say something; returns the keys of what was said back."""
        before = said(self.store, self.conversation, text, **options)
        self.turns.answer_all(self.conversation.id)
        return [m.reply_key or "" for m in self.store.messages(self.conversation.id, after=before)]

    @property
    def owner(self) -> Owner:
        return self.store.get(self.conversation.id).owner


def real_sayer() -> Saying:
    """Says what the phrasebook has, and raises for what it has not."""
    book = Phrasebook.load(ROOT / "data" / "replies")
    return Saying(phrasebook=book, guard=Guard.load(ROOT / "data" / "guard", words=book.words))


def always(*answers: Answer) -> ScriptedMind:
    return ScriptedMind(lambda _: answers)


def failing(error: Exception) -> ScriptedMind:
    def fail(_: str) -> tuple[Answer, ...]:
        raise error

    return ScriptedMind(fail)


def test_an_answer_is_said_and_remembered(store: ConversationStore) -> None:
    house = House(store, always(OK))
    assert house.ask() == ["stock.in_stock"]
    assert store.get(house.conversation.id).memory == {"turns": 1}
    assert house.changed == [house.conversation.id]
    assert house.owner is Owner.BOT


def test_a_handoff_says_the_time_of_the_row(store: ConversationStore) -> None:
    house = House(store, always(PERSON))
    assert house.ask() == ["handoff.promised"]
    last = store.messages(house.conversation.id)[-1]
    assert "due_at" in last.text
    assert last.promise == {"id": "p1", "due_at": "2026-11-24T10:00:00+00:00"}
    assert house.desk.sentences == [last.text]
    assert house.owner is Owner.WAITING


OFFER = Answer(key="handoff.offer")


def test_an_offer_names_a_time_and_promises_nothing(store: ConversationStore) -> None:
    house = House(store, always(OFFER))
    assert house.ask() == ["handoff.offer"]
    last = store.messages(house.conversation.id)[-1]
    assert "due_at" in last.text
    assert last.promise is None
    assert (house.owner, house.desk.opened) == (Owner.BOT, {})


def test_who_waits_already_is_offered_nobody_else(store: ConversationStore) -> None:
    house = House(store, ScriptedMind(lambda _: (PERSON,), memory={"loop": "order_form"}))
    house.ask()
    house.mind.reply = lambda _: (OFFER,)
    assert house.ask("blub") == ["handoff.noted"]


@pytest.mark.parametrize(("adds", "keys"), [(True, ["handoff.noted"]), (False, ["stock.in_stock"])])
def test_a_detail_for_the_person_is_noted_and_not_answered(
    store: ConversationStore, adds: bool, keys: list[str]
) -> None:
    house = House(store, always(PERSON))
    house.ask("cancel it")
    house.mind.understood = Thinking(adds_to_handoff=adds)
    house.mind.reply = lambda _: (OK,)
    assert house.ask("10428")[:1] == keys


@pytest.mark.parametrize(
    "error",
    [RuntimeError("x"), TimeoutError("slow"), ValueError("nonsense")],
    ids=["raises", "hangs", "nonsense"],
)
def test_a_failed_turn_apologises_and_hands_over(store: ConversationStore, error: Exception) -> None:
    house = House(store, failing(error))
    assert house.ask() == ["system.apology"]
    assert house.owner is Owner.WAITING
    assert store.get(house.conversation.id).memory == {}
    house.mind.reply = lambda _: (OK,)
    assert house.ask("next") == ["stock.in_stock", "handoff.still_coming"]


def test_a_message_that_keeps_ending_the_process_is_given_up(store: ConversationStore) -> None:
    house = House(store, always(OK))
    said(store, house.conversation, "poison")
    for _ in range(3):
        store.claim_next(house.conversation.id, now=NOW, lease=NOW - NOW)
    house.turns.answer_all(house.conversation.id)
    assert [m.reply_key for m in store.messages(house.conversation.id, after=2)] == ["system.apology"]
    assert house.mind.heard == []


@pytest.mark.parametrize(
    ("text", "key"),
    [("x" * 2001, "system.too_long"), ("\0", "system.empty"), ("x" * 2000, "stock.in_stock")],
    ids=["long", "nul", "longest"],
)
def test_odd_texts_get_plain_answers(store: ConversationStore, text: str, key: str) -> None:
    assert House(store, always(OK)).ask(text, client_id="odd-text") == [key]


def test_the_bot_is_silent_while_a_person_holds_the_pen(store: ConversationStore) -> None:
    house = House(store, always(OK))
    with store.database.begin() as tx:
        store.change_owner(tx, house.conversation.id, expect=[Owner.BOT], to=Owner.TEAM, agent="wen", now=NOW)
    assert house.ask() == []
    assert house.mind.heard == []
    assert store.unanswered(now=NOW) == []


def test_a_person_who_takes_over_in_the_middle_is_not_talked_over(store: ConversationStore) -> None:
    house = House(store, always(OK))

    def take_over(_: str) -> tuple[Answer, ...]:
        with store.database.begin() as tx:
            store.change_owner(
                tx, house.conversation.id, expect=[Owner.BOT], to=Owner.TEAM, agent="wen", now=NOW
            )
        return (OK,)

    house.mind.reply = take_over
    assert house.ask() == []
    assert store.unanswered(now=NOW) == []


class HandedBack(ConversationStore):
    """A transcript in which the team hands back right after the turn has looked whose the pen is."""

    def get(self, conversation_id: str) -> Conversation:
        found = super().get(conversation_id)
        if found.owner is Owner.TEAM:
            with self.database.begin() as tx:
                self.change_owner(tx, found.id, expect=[Owner.TEAM], to=Owner.BOT, now=NOW)
        return found


def test_a_message_that_meets_a_handback_is_answered(store: ConversationStore) -> None:
    house = House(HandedBack(store.database), always(OK))
    with store.database.begin() as tx:
        store.change_owner(tx, house.conversation.id, expect=[Owner.BOT], to=Owner.TEAM, agent="wen", now=NOW)
    assert house.ask() == ["stock.in_stock"]
    assert store.unanswered(now=NOW) == []


def test_a_conversation_deleted_in_the_middle_is_no_error(store: ConversationStore) -> None:
    house = House(store, always(OK))

    def delete(_: str) -> tuple[Answer, ...]:
        store.delete(house.conversation.id)
        return (OK,)

    house.mind.reply = delete
    assert house.ask() == []


def test_a_language_chosen_in_the_middle_stays(store: ConversationStore) -> None:
    house = House(store, always(OK))

    def choose(_: str) -> tuple[Answer, ...]:
        with store.database.begin() as tx:
            store.set_language(tx, house.conversation.id, "zh", chosen=True)
        return (OK,)

    house.mind.reply = choose
    house.ask()
    assert store.get(house.conversation.id).language == "zh"
    assert store.messages(house.conversation.id)[-1].language == "zh"


@pytest.mark.parametrize(
    "nonsense",
    [Answer(key="no.such.reply"), Answer(key="stock.few.plain", card={"fact": "missing"})],
    ids=["reply", "fact"],
)
def test_what_cannot_be_worded_is_an_apology_at_once(store: ConversationStore, nonsense: Answer) -> None:
    house = House(store, always(nonsense), real_sayer())
    assert house.ask() == ["system.apology"]
    assert house.owner is Owner.WAITING
    assert store.unanswered(now=NOW) == []


def test_a_closed_conversation_opens_again(store: ConversationStore) -> None:
    house = House(store, always(OK))
    with store.database.begin() as tx:
        store.change_owner(tx, house.conversation.id, expect=[Owner.BOT], to=Owner.CLOSED, now=NOW)
    assert house.ask() == ["stock.in_stock"]
    assert house.owner is Owner.BOT


@pytest.mark.parametrize(
    ("understood", "keys"),
    [
        (Thinking(confidence=0.9), ["stock.in_stock", "handoff.still_coming"]),
        (Thinking(confidence=0.3), ["handoff.noted"]),
        (Thinking(confidence=0.9, abstained=True), ["handoff.noted"]),
    ],
    ids=["sure", "unsure", "abstained"],
)
def test_while_waiting_only_a_sure_question_is_answered(
    store: ConversationStore, understood: Thinking, keys: list[str]
) -> None:
    house = House(store, always(PERSON))
    house.ask("a person please")
    house.mind.reply = lambda _: (OK,)
    house.mind.understood = understood
    assert house.ask("and this?") == keys
    assert house.owner is Owner.WAITING
    assert len(house.desk.opened) == 1


def test_small_talk_while_waiting_is_small_talk(store: ConversationStore) -> None:
    house = House(store, always(PERSON))
    house.ask("a person please")
    house.mind.reply = lambda _: (Answer(key="social.thank"),)
    assert house.ask("thanks") == ["social.thank"]
    assert house.owner is Owner.WAITING


@pytest.mark.parametrize(
    ("understood", "keys"),
    [
        (Thinking(confidence=0.9), ["stock.in_stock", "handoff.late"]),
        (Thinking(confidence=0.3), ["handoff.late"]),
    ],
    ids=["sure", "unsure"],
)
def test_a_time_gone_by_is_not_named_again(
    store: ConversationStore, understood: Thinking, keys: list[str]
) -> None:
    house = House(store, always(PERSON))
    house.ask("a person please")
    house.desk.late = True
    house.mind.reply = lambda _: (OK,)
    house.mind.understood = understood
    assert house.ask("and this?") == keys


def test_what_the_guard_refuses_is_not_said(store: ConversationStore) -> None:
    house = House(store, always(OK), PlainSayer(refuse=("stock.in_stock",)))
    assert house.ask() == ["system.withheld"]
    assert house.owner is Owner.WAITING
    assert store.messages(house.conversation.id)[-1].guard == {"reply_key": "stock.in_stock"}


def test_a_language_that_was_asked_for_is_spoken_at_once(store: ConversationStore) -> None:
    switched = Answer(key="social.language_switched", facts=(Fact("switched_to", "zh", "language"),))
    house = House(store, always(switched))
    house.ask()
    assert store.messages(house.conversation.id)[-1].language == "zh"
    conversation = store.get(house.conversation.id)
    assert (conversation.language, conversation.language_chosen) == ("zh", True)


def test_five_quick_messages_are_answered_in_order_and_once(store: ConversationStore) -> None:
    house = House(store, always(OK))
    runner = Runner(store=store, turns=house.turns, clock=lambda: NOW, sweep_seconds=0.05)
    runner.start(alone=True)
    ready = threading.Barrier(5)

    def send(i: int) -> None:
        ready.wait()
        said(store, house.conversation, f"m{i}")
        runner.wake(house.conversation.id)

    threads = [threading.Thread(target=send, args=(i,)) for i in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    runner.stop()
    runner_left = store.unanswered(now=NOW)
    messages = store.messages(house.conversation.id, after=1)
    asked = [m.seq for m in messages if m.kind is Kind.TEXT and m.reply_key is None]
    answered = [m.answers for m in messages if m.reply_key]
    assert runner_left == []
    assert answered == asked
    assert house.mind.heard == [m.text for m in messages if m.reply_key is None]
