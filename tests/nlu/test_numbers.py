"""Entities that are numbers, over whole messages and as single rules."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date
from typing import Any

import pytest
import yaml

from bot.nlu.check_digits import check_digit_holds
from bot.nlu.references import References
from bot.settings import ROOT

TODAY = date(2026, 11, 24)
KINDS = (
    "order_number",
    "tracking_number",
    "email",
    "amount",
    "measurement",
    "size",
    "size_system",
    "quantity",
)
LANGUAGES = ("en", "zh", "es", "pt", "fr", "de", "it", "ru", "ar", "ja")
LEAST_F1 = 0.97
# A quiet machine needs a fifth of this for two pages.
LONGEST_SECONDS = 0.25


def messages(language: str) -> list[dict[str, Any]]:
    path = ROOT / "tests" / "nlu" / "entities" / f"{language}.yml"
    found: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["messages"]
    return found


def found_in(finder: References, text: str, kinds: tuple[str, ...] = KINDS) -> list[tuple[str, str, str]]:
    spans = finder.find(text, today=TODAY)
    return [(s.entity, text[s.start : s.end], s.value) for s in spans if s.entity in kinds]


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_are_read_as_they_are_meant(finder: References, language: str) -> None:
    right, found, meant, misread = 0, 0, 0, []
    for message in messages(language):
        got = Counter(row[:2] for row in found_in(finder, message["text"]))
        want = Counter((row["entity"], row["text"]) for row in message["entities"])
        right, found, meant = right + (got & want).total(), found + got.total(), meant + want.total()
        if got != want:
            misread.append((message["text"], dict(want - got), dict(got - want)))
    assert 2 * right / (found + meant) >= LEAST_F1, misread


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_are_those_of_the_messages(finder: References, language: str) -> None:
    for message in messages(language):
        values = {row[:2]: row[2] for row in found_in(finder, message["text"])}
        for row in message["entities"]:
            key = (row["entity"], row["text"])
            if "value" in row and key in values:
                assert values[key] == row["value"], message["text"]


NUMBERS = [
    # orders
    ("order 104 is late", [("order_number", "104", "104")]),
    ("Rückgabe zu Bestellung 7-4419", [("order_number", "7-4419", "7-4419")]),
    ("Order 2025/00417 thanks", [("order_number", "2025/00417", "2025/00417")]),
    ("订单10428到哪了", [("order_number", "10428", "10428")]),
    ("注文番号10428の件", [("order_number", "10428", "10428")]),
    ("الطلب رقم ١٠٤٢٨", [("order_number", "١٠٤٢٨", "10428")]),
    ("заказ №10428", [("order_number", "10428", "10428")]),
    ("the helmet is made to EN 1078", []),
    ("since 1970", []),
    ("liefern Sie nach 6900 Bregenz", []),
    ("enviar a la calle Mayor 12, 28013 Madrid", []),
    # parcels
    (
        "tracking 1Z 5R8 939 035 7567 127",
        [("tracking_number", "1Z 5R8 939 035 7567 127", "1Z5R89390357567127")],
    ),
    ("трек lx123456785cn", [("tracking_number", "lx123456785cn", "LX123456785CN")]),
    ("送り状 1234-5678-9012", [("tracking_number", "1234-5678-9012", "1234-5678-9012")]),
    # telephones are none
    ("il mio cellulare è 333 1234567", []),
    ("mon portable 06 12 34 56 78", []),
    ("позвоните 8 912 345-67-89", []),
    ("携帯は09012345678です", []),
    ("meu whatsapp 11 91234 5678", []),
    ("جوالي 0501234567", []),
    # how many
    ("I want 2 not 15", [("quantity", "2", "2"), ("quantity", "15", "15")]),
    ("11 instead of 12", [("quantity", "11", "11"), ("quantity", "12", "12")]),
    ("only one came", [("quantity", "one", "1")]),
    ("yours is the only one", []),
    ("which one is the blue one", []),
    ("es kam nur eine", [("quantity", "eine", "1")]),
    ("so eine Sauerei, wie stelle ich das um", []),
    ("when is it due", []),
    ("sei un robot?", []),
    ("un sac à dos neuf", []),
    ("how 2 return", []),
    ("two of us waited 2 more weeks", []),
    ("it has a 3 pin plug and a two-year guarantee", []),
    ("买了三双鞋", [("quantity", "三", "3")]),
    ("等了三个月，有一个问题", []),
    ("皿を十二枚ください", [("quantity", "十二", "12")]),
    ("一つ質問があります", []),
    ("أريد حبتين", [("quantity", "حبتين", "2")]),
    ("нужно пять тарелок", [("quantity", "пять", "5")]),
    ("два дня жду ответа", []),
    ("2,000 phone stands", [("quantity", "2,000", "2000")]),
    ("5k pcs", [("quantity", "5k", "5000")]),
    ("X2 earbuds", []),
    ("you took 89 instead of 79", []),
    ("we have 220 here", []),
    ("the voucher of ten pounds", [("amount", "ten pounds", "10.00 GBP")]),
]


@pytest.mark.parametrize(("text", "found"), NUMBERS)
def test_numbers(finder: References, text: str, found: list[tuple[str, str, str]]) -> None:
    assert found_in(finder, text) == found


@pytest.mark.parametrize(
    ("number", "holds"),
    [
        ("RB123456785GB", True),
        ("rb 123 456 785 us", True),
        ("RB123456786US", False),
        ("AA473124829CN", True),
        ("1Z5R89390357567127", True),
        ("1Z5R89390357567128", False),
        ("986578788855", None),
        ("YT2229521272164446", None),
        ("", None),
    ],
)
def test_check_digits(number: str, holds: bool | None) -> None:
    assert check_digit_holds(number) is holds


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "12 ",
        "1.",
        "1,",
        "(1",
        "x2 ",
        "two ",
        "EUR 1",
        "size ",
        "38/",
        "1-",
        "a@",
        "M ",
        "两个",
        "1Z",
        "+1 ",
        "no. 5 ",
    ],
)
def test_no_text_is_slow(finder: References, piece: str) -> None:
    text = piece * (4000 // len(piece))
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        finder.find(text)
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < LONGEST_SECONDS
