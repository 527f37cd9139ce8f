from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Callable, Optional

import pytest
import yaml

from bot.answer import Answer, Money
from bot.shop.delivery import Delivery
from bot.shop.delivery_file import Peak, load_delivery
from tests.shop.market_files import DATA, markets
from tests.shop.said import say_everywhere

QUIET = date(2026, 6, 1)
TODAY = date(2026, 11, 24)
FILE = DATA / "delivery" / "demo.yml"

TABLE = load_delivery(FILE)
DELIVERY = Delivery(table=TABLE, markets=markets())


def facts(answer: Answer) -> dict[str, Any]:
    return {fact.name: fact.value for fact in answer.facts}


@pytest.mark.parametrize(
    ("country", "service", "on", "key", "days"),
    [
        ("DE", None, QUIET, "delivery.range", (9, 21)),
        ("PT", None, QUIET, "delivery.range", (9, 21)),
        ("UK", None, QUIET, "delivery.range", (9, 21)),
        ("DE", "express", QUIET, "delivery.range", (5, 11)),
        ("BR", "express", QUIET, "delivery.range", (26, 48)),  # there is none: the usual one
        ("CA", None, QUIET, "delivery.range", (13, 33)),
        ("DE", None, TODAY, "delivery.range_peak", (9, 21)),
        ("EU", None, QUIET, "delivery.range", (9, 21)),
        ("JP", None, QUIET, "delivery.not_there", None),
        ("CN", None, QUIET, "delivery.which_country", None),  # where parcels start
        (None, None, QUIET, "delivery.which_country", None),
        ("DE", None, date(2027, 2, 21), "delivery.stale", None),
    ],
)
def test_how_long_it_takes(
    country: Optional[str],
    service: Optional[str],
    on: date,
    key: str,
    days: Optional[tuple[int, int]],
) -> None:
    answer = DELIVERY.answer(country=country, service=service, on=on)
    assert answer.key == key
    if days is not None:
        assert (facts(answer)["days_low"], facts(answer)["days_high"]) == days
    say_everywhere(answer)


def test_every_country_served_is_said_with_the_upper_bound_and_without_a_promise() -> None:
    assurance = {
        "en": "not guaranteed",
        "de": "nicht garantiert",
        "es": "No está garantizado",
        "zh": "不作保证",
    }
    for country in ("DE", "GB", "US", "CA", "AU", "BR"):
        for on in (QUIET, TODAY, date(2027, 1, 15)):
            answer = DELIVERY.answer(country=country, service=None, on=on)
            for language, rendered in say_everywhere(answer).items():
                assert assurance[language] in rendered.text
                assert str(facts(answer)["days_high"]) in rendered.text
            say_everywhere(DELIVERY.options(country=country, on=on))


def test_the_season_that_adds_most_is_named() -> None:
    answer = DELIVERY.answer(country="BR", service=None, on=TODAY)  # meets the year's end and the new year
    assert (facts(answer)["peak"], facts(answer)["peak_high"]) == ("spring_festival", 56)


@pytest.mark.parametrize(
    ("country", "key", "expected"),
    [
        (
            "DE",
            "delivery.options_free",
            {"cost_1": "5.00", "free_from_1": "80.00", "cost_2": "19.00", "carrier_1": "YunExpress"},
        ),
        ("BR", "delivery.options", {"cost_1": "8.00", "free_from_1": None, "cost_2": None}),
        ("JP", "delivery.not_there", {}),
        (None, "delivery.which_country", {}),
    ],
)
def test_what_sending_costs(country: Optional[str], key: str, expected: dict[str, Any]) -> None:
    answer = DELIVERY.options(country=country, on=QUIET)
    told = {n: str(v.amount) if isinstance(v, Money) else v for n, v in facts(answer).items()}
    assert answer.key == key
    assert {name: told.get(name) for name in expected} == expected
    say_everywhere(answer)


def test_where_it_is_not_sent_a_person_is_offered() -> None:
    for answer in (
        DELIVERY.answer(country="JP", service=None, on=QUIET),
        DELIVERY.options(country="JP", on=QUIET),
    ):
        assert [choice.intent for choice in answer.choices] == ["human_handoff"]


@pytest.mark.parametrize(
    ("ask", "intent"),
    [
        (lambda: DELIVERY.answer(country=None, service=None, on=QUIET), "delivery_time"),
        (lambda: DELIVERY.options(country=None, on=QUIET), "shipping_options"),
    ],
)
def test_a_country_button_asks_the_same_question(ask: Callable[[], Answer], intent: str) -> None:
    assert {choice.intent for choice in ask().choices} == {intent}
    assert [choice.entities for choice in ask().choices] == [{"country": c} for c in TABLE.common]


@pytest.mark.parametrize(("country", "span"), [("DE", (8, 18)), ("BR", (25, 45)), ("JP", None)])
def test_the_range_on_the_way(country: str, span: Optional[tuple[int, int]]) -> None:
    assert DELIVERY.transit(country) == span


@pytest.mark.parametrize(("goods", "cost"), [("79.99", "5.00"), ("80.00", "0.00")])
def test_sending_is_free_from_a_value_on(goods: str, cost: str) -> None:
    service = DELIVERY.shipping_to("DE")
    assert service is not None
    assert str(service.cost_of(Money(Decimal(goods), "EUR")).amount) == cost


def test_every_fact_is_the_shops_with_a_day() -> None:
    for fact in DELIVERY.answer(country="DE", service=None, on=QUIET).facts:
        assert fact.source in ("shop", "customer")
        assert fact.as_of is not None or fact.name == "country"


@pytest.mark.parametrize(
    ("peak", "first", "last", "touches"),
    [
        (Peak("x", (11, 9), (12, 31), 5), date(2026, 11, 8), date(2026, 11, 8), False),
        (Peak("x", (11, 9), (12, 31), 5), date(2026, 11, 8), date(2026, 11, 9), True),
        (Peak("x", (11, 9), (12, 31), 5), date(2027, 12, 31), date(2028, 1, 5), True),
        (Peak("x", (12, 20), (1, 5), 5), date(2027, 1, 5), date(2027, 1, 6), True),
        (Peak("x", (12, 20), (1, 5), 5), date(2027, 1, 6), date(2027, 1, 9), False),
        (Peak("x", date(2027, 1, 25), date(2027, 2, 21), 8), date(2027, 2, 21), date(2027, 3, 1), True),
        (Peak("x", date(2027, 1, 25), date(2027, 2, 21), 8), date(2028, 2, 1), date(2028, 2, 9), False),
    ],
)
def test_a_season_touches_a_span_of_days(peak: Peak, first: date, last: date, touches: bool) -> None:
    assert peak.touches(first, last) is touches


@pytest.mark.parametrize(
    ("broken", "word"),
    [
        (lambda row: row.pop("handling"), "the field handling is missing"),
        (lambda row: row.update(handling=[3, 1]), "no range of working days"),
        (lambda row: row["zones"][0].update(services={}), "one to 3 services"),
        (lambda row: row["zones"].append(row["zones"][0]), "EU stands in two zones"),
        (lambda row: row["peaks"][0].update({"from": "13-40"}), "neither a day nor month and day"),
        (lambda row: row.update(as_of="lately"), "is no day such as"),
    ],
)
def test_a_broken_table_is_named_with_its_fault(
    tmp_path: Path, broken: Callable[[dict[str, Any]], None], word: str
) -> None:
    row = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    broken(row)
    path = tmp_path / "demo.yml"
    path.write_text(yaml.safe_dump(row), encoding="utf-8")
    with pytest.raises(ValueError, match=str(path)) as refused:
        load_delivery(path)
    assert word in str(refused.value)


def test_the_shop_is_registered_for_schemes_that_its_markets_have() -> None:
    for market, terms in TABLE.imports.items():
        assert terms.scheme in markets()[market].schemes
