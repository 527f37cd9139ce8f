"""What a message is taken for after what was said: rules on words and entities, with no model behind them."""

from __future__ import annotations

from typing import Any, Mapping, Optional, Sequence

import pytest

from bot.answer import Answer, Choice, Fact, HandoffRequest
from bot.engine.following_words import FollowingWords
from bot.engine.sense import MOST_TURNS, Reading, Sense
from bot.nlu.references import References
from bot.settings import ROOT

REFERENCES = References.load(ROOT / "data" / "lookups")
WORDS = FollowingWords.load(ROOT / "data" / "lookups" / "following.yml")
NAMES = ("Marlow", "rain jacket", "boots", "Jacke", "夹克")


def named(shop: str, text: str) -> Sequence[str]:
    return [name for name in NAMES if name in text]


ANSWERED = Answer(key="delivery.range")
SENSE = Sense(WORDS, named=named, sure=0.55, ask_first=0.4)


def parsed(text: str, intent: str = "out_of_scope", confidence: float = 0.1) -> dict[str, Any]:
    spans = REFERENCES.find(text)
    return {
        "text": text,
        "intent": {"name": intent, "confidence": confidence},
        "entities": [{"entity": s.entity, "start": s.start, "end": s.end, "value": s.value} for s in spans],
    }


def after(
    text: str, intent: str, memory: Optional[Mapping[str, Any]] = None, answer: Answer = ANSWERED
) -> dict[str, Any]:
    """The memory after a message that was answered."""
    return SENSE.remember(memory or {}, {}, parsed=parsed(text, intent, 0.9), answers=(answer,))


def read(text: str, memory: Mapping[str, Any], intent: str = "out_of_scope", sure: float = 0.1) -> Reading:
    return SENSE.read(text, parsed(text, intent, sure), memory=memory, shop="demo")


STOCK = ("do you have it in green", "stock_question")
DUTY = ("duty on 100 euros to Brazil", "customs_duty")
ORDER = ("where is my order 10407", "shipping_status")


@pytest.mark.parametrize(
    ("before", "text", "in_full"),
    [
        (STOCK, "and in blue?", "do you have it in blue"),
        (STOCK, "no, I meant blue", "do you have it in blue"),
        (STOCK, "size M", "do you have it in green M"),
        (STOCK, "and for my son?", "do you have it in green my son"),
        (("for my wife in M?", "stock_question"), "and for my daughter?", "for my daughter in M?"),
        (("Gibt es das für Damen?", "stock_question"), "und für Herren?", "Gibt es das für Herren?"),
        (("有女款吗", "stock_question"), "男款呢", "有男款吗"),
        (STOCK, "ok, and in blue", "do you have it in blue"),
        (("¿la tienen en verde?", "stock_question"), "no, quise decir azul", "¿la tienen en azul?"),
        (("Gibt es das in Grün?", "stock_question"), "und in Rot", "Gibt es das in Rot?"),
        (("绿色有货吗", "stock_question"), "红色的呢", "红色有货吗"),
        (DUTY, "for Germany?", "duty on 100 euros to Germany"),
        (DUTY, "and for 50 euros?", "duty on 50 euros to Brazil"),
        (DUTY, "sorry, Canada not USA", "duty on 100 euros to Canada"),
        (("is it there in S?", "stock_question"), "not L, M", "is it there in M?"),
        (DUTY, "not Canada, Chile", "duty on 100 euros to Chile"),
        (("Zoll nach Brasilien?", "customs_duty"), "nicht Chile sondern Peru", "Zoll nach Peru?"),
        (("寄到巴西多少钱", "shipping_options"), "不是智利,是秘鲁", "寄到秘鲁多少钱"),
        (("¿envían a Chile?", "shipping_options"), "y a Perú", "¿envían a Perú?"),
        (("vous livrez en France ?", "shipping_options"), "et en Italie ?", "vous livrez en Italie ?"),
        (("spedite in Italia?", "shipping_options"), "e in Francia?", "spedite in Francia?"),
        (("enviam para o Chile?", "shipping_options"), "e para o Peru?", "enviam para o Peru?"),
        (("доставка в Чили?", "shipping_options"), "а в Перу?", "доставка в Перу?"),
        (("イタリアに送れますか", "shipping_options"), "フランスは?", "フランスに送れますか"),
        (ORDER, "and 10431?", "where is my order 10431"),
        (ORDER, "no, 10428", "where is my order 10428"),
        (("我的订单10407到哪了", "shipping_status"), "不是,是10428", "我的订单10428到哪了"),
        (("Wo ist Bestellung 10407?", "shipping_status"), "nein, 10431", "Wo ist Bestellung 10431?"),
        (("which size if I wear US 8?", "size_question"), "and 9?", "which size if I wear US 9?"),
        (("how much is it in M?", "price_discount"), "and in XL?", "how much is it in XL?"),
    ],
)
def test_the_question_goes_on_with_the_new_thing(before: tuple[str, str], text: str, in_full: str) -> None:
    found = read(text, after(*before))
    assert (found.follows, found.intent, found.text) == (True, before[1], in_full)


@pytest.mark.parametrize(
    ("before", "text", "intent", "sure"),
    [
        (STOCK, "do you ship to Spain?", "shipping_options", 0.9),
        (STOCK, "and do you ship to Spain by express?", "shipping_options", 0.9),
        (STOCK, "for Brazil?", "shipping_options", 0.3),
        (DUTY, "do you have it in blue?", "stock_question", 0.9),
        (("which size for me?", "size_question"), "do you have boots in 38?", "stock_question", 0.9),
        (STOCK, "thanks", "thank", 0.9),
        (STOCK, "no", "deny", 0.9),
        (STOCK, "what about the other one?", "deny", 0.6),
        (ORDER, "I want to cancel 10407", "order_cancel", 0.9),
        (("hello", "greet"), "and in blue?", "stock_question", 0.9),
    ],
)
def test_what_stands_for_itself_is_left_alone(
    before: tuple[str, str], text: str, intent: str, sure: float
) -> None:
    found = read(text, after(*before), intent, sure)
    assert (found.follows, found.intent, found.text) == (False, intent, text)


def test_the_latest_question_that_takes_the_thing_goes_on() -> None:
    memory = after(*STOCK)
    memory = after(*DUTY, memory=memory)
    assert read("and in blue?", memory).intent == "stock_question"
    assert read("and Chile?", memory).intent == "customs_duty"


@pytest.mark.parametrize(("between", "follows"), [(MOST_TURNS, True), (MOST_TURNS + 1, False)])
def test_a_question_is_forgotten_after_some_messages(between: int, follows: bool) -> None:
    memory = after(*STOCK)
    for _ in range(between):
        memory = after("thanks", "thank", memory)
    assert read("and in blue?", memory).follows is follows


@pytest.mark.parametrize(
    ("before", "text", "intent", "in_full"),
    [
        (STOCK, "when will it arrive?", "delivery_time", "when will it arrive?"),
        (STOCK, "什么时候能到?", "delivery_time", "什么时候能到?"),
        (DUTY, "wann kommt es an?", "delivery_time", "wann kommt es an? Brazil"),
        (ORDER, "¿cuándo llega?", "shipping_status", "¿cuándo llega?"),
        (ORDER, "什么时候能到?", "shipping_status", "什么时候能到?"),
    ],
)
def test_when_it_comes_is_about_what_was_spoken_of(
    before: tuple[str, str], text: str, intent: str, in_full: str
) -> None:
    found = read(text, after(*before), "stock_question", 0.3)
    assert (found.intent, found.text) == (intent, in_full)


def test_delivery_and_duty_share_their_country() -> None:
    found = read("how long does delivery take", after(*DUTY), "delivery_time", 0.9)
    assert (found.follows, found.text) == (False, "how long does delivery take Brazil")


def test_another_product_keeps_the_colour_and_not_the_size() -> None:
    memory = after("Marlow in green M", "stock_question")
    found = read("and the boots?", memory)
    assert (found.intent, found.text) == ("stock_question", "and the boots? green")


def test_the_other_one_is_the_product_before() -> None:
    def about(product: str, memory: Mapping[str, Any]) -> dict[str, Any]:
        now = {"slots": {"product_seen": product}}
        return SENSE.remember(
            memory, now, parsed=parsed(*STOCK, 0.9), answers=(Answer(key="stock.in.plain"),)
        )

    memory = about("boots", about("jacket", {}))
    assert read("what about the other one?", memory, "deny", 0.6).product == "jacket"
    assert read("und der andere?", memory).product == "jacket"
    assert read("另一个呢", memory).product == "jacket"


def test_the_other_of_two_that_were_offered() -> None:
    two = tuple(Choice("stock.choice.product", "stock_question", {"product": p}) for p in ("a", "b"))
    memory = after(*STOCK, answer=Answer(key="stock.which_of", choices=two))
    now = {"slots": {"product_seen": "b"}}
    memory = SENSE.remember(memory, now, parsed=parsed(*STOCK, 0.9), answers=(Answer(key="stock.in.plain"),))
    assert read("and the other one?", memory).product == "a"


def test_a_detail_more_for_a_person_is_known_as_such() -> None:
    handed = Answer(key="handoff.order_cancel", handoff=HandoffRequest(reason="topic"))
    found = read("10428", after("cancel my order", "order_cancel", answer=handed), "shipping_status", 0.9)
    assert (found.intent, found.handed) == ("order_cancel", True)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("where do I find the order number?", "where_number"),
        ("wo steht die Bestellnummer?", "where_number"),
        ("¿dónde encuentro el número de pedido?", "where_number"),
        ("订单号在哪里看", "where_number"),
        ("I don't have the number", "where_number"),
        ("die Bestellnummer habe ich nicht", "where_number"),
        ("no tengo el número de pedido", "where_number"),
        ("我忘了订单号", "where_number"),
        ("my order number is 10407, where is it?", ""),
        ("need help", "help"),
        ("hi, can you help me please?", "help"),
        ("Hallo, ich habe eine Frage", "help"),
        ("hola, necesito ayuda por favor", "help"),
        ("你好,有个问题", "help"),
        ("can you help me with my parcel", ""),
        ("Hilfe, der Akku raucht", ""),
    ],
)
def test_two_questions_have_no_intent_of_their_own(text: str, asks: str) -> None:
    assert read(text, {}).asks == asks


@pytest.mark.parametrize(
    ("text", "intent", "sure", "doubtful"),
    [
        ("thx", "thank", 0.9, False),
        ("thx", "thank", 0.2, True),
        ("uh 10407", "affirm", 0.9, True),
        ("a joke", "out_of_scope", 0.9, False),
        ("hm", "out_of_scope", 0.2, True),
        ("10407 hm", "out_of_scope", 0.9, True),
        ("do you ship?", "shipping_options", 0.2, False),
    ],
)
def test_small_talk_is_asked_about_when_it_may_be_none(
    text: str, intent: str, sure: float, doubtful: bool
) -> None:
    message = parsed(text, intent, sure)
    reading = SENSE.read(text, message, memory={}, shop="demo")
    assert SENSE.is_doubtful(reading, message, {}) is doubtful
    assert not SENSE.is_doubtful(reading, message, {"loop": "order_form"})


def test_not_being_understood_is_counted_in_a_row() -> None:
    def counted(memory: Mapping[str, Any], key: str) -> dict[str, Any]:
        answers = (Answer(key=key, facts=(Fact("x", "y"),)),)
        return SENSE.remember(memory, {"slots": {}}, parsed=parsed("hm"), answers=answers)

    memory = counted(counted({}, "social.unsure"), "social.unsure_about.order")
    assert memory["slots"] == {"not_understood": 2}
    assert "slots" not in counted(memory, "delivery.range")


def test_each_question_of_the_file_is_an_intent() -> None:
    domain = (ROOT / "domain.yml").read_text(encoding="utf-8")
    names = {*WORDS.takes, *WORDS.same_country, *WORDS.before_order, *WORDS.small_talk}
    assert [name for name in sorted(names) if f"  - {name}\n" not in domain] == []
