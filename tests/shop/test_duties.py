from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Optional

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.shop.duties import Basket, Item, LandedCost, given_rate, landed_cost, quantised
from bot.shop.exchange import DayRates, Exchange
from bot.shop.markets import Example, Market
from bot.shop.worked import compute, wrong_examples
from tests.shop.market_files import exchange, market, markets

TODAY = date(2026, 11, 24)
NOTHING = Exchange(days=(), good_for_days=30)

EXAMPLES = [(m, e) for m in markets().values() for e in m.examples]


@pytest.mark.parametrize(("market", "example"), EXAMPLES, ids=[f"{m.code}: {e.name}" for m, e in EXAMPLES])
def test_the_worked_examples_of_the_market_files_compute(market: Market, example: Example) -> None:
    computed = compute(market, example, exchange())
    assert {name: computed[name] for name in example.expect} == dict(example.expect)


def test_a_wrong_example_is_named() -> None:
    wrong = wrong_examples(markets(), NOTHING)  # without rates the converted ones cannot come out
    assert any("GB" in line and "price in euro" in line for line in wrong)
    assert wrong_examples(markets(), exchange()) == ()


# -- single cases of the real rules ----------------------------------------------------------


def cost(
    country: str,
    *goods: str,
    on: date = TODAY,
    currency: Optional[str] = None,
    shipping: str = "0",
    scheme: str = "none",
    region: Optional[str] = None,
    rates: Optional[dict[str, Decimal]] = None,
    rates_of_exchange: Optional[Exchange] = None,
) -> LandedCost:
    market, member = markets().need(country)
    basket = Basket(tuple(Item.parse(text) for text in goods), currency or market.currency, Decimal(shipping))
    return landed_cost(
        market,
        basket,
        on=on,
        exchange=rates_of_exchange or exchange(),
        region=region or member,
        scheme=scheme,
        duty_rates=rates,
    )


@pytest.mark.parametrize(
    ("country", "scheme", "currency", "goods", "regime"),
    [
        ("GB", "none", "GBP", "135.00", "vat_at_sale"),
        ("GB", "none", "GBP", "135.01", "tariff"),
        ("DE", "ioss", "EUR", "150.00", "flat_duty"),
        ("DE", "ioss", "EUR", "150.01", "tariff"),
        ("BR", "rc", "USD", "50.00", "rc_small_unverified"),
        ("BR", "rc", "USD", "50.01", "rc_large"),
        ("BR", "rc", "USD", "3000.00", "rc_large"),
        ("BR", "none", "USD", "50.00", "outside_rc"),
        ("CA", "none", "CAD", "20.00", "small"),
        ("CA", "none", "CAD", "20.01", "tariff"),
        ("AU", "none", "AUD", "1000.00", "gst_at_sale"),
        ("AU", "none", "AUD", "1000.01", "tariff"),
        ("US", "none", "USD", "0.01", "no_exemption"),
        ("US", "none", "USD", "800.00", "no_exemption"),
    ],
)
def test_the_limit_decides_the_rule(
    country: str, scheme: str, currency: str, goods: str, regime: str
) -> None:
    found = cost(country, f"610910:{goods}", currency=currency, scheme=scheme).regime
    assert found is not None
    assert found.id == regime


@pytest.mark.parametrize(
    ("country", "scheme", "on", "regime"),
    [
        ("DE", "ioss", date(2026, 6, 30), "relief_until_july_2026"),
        ("DE", "ioss", date(2026, 7, 1), "flat_duty"),
        ("BR", "rc", date(2026, 5, 12), "rc_small_before_may_2026"),
        ("BR", "rc", date(2026, 5, 13), "rc_small_provisional"),
        ("BR", "rc", date(2026, 9, 9), "rc_small_provisional"),
        ("BR", "rc", date(2026, 9, 10), "rc_small_unverified"),
        ("US", "none", date(2025, 5, 1), "exemption_until_may_2025"),
        ("US", "none", date(2025, 5, 2), "no_exemption"),
    ],
)
def test_the_day_decides_the_rule(country: str, scheme: str, on: date, regime: str) -> None:
    found = cost(country, "610910:40.00", on=on, currency="USD" if country == "BR" else None, scheme=scheme)
    assert found.regime is not None
    assert found.regime.id == regime


@pytest.mark.parametrize(
    ("country", "goods", "on", "extra", "reason"),
    [
        ("GB", "60", date(2027, 2, 21), {}, None),
        ("GB", "60", date(2027, 2, 22), {}, "stale"),
        ("US", "60", date(2026, 12, 7), {}, "rate_unverified"),
        ("US", "60", date(2026, 12, 8), {"rates": {"6109": Decimal(10)}}, "stale"),
        ("DE", "60", date(2028, 7, 1), {}, "out_of_range"),
        ("DE", "60", date(2021, 6, 30), {}, "no_rule"),
        ("EU", "60", TODAY, {}, "region"),
        ("DE", "200", TODAY, {}, "duty_rate"),
        ("GB", "60", TODAY, {"currency": "EUR", "rates_of_exchange": NOTHING}, "exchange_missing"),
        ("GB", "60", date(2026, 12, 14), {"currency": "EUR"}, "converted"),
        ("GB", "60", date(2026, 12, 15), {"currency": "EUR"}, "exchange_stale"),
        ("BR", "100", TODAY, {"currency": "USD", "scheme": "rc"}, "region_assumed"),
    ],
)
def test_why_it_is_no_plain_statement(
    country: str, goods: str, on: date, extra: dict[str, Any], reason: Optional[str]
) -> None:
    found = cost(country, f"610910:{goods}", on=on, **extra)
    assert found.reason == reason
    if reason in ("converted", "region_assumed"):
        assert found.mode == "hedge"
    elif reason is not None:
        assert (found.mode, found.lines) == ("refer", ())


def test_a_given_rate_opens_the_rule_that_only_refers() -> None:
    found = cost("US", "610910:100", shipping="20", rates={"6109": Decimal("54")})
    assert (found.mode, found.reason) == ("hedge", "given_rate")
    assert (found.sum_of("duty"), found.total) == (Decimal("54.00"), Decimal("174.00"))


def test_each_code_takes_its_own_rate_and_freight_is_shared_by_value() -> None:
    found = cost(
        "GB",
        "610910:100:1",
        "640411:100:2",
        shipping="30",
        rates={"6109": Decimal(12), "6404": Decimal(16)},
    )
    # 12 % of 110 and 16 % of 220
    assert found.sum_of("duty") == Decimal("48.40")


@pytest.mark.parametrize(
    ("hs", "rate"),
    [("610910", 12), ("6109100010", 12), ("610990", 9), ("620193", None)],
)
def test_the_longest_given_code_decides(hs: str, rate: Optional[int]) -> None:
    assert given_rate(hs, {"6109": Decimal(9), "610910": Decimal(12)}) == rate


def test_a_code_given_in_more_digits_than_asked_still_fits() -> None:
    assert given_rate("610910", {"6109100010": Decimal(7)}) == 7


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: cost("GB", "610910:10", scheme="ioss"), "no scheme 'ioss'. Known: none"),
        (lambda: cost("BR", "610910:10", region="XX"), "no region 'XX'. Known: AC, AL"),
        (lambda: cost("GB", "610910:10", region="XX"), "one rate holds throughout"),
        (lambda: Item.parse("6109:10"), "six digits"),
        (lambda: Item.parse("610910"), "HS:UNIT_PRICE:QUANTITY"),
        (lambda: Item.parse("610910:ten"), "HS:UNIT_PRICE:QUANTITY"),
        (lambda: Item.parse("610910:10:1:1"), "HS:UNIT_PRICE:QUANTITY"),
        (lambda: Item.parse("610910:-1"), "zero or more"),
        (lambda: Item.parse("610910:NaN"), "zero or more"),
        (lambda: Item.parse("610910:1:0"), "one or more"),
        (lambda: Basket((), "EUR"), "one item or more"),
        (lambda: Basket((Item("610910", Decimal(1)),), "EUR", Decimal(-1)), "zero or more"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(call: Any, word: str) -> None:
    with pytest.raises(ValueError, match=re.escape(word)):
        call()


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [("26.625", "EUR", "26.63"), ("26.624", "EUR", "26.62"), ("0.5", "JPY", "1"), ("2.5", "JPY", "3")],
)
def test_halves_are_rounded_up_to_whole_coins(amount: str, currency: str, expected: str) -> None:
    assert str(quantised(Decimal(amount), currency)) == expected


# -- what other laws need of the same rules --------------------------------------------------

CIF = ["goods", "shipping", "insurance"]


def duty(rate: Any, of: Any = CIF, **more: Any) -> dict[str, Any]:
    return {"line": "duty", "kind": "duty", "rate": rate, "of": of, **more}


def tax(rate: Any, of: Any = (*CIF, "duty"), line: str = "vat", **more: Any) -> dict[str, Any]:
    return {"line": line, "kind": "tax", "rate": rate, "of": of if isinstance(of, dict) else list(of), **more}


FLAT = {"line": "levy", "kind": "fee", "flat": 2.21, "currency": "NZD"}


@pytest.mark.parametrize(
    ("charges", "currency", "goods", "shipping", "lines"),
    [
        pytest.param([duty(6.5), tax(10)], "USD", "250", "0", "16.25 26.63", id="KR, a half cent"),
        pytest.param([duty(13), tax(10)], "USD", "200", "0", "26.00 22.60", id="KR"),
        pytest.param(
            [
                duty(10),
                {"line": "sws", "kind": "duty", "rate": 10, "of": ["duty"]},
                tax(18, (*CIF, "duty", "sws"), "igst"),
            ],
            "INR",
            "10000",
            "0",
            "1000.00 100.00 1998.00",
            id="IN, a surcharge on the duty",
        ),
        pytest.param([tax(19, CIF)], "USD", "25", "5", "5.70", id="CL, at checkout"),
        pytest.param([duty(6), tax(19)], "USD", "550", "50", "36.00 120.84", id="CL"),
        pytest.param([duty(33.5, ["goods"])], "MXN", "1000", "0", "335.00", id="MX, one global rate"),
        pytest.param([duty(5, ["goods"]), tax(10)], "AUD", "2000", "150", "100.00 225.00", id="AU"),
        pytest.param(
            [tax(8.1, CIF, waived_up_to=5, currency="CHF")], "CHF", "100", "10", "8.91", id="CH, due"
        ),
        pytest.param(
            [tax(8.1, CIF, waived_up_to=5, currency="CHF")], "CHF", "55", "5", "0.00", id="CH, waived"
        ),
        pytest.param(
            [duty(25), tax(11, line="ppn"), tax(5, line="pph")],
            "USD",
            "50",
            "5",
            "13.75 7.56 3.44",
            id="ID, shoes",
        ),
        pytest.param(
            [duty(45, ["goods"]), tax(15, {"goods": 1.1, "duty": 1})],
            "ZAR",
            "1000",
            "0",
            "450.00 232.50",
            id="ZA, an uplifted base",
        ),
        pytest.param([duty(5), tax(15)], "SAR", "1200", "0", "60.00 189.00", id="SA"),
        pytest.param([FLAT, tax(15, ["levy"])], "NZD", "50", "5", "2.21 0.33", id="NZ, a levy and its tax"),
        pytest.param(
            [
                duty(10, ["goods"], over=150, currency="EUR"),
                tax(20, ["goods", "duty"], over=150, currency="EUR"),
            ],
            "EUR",
            "200",
            "0",
            "5.00 11.00",
            id="UA, the excess only",
        ),
    ],
)
def test_the_charges_of_other_laws(
    tmp_path: Path, charges: list[dict[str, Any]], currency: str, goods: str, shipping: str, lines: str
) -> None:
    basket = Basket((Item("640411", Decimal(goods)),), currency, Decimal(shipping))
    found = landed_cost(market(tmp_path, charges), basket, on=TODAY, exchange=exchange())
    assert " ".join(str(line.amount) for line in found.lines[3:]) == lines
    assert found.total == sum(line.amount for line in found.lines)


def test_a_flat_amount_in_another_currency_is_converted_at_the_dated_rate(tmp_path: Path) -> None:
    rates = Exchange((DayRates(TODAY, "EUR", "bank", {"USD": Decimal("1.5")}),), good_for_days=1)
    flat = {"line": "duty", "kind": "duty", "flat": 3, "currency": "EUR", "per": "hs6"}
    basket = Basket((Item("610910", Decimal(10)), Item("640411", Decimal(10))), "USD")
    found = landed_cost(market(tmp_path, [flat]), basket, on=TODAY, exchange=rates)
    assert found.sum_of("duty") == Decimal("9.00")


# -- what must hold for every basket ---------------------------------------------------------

PRICES = st.decimals(min_value=0, max_value=5000, places=2)
PLACES = st.sampled_from(
    [
        ("DE", "ioss", "EUR"),
        ("HU", "none", "EUR"),
        ("GB", "none", "GBP"),
        ("BR", "rc", "USD"),
        ("BR", "none", "USD"),
        ("AU", "none", "AUD"),
        ("CA", "none", "CAD"),
        ("US", "none", "USD"),
    ]
)
RATES = {"61": Decimal(12), "64": Decimal("16.9")}


def any_cost(place: tuple[str, str, str], prices: list[Decimal], shipping: Decimal) -> LandedCost:
    country, scheme, currency = place
    codes = ("610910", "640411", "610990")
    goods = [f"{codes[n % 3]}:{price}" for n, price in enumerate(prices)]
    return cost(country, *goods, currency=currency, scheme=scheme, shipping=str(shipping), rates=RATES)


@settings(deadline=None)
@given(PLACES, st.lists(PRICES, min_size=1, max_size=4), PRICES)
def test_the_total_is_the_sum_of_its_lines(
    place: tuple[str, str, str], prices: list[Decimal], shipping: Decimal
) -> None:
    found = any_cost(place, prices, shipping)
    kinds = ("goods", "shipping", "insurance", "duty", "tax", "fee")
    assert found.total == sum(line.amount for line in found.lines) == sum(found.sum_of(k) for k in kinds)
    assert all(line.amount >= 0 for line in found.lines)
    assert found.is_figure or not found.lines


@settings(deadline=None)
@given(PLACES, PRICES, PRICES, PRICES)
def test_within_a_rule_more_goods_never_cost_less(
    place: tuple[str, str, str], first: Decimal, second: Decimal, shipping: Decimal
) -> None:
    less = any_cost(place, [min(first, second)], shipping)
    more = any_cost(place, [max(first, second)], shipping)
    if less.is_figure and more.is_figure and less.regime is more.regime:
        assert less.sum_of("duty") <= more.sum_of("duty")
        assert less.sum_of("tax") <= more.sum_of("tax")
        assert less.total <= more.total
