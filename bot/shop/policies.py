"""What a shop's own rules say: the clause that fits the customer's country, in facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Mapping, Optional

import yaml

from bot.answer import Answer, Choice, Fact, FactValue, HandoffRequest
from bot.shop.markets import Markets
from bot.yamls import load_yaml


@dataclass(frozen=True)
class Clause:
    """One thing that a policy says, with the clause that says it; a law's own facts name the law."""

    name: str
    value: FactValue
    unit: Optional[str]
    clause: str
    source: str
    as_of: date

    def fact(self) -> Fact:
        """The clause as a fact that a sentence may use."""
        return Fact(self.name, self.value, self.unit, self.source, self.as_of)


@dataclass(frozen=True)
class Case:
    """What is answered in some markets; without markets, everywhere else."""

    markets: tuple[str, ...]
    reply: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Row:
    """A row of the card: the reply key of its label, the fact that it shows, and how.

    `shows` is what a card takes: {"fact": name}, {"fact": name:unit} or {"reply": key}.
    """

    label: str
    fact: str
    shows: Mapping[str, str]


@dataclass(frozen=True)
class Policy:
    """A policy document. It holds from `valid_from`; after `review_by` it is a person's to answer."""

    intent: str
    title: str
    source: str
    version: str
    valid_from: date
    review_by: date
    clauses: tuple[Clause, ...]
    rows: tuple[Row, ...]
    choices: tuple[str, ...]
    cases: tuple[Case, ...]


class Policies:
    """Answers from a shop's policies (`load_policies`); `markets` says which countries a market covers."""

    def __init__(self, *, documents: Mapping[str, Policy], markets: Markets) -> None:
        self._documents = documents
        self._markets = markets

    def answer(self, intent: str, *, country: Optional[str], on: date) -> Answer:
        """What the policy behind an intent says for a country; a person answers where none is in force."""
        policy = self._documents.get(intent)
        if policy is None or not policy.valid_from <= on <= policy.review_by:
            return Answer(
                key="policy.unknown",
                handoff=HandoffRequest(reason="no_answer", priority="normal", topic=intent),
            )
        case = self._case(policy, country)
        clauses = {c.name: c for c in (*policy.clauses, *case.clauses)}
        cited = sorted({c.clause for c in clauses.values() if c.clause})
        own = (
            Fact("policy_version", policy.version, None, policy.source, policy.valid_from),
            Fact("policy_from", policy.valid_from, "day", policy.source, policy.valid_from),
            Fact("clauses", tuple(cited), "list", policy.source, policy.valid_from),
        )
        return Answer(
            key=case.reply,
            facts=(*(c.fact() for c in clauses.values()), *own),
            card=_card(policy, clauses),
            choices=tuple(Choice(label=f"choice.{name}", intent=name) for name in policy.choices),
        )

    def _case(self, policy: Policy, country: Optional[str]) -> Case:
        found = self._markets.find(country) if country else None
        market = found[0].code if found else (country or "").upper()
        return next(case for case in policy.cases if not case.markets or market in case.markets)


def _card(policy: Policy, clauses: Mapping[str, Clause]) -> dict[str, Any]:
    return {
        "kind": "policy",
        "title": {"reply": policy.title},
        "rows": [
            {"label": {"reply": row.label}, "value": dict(row.shows)}
            for row in policy.rows
            if row.fact in clauses
        ],
        "as_of": {"reply": "policy.card.as_of"},
    }


def load_policies(folder: Path) -> dict[str, Policy]:
    """Every policy of a shop, by intent; ValueError names the file and what is wrong in it."""
    policies: dict[str, Policy] = {}
    for path in sorted(folder.glob("*.yml")):
        policy = load_policy(path)
        if policy.intent in policies:
            raise ValueError(f"{path}: the intent {policy.intent} already has a policy in {folder}.")
        policies[policy.intent] = policy
    return policies


def load_policy(path: Path) -> Policy:
    """One policy; ValueError names the file and what is wrong in it."""
    try:
        row: Any = load_yaml(path.read_text(encoding="utf-8"))
        return _policy(row)
    except KeyError as e:
        raise ValueError(f"{path}: the field {e.args[0]} is missing (docs/adding.md#policy).") from e
    except (TypeError, AttributeError) as e:
        raise ValueError(f"{path}: expected a map of fields (docs/adding.md#policy).") from e
    except (ValueError, yaml.YAMLError) as e:
        raise ValueError(f"{path}: {e}") from e


def _policy(row: Mapping[str, Any]) -> Policy:
    valid_from = _day(row["valid_from"])
    named = f"{row['source']} {row['version']}"
    cases = tuple(
        Case(
            markets=tuple(str(code) for code in case.get("markets") or ()),
            reply=str(case["reply"]),
            clauses=_clauses(case.get("facts") or {}, named, valid_from),
        )
        for case in row["answers"]
    )
    if not cases or cases[-1].markets or not all(case.markets for case in cases[:-1]):
        raise ValueError("the last answer, and only that one, is for every other market: it names none.")
    policy = Policy(
        intent=str(row["intent"]),
        title=str(row["title"]),
        source=named,
        version=str(row["version"]),
        valid_from=valid_from,
        review_by=_day(row["review_by"]),
        clauses=_clauses(row["facts"], named, valid_from),
        rows=tuple(_row(r) for r in row.get("rows") or ()),
        choices=tuple(str(c) for c in row.get("choices") or ()),
        cases=cases,
    )
    known = {c.name for c in policy.clauses} | {c.name for case in cases for c in case.clauses}
    for shown in policy.rows:
        if shown.fact not in known:
            raise ValueError(f"a row shows {shown.fact!r}, which is no fact of the policy.")
    return policy


def _row(row: Mapping[str, Any]) -> Row:
    name = str(row["value"])
    if "reply" in row:
        return Row(str(row["label"]), name, {"reply": str(row["reply"])})
    return Row(str(row["label"]), name, {"fact": f"{name}:unit" if row.get("unit") else name})


def _clauses(rows: Mapping[str, Any], named: str, valid_from: date) -> tuple[Clause, ...]:
    return tuple(
        Clause(
            name=str(name),
            value=_value(row["value"]),
            unit=row.get("unit"),
            clause=str(row["clause"]),
            source=str(row["source"]) if "source" in row else f"{named}, {row['clause']}",
            as_of=_day(row["as_of"]) if "as_of" in row else valid_from,
        )
        for name, row in rows.items()
    )


def _value(value: Any) -> FactValue:
    if isinstance(value, list):
        return tuple(str(v) for v in value)
    if isinstance(value, (str, bool, int)):
        return value
    raise ValueError(f"a policy says words, yes or no, whole numbers and lists of words, not {value!r}.")


def _day(value: Any) -> date:
    if type(value) is not date:
        raise ValueError(f"{value!r} is no day such as 2026-11-20.")
    return value
