"""The two ends of every action: what the turn knows, and how an answer is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Optional

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot import wiring
from bot.answer import Answer, Fact


@dataclass(frozen=True)
class Context:
    """What the turn knows of the conversation; under plain Rasa, what the settings say.

    `plain` is True when no turn stands around the action (`rasa shell`, `rasa run`).
    """

    conversation: str
    seq: int
    shop: str
    language: str
    timezone: str
    country: Optional[str]
    at: datetime
    product: Optional[str]
    order: Optional[str]
    address: str
    text: str
    plain: bool


def context(tracker: Tracker) -> Context:
    """The turn's context, as it came with the message."""
    message: dict[str, Any] = tracker.latest_message or {}
    known: dict[str, Any] = message.get("metadata") or {}
    at = known.get("at")
    language = str(known.get("language") or message.get("language") or "en")
    if "conversation" not in known:
        wiring.prepare()  # no server has done so
    return Context(
        conversation=str(known.get("conversation") or tracker.sender_id),
        seq=int(known.get("seq") or len(tracker.events)),
        shop=str(known.get("shop") or wiring.settings().shop),
        language=language if language in wiring.phrasebook().languages else "en",
        timezone=str(known.get("timezone") or "UTC"),
        country=known.get("country"),
        at=datetime.fromisoformat(at) if at else wiring.clock()(),
        product=known.get("product"),
        order=known.get("order"),
        address=str(known.get("address") or ""),
        text=str(message.get("text") or ""),
        plain="conversation" not in known,
    )


def say(dispatcher: CollectingDispatcher, tracker: Tracker, answer: Answer) -> None:
    """Say an answer: the turn renders it; under plain Rasa it is rendered right here."""
    asked = context(tracker)
    if asked.plain:
        if answer.handoff is not None or answer.key.startswith("handoff."):
            answer = _nobody_here(asked.shop)
        rendered = wiring.saying().say(answer, language=asked.language, timezone=asked.timezone, now=asked.at)
        dispatcher.utter_message(text=rendered.text)
    else:
        dispatcher.utter_message(json_message=answer.to_json())


def _nobody_here(shop_id: str) -> Answer:
    """What to say where no desk takes handoffs: no time may be promised there."""
    email = wiring.shop(shop_id).contact_email
    return Answer(
        key="system.no_desk", facts=(Fact("contact_email", email, source=f"data/shops/{shop_id}.yml"),)
    )


def entity(tracker: Tracker, name: str) -> Optional[str]:
    """The first value of this entity in the customer's message."""
    return next((str(value) for value in tracker.get_latest_entity_values(name)), None)


def intent_of(tracker: Tracker) -> str:
    """What the customer's message was understood as."""
    return str((tracker.latest_message or {}).get("intent", {}).get("name") or "out_of_scope")


def confidence_of(tracker: Tracker) -> float:
    """How sure the model is of that, from 0 to 1."""
    return float((tracker.latest_message or {}).get("intent", {}).get("confidence") or 0)


def unsure(tracker: Tracker, *, abstained: bool) -> Answer:
    """Ask what is meant, naming what was understood of it; a person is offered the second time in a row."""
    asked = context(tracker)
    return wiring.topics().unsure(
        ranking_of(tracker),
        abstained=abstained,
        said=asked.text,
        named=_named(tracker, asked),
        again=bool(tracker.get_slot("not_understood")),
    )


def _named(tracker: Tracker, asked: Context) -> tuple[Fact, ...]:
    """What was surely understood: the order; else the product with its colour and size; else the country."""
    number, country = entity(tracker, "order_number"), entity(tracker, "country")
    if number:
        return (Fact("order_number", number, source="customer"),)
    named = []
    product = wiring.catalogue(asked.shop).name_of(asked.text, language=asked.language)
    if product:
        named.append(Fact("product", product, source="shop catalogue"))
    colour, size = entity(tracker, "colour"), entity(tracker, "size")
    if colour:
        named.append(Fact("colour", colour, "term", source="customer"))
    if size:
        named.append(Fact("size", size, source="customer"))
    if not named and country:
        named.append(Fact("country", country, "country", source="customer"))
    return tuple(named)


def ranking_of(tracker: Tracker) -> list[tuple[str, float]]:
    """The likeliest intents with their confidences, best first."""
    rows = (tracker.latest_message or {}).get("intent_ranking") or []
    return [(str(row.get("name")), float(row.get("confidence") or 0)) for row in rows]
