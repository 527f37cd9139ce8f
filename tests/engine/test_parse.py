"""What the real model makes of texts, in four languages."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bot.engine.loading import parse
from bot.nlu.understanding import Understanding

SAID = [
    ("en", "where is my order", "shipping_status"),
    ("en", "tracking hasnt moved in 5 days", "shipping_status"),
    ("en", "do you ship to canada", "shipping_options"),
    ("en", "how long does delivery take to france", "delivery_time"),
    ("en", "will i have to pay customs", "customs_duty"),
    ("en", "which size should i take", "size_question"),
    ("en", "is the blue one in stock in M", "stock_question"),
    ("en", "i want to cancel my order", "order_cancel"),
    ("en", "can i talk to a human", "human_handoff"),
    ("en", "are you a robot", "bot_challenge"),
    ("en", "it arrived broken", "damaged_or_wrong_item"),
    ("en", "how can i return this", "return_request"),
    ("en", "my battery is smoking", "safety_incident"),
    ("en", "thank you so much", "thank"),
    ("en", "what is the capital of france", "out_of_scope"),
    ("de", "wo ist meine bestellung", "shipping_status"),
    ("de", "wie lange dauert die lieferung", "delivery_time"),
    ("de", "ich möchte mit einem menschen sprechen", "human_handoff"),
    ("de", "fallen zollgebühren an", "customs_duty"),
    ("de", "welche größe brauche ich", "size_question"),
    ("de", "ich will das zurückschicken", "return_request"),
    ("de", "guten abend", "greet"),
    ("es", "¿dónde está mi pedido?", "shipping_status"),
    ("es", "¿cuánto tarda el envío?", "delivery_time"),
    ("es", "quiero hablar con una persona", "human_handoff"),
    ("es", "¿qué talla me queda?", "size_question"),
    ("es", "quiero devolver el producto", "return_request"),
    ("es", "llegó roto", "damaged_or_wrong_item"),
    ("es", "¿hay la azul en talla M?", "stock_question"),
    ("es", "gracias", "thank"),
    ("zh", "我的快递到哪了", "shipping_status"),
    ("zh", "多久能到", "delivery_time"),
    ("zh", "转人工", "human_handoff"),
    ("zh", "要交关税吗", "customs_duty"),
    ("zh", "我要退货", "return_request"),
    ("zh", "收到的东西坏了", "damaged_or_wrong_item"),
    ("zh", "你好", "greet"),
]


@pytest.mark.parametrize(("language", "text", "intent"), SAID)
def test_plain_ways_are_understood(agent: Any, language: str, text: str, intent: str) -> None:
    understood = Understanding.from_rasa(parse(agent, text, {}), text)
    assert (understood.language, understood.intent, understood.abstained) == (language, intent, False)


@pytest.mark.parametrize(
    ("text", "known", "language"),
    [
        ("where is my order", {"language_chosen": "de"}, "de"),
        ("我要退货", {"language_so_far": "en"}, "zh"),
        ("支援line pay嗎", {}, "zh"),
        ("どこですか", {"language_so_far": "en"}, "ja"),
        ("где мой заказ", {"locale": "de-DE"}, "ru"),
        ("ok", {"language_so_far": "de"}, "de"),
        ("cancel order", {"language_so_far": "es"}, "es"),
        ("hola", {"language_so_far": "de"}, "de"),
        ("dónde está mi pedido", {"language_so_far": "de"}, "es"),
        ("hola", {"locale": "en-GB"}, "es"),
        ("ok", {"locale": "de-DE"}, "de"),
        ("10423", {"locale": "es-MX"}, "es"),
        ("10423", {}, "en"),
        ("anna@example.org", {"locale": "zh-CN"}, "zh"),
        ("bonjour, je voudrais un remboursement", {}, "fr"),
        ("where is my order", {"locale": "zh-CN"}, "en"),
        ("wo ist mein paket", {"locale": "en-US"}, "de"),
        ("cancel my order", {}, "en"),
    ],
)
def test_language_is_decided_in_the_order_of_trust(
    agent: Any, text: str, known: dict[str, str], language: str
) -> None:
    assert parse(agent, text, known)["language"] == language


@pytest.mark.parametrize(
    "text",
    [
        '/human_handoff{"order_number": "LL-1"}',
        "/order_cancel",
        "  /safety_incident",
        "//complaint",
        "/restart",
        '/ /greet{"x": "y"}',
    ],
)
def test_nobody_names_an_intent_by_typing_it(agent: Any, text: str) -> None:
    parsed = parse(agent, text, {})
    assert parsed["text"] == text
    assert parsed["intent"]["name"] in ("out_of_scope", "shipping_status")
    assert parsed["intent"]["confidence"] < 1.0


def test_a_slash_in_front_is_no_part_of_a_question(agent: Any) -> None:
    parsed = parse(agent, "/ where is LL-10423", {})
    assert parsed["intent"]["name"] == "shipping_status"
    order = next(e for e in parsed["entities"] if e["entity"] == "order_number")
    assert "/ where is LL-10423"[order["start"] : order["end"]] == "LL-10423"


@pytest.mark.parametrize(
    "text", ["LL-10423", "#10423", "anna@example.org", "10423 anna@example.org", "ll10423."]
)
def test_a_bare_reference_asks_for_the_order(agent: Any, text: str) -> None:
    assert parse(agent, text, {})["intent"]["name"] == "shipping_status"


@pytest.mark.parametrize(
    ("text", "intent", "also"),
    [
        ("hi, where is my order?", "shipping_status", None),
        ("Where is my order? And do you ship to Canada?", "shipping_status", "shipping_options"),
        ("wo ist mein paket? kann ich noch die adresse ändern?", "shipping_status", "address_change"),
        ("¿dónde está mi pedido? quiero hablar con una persona.", "shipping_status", "human_handoff"),
    ],
)
def test_the_second_question_is_kept(agent: Any, text: str, intent: str, also: str | None) -> None:
    understood = Understanding.from_rasa(parse(agent, text, {}), text)
    assert (understood.intent, understood.also) == (intent, also)


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "🙏🙏", "?", "\ud800", "x" * 10_000, "0" * 5000, "a\u0301" * 3000]
)
def test_odd_texts_are_parsed_all_the_same(agent: Any, text: str) -> None:
    understood = Understanding.from_rasa(parse(agent, text, {}), text)
    assert understood.text == text
    assert understood.intent


@pytest.mark.parametrize("piece", ["🙏", "!", "x", "我", "us 8 ", "waar is het ", "a@b.co ", "ß"])
def test_no_text_takes_long(agent: Any, piece: str) -> None:
    started = time.process_time()
    parse(agent, piece * (2000 // len(piece)), {})
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize("text", ["xqzzv ghrrk", "qwop blorf", "asdf qwer zxcv"])
def test_what_is_no_word_at_all_is_not_for_us(agent: Any, text: str) -> None:
    assert parse(agent, text, {})["intent"]["name"] == "out_of_scope"


def test_days_are_the_customers_own(agent: Any) -> None:
    known = {"at": "2026-11-24T22:30:00+00:00", "timezone": "Asia/Shanghai"}
    parsed = parse(agent, "i ordered yesterday", known)
    assert [e["value"] for e in parsed["entities"] if e["entity"] == "date"] == ["2026-11-24"]
