"""How answers become words, in four languages."""

from __future__ import annotations

import time
from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, Optional

import pytest
import yaml

from bot.answer import Answer, Choice, Fact, Money
from bot.phrasebook import Phrasebook
from bot.settings import ROOT
from tests.wording.books import BERLIN, LANGUAGES, NOW, phrasebook, word

DUE = Fact("due_at", datetime(2026, 11, 24, 9, 30, tzinfo=timezone.utc), "instant", as_of=NOW)
NARROW = str.maketrans({"\u00a0": " ", "\u202f": " "})


@pytest.mark.parametrize(
    ("fact", "part", "words"),
    [
        (
            DUE,
            None,
            {
                "en": "Tue 24 Nov, 10:30 your time",
                "de": "Dienstag, 24. November, 10:30 Uhr Ihrer Zeit",
                "es": "martes 24 de noviembre a las 10:30, hora de su zona",
                "zh": "您当地时间11月24日（周二）10:30",
            },
        ),
        (
            DUE,
            "short",
            {
                "en": "Tue 24 Nov, 10:30",
                "de": "Di. 24. Nov., 10:30 Uhr",
                "es": "mar 24 nov, 10:30",
                "zh": "11月24日 周二 10:30",
            },
        ),
        (DUE, "day", {"en": "Tue 24 Nov", "de": "Dienstag, 24. November", "es": "martes 24 de noviembre"}),
        (DUE, "time", {"en": "10:30 your time", "de": "10:30 Uhr Ihrer Zeit", "zh": "您当地时间10:30"}),
        (DUE, "clock", {"en": "10:30", "de": "10:30"}),
        (DUE, "zone", {"en": "Germany, UTC+1", "de": "Deutschland, UTC+1", "zh": "德国，UTC+1"}),
        (DUE, "as_of", {"en": "Tue 24 Nov, 03:00 your time"}),
        (
            Fact("since", date(2021, 7, 1)),
            None,
            {"en": "1 July 2021", "es": "1 de julio de 2021", "zh": "2021年7月1日"},
        ),
        (Fact("until", date(2027, 1, 4)), None, {"en": "Mon 4 Jan", "de": "Montag, 4. Januar"}),
        (
            Fact("p", Money(Decimal("1234.5"), "EUR")),
            None,
            {"en": "€1,234.50", "de": "1.234,50 €", "es": "1.234,50 €", "zh": "€1,234.50"},
        ),
        (Fact("t", Decimal("19"), "percent"), None, {"en": "19%", "de": "19 %", "es": "19 %", "zh": "19%"}),
        (Fact("t", Decimal("8.875"), "percent"), None, {"en": "8.875%", "de": "8,875 %"}),
        (Fact("d", 8, "working_days"), None, {"en": "8", "de": "8", "zh": "8"}),
        (
            Fact("d", 8, "working_days"),
            "unit",
            {"en": "8 working days", "de": "8 Arbeitstage", "zh": "8 个工作日"},
        ),
        (
            Fact("d", 1, "working_days"),
            "unit",
            {"en": "1 working day", "es": "1 día laborable", "de": "1 Arbeitstag"},
        ),
        (Fact("f", Decimal("24.5"), "cm"), None, {"en": "24.5 cm", "de": "24,5 cm", "zh": "24.5 厘米"}),
        (Fact("n", 12345), None, {"en": "12,345", "de": "12.345"}),
        (
            Fact("c", "US", "country"),
            None,
            {"en": "United States", "de": "USA", "es": "Estados Unidos", "zh": "美国"},
        ),
        (Fact("c", "CH", "country"), "to", {"en": "to Switzerland", "de": "in die Schweiz", "es": "a Suiza"}),
        (Fact("c", "NL", "country"), "in", {"en": "in the Netherlands", "de": "in den Niederlanden"}),
        (Fact("c", ("DE", "FR"), "country"), None, {"en": "Germany and France", "zh": "德国和法国"}),
        (Fact("l", "de", "language"), None, {"en": "German", "es": "alemán", "zh": "德语", "de": "Deutsch"}),
        (
            Fact("i", ("S", "M", "L"), "list"),
            None,
            {"en": "S, M and L", "de": "S, M und L", "es": "S, M y L", "zh": "S、M和L"},
        ),
        (Fact("i", ("agua", "hielo"), "list"), None, {"es": "agua y hielo"}),
        (Fact("i", ("padre", "hijo"), "list"), None, {"es": "padre e hijo"}),
        (Fact("colour_2", "blue", "term"), None, {"en": "blue", "es": "azul"}),
        (Fact("order", "LL-10423"), None, {"en": "LL-10423", "zh": "LL-10423"}),
    ],
)
def test_a_fact_in_words(fact: Fact, part: Optional[str], words: dict[str, str]) -> None:
    for language, expected in words.items():
        assert word(fact, language, part).translate(NARROW) == expected, language


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("UTC", "Tue 24 Nov, 09:30 UTC"),
        ("America/Los_Angeles", "Tue 24 Nov, 01:30 your time"),
        ("Pacific/Kiritimati", "Tue 24 Nov, 23:30 your time"),
        ("Asia/Kolkata", "Tue 24 Nov, 15:00 your time"),
    ],
)
def test_a_time_is_the_customers_and_utc_when_their_zone_is_not_known(zone: str, words: str) -> None:
    assert word(DUE, "en", zone=zone) == words


def test_the_zone_names_the_city_where_a_country_has_several() -> None:
    assert word(DUE, "en", "zone", zone="America/New_York") == "New York, UTC−5"
    assert word(DUE, "en", "zone", zone="Asia/Kolkata") == "India, UTC+5:30"
    assert word(DUE, "en", "zone", zone="UTC") == "UTC"


# -- a small book, written for the test --------------------------------------------------


def book(tmp_path: Path, **texts: dict[str, Any]) -> Phrasebook:
    for language, replies in texts.items():
        for key, value in replies.items():
            path = tmp_path / "replies" / language / f"{key.split('.')[0]}.yml"
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8") as file:
                yaml.safe_dump({key: value}, file, allow_unicode=True)
    if not (tmp_path / "wording").exists():
        (tmp_path / "wording").symlink_to(ROOT / "data" / "wording")
    return Phrasebook.load(tmp_path / "replies")


def test_a_reply_a_card_and_buttons(tmp_path: Path) -> None:
    small = book(
        tmp_path,
        en={
            "demo.said": "It costs {price} in {colour}.",
            "demo.title": "Order {order}",
            "choice.it": "The {colour} one",
            "term.colour.blue": "blue",
        },
    )
    answer = Answer(
        "demo.said",
        (Fact("price", Money(Decimal("5"), "EUR")), Fact("colour", "blue", "term"), Fact("order", "A1")),
        card={
            "kind": "cost",
            "title": {"reply": "demo.title"},
            "rows": [{"label": "x", "value": {"fact": "price"}}],
            "as_of": {"fact": "due_at:short"},
            "open": True,
        },
        choices=(
            Choice("choice.it", "stock_question", {"colour": "blue"}, (Fact("colour", "blue", "term"),)),
        ),
    ).with_facts(DUE)
    rendered = small.render(answer, language="en", timezone=BERLIN, now=NOW)
    assert rendered.text == "It costs €5.00 in blue."
    assert rendered.card == {
        "kind": "cost",
        "title": "Order A1",
        "rows": [{"label": "x", "value": "€5.00"}],
        "as_of": "Tue 24 Nov, 10:30",
        "open": True,
    }
    assert rendered.choices == (
        {"label": "The blue one", "intent": "stock_question", "entities": {"colour": "blue"}},
    )


def test_a_term_begins_a_sentence_with_a_capital(tmp_path: Path) -> None:
    small = book(
        tmp_path,
        en={
            "demo.a": "{measure} is missing. {measure} of {name}, {measure}?",
            "demo.label": "{measure}",
            "term.measure.foot": "foot length",
        },
    )
    facts = [Fact("measure", "foot", "term"), Fact("name", "mia")]
    said = small.text("demo.a", language="en", facts=facts, now=NOW)
    assert said == "Foot length is missing. Foot length of mia, foot length?"
    assert small.text("demo.label", language="en", facts=facts, now=NOW) == "foot length"


def test_variations_take_turns_and_plurals_count(tmp_path: Path) -> None:
    small = book(
        tmp_path,
        en={
            "demo.hi": ["Hello.", "Good day."],
            "demo.left": {"plural": "left", "one": "One left.", "other": "{left} left."},
        },
    )
    said = [small.text("demo.hi", language="en", now=NOW, variation=i) for i in range(3)]
    assert said == ["Hello.", "Good day.", "Hello."]
    for count, words in ((0, "0 left."), (1, "One left."), (2, "2 left.")):
        assert small.text("demo.left", language="en", facts=[Fact("left", count)], now=NOW) == words


@pytest.mark.parametrize(
    ("key", "language", "facts", "sentence"),
    [
        ("demo.none", "en", [], r"No reply 'demo\.none' in 'en'; add it to .*en/demo\.yml"),
        ("demo.one", "fr", [], r"No replies in 'fr'\. Known: en"),
        (
            "demo.one",
            "en",
            [Fact("other", 1)],
            r"demo\.yml:1\) asks for the fact 'left'; the answer has other",
        ),
        ("demo.part", "en", [Fact("left", 1)], r"has no part 'zone'"),
        ("demo.term", "en", [Fact("state", "x", "term")], r"No reply term\.state\.x in 'en'"),
        ("demo.counted", "en", [Fact("left", "x")], r"counts 'left', which is no number"),
    ],
)
def test_what_is_missing_is_named(
    tmp_path: Path, key: str, language: str, facts: list[Fact], sentence: str
) -> None:
    small = book(
        tmp_path,
        en={
            "demo.one": "{left} left.",
            "demo.part": "{left:zone}",
            "demo.term": "{state}",
            "demo.counted": {"plural": "left", "other": "{left} left."},
        },
    )
    with pytest.raises(LookupError, match=sentence):
        small.text(key, language=language, facts=facts, now=NOW)


def test_an_unknown_zone_is_a_sentence() -> None:
    with pytest.raises(LookupError, match="No time zone 'Mars/Olympus'"):
        word(DUE, "en", zone="Mars/Olympus")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("demo.a: Hello {name\n", r"demo\.yml:1: a brace"),
        ("demo.a: Hi.\ndemo.a: Ho.\n", r"demo\.yml:2: the reply demo\.a is also in .*demo\.yml:1"),
        ("demo.a: 5\n", r"neither a text"),
        ("demo.a: No\n", r"neither a text"),
        ("hello: Hi.\n", r"is no reply key"),
        ("demo.a: {plural: n, one: x}\n", r"neither a text"),
        ("demo.a: 'x\n", r"not readable as YAML"),
        ("- a\n", r"expected a map"),
    ],
)
def test_a_faulty_file_is_named_with_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    small = tmp_path / "replies" / "en"
    small.mkdir(parents=True)
    (small / "demo.yml").write_text(text, encoding="utf-8")
    (tmp_path / "wording").symlink_to(ROOT / "data" / "wording")
    with pytest.raises(ValueError, match=sentence):
        Phrasebook.load(tmp_path / "replies")


def test_a_key_in_two_files_names_both(tmp_path: Path) -> None:
    folder = tmp_path / "replies" / "en"
    folder.mkdir(parents=True)
    (folder / "a.yml").write_text("demo.a: x\n", encoding="utf-8")
    (folder / "b.yml").write_text("demo.a: y\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"b\.yml:1: the reply demo\.a is also in .*a\.yml:1"):
        Phrasebook.load(tmp_path / "replies")


# -- the real replies --------------------------------------------------------------------


def test_the_languages_begin_with_english() -> None:
    assert phrasebook().languages[0] == "en"
    assert set(LANGUAGES) <= set(phrasebook().languages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_of_pages_come_by_prefix(language: str) -> None:
    labels = phrasebook().ui("choice", language)
    assert len(labels) == 38
    assert all(key.startswith("choice.") and text for key, text in labels.items())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["system.apology", "system.too_long", "system.withheld"])
def test_an_apology_says_by_when(key: str, language: str) -> None:
    text = phrasebook().text(key, language=language, facts=[DUE], timezone=BERLIN, now=NOW)
    assert word(DUE, language) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_welcome_says_what_writes_here_and_how_to_reach_a_person(language: str) -> None:
    text = phrasebook().text(
        "social.welcome", language=language, facts=[Fact("shop", "Lantern & Loom")], now=NOW
    )
    button = phrasebook().ui("web", language)["web.strip.person"]
    assert button == phrasebook().text("choice.human_handoff", language=language, now=NOW)
    assert "Lantern & Loom" in text
    assert button in text
    assert button in phrasebook().text("social.bot_challenge", language=language, now=NOW)


def test_rendering_takes_a_third_of_a_millisecond_at_most() -> None:
    answer = Answer(
        "system.apology",
        (DUE, Fact("price", Money(Decimal("12.5"), "EUR")), Fact("country", "DE", "country")),
        card={
            "rows": [
                {"value": {"fact": "price"}},
                {"value": {"fact": "due_at"}},
                {"value": {"fact": "country:to"}},
            ]
        },
        choices=(
            Choice("choice.human_handoff", "human_handoff"),
            Choice("choice.shipping_status", "shipping_status"),
        ),
    )
    book = phrasebook()
    for language in LANGUAGES:
        best = 1.0
        for seq in range(50):
            started = time.perf_counter()
            book.render(answer, language=language, timezone=BERLIN, now=NOW, variation=seq)
            best = min(best, time.perf_counter() - started)
        assert best < 0.0003, (language, best)
