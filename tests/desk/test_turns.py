"""The desk inside real turns: what the customer reads is the row that the alarm reads."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Callable
from zoneinfo import ZoneInfo

import pytest

from bot.answer import Answer
from bot.conversations.model import Kind, Message, Owner, Sender
from bot.conversations.store import ConversationStore
from bot.conversations.turn import Turns
from bot.desk.handoffs import Handoffs
from bot.desk.model import PromiseState
from tests.conversations.fakes import ScriptedMind
from tests.desk.conftest import MEI, Clock, conversation
from tests.desk.test_words import SAYING, TOPICS

BERLIN = ZoneInfo("Europe/Berlin")
Say = Callable[[str], Message]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def case(store: ConversationStore) -> str:
    return conversation(store, said="Hallo").id


@pytest.fixture
def say(store: ConversationStore, handoffs: Handoffs, clock: Clock, case: str) -> Say:
    """Say something as the customer; an intent with a "!" before it is handed over."""

    def think(text: str) -> tuple[Answer, ...]:
        if text.startswith("!"):
            return (TOPICS.hand_over(text[1:]),)
        return (Answer(key="system.empty"),)

    turns = Turns(
        store=store,
        mind=ScriptedMind(think),
        desk=handoffs,
        sayer=SAYING,
        clock=clock,
        changed=lambda _: None,
        seconds=4,
        sure=0.5,
        text_chars=2000,
    )
    turns.answer_all(case)

    def once(text: str) -> Message:
        sent = store.accept(case, client_id=text + str(clock.now), kind=Kind.TEXT, text=text, now=clock.now)
        turns.answer_all(case)
        return store.messages(case, after=sent.seq - 1)[-1]

    return once


def test_the_sentence_is_the_row(say: Say, handoffs: Handoffs, case: str) -> None:
    said = say("!damaged_or_wrong_item")
    (promise,) = handoffs.thread(case).promises
    assert promise.text == said.text
    assert said.language == promise.language
    assert promise.timezone == "Europe/Berlin"
    assert f"{promise.due_at.astimezone(BERLIN):%H:%M}" in said.text
    assert said.promise is not None
    assert said.promise["id"] == promise.id
    assert datetime.fromisoformat(said.promise["due_at"]) == promise.due_at


def test_what_stands_is_said_again_and_never_moves(
    say: Say, handoffs: Handoffs, clock: Clock, case: str
) -> None:
    first = say("!damaged_or_wrong_item")
    before = handoffs.thread(case).promises
    clock.forward(minutes=30)
    again = say("etwas anderes")
    assert again.reply_key == "handoff.still_coming"
    assert again.promise == first.promise
    assert say("!refund_status").promise == first.promise
    assert handoffs.thread(case).promises == before
    clock.forward(minutes=5)
    renewed = say("!safety_incident")
    assert renewed.promise is not None
    old, new = handoffs.thread(case).promises
    assert (old.state, old.due_at, old.text) == (PromiseState.RENEWED, before[0].due_at, first.text)
    assert (new.id, new.text, new.renews) == (renewed.promise["id"], renewed.text, old.id)
    assert new.due_at < old.due_at


def test_the_bot_is_silent_with_a_person_and_speaks_again_after(
    say: Say, handoffs: Handoffs, store: ConversationStore, clock: Clock, case: str
) -> None:
    say("!complaint")
    handoffs.reply(case, agent=MEI, text="Ich sehe nach.", client_id="r", now=clock.forward(hours=1))
    assert say("Danke").sender is Sender.CUSTOMER
    handoffs.handback(case, agent=MEI, now=clock.forward(minutes=1))
    after = say("Noch eine Frage")
    assert (after.sender, after.reply_key) == (Sender.BOT, "system.empty")
    assert store.get(case).owner is Owner.BOT
    second = say("!warranty").promise
    thread = handoffs.thread(case)
    assert second is not None
    assert [handoff.topic for handoff in thread.handoffs] == ["complaint", "warranty"]
    assert second["id"] == thread.promises[1].id != thread.promises[0].id


def test_a_second_wish_after_the_time_has_passed_gets_a_new_time(
    say: Say, handoffs: Handoffs, clock: Clock, case: str
) -> None:
    say("!complaint")
    clock.forward(hours=12)
    say("!human_handoff")
    old, new = handoffs.thread(case).promises
    assert old.due_at <= clock.now < new.due_at
    assert old.state is PromiseState.RENEWED
    assert new.made_at - old.made_at == timedelta(hours=12)
