"""The desk inside real turns: what the customer reads is the row that the alarm reads."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Callable
from zoneinfo import ZoneInfo

import pytest

from bot.answer import Answer
from bot.conversations.model import Kind, Message, Owner, Sender
from bot.conversations.store import ConversationStore
from bot.conversations.turn import Turns
from bot.desk.handoffs import Handoffs
from bot.desk.model import PromiseState
from tests.conversations.fakes import ScriptedMind, Thinking
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


class Strict:
    """Words answers as they are worded, and holds back one that nothing backs."""

    languages = SAYING.languages
    say = staticmethod(SAYING.say)

    @staticmethod
    def refusal(answer: Answer, rendered: Any, **options: Any) -> Any:
        return {"reply_key": answer.key} if answer.key == "order.ask" else None


class Listening(ScriptedMind):
    """Lets something happen while it tries to understand."""

    meanwhile: Callable[[], None] = staticmethod(lambda: None)

    def understand(self, text: str, **options: Any) -> Thinking:
        self.meanwhile()
        return super().understand(text, **options)


def think(text: str) -> tuple[Answer, ...]:
    """An intent with a "!" before it is handed over; "?" is what the guard holds back."""
    if text.startswith("!"):
        return tuple(TOPICS.hand_over(intent) for intent in text[1:].split())
    return (Answer(key="order.ask" if text == "?" else "system.empty"),)


@pytest.fixture
def mind() -> Listening:
    return Listening(think)


@pytest.fixture
def say(store: ConversationStore, handoffs: Handoffs, clock: Clock, case: str, mind: Listening) -> Say:
    """Say something as the customer; returns the last message after it."""
    turns = Turns(
        store=store,
        mind=mind,
        desk=handoffs,
        sayer=Strict(),
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


def test_several_wishes_of_one_message_name_one_time(
    say: Say, handoffs: Handoffs, store: ConversationStore, case: str
) -> None:
    last = say("!refund_status safety_incident")
    (promise,) = handoffs.thread(case).promises
    first = store.messages(case)[-2]
    assert (first.reply_key, last.reply_key) == ("handoff.refund_status", "handoff.safety_incident")
    assert first.promise == last.promise
    assert last.promise is not None
    assert last.promise["id"] == promise.id
    assert promise.text == first.text
    assert promise.priority == "urgent"


def test_what_is_held_back_promises_no_time_gone_by(
    say: Say, handoffs: Handoffs, clock: Clock, case: str
) -> None:
    say("!complaint")
    clock.forward(hours=12)
    said = say("?")
    new = handoffs.thread(case).promises[-1]
    assert said.reply_key == "system.withheld"
    assert f"{new.due_at.astimezone(BERLIN):%H:%M}" in said.text
    assert (new.text, new.due_at > clock.now) == (said.text, True)


def test_a_message_that_meets_a_handback_is_not_just_noted(
    say: Say, handoffs: Handoffs, clock: Clock, case: str, mind: Listening
) -> None:
    say("!complaint")
    mind.understood = Thinking(confidence=0.1)

    def hand_back() -> None:
        handoffs.handback(case, agent=MEI, now=clock.now)

    mind.meanwhile = hand_back
    said = say("und noch etwas")
    assert (said.sender, said.reply_key) == (Sender.BOT, "system.empty")
