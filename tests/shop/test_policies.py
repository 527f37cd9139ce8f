from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any, Callable, Optional

import pytest
import yaml

from bot.answer import Answer
from bot.shop.policies import Policies, load_policies, load_policy
from tests.shop.market_files import DATA, markets
from tests.shop.said import say_everywhere

TODAY = date(2026, 11, 24)
FOLDER = DATA / "policies" / "demo"
POLICIES = Policies(documents=load_policies(FOLDER), markets=markets())


def facts(answer: Answer) -> dict[str, Any]:
    return {fact.name: fact.value for fact in answer.facts}


@pytest.mark.parametrize(
    ("intent", "country", "key", "expected"),
    [
        (
            "return_request",
            "DE",
            "policy.return_request.withdrawal",
            {"return_days": 30, "withdrawal_days": 14, "withdrawal_law": "eu", "return_paid_by": "customer"},
        ),
        ("return_request", "UK", "policy.return_request.withdrawal", {"withdrawal_law": "gb"}),
        ("return_request", "US", "policy.return_request.default", {"withdrawal_days": None}),
        ("return_request", "JP", "policy.return_request.default", {"return_days": 30}),
        ("return_request", None, "policy.return_request.default", {"return_days": 30}),
        ("warranty", "ES", "policy.warranty.statutory", {"warranty_months": 24}),
        ("warranty", "GB", "policy.warranty.default", {"warranty_months": 24, "warranty_law": "gb"}),
        ("warranty", "US", "policy.warranty.default", {"warranty_months": 12, "warranty_law": "home"}),
        ("payment_methods", "BR", "policy.payment_methods.default", {"cash_on_delivery": False}),
        ("payment_methods", None, "policy.payment_methods.default", {"currency": "euro"}),
    ],
)
def test_what_the_policy_says_for_a_country(
    intent: str, country: Optional[str], key: str, expected: dict[str, Any]
) -> None:
    answer = POLICIES.answer(intent, country=country, on=TODAY)
    assert answer.key == key
    assert {name: facts(answer).get(name) for name in expected} == expected
    assert answer.card is not None
    assert answer.card["kind"] == "policy"
    say_everywhere(answer)


def shown(answer: Answer) -> dict[str, str]:
    """The card's rows in English."""
    card = say_everywhere(answer)["en"].card
    assert card is not None
    return {row["label"]: row["value"] for row in card["rows"]}


@pytest.mark.parametrize("country", ["DE", "GB", "US", "BR"])
@pytest.mark.parametrize("intent", ["return_request", "warranty", "payment_methods"])
def test_a_bubble_is_short_enough_for_a_phone_at_night(intent: str, country: str) -> None:
    for language, said in say_everywhere(POLICIES.answer(intent, country=country, on=TODAY)).items():
        words = re.split("[ \n]+", said.text)
        assert len(said.text) <= 150 if language == "zh" else len(words) <= 56, said.text


@pytest.mark.parametrize(
    ("intent", "country", "label", "words"),
    [
        ("return_request", "DE", "Not returnable", "earrings for pierced ears"),
        ("return_request", "DE", "Money back", "10 days after the goods reach us"),
        ("return_request", "DE", "Right of withdrawal", "Under EU law, within 14 days"),
        ("return_request", "DE", "Withdraw here", "https://lantern-loom.example/withdraw"),
        ("return_request", "GB", "Right of withdrawal", "Under UK law"),
        ("warranty", "ES", "Your rights", "the law gives you longer"),
        ("warranty", "GB", "Your rights", "Consumer Rights Act"),
        ("warranty", "US", "Covered for", "12 months from the day you received it"),
        ("payment_methods", "DE", "Currency", "euros"),
    ],
)
def test_what_the_bubble_leaves_out_stands_in_the_card(
    intent: str, country: str, label: str, words: str
) -> None:
    assert words in shown(POLICIES.answer(intent, country=country, on=TODAY))[label]


def test_a_right_that_a_country_lacks_has_no_row() -> None:
    rows = shown(POLICIES.answer("return_request", country="US", on=TODAY))
    assert not {"Right of withdrawal", "Withdraw here"} & set(rows)


def test_pix_is_for_brazil_only() -> None:
    brazil = facts(POLICIES.answer("payment_methods", country="BR", on=TODAY))["payment_methods"]
    elsewhere = facts(POLICIES.answer("payment_methods", country="DE", on=TODAY))["payment_methods"]
    assert "Pix" in brazil
    assert "Pix" not in elsewhere


def test_every_fact_names_its_clause_or_its_law_with_a_day() -> None:
    answer = POLICIES.answer("return_request", country="DE", on=TODAY)
    sources = {fact.name: fact.source for fact in answer.facts}
    assert sources["return_days"] == "Lantern & Loom, returns policy 2026-2, R1"
    assert sources["withdrawal_days"] == "Directive 2011/83/EU, Art. 9"
    assert all(fact.as_of for fact in answer.facts)


def test_the_clauses_that_are_cited_are_those_that_were_used() -> None:
    cited = facts(POLICIES.answer("return_request", country="US", on=TODAY))["clauses"]
    assert cited == ("R1", "R3", "R4", "R5", "R6")


@pytest.mark.parametrize(
    ("intent", "on"),
    [
        ("price_discount", TODAY),  # no such policy
        ("return_request", date(2026, 6, 18)),  # not yet in force
        ("return_request", date(2027, 6, 20)),  # nobody has looked at it for too long
    ],
)
def test_without_a_policy_in_force_a_person_answers(intent: str, on: date) -> None:
    answer = POLICIES.answer(intent, country="DE", on=on)
    assert answer.key == "policy.unknown"
    assert answer.handoff is not None
    assert answer.handoff.topic == intent
    say_everywhere(answer)


def test_a_fault_on_arrival_has_a_way_out_of_the_return_policy() -> None:
    choices = POLICIES.answer("return_request", country="DE", on=TODAY).choices
    assert "damaged_or_wrong_item" in [choice.intent for choice in choices]


@pytest.mark.parametrize(
    ("broken", "word"),
    [
        (lambda row: row.pop("version"), "the field version is missing"),
        (lambda row: row["answers"].pop(), "the last answer"),
        (lambda row: row["rows"].append({"label": "policy.row.exceptions", "value": "else"}), "'else'"),
        (lambda row: row["facts"]["return_days"].update(value=1.5), "not 1.5"),
        (lambda row: row.update(valid_from="then"), "no day such as"),
        (lambda row: row["facts"]["return_days"].pop("clause"), "the field clause is missing"),
    ],
)
def test_a_broken_policy_is_named_with_its_fault(
    tmp_path: Path, broken: Callable[[dict[str, Any]], Any], word: str
) -> None:
    row = yaml.safe_load((FOLDER / "returns.yml").read_text(encoding="utf-8"))
    broken(row)
    path = tmp_path / "returns.yml"
    path.write_text(yaml.safe_dump(row), encoding="utf-8")
    with pytest.raises(ValueError, match=str(path)) as refused:
        load_policy(path)
    assert word in str(refused.value)


def test_one_intent_has_one_policy(tmp_path: Path) -> None:
    text = (FOLDER / "returns.yml").read_text(encoding="utf-8")
    for name in ("a.yml", "b.yml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="already has a policy"):
        load_policies(tmp_path)
