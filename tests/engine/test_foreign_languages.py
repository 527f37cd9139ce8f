"""Conversations in languages that nobody taught the assistant, through the real model."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Iterator

import pytest

from bot import wiring
from bot.commands.talking import Talk, Visitor, talk
from bot.conversations.model import Message, Owner
from bot.settings import Settings

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=timezone.utc)
OFFER, AGAIN = "handoff.offer_language", "handoff.offer"
LINES = {
    "tr": ("merhaba, siparişim ne zaman gelecek", "lütfen bana yardım eder misiniz"),
    "pl": ("dzień dobry, kiedy przyjdzie moja paczka", "proszę mi pomóc z tym zamówieniem"),
    "ko": ("주문한 거 언제 와요", "환불해 주세요"),
    "hi": ("मेरा ऑर्डर कब आएगा", "मुझे पैसे वापस चाहिए"),
}


class Customer:
    """A visitor of a storefront, who types and taps."""

    def __init__(self, house: Talk, locale: str) -> None:
        self._house = house
        visitor = Visitor(shop="demo", locale=locale, timezone="UTC", country="TR")
        self.id = house.start(visitor)[0].id

    def say(self, text: str) -> list[Message]:
        return list(self._house.say(self.id, text=text)[1])

    def tap(self, message: Message, intent: str) -> list[Message]:
        button = next(c for c in message.choices if c["intent"] == intent)
        return list(self._house.say(self.id, choice=str(button["id"]))[1])

    def is_owned_by(self, owner: Owner) -> bool:
        """Who holds the pen."""
        return self._house.state(self.id).owner is owner


def _keys(replies: list[Message]) -> list[str]:
    return [reply.reply_key or "" for reply in replies]


@pytest.fixture(scope="module")
def house(model: Path) -> Iterator[Talk]:
    with talk(at=NOW) as house:
        yield house
    wiring.use(Settings())


@pytest.mark.parametrize("language", LINES)
def test_an_english_storefront_says_it_once_in_english(house: Talk, language: str) -> None:
    first, second = LINES[language]
    customer = Customer(house, "en-GB")
    replies = customer.say(first)
    assert _keys(replies) == [OFFER]
    assert replies[0].language == "en"
    for words in ("English, German, Spanish and Chinese", "Talk to a person", "will reply here by"):
        assert words in replies[0].text
    assert [c["intent"] for c in replies[0].choices] == ["human_handoff"]
    assert customer.is_owned_by(Owner.BOT)
    assert _keys(customer.say(second)) == [AGAIN]


@pytest.mark.parametrize("language", LINES)
def test_a_german_storefront_says_it_in_german_and_english(house: Talk, language: str) -> None:
    first, second = LINES[language]
    customer = Customer(house, "de-DE")
    replies = customer.say(first)
    assert [(r.reply_key, r.language) for r in replies] == [(OFFER, "de"), (OFFER, "en")]
    assert "Mit einem Menschen sprechen" in replies[0].text
    assert "Talk to a person" in replies[1].text
    assert [(r.reply_key, r.language) for r in customer.say(second)] == [(AGAIN, "de")]


@pytest.mark.parametrize(
    ("locale", "words"),
    [("es-ES", "inglés, alemán, español y chino"), ("zh-CN", "英语、德语、西班牙语和中文")],
)
def test_other_storefronts_name_the_languages_too(house: Talk, locale: str, words: str) -> None:
    replies = Customer(house, locale).say(LINES["tr"][0])
    assert [r.language for r in replies] == [locale[:2], "en"]
    assert words in replies[0].text


def test_the_button_makes_the_promise_and_more_is_added_to_it(house: Talk) -> None:
    customer = Customer(house, "de-DE")
    offered = customer.say(LINES["pl"][0])
    promised = customer.tap(offered[-1], "human_handoff")
    assert customer.is_owned_by(Owner.WAITING)
    assert promised[0].promise is not None
    assert _keys(customer.say(LINES["pl"][1])) == ["handoff.noted"]


def test_what_follows_in_a_language_that_it_has_is_answered(house: Talk) -> None:
    customer = Customer(house, "en-GB")
    assert _keys(customer.say(LINES["tr"][0])) == [OFFER]
    assert _keys(customer.say("do you ship to Canada?")) == ["delivery.options"]


def test_a_german_who_was_answered_goes_on_in_german(house: Talk) -> None:
    customer = Customer(house, "de-DE")
    customer.say("Liefern Sie nach Frankreich?")
    assert OFFER not in _keys(customer.say("teşekkürler"))
    assert _keys(customer.say("und nach Spanien?")) == ["delivery.options_free"]


def test_an_order_number_is_taken_whatever_stands_around_it(house: Talk) -> None:
    customer = Customer(house, "en-GB")
    customer.say("where is my order?")
    replies = customer.say("sipariş numaram LL-10407 e-posta adresim tom.becker@example.net")
    assert _keys(replies) == ["order.status.label_created"]


@pytest.mark.parametrize(
    ("text", "language"),
    [("Vous livrez au Canada ?", "fr"), ("Spedite in Canada?", "it"), ("Вы доставляете в Канаду?", "ru")],
)
def test_a_language_that_is_understood_is_answered_in_the_storefront_s(
    house: Talk, text: str, language: str
) -> None:
    replies = Customer(house, "de-DE").say(text)
    assert [r.language for r in replies] == ["de"]
    assert replies[0].reply_key == "delivery.options"
