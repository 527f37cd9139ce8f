from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from bot.__main__ import main

FIELDS = {
    "mode",
    "total",
    "currency",
    "goods",
    "shipping",
    "insurance",
    "duty",
    "tax",
    "fees",
    "lines",
    "payable",
    "reason",
    "facts",
}
AMOUNTS = ("total", "goods", "shipping", "insurance", "duty", "tax", "fees")
TO_GERMANY = "--market DE --item 610910:20.00:2 --item 6404.11:30.00:1 --shipping 5 --scheme ioss"


def run(capsys: pytest.CaptureFixture[str], words: str) -> dict[str, Any]:
    assert main(["landed-cost", *words.split(), "--json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    row: dict[str, Any] = json.loads(lines[0])
    assert set(row) == FIELDS
    return row


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            f"{TO_GERMANY} --on 2026-07-02",
            {"mode": "state", "total": "96.39", "duty": "6.00", "tax": "15.39", "payable": "checkout"},
        ),
        (
            "--market EU --region de --item 610910:20.00 --on 2026-11-24",
            {"mode": "state", "total": "27.37", "payable": "delivery", "currency": "EUR"},
        ),
        (
            "--market GB --item 620193:200:1 --shipping 10 --duty-rate 6201=12 --on 2026-11-24",
            {"mode": "hedge", "reason": "given_rate", "total": "282.24", "currency": "GBP"},
        ),
        (
            "--market BR --region MG --item 610910:100 --currency USD --scheme rc --on 2026-11-24",
            {"mode": "state", "total": "175.00", "tax": "35.00", "payable": "checkout"},
        ),
        (
            "--market BR --region SP --item 610910:40 --currency usd --scheme rc --on 2026-06-01",
            {"mode": "hedge", "total": "48.19", "duty": "0.00"},
        ),
        (
            "--market AU --item 610910:2000 --shipping 130 --insurance 20 --duty-rate 61=5 --on 2026-11-24",
            {"duty": "100.00", "tax": "225.00", "insurance": "20.00"},
        ),
    ],
)
def test_a_figure(capsys: pytest.CaptureFixture[str], words: str, expected: dict[str, Any]) -> None:
    row = run(capsys, words)
    assert {name: row[name] for name in expected} == expected
    assert sum(Decimal(line["amount"]) for line in row["lines"]) == Decimal(row["total"])
    assert {"total", "rule_source", "rule_as_of"} <= {fact["name"] for fact in row["facts"]}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("--market US --item 610910:300 --on 2026-11-24", "rate_unverified"),
        (
            "--market BR --region SP --item 610910:40 --currency USD --scheme rc --on 2026-11-24",
            "rule_unverified",
        ),
        ("--market DE --item 610910:200 --on 2026-11-24", "duty_rate"),
        ("--market EU --item 610910:20 --on 2026-11-24", "region"),
        ("--market GB --item 610910:20 --on 2028-01-01", "stale"),
        ("--market GB --item 610910:20 --currency EUR --on 2027-01-01", "exchange_stale"),
        ("--market JP --item 610910:20 --on 2026-11-24", "no_rule"),
    ],
)
def test_a_referral_has_no_amounts_and_still_succeeds(
    capsys: pytest.CaptureFixture[str], words: str, reason: str
) -> None:
    row = run(capsys, words)
    assert (row["mode"], row["reason"]) == ("refer", reason)
    assert [row[name] for name in AMOUNTS] == [None] * len(AMOUNTS)
    assert row["lines"] == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--market Narnia --item 610910:20", "No market 'Narnia'. Known: AU, BR, CA, EU, GB, US."),
        ("--market GB --scheme ioss --item 610910:20", "no scheme 'ioss'. Known: none."),
        ("--market BR --region QQ --item 610910:20", "no region 'QQ'"),
        ("--market DE --item 61:20", "six digits or more"),
        ("--market DE --item 610910", "HS:UNIT_PRICE:QUANTITY"),
        ("--market DE --item 610910:20 --duty-rate 6109", "HS=PCT"),
        ("--market DE --item 610910:20 --duty-rate 6109=-2", "HS=PCT"),
        ("--market DE --item 610910:20 --currency ZZZ", "No currency 'ZZZ'"),
    ],
)
def test_a_mistake_is_one_sentence(capsys: pytest.CaptureFixture[str], words: str, sentence: str) -> None:
    assert main(["landed-cost", *words.split()]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert sentence in printed.err
    assert len(printed.err.strip().splitlines()) == 1


@pytest.mark.parametrize("option", ["--shipping -1", "--shipping x", "--on tomorrow", "--scheme other"])
def test_an_option_that_is_no_value_is_refused(capsys: pytest.CaptureFixture[str], option: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["landed-cost", "--market", "DE", "--item", "610910:20", *option.split()])
    assert stopped.value.code == 2
    assert option.split()[0] in capsys.readouterr().err


def test_people_read_the_lines_and_the_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["landed-cost", *TO_GERMANY.split(), "--on", "2026-07-02"]) == 0
    out = capsys.readouterr().out
    for words in (
        "2 x 3.00",
        "19 % of 81.00",
        "96.39 EUR",
        "Payable with the shop at checkout.",
        "Regulation (EU) 2026/382",
    ):
        assert words in out


def test_people_read_why_there_is_no_figure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["landed-cost", "--market", "US", "--item", "610910:20", "--on", "2026-11-24"]) == 0
    assert "No duty rate is verified for this day" in capsys.readouterr().out
