"""The duty and tax rules of each market, as data/markets/<code>.yml gives them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence, Union

import eu_vat_rates_data
import yaml

from bot.answer import Money
from bot.yamls import load_yaml

MODES = ("state", "hedge", "refer")
CONFIDENCES = ("H", "M", "L", "U")
BASES = ("intrinsic", "fob", "cif")
PAYABLE = ("checkout", "delivery")
KINDS = ("duty", "tax", "fee")
NO_SCHEME = "none"
# What a charge may be computed on, besides the lines before it.
BASKET = ("goods", "shipping", "insurance")
# In place of a number: the rate of the region, or one that is given for each HS code.
REGION = "region"
GIVEN = "given"


@dataclass(frozen=True)
class Source:
    """Where a rule is from, when it was looked at, and until when that look may be relied on.

    `name` is the law or the office as a customer reads it, `read_in` the pages that we read it in.
    """

    name: str
    url: str
    dated: Optional[date]
    checked_on: date
    review_by: Optional[date]
    confidence: str
    names: Mapping[str, str] = field(default_factory=dict)
    read_in: str = ""

    def name_in(self, language: str) -> str:
        """The source's name as this language writes it, or as the file does."""
        return self.names.get(language, self.name)


@dataclass(frozen=True)
class Charge:
    """One line that a regime adds: a rate on some lines before it, or a flat amount.

    `rate` is a percentage, REGION, GIVEN, or None for a flat amount; `of` gives each part of
    the base with its weight; `inside` is a tax that is part of its own base.
    """

    line: str
    kind: str
    rate: Union[Decimal, str, None] = None
    of: Mapping[str, Decimal] = field(default_factory=dict)
    flat: Optional[Money] = None
    per_hs6: bool = False
    inside: bool = False
    over: Optional[Money] = None
    less: Optional[Money] = None
    waived_up_to: Optional[Money] = None


@dataclass(frozen=True)
class Regime:
    """One rule: when, for which parcels, what is charged, and how sure we are.

    `valid_to` is the first day on which it no longer holds. A parcel belongs to it when its value
    (by `basis`) is above `over` and at most `up_to`.
    """

    id: str
    valid_from: date
    valid_to: Optional[date]
    mode: str
    reason: str
    source: Source
    basis: str
    over: Optional[Money]
    up_to: Optional[Money]
    schemes: tuple[str, ...]
    payable: Mapping[str, str]
    charges: tuple[Charge, ...]

    def holds(self, on: date, scheme: str) -> bool:
        """Whether this rule is in force on a day, for a scheme."""
        return (
            self.valid_from <= on
            and (self.valid_to is None or on < self.valid_to)
            and (not self.schemes or scheme in self.schemes)
        )

    def is_stale(self, on: date) -> bool:
        """Whether nobody has looked at this rule recently enough to rely on it on a day."""
        return self.source.review_by is not None and on > self.source.review_by

    def charge(self, kind: str) -> Optional[Charge]:
        """The first charge of a kind (duty, tax, fee)."""
        return next((c for c in self.charges if c.kind == kind), None)


@dataclass(frozen=True)
class Region:
    """A part of a market with a tax rate of its own (percent): a member state, a state, a province."""

    code: str
    rate: Decimal
    source: str
    as_of: date


@dataclass(frozen=True)
class Example:
    """A worked example of a market file; the numbers that must come out stand in `expect`."""

    name: str
    on: date
    items: tuple[str, ...]
    currency: str
    expect: Mapping[str, Optional[str]]
    region: Optional[str] = None
    shipping: Decimal = Decimal(0)
    insurance: Decimal = Decimal(0)
    scheme: str = NO_SCHEME
    duty_rates: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Market:
    """A market and its rules. `regions` is empty where one rate holds throughout.

    With `members` the regions are countries of their own (the EU); then there is no default rate.
    """

    code: str
    currency: str
    official_name: str
    official_url: str
    fee_note: str
    regimes: tuple[Regime, ...]
    regions: Mapping[str, Region] = field(default_factory=dict)
    default_region: Optional[Region] = None
    members: bool = False
    aliases: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def schemes(self) -> tuple[str, ...]:
        """The schemes under which a seller can send here, "none" first."""
        named = {s for regime in self.regimes for s in regime.schemes} - {NO_SCHEME}
        return (NO_SCHEME, *sorted(named))

    def in_force(self, on: date, scheme: str) -> tuple[Regime, ...]:
        """The rules of a day and scheme, from the smallest parcels to the largest."""
        found = [r for r in self.regimes if r.holds(on, scheme)]
        return tuple(sorted(found, key=lambda r: r.over.amount if r.over else Decimal(-1)))


class UnknownMarket(LookupError):
    """No rule file covers this country."""


class Markets(Mapping[str, Market]):
    """Every market by its code, and by the countries that it covers."""

    def __init__(self, markets: Sequence[Market]) -> None:
        self._by_code = {market.code: market for market in markets}
        self._by_country: dict[str, tuple[Market, Optional[str]]] = {}
        for market in markets:
            for name in (market.code, *market.aliases):
                self._by_country[name] = (market, None)
            if market.members:
                for code in market.regions:
                    self._by_country[code] = (market, code)

    def __getitem__(self, code: str) -> Market:
        return self._by_code[code]

    def __iter__(self) -> Any:
        return iter(self._by_code)

    def __len__(self) -> int:
        return len(self._by_code)

    def find(self, country: str) -> Optional[tuple[Market, Optional[str]]]:
        """The market that covers a country (ISO 3166), with the member that the country is of it."""
        return self._by_country.get(country.strip().upper())

    def need(self, country: str) -> tuple[Market, Optional[str]]:
        """Like `find`; raises UnknownMarket with what exists."""
        found = self.find(country)
        if found is None:
            raise UnknownMarket(
                f"No market {country!r}. Known: {', '.join(sorted(self._by_code))}. "
                f"Add data/markets/{country.lower()}.yml (docs/adding.md#market)."
            )
        return found


def load_markets(folder: Path) -> Markets:
    """Every market of a folder; ValueError names the file and what is wrong in it."""
    return Markets([load_market(path) for path in sorted(folder.glob("*.yml"))])


def load_market(path: Path) -> Market:
    """One market file; ValueError names the file and what is wrong in it."""
    try:
        row: Any = load_yaml(path.read_text(encoding="utf-8"))
        return _market(row)
    except KeyError as e:
        raise ValueError(f"{path}: the field {e.args[0]} is missing (docs/adding.md#market).") from e
    except (TypeError, AttributeError) as e:
        raise ValueError(f"{path}: expected a map of fields (docs/adding.md#market).") from e
    except (ValueError, InvalidOperation, yaml.YAMLError) as e:
        raise ValueError(f"{path}: {e}") from e


def _market(row: Mapping[str, Any]) -> Market:
    regimes = tuple(_regime(r) for r in row["regimes"])
    names = [r.id for r in regimes]
    if len(set(names)) < len(names):
        raise ValueError(f"two rules have one id among {', '.join(names)}.")
    regions = row.get("regions") or {}
    members = regions.get("members") == "eu-vat-rates-data"
    return Market(
        code=str(row["market"]),
        currency=str(row["currency"]),
        official_name=str(row["official"]["name"]),
        official_url=str(row["official"]["url"]),
        fee_note=str(row["fee_note"]),
        regimes=regimes,
        regions=_member_states() if members else _regions(regions),
        default_region=_default_region(regions) if "default" in regions else None,
        members=members,
        aliases=tuple(row.get("aliases") or ()),
        examples=tuple(_example(e, str(row["currency"])) for e in row.get("examples") or ()),
    )


def _member_states() -> dict[str, Region]:
    """The standard VAT of each EU member, from the package's dated table."""
    as_of = date.fromisoformat(str(eu_vat_rates_data.data_version))
    return {
        code: Region(code, _decimal(rates["standard"]), f"eu-vat-rates-data {as_of.isoformat()}", as_of)
        for code, rates in eu_vat_rates_data.get_all_rates().items()
        if rates["eu_member"]
    }


def _regions(row: Mapping[str, Any]) -> dict[str, Region]:
    return {
        str(code): Region(
            str(code), _decimal(rate), str(row["source"]), _day(row["checked_on"], "checked_on")
        )
        for code, rate in (row.get("rates") or {}).items()
    }


def _default_region(row: Mapping[str, Any]) -> Region:
    return Region("", _decimal(row["default"]), str(row["source"]), _day(row["checked_on"], "checked_on"))


def _regime(row: Mapping[str, Any]) -> Regime:
    name = str(row["id"])
    goods = row.get("value") or {}
    schemes = tuple(str(s) for s in row.get("schemes") or ())
    regime = Regime(
        id=name,
        valid_from=_day(row["valid_from"], "valid_from"),
        valid_to=_day(row["valid_to"], "valid_to") if row["valid_to"] else None,
        mode=_one_of(row["mode"], MODES, f"{name}: mode"),
        reason=str(row.get("reason") or ""),
        source=_source(row),
        basis=_one_of(goods.get("basis", "intrinsic"), BASES, f"{name}: basis"),
        over=_bound(goods, "over"),
        up_to=_bound(goods, "up_to"),
        schemes=schemes,
        payable=_payable(row["payable"], schemes, name),
        charges=_charges(row.get("charges") or (), name),
    )
    if regime.mode == "refer" and not regime.reason:
        raise ValueError(f"{name}: a rule that only refers needs a reason.")
    ended = regime.valid_to is not None and regime.valid_to <= regime.source.checked_on
    if regime.source.review_by is None and not ended:
        raise ValueError(f"{name}: a rule that still holds needs review_by.")
    return regime


def _source(row: Mapping[str, Any]) -> Source:
    return Source(
        name=str(row["source"]),
        url=str(row.get("source_url") or ""),
        dated=_day(row["source_date"], "source_date") if row.get("source_date") else None,
        checked_on=_day(row["checked_on"], "checked_on"),
        review_by=_day(row["review_by"], "review_by") if row["review_by"] else None,
        confidence=_one_of(row["confidence"], CONFIDENCES, "confidence"),
        names={str(k): str(v) for k, v in (row.get("source_names") or {}).items()},
        read_in=str(row.get("read_in") or ""),
    )


def _payable(value: Any, schemes: Sequence[str], name: str) -> dict[str, str]:
    """When the receiver pays, by scheme; the key "" stands for every other one."""
    rows = value if isinstance(value, dict) else {"": value}
    unknown = sorted(set(rows) - set(schemes) - {""})
    if unknown:
        raise ValueError(f"{name}: payable names the scheme {unknown[0]!r}, which the rule does not have.")
    return {str(k): _one_of(v, PAYABLE, f"{name}: payable") for k, v in rows.items()}


def _charges(rows: Sequence[Mapping[str, Any]], name: str) -> tuple[Charge, ...]:
    known = list(BASKET)
    charges = []
    for row in rows:
        charge = _charge(row, name)
        for part in charge.of:
            if part not in known:
                raise ValueError(f"{name}: {charge.line} is a share of {part!r}. Known: {', '.join(known)}.")
        known.append(charge.line)
        charges.append(charge)
    return tuple(charges)


def _charge(row: Mapping[str, Any], name: str) -> Charge:
    line = str(row["line"])
    rate, flat, of = row.get("rate"), row.get("flat"), row.get("of") or {}
    if (rate is None) == (flat is None):
        raise ValueError(f"{name}: {line} needs either a rate or a flat amount.")
    if rate is not None and not of:
        raise ValueError(f"{name}: {line} has a rate but nothing that it is computed on.")
    weights = of if isinstance(of, dict) else dict.fromkeys(of, 1)
    return Charge(
        line=line,
        kind=_one_of(row["kind"], KINDS, f"{name}: kind"),
        rate=rate if rate in (None, REGION, GIVEN) else _decimal(rate),
        of={str(k): _decimal(v) for k, v in weights.items()},
        flat=_bound(row, "flat"),
        per_hs6=row.get("per") == "hs6",
        inside=bool(row.get("inside")),
        over=_bound(row, "over"),
        less=_bound(row, "less"),
        waived_up_to=_bound(row, "waived_up_to"),
    )


def _example(row: Mapping[str, Any], currency: str) -> Example:
    return Example(
        name=str(row["name"]),
        on=_day(row["date"], "date"),
        items=tuple(str(i) for i in row["items"]),
        currency=str(row.get("currency") or currency),
        expect={str(k): None if v is None else str(v) for k, v in row["expect"].items()},
        region=row.get("region"),
        shipping=_decimal(row.get("shipping", 0)),
        insurance=_decimal(row.get("insurance", 0)),
        scheme=str(row.get("scheme") or NO_SCHEME),
        duty_rates={str(k): _decimal(v) for k, v in (row.get("duty_rates") or {}).items()},
    )


def _bound(row: Mapping[str, Any], name: str) -> Optional[Money]:
    return Money(_decimal(row[name]), str(row["currency"])) if row.get(name) is not None else None


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool):
        raise ValueError(f"expected a number, not {value!r}.")
    try:
        number = Decimal(str(value))
    except InvalidOperation as e:
        raise ValueError(f"expected a number, not {value!r}.") from e
    whole = number.is_finite() and number == number.to_integral_value()
    return Decimal(int(number)) if whole else number  # 19.0 is 19


def _day(value: Any, name: str) -> date:
    if type(value) is not date:
        raise ValueError(f"{name} is {value!r}; expected a day such as 2026-07-01.")
    return value


def _one_of(value: Any, known: Sequence[str], name: str) -> str:
    if value not in known:
        raise ValueError(f"{name} is {value!r}. Known: {', '.join(known)}.")
    return str(value)
