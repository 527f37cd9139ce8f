"""What the guard refuses, what it lets pass, and how fast it is."""

from __future__ import annotations

import time
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.answer import Fact, Money
from tests.wording.books import BERLIN, LANGUAGES, check, guard, phrasebook, word

ROWS: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("overpromising.yml").read_text("utf-8"))
DUE = Fact("due_at", datetime(2026, 11, 24, 9, 30, tzinfo=timezone.utc), "instant")


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in ROWS.items() for text in texts]
)
def test_a_promise_without_a_fact_is_refused(language: str, text: str) -> None:
    verdict = check(text, [], language)
    assert not verdict.ok
    assert all(finding.kind and finding.text for finding in verdict.findings)


PLAIN = {
    "en": [
        "It usually takes that long, but it is not guaranteed.",
        "We cannot guarantee that.",
        "May I ask which size you wear? The sun may bleach the colour.",
        "Please have a photo and the order number at hand, as soon as you can.",
        "One parcel left, the other two are still with us.",
    ],
    "de": [
        "Guten Morgen. Das ist üblich, aber nicht garantiert.",
        "Guten Tag. So viel zur Gewährleistung und zur Garantie des Herstellers.",
        "Sobald das Paket da ist, sehen Sie es hier. Das kann ich nicht garantieren.",
        "Zwei Pakete sind unterwegs, so wie Sie es bestellt haben.",
    ],
    "es": [
        "Buenos días. Es lo habitual, pero no está garantizado.",
        "Dos paquetes van de camino. La garantía del fabricante es aparte.",
        "No podemos garantizar que llegue así. Escríbanos por la mañana si lo prefiere.",
    ],
    "zh": [
        "一般是这样，但不保证。",
        "请把照片和订单号准备好，我们无法保证。",
        "有两个包裹正在路上，不一定同时送到。",
    ],
}


@pytest.mark.parametrize(
    ("language", "text"), [(name, text) for name, texts in PLAIN.items() for text in texts]
)
def test_a_plain_sentence_passes(language: str, text: str) -> None:
    assert check(text, [], language).findings == ()


@pytest.mark.parametrize(
    ("text", "facts", "language", "ok"),
    [
        (
            "Usually 8–18 working days.",
            [("low", 8, "working_days"), ("high", 18, "working_days")],
            "en",
            True,
        ),
        (
            "Usually 8 to 18 working days.",
            [("low", 8, "working_days"), ("high", 18, "working_days")],
            "en",
            True,
        ),
        ("Usually 8–18 days.", [("low", 8, "working_days"), ("high", 18, "working_days")], "en", False),
        (
            "Usually 18–8 working days.",
            [("low", 8, "working_days"), ("high", 18, "working_days")],
            "en",
            False,
        ),
        (
            "Usually 8–19 working days.",
            [("low", 8, "working_days"), ("high", 18, "working_days")],
            "en",
            False,
        ),
        ("Meist 8–18 Arbeitstage.", [("low", 8, "working_days"), ("high", 18, "working_days")], "de", True),
        ("Meist 8–18 Stunden.", [("low", 8, "working_days"), ("high", 18, "working_days")], "de", False),
        ("一般需要8–18个工作日。", [("low", 8, "working_days"), ("high", 18, "working_days")], "zh", True),
        ("一般需要8–18天。", [("low", 8, "working_days"), ("high", 18, "working_days")], "zh", False),
        (
            "De 8 a 18 días laborables.",
            [("low", 8, "working_days"), ("high", 18, "working_days")],
            "es",
            True,
        ),
        ("De 8 a 18 horas.", [("low", 8, "working_days"), ("high", 18, "working_days")], "es", False),
        ("3 left.", [("left", 3, None)], "en", True),
        ("3 days left.", [("left", 3, None)], "en", False),
        ("3 thousand left.", [("left", 3, None)], "en", False),
        ("€3 left.", [("left", 3, None)], "en", False),
        ("3 % less.", [("left", 3, None)], "en", False),
        ("Only one working day left.", [("left", 1, "working_days")], "en", True),
        ("Only one day left.", [("left", 1, "working_days")], "en", False),
        ("Noch einen Arbeitstag.", [("left", 1, "working_days")], "de", True),
        ("The warranty is 24 months.", [("months", 24, None)], "en", True),
        ("The price is 19.", [("tax", Decimal("19"), "percent")], "en", False),
        ("Order LL-10423 is yours.", [("order", "LL-10423", None)], "en", True),
        ("Order LL-10423-7 is yours.", [("order", "LL-10423", None)], "en", False),
        ("Order LL-104235 is yours.", [("order", "LL-10423", None)], "en", False),
        ("Order XLL-10423 is yours.", [("order", "LL-10423", None)], "en", False),
        ("Size 38 fits most.", [("size", "38", None)], "en", True),
        ("Wait 38 days.", [("size", "38", None)], "en", False),
        ("-8 left.", [("left", 8, None)], "en", False),
        ("1.8 left.", [("left", 8, None)], "en", False),
        ("The 8th is fine.", [("left", 8, None)], "en", False),
        ("Seen at Sunday Creek Hub 7.", [("place", "Sunday Creek Hub 7", None)], "en", True),
    ],
)
def test_a_number_means_what_its_fact_means(
    text: str, facts: list[tuple[str, Any, Any]], language: str, ok: bool
) -> None:
    verdict = check(text, [Fact(*fact) for fact in facts], language)
    assert verdict.ok is ok, verdict


TAXES = [Fact("low", Decimal("17"), "percent"), Fact("high", Decimal("20"), "percent")]
PRICES = [Fact("one", Money(Decimal("50"), "USD")), Fact("other", Money(Decimal("20"), "USD"))]
JOINS = {
    "en": ("or", "to", "and"),
    "de": ("oder", "bis", "und"),
    "es": ("o", "a", "y"),
    "zh": ("或", "至", "到"),
}
ALTERNATIVES = [(language, join) for language, joins in JOINS.items() for join in (*joins, "–")]


@pytest.mark.parametrize("facts", [TAXES, PRICES])
@pytest.mark.parametrize(("language", "join"), ALTERNATIVES)
def test_two_facts_may_be_alternatives(facts: list[Fact], language: str, join: str) -> None:
    one, other = (word(fact, language) for fact in facts)
    for pair in ((one, other), (other, one)):
        assert check(f"ICMS: {pair[0]} {join} {pair[1]}.", facts, language).ok


@pytest.mark.parametrize(("language", "join"), ALTERNATIVES)
@pytest.mark.parametrize(
    "change", ["{one} {join} 25 %", "16 % {join} {other}", "{one} {join} {other}0", "{one} {join} 20"]
)
def test_an_alternative_that_is_no_fact_is_refused(language: str, join: str, change: str) -> None:
    one, other = (word(fact, language) for fact in TAXES)
    assert not check("ICMS: " + change.format(one=one, join=join, other=other) + ".", TAXES, language).ok


@pytest.mark.parametrize(
    ("language", "scale"), [("en", "thousand"), ("de", "tausend"), ("es", "mil"), ("zh", "万")]
)
def test_an_alternative_is_not_multiplied(language: str, scale: str) -> None:
    one, other = (word(fact, language) for fact in PRICES)
    for join in JOINS[language]:
        assert not check(f"ICMS: {one} {join} {other} {scale}.", PRICES, language).ok
        assert not check(f"ICMS: {one} {scale} {join} {other}.", PRICES, language).ok


@pytest.mark.parametrize("change", [" pm", " p.m.", " in the afternoon", ":15", "0"])
def test_a_time_that_goes_on_is_another_time(change: str) -> None:
    text = "They reply by " + word(DUE, "en", "clock") + change + "."
    assert not check(text, [DUE], "en").ok


def test_the_findings_say_what_was_found() -> None:
    text = "It arrives tomorrow at 10:45, on 24/12, costs €5 more, 7% off, in 3 days, guaranteed, Friday."
    kinds = {finding.kind for finding in check(text, [], "en").findings}
    assert {
        "relative day", "time", "date", "amount", "percentage", "duration", "guarantee", "weekday",
    } <= kinds  # fmt: skip


def test_an_unknown_language_is_a_sentence() -> None:
    with pytest.raises(LookupError, match="no language 'xx'"):
        check("Hello.", [], "xx")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guard_knows_the_words_that_the_phrasebook_counts_with(language: str) -> None:
    lexicon, style = guard()._lexicons[language], phrasebook().words[language].style
    for unit in ("working_days", "days", "hours", "minutes"):
        for value in (0, 1, 2, 5, 21, 100):
            match = lexicon.unit_after.match(style.counted(unit, value).lower(), len(str(value)))
            assert match is not None, (unit, value)
            assert match.lastgroup == unit


def test_it_reads_a_text_of_300_characters_in_half_a_millisecond() -> None:
    facts = tuple(
        [
            DUE,
            Fact(
                "placed_at",
                datetime(2026, 11, 20, 8, 0, tzinfo=timezone.utc),
                "instant",
                as_of=date(2026, 11, 24),
            ),
        ]
        + [Fact(f"n{i}", i + 3, "working_days") for i in range(4)]
        + [Fact(f"m{i}", Money(Decimal(i * 7), "EUR")) for i in range(4)]
        + [Fact("order", "LL-10423"), Fact("country", "DE", "country"), Fact("tax", Decimal(19), "percent")]
    )
    for language in LANGUAGES:
        text = (word(DUE, language) + ". " + phrasebook().ui("social", language)["social.out_of_scope"] * 3)[
            :300
        ]
        check(text, facts, language)
        best = min(_seconds(text, list(facts), language) for _ in range(20))
        # a quarter of a millisecond or so; the bound leaves room for a busy machine
        assert best < 0.0015, (language, best)


def _seconds(text: str, facts: list[Fact], language: str) -> float:
    started = time.perf_counter()
    guard().check(text, facts=facts, language=language, timezone=BERLIN)
    return time.perf_counter() - started
