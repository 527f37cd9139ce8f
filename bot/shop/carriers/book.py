"""Reads data/carriers.yml: what each carrier is called, where to follow it, how long is too quiet, places."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Mapping
from urllib.parse import quote

from bot.yamls import read_yaml


@dataclass(frozen=True)
class Service:
    """A kind of service. `usual` is a range in working days after dispatch."""

    quiet_days: int
    usual: tuple[int, int]
    by_country: bool
    source: str


@dataclass(frozen=True)
class Carrier:
    """A carrier; `tracking_url` has {number}, and {language} where the page has languages."""

    code: str
    name: str
    service: Service
    tracking_url: str

    def follow(self, tracking_number: str, *, language: str) -> str:
        """The address of the page that shows this parcel."""
        return self.tracking_url.format(number=quote(tracking_number, safe=""), language=language)


@dataclass(frozen=True)
class CarrierBook:
    """Every carrier that we know by name, and how to treat one that we don't.

    `places` has, for a place as carriers write it, its name in other languages.
    """

    carriers: Mapping[str, Carrier]
    other: Carrier
    checked_on: date
    places: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def get(self, code: str) -> Carrier:
        """The carrier of this code; one that is not in the book goes by its code."""
        known = self.carriers.get(code)
        if known is not None:
            return known
        return Carrier(code, code or self.other.name, self.other.service, self.other.tracking_url)

    def place(self, name: str, *, language: str) -> str:
        """A place in a language; one that is not in the book stays as the carrier writes it."""
        return self.places.get(name, {}).get(language, name)


def load_carriers(path: Path) -> CarrierBook:
    """The book in data/carriers.yml; ValueError names what is missing there."""
    rows: Any = read_yaml(path)
    try:
        kinds = {name: _service(row) for name, row in rows["kinds"].items()}
        return CarrierBook(
            carriers={
                str(code): _carrier(str(code), str(row["name"]), row, kinds)
                for code, row in rows["carriers"].items()
            },
            other=_carrier("", "—", rows["other"], kinds),
            checked_on=rows["checked_on"],
            places={
                str(name): {str(language): str(text) for language, text in names.items()}
                for name, names in (rows.get("places") or {}).items()
            },
        )
    except KeyError as e:
        raise ValueError(f"{path}: {e.args[0]} is missing (docs/adding.md#carrier).") from e
    except (TypeError, AttributeError, ValueError) as e:
        raise ValueError(f"{path}: expected kinds, other and carriers ({e}; docs/adding.md#carrier).") from e


def _service(row: Mapping[str, Any]) -> Service:
    low, high = row["range"]
    return Service(
        quiet_days=int(row["quiet_days"]),
        usual=(int(low), int(high)),
        by_country=bool(row.get("by_country", False)),
        source=str(row["source"]),
    )


def _carrier(code: str, name: str, row: Mapping[str, Any], kinds: Mapping[str, Service]) -> Carrier:
    return Carrier(code=code, name=name, service=kinds[row["kind"]], tracking_url=str(row["tracking_url"]))
