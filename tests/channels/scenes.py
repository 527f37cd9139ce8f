"""Answers with every kind of card, as the rooms behind the door would give them."""

from __future__ import annotations

from typing import Any, Mapping

from bot.conversations.model import Draft, Message
from tests.channels.house import said

PARCEL: Mapping[str, Any] = {
    "kind": "parcel",
    "title": "Order LL-10417",
    "tag": "Verified",
    "steps": [
        {"state": "done", "label": "Left our warehouse, Shenzhen", "time": "9 Nov"},
        {"state": "done", "label": "Left China", "time": "13 Nov"},
        {"state": "done", "label": "Arrived in Frankfurt", "time": "20 Nov"},
        {"state": "now", "label": "With customs", "note": "Nothing needed from you now", "time": "22 Nov"},
        {"state": "next", "label": "Handed to DHL Paket"},
    ],
    "range": {
        "low": 8,
        "high": 18,
        "today": 10,
        "label": "Working day 10",
        "note": "usually 8–18, not guaranteed",
        "aria": "Working day 10; the usual range is 8 to 18",
    },
    "as_of": "As of Sun 22 Nov, 16:40 your time. From YunExpress.",
}
COST: Mapping[str, Any] = {
    "kind": "cost",
    "title": "Einfuhrkosten nach Deutschland",
    "tag": "Schätzung",
    "rows": [
        {"label": "Waren, ohne Steuer", "note": "2 T-Shirts, 1 Paar Laufschuhe", "value": "70,00 €"},
        {"label": "Versand", "value": "5,00 €"},
        {"label": "Zoll", "note": "2 Warenarten × 3,00 €", "value": "6,00 €", "style": "sub"},
        {"label": "Einfuhrumsatzsteuer", "note": "19 % von 81,00 €", "value": "15,39 €"},
        {"label": "Gesamt", "value": "96,39 €", "style": "total"},
    ],
    "as_of": "Stand: 2. Juli 2026. Quelle: Verordnung (EU) 2026/382. Den Betrag setzt der Zoll fest.",
}
PRODUCT: Mapping[str, Any] = {
    "kind": "product",
    "name": "Marlow rain jacket",
    "price": "€89.00",
    "stock": "Blue, M: in stock",
    "available": True,
    "picture": {
        "shape": "jacket",
        "palette": ["#35507f", "#27406b", "#182b4d", "#e3c27a"],
        "background": "#e9e7e1",
    },
    "url": "/p/marlow-rain-jacket",
    "colour_label": "Colour",
    "colours": [
        {"label": "Green", "swatch": "#5d7258", "state": "free"},
        {"label": "Blue", "swatch": "#35507f", "state": "chosen"},
        {"label": "Beige", "swatch": "#cdb48a", "state": "free"},
    ],
    "size_label": "Size",
    "sizes": [
        {"label": "XS", "state": "out"},
        {"label": "S", "state": "free"},
        {"label": "M", "state": "chosen"},
        {"label": "L", "state": "free"},
        {"label": "XL", "state": "free"},
    ],
    "as_of": "As of 22:24 your time. Not reserved until you order.",
}
SIZE: Mapping[str, Any] = {
    "kind": "size",
    "title": "Kite running shoe",
    "rows": [
        {"label": "Foot length", "value": "26.0 cm"},
        {"label": "EU", "value": "41"},
        {"label": "UK", "value": "7.5"},
    ],
    "note": "Fit depends on the shape of your foot.",
    "as_of": "The product’s own chart, as of 1 Oct 2026.",
}
POLICY: Mapping[str, Any] = {
    "kind": "policy",
    "title": "Returns",
    "rows": [
        {"label": "Time", "value": "30 days from delivery"},
        {"label": "Who pays the way back", "value": "You do, unless the item is faulty"},
        {"label": "Withdraw here", "value": "https://shop.example/withdraw"},
    ],
    "as_of": "Shop policy, as of 1 Nov 2026.",
}
FORM: Mapping[str, Any] = {
    "kind": "form",
    "form": "order",
    "title": "",
    "fields": [
        {"name": "order_number", "label": "Order number", "type": "text", "autocomplete": "off"},
        {"name": "email", "label": "E-mail used for the order", "type": "email", "autocomplete": "email"},
    ],
    "submit": "Look up the order",
}
UNDATED: Mapping[str, Any] = {"kind": "cost", "title": "Costs", "rows": [{"label": "All", "value": "1 €"}]}

SCENES: Mapping[str, Draft] = {
    "where is my parcel?": said("To keep orders private I need two things that belong together.", card=FORM),
    "LL-10417, anna@example.org": said(
        "Your parcel is in Germany, with customs since yesterday.", card=PARCEL
    ),
    "what does it cost": said("Zoll und Steuer zahlen Sie schon bei uns.", card=COST, language="de"),
    "is the blue one there": said("Yes. The Marlow rain jacket in blue is in stock in M.", card=PRODUCT),
    "which size": said("In this product’s own chart a foot of 26.0 cm is EU 41.", card=SIZE),
    "return policy": said("You can send it back.", card=POLICY),
    "undated": said("It costs something.", card=UNDATED),
    "unsure": said(
        "I want to be sure before I answer. Which of these do you mean?",
        choices=tuple(
            {"label": label, "intent": "x", "entities": {}}
            for label in ("Where is my order?", "How long does delivery take?", "Talk to a person")
        ),
    ),
}


def answer(message: Message) -> list[Draft]:
    """The scene that a text calls, or an echo."""
    return [SCENES.get(message.text) or said(f"You said: {message.text}")]
