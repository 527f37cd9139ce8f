"""Whole conversations in which a message goes on with what was said before, through the real model."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Callable, Iterator, Sequence

import pytest

from bot import wiring
from bot.commands.talking import Talk, Visitor, talk
from bot.conversations.model import Message, Owner
from bot.settings import Settings

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=timezone.utc)
COUNTRIES = {"en": "GB", "zh": "CN", "es": "ES", "de": "DE", "fr": "FR", "it": "IT", "pt": "BR", "ja": "JP"}
EMAIL = "tom.becker@example.net"
# What is typed, the keys of the replies, words that are in the last of them.
Turn = tuple[str, Sequence[str], str]


class Customer:
    """A visitor who types and taps."""

    def __init__(self, house: Talk, language: str) -> None:
        self._house = house
        self.id = house.start(
            Visitor(shop="demo", locale=language, timezone="UTC", country=COUNTRIES[language])
        )[0].id
        self.replies: list[Message] = []

    def say(self, text: str) -> list[str]:
        """Type something; the keys of the replies."""
        self.replies = self._house.say(self.id, text=text)[1]
        return [reply.reply_key or "" for reply in self.replies]

    def tap(self, intent: str) -> list[str]:
        """Choose the button with this meaning; the keys of the replies."""
        button = next(c for r in self.replies for c in r.choices if c["intent"] == intent)
        self.replies = self._house.say(self.id, choice=str(button["id"]))[1]
        return [reply.reply_key or "" for reply in self.replies]

    @property
    def text(self) -> str:
        return self.replies[-1].text

    @property
    def buttons(self) -> list[str]:
        return [choice["label"] for choice in self.replies[-1].choices]

    def is_owned_by(self, owner: Owner) -> bool:
        """Who holds the pen."""
        return self._house.state(self.id).owner is owner


@pytest.fixture(scope="module")
def house(model: Path) -> Iterator[Talk]:
    with talk(at=NOW) as house:
        yield house
    wiring.use(Settings())


@pytest.fixture
def customer(house: Talk) -> Callable[[str], Customer]:
    return lambda language: Customer(house, language)


def play(customer: Customer, turns: Sequence[Turn]) -> None:
    for text, keys, words in turns:
        assert customer.say(text) == list(keys), f"{text} -> {customer.text}"
        assert words in customer.text


GOES_ON: Sequence[tuple[str, Sequence[Turn]]] = [
    # stock
    (
        "en",
        [
            ("Do you have the Marlow rain jacket in green?", ["stock.colour.some"], "green"),
            ("and in M?", ["stock.in.both"], "green, size M"),
            ("and in blue?", ["stock.in.both"], "blue, size M"),
            ("and the Moorgate boots?", ["stock.not_made.colour"], "Moorgate"),
            ("what about the other one?", ["stock.colour.some"], "Marlow rain jacket in blue"),
        ],
    ),
    (
        "de",
        [
            ("Gibt es die Regenjacke Marlow in Grün?", ["stock.colour.some"], "Grün"),
            ("und in Rot?", ["stock.not_made.colour"], "Rot"),
            ("und in Blau, Größe M?", ["stock.in.both"], "Blau, Größe M"),
        ],
    ),
    (
        "es",
        [
            ("¿Tienen el chubasquero Marlow en verde?", ["stock.colour.some"], "verde"),
            ("¿y en la M?", ["stock.in.both"], "verde, talla M"),
            ("¿y en azul?", ["stock.in.both"], "azul, talla M"),
        ],
    ),
    (
        "zh",
        [
            ("马洛防雨夹克有货吗", ["stock.broad.both"], "马洛"),
            ("和红色的呢", ["stock.not_made.colour"], "红色"),
            ("那蓝色M码呢", ["stock.in.both"], "蓝色，M 码"),
        ],
    ),
    (
        "fr",
        [
            ("avez-vous la veste Marlow en vert ?", ["stock.colour.some"], "green"),
            ("et en bleu ?", ["stock.colour.some"], "blue"),
        ],
    ),
    # size
    (
        "en",
        [
            ("Which size of the Marlow rain jacket for bust 92 cm?", ["size.product.match"], "size M"),
            ("and for 100 cm?", ["size.product.match"], "size L"),
        ],
    ),
    (
        "de",
        [
            (
                "Welche Größe brauche ich bei der Regenjacke Marlow mit Brustumfang 92 cm?",
                ["size.product.match"],
                "M",
            ),
            ("und mit 100 cm?", ["size.product.match"], "100 cm"),
        ],
    ),
    (
        "es",
        [
            (
                "¿Qué talla necesito del chubasquero Marlow con pecho 92 cm?",
                ["size.product.match"],
                "M",
            ),
            ("¿y con 100 cm?", ["size.product.match"], "100 cm"),
        ],
    ),
    (
        "zh",
        [
            ("马洛防雨夹克胸围92cm穿什么码", ["size.product.match"], "M 码"),
            ("那100cm呢", ["size.product.match"], "L 码"),
        ],
    ),
    # where to, how and how long
    (
        "en",
        [
            ("do you ship to Canada?", ["delivery.options"], "Canada"),
            ("and to Brazil?", ["delivery.options"], "Brazil"),
            ("how long does delivery take?", ["delivery.range_peak"], "Brazil"),
            ("and France?", ["delivery.range_peak"], "France"),
        ],
    ),
    (
        "es",
        [
            ("¿envían a Alemania?", ["delivery.options_free"], "Alemania"),
            ("¿y a Chile?", ["delivery.not_there"], "Chile"),
            ("¿cuánto tarda el envío a Francia?", ["delivery.range_peak"], "Francia"),
            ("¿y a Alemania?", ["delivery.range_peak"], "Alemania"),
        ],
    ),
    (
        "de",
        [
            ("Liefern Sie nach Frankreich?", ["delivery.options_free"], "Frankreich"),
            ("und nach Spanien?", ["delivery.options_free"], "Spanien"),
            ("Wie lange dauert die Lieferung nach Österreich?", ["delivery.range_peak"], "Österreich"),
            ("und nach Spanien?", ["delivery.range_peak"], "Spanien"),
        ],
    ),
    (
        "zh",
        [
            ("你们寄到西班牙吗", ["delivery.options_free"], "西班牙"),
            ("德国呢", ["delivery.options_free"], "德国"),
            ("寄到法国要多久", ["delivery.range_peak"], "法国"),
            ("那西班牙呢", ["delivery.range_peak"], "西班牙"),
        ],
    ),
    # duty, with the amount that was said
    (
        "en",
        [
            ("How much customs duty for a parcel of 100 euros to Germany?", ["duty.worth.flat"], "Germany"),
            ("for France?", ["duty.worth.flat"], "€100.00"),
        ],
    ),
    (
        "de",
        [
            ("Wie viel Zoll zahle ich in Deutschland?", ["duty.rule.flat"], "Deutschland"),
            ("und in Österreich?", ["duty.rule.flat"], "Österreich"),
        ],
    ),
    (
        "es",
        [
            ("¿Cuánto pago de aduana en España?", ["duty.rule.flat"], "España"),
            ("¿y en Francia?", ["duty.rule.flat"], "Francia"),
        ],
    ),
    ("zh", [("寄到德国要交关税吗", ["duty.rule.flat"], "德国"), ("那法国呢", ["duty.rule.flat"], "法国")]),
    # an order
    (
        "en",
        [
            (f"where is my order LL-10499? {EMAIL}", ["order.wrong"], ""),
            ("and 10407?", ["order.status.label_created"], "LL-10407"),
        ],
    ),
    (
        "de",
        [
            (f"Wo ist meine Bestellung LL-10407? {EMAIL}", ["order.status.label_created"], "LL-10407"),
            ("und 10499?", ["order.wrong"], ""),
        ],
    ),
    (
        "zh",
        [
            (f"我的订单LL-10499到哪了 {EMAIL}", ["order.wrong"], ""),
            ("那10407呢", ["order.status.label_created"], "10407"),
        ],
    ),
    # when it comes
    (
        "en",
        [
            ("Do you have the Marlow rain jacket in green?", ["stock.colour.some"], "green"),
            ("when will it arrive?", ["delivery.range_peak"], "United Kingdom"),
            ("for Brazil?", ["delivery.range_peak"], "Brazil"),
            ("and in blue?", ["stock.colour.some"], "blue"),
        ],
    ),
    (
        "zh",
        [
            ("马洛防雨夹克有货吗", ["stock.broad.both"], "马洛"),
            ("什么时候能到?", ["delivery.which_country"], ""),
            ("德国", ["delivery.range_peak"], "德国"),
        ],
    ),
    (
        "es",
        [
            ("¿Tienen el chubasquero Marlow en verde?", ["stock.colour.some"], "verde"),
            ("¿cuándo llega?", ["delivery.range_peak"], "España"),
        ],
    ),
    (
        "de",
        [
            (f"Wo ist meine Bestellung LL-10407? {EMAIL}", ["order.status.label_created"], "LL-10407"),
            ("Wann kommt es an?", ["order.status.label_created"], "LL-10407"),
        ],
    ),
    (
        "en",
        [
            ("Is the Marlow rain jacket in stock?", ["stock.broad.both"], "Marlow"),
            ("and for my son?", ["stock.adults.instead"], "Marlow"),
        ],
    ),
    # a new question in full wins
    (
        "en",
        [
            ("Do you have the Marlow rain jacket in green?", ["stock.colour.some"], "green"),
            ("How much customs duty do I pay in France?", ["duty.rule.flat"], "France"),
            ("Do you have the Moorgate hiking boots?", ["stock.broad.both"], "Moorgate"),
        ],
    ),
]


@pytest.mark.parametrize(("language", "turns"), GOES_ON, ids=[f"{la}: {t[-1][0]}" for la, t in GOES_ON])
def test_a_follow_up_continues_the_topic(
    customer: Callable[[str], Customer], language: str, turns: Sequence[Turn]
) -> None:
    play(customer(language), turns)


@pytest.mark.parametrize(
    ("language", "first", "then"),
    [
        ("en", "I'd like to cancel my order", "LL-10428"),
        ("de", "Ich möchte meine Bestellung stornieren", "LL-10428"),
        ("es", "Quiero cancelar mi pedido", "es el LL-10428"),
        ("zh", "我要取消订单", "订单号LL-10428"),
        ("en", "my battery is smoking", "it is order LL-10407"),
        ("en", "my discount code does not work", "and on the Moorgate boots?"),
        ("de", "Bekomme ich Rabatt auf die Regenjacke Marlow?", "und auf die Stiefel?"),
    ],
)
def test_a_detail_for_the_person_who_was_asked_is_added_to_the_case(
    customer: Callable[[str], Customer], language: str, first: str, then: str
) -> None:
    someone = customer(language)
    assert someone.say(first)[0].startswith("handoff.")
    assert someone.say(then) == ["handoff.noted"]


PUTS_RIGHT: Sequence[tuple[str, Sequence[Turn]]] = [
    (
        "en",
        [
            ("where is my order LL-10499", ["order.ask_email"], ""),
            ("no, 10407", ["order.ask_email"], ""),
            (EMAIL, ["order.status.label_created"], "LL-10407"),
        ],
    ),
    (
        "zh",
        [
            ("我的订单LL-10499在哪", ["order.ask_email"], ""),
            ("不是,是10407", ["order.ask_email"], ""),
            (EMAIL, ["order.status.label_created"], "LL-10407"),
        ],
    ),
    (
        "de",
        [
            (f"Wo ist meine Bestellung LL-10499? {EMAIL}", ["order.wrong"], ""),
            ("nein, 10407", ["order.status.label_created"], "LL-10407"),
        ],
    ),
    (
        "es",
        [
            (f"¿dónde está mi pedido LL-10499? {EMAIL}", ["order.wrong"], ""),
            ("perdón, 10407", ["order.status.label_created"], "LL-10407"),
        ],
    ),
    # the e-mail in the form
    (
        "en",
        [
            ("where is my order LL-10407", ["order.ask_email"], ""),
            ("tom@example.org", ["order.wrong"], ""),
            (f"sorry, {EMAIL}", ["order.status.label_created"], ""),
        ],
    ),
    (
        "de",
        [
            ("Wo ist meine Bestellung LL-10407?", ["order.ask_email"], ""),
            ("tom@example.org", ["order.wrong"], ""),
            (f"Entschuldigung, ich meinte {EMAIL}", ["order.status.label_created"], ""),
        ],
    ),
    (
        "zh",
        [
            ("我的订单LL-10407在哪", ["order.ask_email"], ""),
            ("tom@example.org", ["order.wrong"], ""),
            (f"写错了,应该是{EMAIL}", ["order.status.label_created"], ""),
        ],
    ),
    (
        "es",
        [
            ("¿dónde está mi pedido LL-10407?", ["order.ask_email"], ""),
            ("tom@example.org", ["order.wrong"], ""),
            (f"perdón, quise decir {EMAIL}", ["order.status.label_created"], ""),
        ],
    ),
    # a size, a colour
    (
        "en",
        [
            ("Do you have the Marlow rain jacket in green, size L?", ["stock.out.other_both"], "L"),
            ("I meant M", ["stock.in.both"], "green, size M"),
        ],
    ),
    (
        "de",
        [
            ("Gibt es die Regenjacke Marlow in Grün, Größe S?", ["stock.in.both"], "S"),
            ("nein, ich meinte M", ["stock.in.both"], "Grün, Größe M"),
        ],
    ),
    (
        "es",
        [
            ("¿Tienen el chubasquero Marlow en verde, talla M?", ["stock.in.both"], "verde"),
            ("no, quise decir azul", ["stock.in.both"], "azul, talla M"),
        ],
    ),
    (
        "zh",
        [
            ("马洛防雨夹克绿色M码有货吗", ["stock.in.both"], "绿色，M 码"),
            ("不对,我说的是蓝色", ["stock.in.both"], "蓝色，M 码"),
        ],
    ),
    # a country, and the one that is not meant
    (
        "en",
        [
            ("do you ship to the USA?", ["delivery.options_free"], "United States"),
            ("sorry, Canada not USA", ["delivery.options"], "Canada"),
        ],
    ),
    (
        "de",
        [
            ("Liefern Sie nach Spanien?", ["delivery.options_free"], "Spanien"),
            ("nicht Spanien, sondern Frankreich", ["delivery.options_free"], "Frankreich"),
        ],
    ),
    (
        "es",
        [
            ("¿envían a Alemania?", ["delivery.options_free"], "Alemania"),
            ("perdón, no Alemania, Francia", ["delivery.options_free"], "Francia"),
        ],
    ),
    (
        "zh",
        [
            ("你们寄到西班牙吗", ["delivery.options_free"], "西班牙"),
            ("不是西班牙,是法国", ["delivery.options_free"], "法国"),
        ],
    ),
]


@pytest.mark.parametrize(("language", "turns"), PUTS_RIGHT, ids=[f"{la}: {t[-1][0]}" for la, t in PUTS_RIGHT])
def test_a_correction_replaces_the_value(
    customer: Callable[[str], Customer], language: str, turns: Sequence[Turn]
) -> None:
    play(customer(language), turns)


@pytest.mark.parametrize(
    ("language", "first", "where", "other", "number"),
    [
        (
            "en",
            "where is my order",
            "where do I find the order number?",
            "do you also ship to Spain?",
            "10407",
        ),
        (
            "de",
            "Wo ist meine Bestellung?",
            "Wo finde ich die Bestellnummer?",
            "Liefern Sie auch nach Spanien?",
            "10407",
        ),
        (
            "es",
            "¿dónde está mi pedido?",
            "¿dónde encuentro el número de pedido?",
            "¿envían también a Francia?",
            "10407",
        ),
        ("zh", "我的订单在哪", "订单号在哪里看", "你们寄到西班牙吗", "10407"),
    ],
)
def test_a_question_in_a_form_is_answered_and_the_form_asks_again(
    customer: Callable[[str], Customer], language: str, first: str, where: str, other: str, number: str
) -> None:
    someone = customer(language)
    assert someone.say(first) == ["order.ask"]
    assert someone.say(where) == ["order.where_number"]
    assert someone.say(other) == ["delivery.options_free", "order.back"]
    assert someone.say(number) == ["order.ask_email"]
    assert someone.say(other) == ["delivery.options_free", "order.back_email"]
    assert someone.say(EMAIL) == ["order.status.label_created"]


def test_a_form_waits_while_the_answer_itself_asks(customer: Callable[[str], Customer]) -> None:
    someone = customer("zh")  # the shop sends from China: where to has to be asked
    someone.say("我的订单在哪")
    assert someone.say("运费多少") == ["delivery.which_country"]
    assert someone.tap("shipping_options") == ["delivery.options_free", "order.back"]


NONSENSE = {
    "en": ("asdf qwer zxcv", "qqq www eee", "How long does delivery take to Spain?"),
    "de": ("hmpf tja also nun", "blub bla blub", "Wie lange dauert die Lieferung nach Spanien?"),
    "es": ("qwerty zxcvb", "asdf jkl ñ", "¿cuánto tarda el envío a Francia?"),
    "zh": ("哇哦哇哦", "咕噜咕噜", "寄到法国要多久"),
}


@pytest.mark.parametrize("language", list(NONSENSE))
def test_the_second_time_in_a_row_a_person_is_offered_with_a_time(
    customer: Callable[[str], Customer], language: str
) -> None:
    one, two, _ = NONSENSE[language]
    someone = customer(language)
    assert someone.say(one)[0].startswith("social.")
    assert someone.say(two) == ["handoff.offer"]
    assert "06:15" in someone.text
    assert someone.replies[-1].promise is None
    assert someone.is_owned_by(Owner.BOT)
    assert someone.tap("human_handoff") == ["handoff.promised"]
    assert "06:15" in someone.text
    assert someone.is_owned_by(Owner.WAITING)


@pytest.mark.parametrize("language", list(NONSENSE))
def test_being_understood_in_between_begins_the_count_anew(
    customer: Callable[[str], Customer], language: str
) -> None:
    one, two, understood = NONSENSE[language]
    someone = customer(language)
    someone.say(one)
    assert someone.say(understood) == ["delivery.range_peak"]
    assert someone.say(two)[0].startswith("social.")
    assert someone.say(one) == ["handoff.offer"]


@pytest.mark.parametrize(
    ("language", "text", "words", "button"),
    [
        ("en", "10407 hmm", "10407", "Where is my order?"),
        ("de", "10407 hm tja", "10407", "Wo ist meine Bestellung?"),
        ("es", "ay 10407", "10407", "¿Dónde está mi pedido?"),
        ("zh", "嗯嗯 10407 啊", "10407", "我的订单到哪里了？"),
    ],
)
def test_unsure_names_what_it_understood_and_the_button_needs_no_number_again(
    customer: Callable[[str], Customer], language: str, text: str, words: str, button: str
) -> None:
    someone = customer(language)
    assert someone.say(text) == ["social.unsure_about.order"]
    assert words in someone.text
    assert 2 <= len(someone.buttons) <= 3
    assert button in someone.buttons
    assert someone.tap("shipping_status") == ["order.ask_email"]
    assert someone.say(EMAIL) == ["order.status.label_created"]


@pytest.mark.parametrize(
    ("language", "label", "said"),
    [
        ("en", "Is it in stock?", "Marlow thing blue M dunno"),
        ("de", "Ist das auf Lager?", "Marlow in Blau M hm"),
        ("es", "¿Hay existencias?", "Marlow azul M no sé"),
        ("zh", "有现货吗？", "马洛 蓝色 M码 嗯"),
    ],
)
def test_a_button_answers_with_the_product_colour_and_size_that_were_said(
    house: Talk, language: str, label: str, said: str
) -> None:
    context = {"conversation": "c", "seq": 4, "shop": "demo", "language": language, "at": NOW.isoformat()}
    mind = wiring.mind()
    chosen = mind.chosen(label, intent="stock_question", entities={"said": said}, context=context)
    thought = mind.respond(label, understood=chosen, context=context, memory={}, timeout=10)
    assert [answer.key for answer in thought.answers] == ["stock.in.both"]
    facts = {fact.name: fact.value for fact in thought.answers[0].facts}
    assert (facts["colour"], facts["size"]) == ("blue", "M")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "need help"),
        ("de", "Hallo, ich habe eine Frage"),
        ("es", "hola, necesito ayuda"),
        ("zh", "你好,有个问题"),
    ],
)
def test_who_wants_help_is_asked_with_what(
    customer: Callable[[str], Customer], language: str, text: str
) -> None:
    someone = customer(language)
    assert someone.say(text) == ["social.help"]
    assert len(someone.buttons) == 3
