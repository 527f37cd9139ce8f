"""What we are about to say: facts plus the key of a sentence.

Rooms compute answers; only the phrasebook turns them into words. A fact that is not
in an answer cannot be in its sentence: the guard refuses it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Mapping, Union

Priority = str
PRIORITIES: tuple[Priority, ...] = ("urgent", "high", "normal", "low")


@dataclass(frozen=True)
class Money:
    """An amount with its currency (ISO 4217); never a float."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"Money takes a Decimal, not {type(self.amount).__name__}.")


FactValue = Union[str, int, bool, Decimal, Money, datetime, date, tuple[str, ...]]


@dataclass(frozen=True)
class Fact:
    """One thing that we may say, with where it is from and as of when.

    `unit` says how the value is worded:
      None            text as it is (names, order numbers), numbers by locale
      "percent"       Decimal("19") is "19 %"
      "working_days", "days", "hours", "minutes"   a whole number of them
      "cm", "inch"    a length
      "country"       ISO 3166 code, worded as the country's name
      "language"      ISO 639-1 code, worded as the language's name
      "instant"       aware datetime, worded as day and time in the customer's zone
      "day"           date (or aware datetime), worded as a day
      "term"          a word of ours: worded by the reply `term.<name>.<value>`
      "list"          a tuple of texts, joined as the language does
    """

    name: str
    value: FactValue
    unit: str | None = None
    source: str = ""
    as_of: date | datetime | None = None

    def __post_init__(self) -> None:
        if isinstance(self.value, datetime) and self.value.tzinfo is None:
            raise ValueError(f"Fact {self.name!r} has a datetime without a zone.")

    def to_json(self) -> dict[str, Any]:
        """The fact as JSON values: decimals and times as text, money as amount and currency."""
        return {
            "name": self.name,
            "value": _value_to_json(self.value),
            "unit": self.unit,
            "source": self.source,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "type": _type_name(self.value),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Fact:
        """The fact that `to_json` wrote."""
        as_of = data.get("as_of")
        return cls(
            name=data["name"],
            value=_value_from_json(data["value"], data.get("type", "str")),
            unit=data.get("unit"),
            source=data.get("source", ""),
            as_of=_moment(as_of) if as_of else None,
        )


@dataclass(frozen=True)
class Choice:
    """A button: the reply key of its label, and what choosing it means.

    `intent` and `entities` never leave the server; the customer's page sees an opaque id.
    """

    label: str
    intent: str
    entities: Mapping[str, str] | None = None
    facts: tuple[Fact, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "intent": self.intent,
            "entities": dict(self.entities or {}),
            "facts": [f.to_json() for f in self.facts],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Choice:
        return cls(
            label=data["label"],
            intent=data["intent"],
            entities=data.get("entities") or None,
            facts=tuple(Fact.from_json(f) for f in data.get("facts", ())),
        )


@dataclass(frozen=True)
class HandoffRequest:
    """A wish to hand the conversation over; the turn's transaction opens the handoff."""

    reason: str
    priority: Priority = "normal"
    topic: str = ""

    def __post_init__(self) -> None:
        if self.priority not in PRIORITIES:
            raise ValueError(f"No priority {self.priority!r}. Known: {', '.join(PRIORITIES)}.")

    def to_json(self) -> dict[str, str]:
        return {"reason": self.reason, "priority": self.priority, "topic": self.topic}


@dataclass(frozen=True)
class Answer:
    """A reply key and the facts that its sentence may use.

    `card` is a JSON-like tree for the widget. Inside it `{"reply": key}` becomes that
    reply in the customer's language, worded with this answer's facts; `{"fact": name}`
    becomes that fact, worded; everything else is passed on as it is.
    """

    key: str
    facts: tuple[Fact, ...] = ()
    card: Mapping[str, Any] | None = None
    choices: tuple[Choice, ...] = ()
    handoff: HandoffRequest | None = None

    def with_facts(self, *facts: Fact) -> Answer:
        """The same answer with these facts added; a later fact of one name replaces the earlier."""
        merged = {f.name: f for f in self.facts + facts}
        return replace(self, facts=tuple(merged.values()))

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "facts": [f.to_json() for f in self.facts],
            "card": self.card,
            "choices": [c.to_json() for c in self.choices],
            "handoff": self.handoff.to_json() if self.handoff else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Answer:
        """The answer that `to_json` wrote.

        Raises ValueError (KeyError, TypeError included) when it is no answer.
        """
        handoff = data.get("handoff")
        return cls(
            key=str(data["key"]),
            facts=tuple(Fact.from_json(f) for f in data.get("facts", ())),
            card=data.get("card"),
            choices=tuple(Choice.from_json(c) for c in data.get("choices", ())),
            handoff=HandoffRequest(**handoff) if handoff else None,
        )


def _type_name(value: FactValue) -> str:
    return type(value).__name__


def _value_to_json(value: FactValue) -> Any:
    if isinstance(value, Money):
        return {"amount": str(value.amount), "currency": value.currency}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return value


def _value_from_json(value: Any, kind: str) -> FactValue:
    if kind == "Money":
        return Money(Decimal(value["amount"]), value["currency"])
    if kind == "Decimal":
        return Decimal(value)
    if kind == "datetime":
        return datetime.fromisoformat(value)
    if kind == "date":
        return date.fromisoformat(value)
    if kind == "tuple":
        return tuple(str(v) for v in value)
    result: FactValue = value
    return result


def _moment(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text or " " in text else date.fromisoformat(text)
