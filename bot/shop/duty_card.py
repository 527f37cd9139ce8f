"""Draws what an import costs, and the rule behind it, as cards."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Optional

from bot.answer import Fact
from bot.shop.duties import LandedCost

Card = dict[str, Any]


def _reply(key: str) -> Card:
    return {"reply": key}


def _fact(name: str) -> Card:
    return {"fact": name}


# A row of a rule's card: its label, what it shows, and the facts without which there is no such row.
_ROWS: Mapping[str, tuple[Card, Card, frozenset[str]]] = {
    "goods": (_reply("duty.row.goods"), _fact("goods"), frozenset({"goods"})),
    "flat": (_reply("duty.row.up_to"), _reply("duty.row.flat"), frozenset({"threshold", "flat_duty"})),
    "tax_only": (_reply("duty.row.up_to"), _reply("duty.row.no_duty"), frozenset({"threshold"})),
    "free": (_reply("duty.row.up_to"), _reply("duty.row.nothing"), frozenset({"threshold"})),
    "unconfirmed": (_reply("duty.row.up_to"), _reply("duty.row.unconfirmed"), frozenset({"threshold"})),
    "above": (
        _reply("duty.row.above"),
        _reply("duty.row.by_goods_paid"),
        frozenset({"threshold", "payable_above"}),
    ),
    "tariff": (_reply("duty.row.above"), _reply("duty.row.by_goods"), frozenset({"threshold"})),
    "less": (
        _reply("duty.row.above"),
        _reply("duty.row.less"),
        frozenset({"threshold", "duty_rate", "duty_less"}),
    ),
    "rate": (_reply("duty.card.duty"), _reply("duty.row.rate"), frozenset({"duty_rate"})),
    "by_goods": (_reply("duty.card.duty"), _reply("duty.row.by_goods"), frozenset()),
    "tax": (_fact("tax_name"), _fact("tax_rate"), frozenset({"tax_name", "tax_rate"})),
    "tax_by_region": (
        _fact("tax_name"),
        _reply("duty.row.tax_by_region"),
        frozenset({"tax_name", "tax_low", "tax_high"}),
    ),
    "payable": (_reply("duty.row.payable"), _fact("payable"), frozenset({"payable"})),
    "payable_open": (_reply("duty.row.payable"), _fact("payable_open"), frozenset({"payable_open"})),
    "fees": (_reply("duty.row.fees"), _fact("fee_note"), frozenset({"fee_note"})),
    "official": (_reply("duty.row.official"), _reply("duty.row.official_place"), frozenset()),
}
# The rows of each kind of rule; `tax` becomes `tax_by_region` where nobody named the region.
_RULES: Mapping[str, tuple[str, ...]] = {
    "flat": ("goods", "flat", "above", "tax", "payable", "fees", "official"),
    "tax_only": ("goods", "tax_only", "above", "tax", "payable", "fees", "official"),
    "free": ("goods", "free", "above", "tax", "fees", "official"),
    "open": ("by_goods", "tax", "payable", "fees", "official"),
    "rate": ("rate", "tax", "payable", "fees", "official"),
    "tariff": ("goods", "tariff", "tax", "payable", "fees", "official"),
    "less": ("goods", "less", "tax", "payable", "fees", "official"),
    "rate_unverified": ("by_goods", "payable_open", "fees", "official"),
    "rule_unverified": ("unconfirmed", "less", "tax", "payable_open", "fees", "official"),
}


def rule_card(shape: str, facts: Iterable[Fact], *, by_region: bool) -> Card:
    """What a rule says, line by line; `shape` is the kind of rule, as its reply is named."""
    known = {fact.name for fact in facts}
    names = ("tax_by_region" if by_region and name == "tax" else name for name in _RULES[shape])
    return {
        "kind": "policy",
        "title": _reply("duty.card.rule_title"),
        "rows": [
            {"label": label, "value": value}
            for label, value, needed in map(_ROWS.__getitem__, names)
            if needed <= known
        ],
        "as_of": _reply("duty.card.rule_as_of"),
    }


def cost_card(cost: LandedCost, *, inside: bool) -> Card:
    """A row for each line that matters, then the total; `inside` is a tax in its own base."""
    duty, tax = cost.line("duty"), cost.line("tax")
    rows: list[Card] = [
        _row(_reply("duty.card.goods"), "goods", note=_fact("product")),
        _row(_reply("duty.card.shipping"), "shipping"),
    ]
    if duty is not None:
        less = cost.regime is not None and any(c.less for c in cost.regime.charges)
        note = "flat_note" if duty.each is not None else "less_note" if less else "rate_note"
        rows.append(_row(_reply("duty.card.duty"), "duty", _reply(f"duty.card.{note}"), "sub"))
    if tax is not None:
        note = "inside_note" if inside else "tax_note"
        rows.append(_row(_fact("tax_name"), "tax", _reply(f"duty.card.{note}"), "sub"))
    rows.append(_row(_reply("duty.card.total"), "total", style="total"))
    return {
        "kind": "cost",
        "title": _reply("duty.card.title"),
        "tag": _reply("duty.card.tag"),
        "rows": rows,
        "as_of": _reply("duty.card.as_of"),
    }


def _row(label: Card, fact: str, note: Optional[Card] = None, style: Optional[str] = None) -> Card:
    row: Card = {"label": label, "value": _fact(fact)}
    if note:
        row["note"] = note
    if style:
        row["style"] = style
    return row
