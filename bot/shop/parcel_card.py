"""Draws an order as a card: steps that are done, the present one, the next; and the usual range."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Optional

from bot.answer import Fact
from bot.shop.model import Order, OrderState
from bot.shop.tracking import UNDER_WAY, Progress, milestones, next_state

MOST_STEPS_DONE = 4
# Situations with a note of their own under the present step; elsewhere the place stands there.
_NOTED = ("import_customs", "customs_held", "pickup_ready", "pickup_open", "delivery_failed", "stalled")

Card = dict[str, Any]
Steps = tuple[list[Card], tuple[Fact, ...]]


def card(steps: list[Card], *, scanned: bool, span: Optional[Card] = None) -> Card:
    """A parcel card around these steps; `scanned` says whether a carrier's scans stand behind it."""
    drawn: Card = {
        "kind": "parcel",
        "title": reply("order.card.title"),
        "tag": reply("order.card.tag"),
        "steps": steps,
        "as_of": reply("order.card.as_of" if scanned else "order.card.as_of_shop"),
    }
    if span is not None:
        drawn["range"] = span
    return drawn


def parcel_steps(told: Progress, *, order: Order, source: str, place: Callable[[str], str]) -> Steps:
    """The milestones of one parcel, each with its day and place, and what comes next.

    `place` gives a place in the customer's language.
    """
    if told.last is None:
        return [
            {"state": "now", "label": reply("order.step.label_created")},
            {"state": "next", "label": reply("order.step.accepted")},
        ], ()
    seen = tuple(event for event in told.parcel.events if event.at <= told.last.at)
    shown = milestones(seen)[-(MOST_STEPS_DONE + 1) :]
    steps: list[Card] = []
    facts: list[Fact] = []
    for n, event in enumerate(shown, start=1):
        is_now = n == len(shown)
        over = is_now and told.situation == "delivered"
        step: Card = {
            "state": "done" if over or not is_now else "now",
            "label": reply(f"order.step.{event.state.value}"),
            "time": {"fact": f"step_{n}_on:short"},
        }
        at = told.last.at if is_now else event.at
        facts.append(Fact(f"step_{n}_on", at, "day", source, order.as_of))
        if is_now and told.situation in _NOTED:
            step["note"] = reply(f"order.note.{told.situation}")
        elif event.place:
            step["note"] = {"fact": f"step_{n}_place"}
            facts.append(Fact(f"step_{n}_place", place(event.place), None, source, order.as_of))
        steps.append(step)
    following = next_state(seen, country=order.country)
    if following is not None:
        name = "collected" if told.situation.startswith("pickup") else following.value
        steps.append({"state": "next", "label": reply(f"order.step.{name}")})
    return steps, tuple(facts)


def several_steps(parcels: list[Progress], *, order: Order, source: str) -> Steps:
    """One line for each parcel: its last scan, its number, its day."""
    steps: list[Card] = []
    facts: list[Fact] = []
    for n, told in enumerate(parcels, start=1):
        state = told.last.state.value if told.last else "label_created"
        step: Card = {
            "state": "done" if told.situation == "delivered" else "now",
            "label": reply(f"order.step.{state}"),
            "note": {"fact": f"step_{n}_number"},
        }
        facts.append(Fact(f"step_{n}_number", told.parcel.tracking_number, None, source, order.as_of))
        if told.last:
            step["time"] = {"fact": f"step_{n}_on:short"}
            facts.append(Fact(f"step_{n}_on", told.last.at, "day", source, order.as_of))
        steps.append(step)
    return steps, tuple(facts)


_SHOP_STEPS: Mapping[OrderState, tuple[tuple[str, str], ...]] = {
    OrderState.UNPAID: (("done", "placed"), ("now", "unpaid"), ("next", "packed")),
    OrderState.PAID: (("done", "placed"), ("now", "paid"), ("next", "packed")),
    OrderState.PACKED: (("done", "placed"), ("done", "paid"), ("now", "packed"), ("next", "accepted")),
    OrderState.SHIPPED: (("done", "placed"), ("done", "packed"), ("now", "shipped"), ("next", "delivered")),
    OrderState.DELIVERED: (("done", "placed"), ("done", "shipped"), ("done", "delivered")),
    OrderState.CANCELLED: (("done", "placed"), ("done", "cancelled")),
    OrderState.RETURNED: (("done", "placed"), ("done", "shipped"), ("done", "returned")),
}


def shop_steps(order: Order) -> list[Card]:
    """The steps of an order that no parcel tells of; they need the fact `placed_on`."""
    steps: list[Card] = []
    for state, name in _SHOP_STEPS[order.state]:
        step: Card = {"state": state, "label": reply(f"order.step.{name}")}
        if name == "placed":
            step["time"] = {"fact": "placed_on:short"}
        steps.append(step)
    return steps


def span(told: Progress, usual: tuple[int, int]) -> Optional[Card]:
    """The usual range with today in it, in whole working days; none for what is not under way."""
    if told.situation not in UNDER_WAY or told.working_day is None:
        return None
    return {
        "low": usual[0],
        "high": usual[1],
        "today": told.working_day,
        "label": reply("order.range.label"),
        "note": reply("order.range.note"),
        "aria": reply("order.range.aria"),
    }


def reply(key: str) -> Card:
    """A reply inside a card."""
    return {"reply": key}
