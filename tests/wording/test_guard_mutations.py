"""Whatever the facts are: their own words pass, and no changed digit, day, unit or currency does."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Iterator, Optional

import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import Fact, Money
from bot.wording.lexicon import fold
from tests.wording.books import LANGUAGES, NOW, check, word

SENTENCE = {
    "en": "According to our records it is {}, as the shop told us.",
    "de": "Laut unseren Daten ist es {}, so steht es im Shop.",
    "es": "Según nuestros datos es {}, así consta en la tienda.",
    "zh": "根据我们的记录是{}，以店铺数据为准。",
}
UTC = timezone.utc
FACTS: tuple[tuple[Fact, Optional[str]], ...] = (
    (Fact("due_at", datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "instant"), None),
    (Fact("due_at", datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "instant"), "short"),
    (Fact("due_at", datetime(2026, 12, 31, 23, 15, tzinfo=UTC), "instant"), None),
    (Fact("due_at", datetime(2024, 2, 29, 0, 5, tzinfo=UTC), "instant"), None),
    (Fact("due_at", datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "instant"), "time"),
    (Fact("due_at", datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "instant"), "clock"),
    (Fact("due_at", datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "instant"), "day"),
    (Fact("since", date(2021, 7, 1), "day"), None),
    (Fact("until", date(2026, 12, 3), "day"), None),
    (Fact("until", date(2026, 12, 3), "day"), "short"),
    (Fact("price", Money(Decimal("89"), "EUR")), None),
    (Fact("price", Money(Decimal("1234.56"), "USD")), None),
    (Fact("price", Money(Decimal("12345678.9"), "GBP")), None),
    (Fact("price", Money(Decimal("450"), "JPY")), None),
    (Fact("price", Money(Decimal("71.5"), "BRL")), None),
    (Fact("price", Money(Decimal("7"), "CNY")), None),
    (Fact("tax", Decimal("19"), "percent"), None),
    (Fact("tax", Decimal("8.875"), "percent"), None),
    (Fact("low", 8, "working_days"), "unit"),
    (Fact("days", 14, "days"), "unit"),
    (Fact("hours", 4, "hours"), "unit"),
    (Fact("minutes", 30, "minutes"), "unit"),
    (Fact("foot", Decimal("24.5"), "cm"), None),
    (Fact("foot", Decimal("9.6"), "inch"), None),
    (Fact("left", 3), None),
    (Fact("left", 12345), None),
    (Fact("ratio", Decimal("0.25")), None),
    (Fact("order", "LL-10423"), None),
    (Fact("size", "38.5"), None),
    (Fact("product", "Powerbank 20000 mAh"), None),
    (Fact("numbers", ("LL-10423", "LL-10511"), "list"), None),
)


def rows() -> Iterator[tuple[str, Fact, Optional[str]]]:
    for language, (fact, part) in itertools.product(LANGUAGES, FACTS):
        yield language, fact, part


@pytest.mark.parametrize(("language", "fact", "part"), rows())
def test_the_words_of_a_fact_pass_and_no_changed_digit_does(
    language: str, fact: Fact, part: Optional[str]
) -> None:
    words = word(fact, language, part)
    sentence = SENTENCE[language]
    assert check(sentence.format(words), [fact], language).ok
    for changed in changed_digits(words):
        assert not check(sentence.format(changed), [fact], language).ok, changed


@pytest.mark.parametrize(("language", "fact", "part"), rows())
def test_without_the_fact_nothing_of_it_passes(language: str, fact: Fact, part: Optional[str]) -> None:
    assert not check(SENTENCE[language].format(word(fact, language, part)), [], language).ok


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", [None, "short", "day"])
def test_no_other_weekday_or_month_passes(language: str, part: Optional[str]) -> None:
    fact = Fact("due_at", datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "instant")
    words = word(fact, language, part)
    locale = Locale.parse(language)
    changed = 0
    for table in (locale.days, locale.months):
        for width in ("wide", "abbreviated"):
            names = table["format"][width]
            right = names[1] if table is locale.days else names[11]
            if right not in words:
                continue
            for name in names.values():
                if name == right or (right in name and language == "zh"):
                    continue
                changed += 1
                text = SENTENCE[language].format(words.replace(right, name))
                assert not check(text, [fact], language).ok, text
    assert changed >= 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_other_unit_passes(language: str) -> None:
    units = ("working_days", "days", "hours", "minutes")
    for unit, other in itertools.permutations(units, 2):
        for value in (1, 8, 30):
            text = SENTENCE[language].format(word(Fact("n", value, other), language, "unit"))
            assert not check(text, [Fact("n", value, unit)], language).ok, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_other_currency_passes(language: str) -> None:
    for one, other in itertools.permutations(("EUR", "USD", "GBP", "CNY", "JPY", "AUD", "CAD", "BRL"), 2):
        text = SENTENCE[language].format(word(Fact("p", Money(Decimal("1450"), other)), language))
        assert not check(text, [Fact("p", Money(Decimal("1450"), one))], language).ok, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_day_of_one_fact_with_the_time_of_another_does_not_pass(language: str) -> None:
    due = Fact("due_at", datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "instant")
    seen = Fact("seen_at", datetime(2026, 11, 22, 15, 40, tzinfo=UTC), "instant")
    text = word(due, language, "short").replace(word(due, language, "clock"), word(seen, language, "clock"))
    assert not check(SENTENCE[language].format(text), [due, seen], language).ok


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", [None, "short"])
def test_a_time_that_is_a_text_is_no_time_of_another_day(language: str, part: Optional[str]) -> None:
    opens = Fact("opens_at", datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "instant")
    weekly = Fact("week_from", "09:00")
    text = word(opens, language, part)
    assert check(SENTENCE[language].format(f"{text} / 09:00"), [opens, weekly], language).ok
    assert not check(SENTENCE[language].format(text.replace("10:30", "09:00")), [opens, weekly], language).ok


@settings(max_examples=60, deadline=None)
@given(
    language=st.sampled_from(LANGUAGES),
    amount=st.decimals(min_value=0, max_value=99999, places=2),
    currency=st.sampled_from(["EUR", "USD", "GBP", "CNY", "BRL", "AUD", "CAD", "JPY"]),
    seed=st.integers(min_value=0, max_value=10**6),
)
def test_any_amount(language: str, amount: Decimal, currency: str, seed: int) -> None:
    fact = Fact("price", Money(amount, currency))
    words = word(fact, language)
    assert check(SENTENCE[language].format(words), [fact], language).ok
    mutants = list(changed_digits(words))
    for changed in mutants[seed % 7 :: 7]:
        assert not check(SENTENCE[language].format(changed), [fact], language).ok, changed


@settings(max_examples=60, deadline=None)
@given(
    language=st.sampled_from(LANGUAGES),
    minutes=st.integers(min_value=-800_000, max_value=800_000),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney"]),
    part=st.sampled_from([None, "short", "day", "time"]),
    seed=st.integers(min_value=0, max_value=10**6),
)
def test_any_instant(language: str, minutes: int, zone: str, part: Optional[str], seed: int) -> None:
    fact = Fact("due_at", NOW + timedelta(minutes=minutes), "instant")
    words = word(fact, language, part, zone=zone)
    assert check(SENTENCE[language].format(words), [fact], language, zone=zone).ok
    mutants = list(changed_digits(words))
    for changed in mutants[seed % 7 :: 7]:
        assert not check(SENTENCE[language].format(changed), [fact], language, zone=zone).ok, changed


@pytest.mark.parametrize("language", LANGUAGES)
def test_other_digits_are_read_like_ours(language: str) -> None:
    fact = Fact("due_at", datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "instant")
    words = word(fact, language)
    for zero in ("０", "٠", "۰", "०"):
        table = {ord(str(i)): chr(ord(zero) + i) for i in range(10)}
        assert check(SENTENCE[language].format(words.translate(table)), [fact], language).ok
        wrong = words.replace("24", "25", 1).translate(table)
        assert not check(SENTENCE[language].format(wrong), [fact], language).ok


def changed_digits(text: str) -> Iterator[str]:
    """The text with one digit changed, left out or added, in every way."""
    for i, char in enumerate(text):
        if not char.isdigit():
            continue
        for digit in "0123456789":
            if digit != char:
                yield text[:i] + digit + text[i + 1 :]
            yield text[:i] + digit + text[i:]
            yield text[: i + 1] + digit + text[i + 1 :]
        if text[i - 1 : i].isdigit() or text[i + 1 : i + 2].isdigit():  # a number of one digit would be gone
            yield text[:i] + text[i + 1 :]


def test_folding_keeps_what_a_customer_sees() -> None:
    assert fold("２４ Ｎｏｖ’s\u200b 1\u00a0234") == "24 nov's 1 234"
