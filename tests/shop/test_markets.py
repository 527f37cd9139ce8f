from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Callable, Optional

import pytest

from bot.answer import Money
from bot.shop.exchange import RateUnavailable, load_exchange
from bot.shop.markets import UnknownMarket, load_market
from tests.shop.market_files import DATA, exchange, market_row, markets, written


@pytest.mark.parametrize(
    ("country", "market", "member"),
    [
        ("DE", "EU", "DE"),
        ("fr", "EU", "FR"),
        ("EU", "EU", None),
        ("GB", "GB", None),
        ("UK", "GB", None),
        (" us ", "US", None),
        ("BR", "BR", None),
        ("AU", "AU", None),
        ("CA", "CA", None),
    ],
)
def test_a_country_finds_its_market(country: str, market: str, member: Optional[str]) -> None:
    found, region = markets().need(country)
    assert (found.code, region) == (market, member)


@pytest.mark.parametrize("country", ["JP", "CH", "NO", "XX", ""])
def test_a_country_without_a_file_is_not_found(country: str) -> None:
    assert markets().find(country) is None
    with pytest.raises(UnknownMarket, match="Known: AU, BR, CA, EU, GB, US"):
        markets().need(country)


def test_the_union_has_27_members_each_with_its_own_rate_and_day() -> None:
    union = markets()["EU"]
    assert len(union.regions) == 27
    assert {code: str(union.regions[code].rate) for code in ("DE", "FI", "HU", "LU")} == {
        "DE": "19",
        "FI": "25.5",
        "HU": "27",
        "LU": "17",
    }
    assert all("eu-vat-rates-data" in region.source for region in union.regions.values())


def test_every_rule_says_from_where_until_when_and_how_sure() -> None:
    for market in markets().values():
        assert market.examples, market.code
        for regime in market.regimes:
            assert regime.source.name, regime.id
            assert regime.source.read_in, regime.id
            assert regime.source.dated, regime.id
            # what is not verified may not be stated
            assert (regime.source.confidence in "LU") == (regime.mode == "refer"), regime.id
            assert regime.source.confidence == "H" or regime.mode != "state", regime.id


def test_no_day_falls_into_two_rules_for_one_value() -> None:
    for market in markets().values():
        for scheme in market.schemes:
            for day in {r.valid_from for r in market.regimes}:
                bands = [(r.over, r.up_to) for r in market.in_force(day, scheme)]
                assert len(set(bands)) == len(bands), (market.code, scheme, day)


def break_rule(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda row: row["regimes"][0].update(changes)


def add_charge(**charge: Any) -> Callable[[dict[str, Any]], None]:
    return lambda row: row["regimes"][0]["charges"].append(charge)


@pytest.mark.parametrize(
    ("broken", "word"),
    [
        (lambda row: row.pop("currency"), "the field currency is missing"),
        (lambda row: row["regimes"][0].pop("review_by"), "the field review_by is missing"),
        (lambda row: row["regimes"].append(dict(row["regimes"][0])), "two rules have one id"),
        (break_rule(mode="maybe"), "mode is 'maybe'. Known: state, hedge, refer"),
        (break_rule(confidence="X"), "confidence is 'X'"),
        (break_rule(payable="later"), "payable is 'later'"),
        (break_rule(payable={"ioss": "checkout"}), "which the rule does not have"),
        (break_rule(valid_from="soon"), "expected a day such as 2026-07-01"),
        (break_rule(review_by=None), "a rule that still holds needs review_by"),
        (break_rule(mode="refer"), "needs a reason"),
        (break_rule(value={"up_to": "much", "currency": "EUR"}), "expected a number, not 'much'"),
        (break_rule(value={"basis": "guess"}), "basis is 'guess'. Known: intrinsic, fob, cif"),
        (add_charge(line="vat", kind="tax", rate=20), "nothing that it is computed on"),
        (add_charge(line="vat", kind="tax", rate=20, of=["duty"]), "is a share of 'duty'"),
        (add_charge(line="vat", kind="tax", of=["goods"]), "either a rate or a flat amount"),
        (add_charge(line="vat", kind="gift", rate=20, of=["goods"]), "kind is 'gift'"),
    ],
)
def test_a_broken_file_is_named_with_its_fault(
    tmp_path: Path, broken: Callable[[dict[str, Any]], None], word: str
) -> None:
    row = market_row([])
    broken(row)
    path = written(tmp_path, row)
    with pytest.raises(ValueError, match=str(path)) as refused:
        load_market(path)
    assert word in str(refused.value)


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    path = tmp_path / "xx.yml"
    path.write_text("regimes: [", encoding="utf-8")
    with pytest.raises(ValueError, match=str(path)):
        load_market(path)


# -- exchange --------------------------------------------------------------------------------


def test_amounts_go_through_the_base() -> None:
    on = date(2026, 11, 1)
    assert exchange().convert(Money(Decimal(10), "EUR"), "EUR", on=on) == 10
    assert exchange().convert(Money(Decimal("83.38"), "GBP"), "EUR", on=on) == 100
    dollars = exchange().convert(Money(Decimal("83.38"), "GBP"), "USD", on=on)
    assert dollars == Decimal("111.72")


@pytest.mark.parametrize(
    ("on", "to", "reason"),
    [
        (date(2026, 10, 29), "GBP", "exchange_missing"),
        (date(2026, 10, 30), "GBP", None),
        (date(2026, 12, 14), "GBP", None),
        (date(2026, 12, 15), "GBP", "exchange_stale"),
        (date(2026, 11, 1), "XAU", "exchange_missing"),
    ],
)
def test_a_rate_holds_from_its_day_for_a_while(on: date, to: str, reason: Optional[str]) -> None:
    money = Money(Decimal(10), "EUR")
    if reason is None:
        assert exchange().convert(money, to, on=on) > 0
        return
    with pytest.raises(RateUnavailable, match=r"data/exchange\.yml") as refused:
        exchange().convert(money, to, on=on)
    assert refused.value.reason == reason


@pytest.mark.parametrize("text", ["days: 3", "good_for_days: 1", "days: [{day: x}]\ngood_for_days: 1"])
def test_a_broken_table_of_rates_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "exchange.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=str(path)):
        load_exchange(path)


def test_the_official_place_of_each_market_has_an_address() -> None:
    assert all(market.official_url.startswith("https://") for market in markets().values())
    assert (DATA / "markets" / "eu.yml").exists()
