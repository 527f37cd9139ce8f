"""The question for an order: what fills it, what interrupts it, and that nobody is trapped in it."""

from __future__ import annotations

import itertools
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Iterator, Mapping

import pytest

from bot import wiring
from bot.engine.engine import Engine
from bot.engine.mind import RasaMind
from bot.settings import Settings

NUMBER, EMAIL = "LL-10407", "tom.becker@example.net"
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=timezone.utc)
names = (f"c{n}" for n in itertools.count())


class Chat:
    """A customer who talks to the mind; the memory goes along as the transcript would carry it."""

    def __init__(self, mind: RasaMind) -> None:
        self._mind = mind
        self._name = next(names)
        self._seq = 0
        self.memory: Mapping[str, Any] = {}

    def say(self, text: str) -> list[str]:
        """Say something; the keys of what is answered."""
        self._seq += 2
        context = {
            "conversation": self._name,
            "seq": self._seq,
            "shop": "demo",
            "language": "en",
            "timezone": "UTC",
            "at": NOW.isoformat(),
            "address": self._name,
        }
        understood = self._mind.understand(text, context=context, memory=self.memory, timeout=10)
        thought = self._mind.respond(
            text, understood=understood, context=context, memory=self.memory, timeout=10
        )
        self.memory = thought.memory
        return [answer.key for answer in thought.answers]


@pytest.fixture(scope="module")
def mind(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RasaMind]:
    wiring.use(Settings(var=tmp_path_factory.mktemp("var"), clock=NOW))
    wiring.prepare()
    engine = Engine(model=model)
    engine.load()
    engine.start()
    yield RasaMind(engine)
    engine.stop()
    wiring.use(Settings())


@pytest.fixture
def chat(mind: RasaMind) -> Chat:
    return Chat(mind)


@pytest.mark.parametrize(
    "said",
    [
        [f"where is my order {NUMBER}, {EMAIL}"],
        ["where is my order", NUMBER, EMAIL],
        ["where is my order", EMAIL, NUMBER],
        ["where is my order", f"it is {NUMBER.lower()} and the mail is {EMAIL.upper()}"],
        ["where is my order", NUMBER, "wrong@example.org", EMAIL],
        ["where is my order", f"LL-10499 {EMAIL}", NUMBER],
        ["where is my order", "hello", "ok", "10407", EMAIL],
        ["where is my order", "do you ship to austria?", NUMBER, EMAIL],
        ["where is my order", "tell me a joke", "is it in stock in blue?", EMAIL, NUMBER],
        [NUMBER, EMAIL],
        ["wo ist mein Paket?", f"Die Nummer ist {NUMBER}", f"meine E-Mail lautet {EMAIL}"],
        ["我的快递到哪了", f"订单号{NUMBER}", f"邮箱{EMAIL}"],
    ],
)
def test_number_and_address_tell_the_order_whatever_comes_between(chat: Chat, said: list[str]) -> None:
    for text in said[:-1]:
        assert not any(key.startswith("order.status") for key in chat.say(text))
    assert chat.say(said[-1]) == ["order.status.label_created"]
    assert "loop" not in chat.memory


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("i want to speak to a human", "handoff.promised"),
        ("cancel my order please", "handoff.order_cancel"),
        ("tell me a joke", "social.out_of_scope"),
        ("xqzzv ghrrk", "social."),
        ("no", "social.deny"),
        ("my battery is smoking", "handoff.safety_incident"),
        ("i want to talk to a human, write to anna@example.net", "handoff.promised"),
        ("a person please, it is about LL-10423", "handoff.promised"),
        ("cancel order LL-10423 please, anna@example.net", "handoff.order_cancel"),
        ("my parcel LL-10423 arrived broken, anna@example.net", "handoff.damaged_or_wrong_item"),
    ],
)
def test_what_ends_with_a_person_or_a_question_of_ours_stands_last(
    chat: Chat, text: str, starts: str
) -> None:
    assert chat.say("where is my order") == ["order.ask"]
    keys = chat.say(text)
    assert len(keys) == 1
    assert keys[0].startswith(starts)


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("do you ship to austria?", "delivery."),
        ("how long does delivery take to france", "delivery."),
        ("do i have to pay customs duty in the uk", "duty."),
        ("are you a robot?", "social.bot_challenge"),
    ],
)
def test_another_question_is_answered_and_then_the_form_asks_again(
    chat: Chat, text: str, starts: str
) -> None:
    assert chat.say("where is my order") == ["order.ask"]
    first, back = chat.say(text)
    assert first.startswith(starts)
    assert back == "order.back"
    chat.say(NUMBER)
    assert chat.say(text)[-1] == "order.back_email"


@pytest.mark.parametrize("text", ["ok", "hello", "where is my parcel then"])
def test_who_is_still_there_is_asked_again(chat: Chat, text: str) -> None:
    chat.say("where is my order")
    assert chat.say(text) == ["order.ask"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("where is RR123456784CN", "order.check_tracking"),
        ("where is RR123456785CN", "order.ask"),
        ("1Z999AA10123456785", "order.check_tracking"),
        ("1Z999AA10123456784", "order.ask"),
    ],
)
def test_a_slip_in_a_tracking_number_is_said_and_never_that_it_does_not_exist(
    chat: Chat, text: str, key: str
) -> None:
    assert chat.say(text) == [key]


def test_who_gave_the_address_is_asked_for_the_number_only(chat: Chat) -> None:
    assert chat.say(f"where is my order? My e-mail is {EMAIL}") == ["order.ask_number"]
    assert chat.say(NUMBER) == ["order.status.label_created"]


def test_a_person_closes_the_question(chat: Chat) -> None:
    chat.say("where is my order")
    chat.say("let me talk to a human please")
    assert "loop" not in chat.memory


def test_five_wrong_pairs_end_with_a_person(chat: Chat) -> None:
    chat.say(f"where is my order {NUMBER}")
    keys = [chat.say(f"guess{n}@example.org")[-1] for n in range(6)]
    assert keys == ["order.wrong"] * 4 + ["order.refused"] * 2
