"""Reads what a customer's page sends: every field checked, every refusal one sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Mapping, Optional
from zoneinfo import ZoneInfo

from bot.conversations.model import Kind
from bot.http.problems import Problem

CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")
CHOICE_ID = re.compile(r"([0-9]{1,9})\.([0-9]{1,2})\Z")
LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}\Z")
COUNTRY = re.compile(r"[A-Za-z]{2}\Z")
MOST_TEXT = 20_000
MOST_FORM_VALUE = 500
MOST_SEQ = 2**31 - 1


@dataclass(frozen=True)
class Start:
    """A wish to open a conversation."""

    shop: str
    locale: str
    timezone: str
    country: Optional[str]
    page: Optional[str]
    product: Optional[str]
    order: Optional[str]


@dataclass(frozen=True)
class Said:
    """A customer's message: a text, a chosen button, or a filled form."""

    client_id: str
    kind: Kind
    text: str
    choice: Optional[tuple[int, int]] = None
    form: Optional[tuple[str, Mapping[str, str]]] = None


def read_start(body: Mapping[str, Any], *, default_shop: str) -> Start:
    """The fields of `POST /chat/conversations`; Problem 422 for a field that cannot be meant."""
    locale = _text(body, "locale", most=35) or "en"
    if not LOCALE.match(locale):
        raise Problem(422, "bad-field", "The locale is not a language tag such as de or pt-BR.")
    country = _text(body, "country", most=2)
    if country and not COUNTRY.match(country):
        raise Problem(422, "bad-field", "The country is not an ISO 3166 code of two letters such as DE.")
    return Start(
        shop=_text(body, "shop", most=64) or default_shop,
        locale=locale.replace("_", "-"),
        timezone=_zone(_text(body, "timezone", most=64)),
        country=country.upper() if country else None,
        page=_text(body, "page", most=2000, cut=True),
        product=_text(body, "product", most=128),
        order=_text(body, "order", most=64),
    )


def read_said(body: Mapping[str, Any]) -> Said:
    """The fields of `POST …/messages`; Problem 422 when it is not exactly one message."""
    client_id = read_client_id(body)
    given = [name for name in ("text", "choice", "form") if body.get(name) is not None]
    if len(given) != 1:
        raise Problem(422, "bad-field", "A message needs exactly one of text, choice or form.")
    if given == ["text"]:
        return Said(client_id=client_id, kind=Kind.TEXT, text=_message_text(body["text"]))
    if given == ["choice"]:
        return Said(client_id=client_id, kind=Kind.CHOICE, text="", choice=_choice(body["choice"]))
    return Said(client_id=client_id, kind=Kind.FORM, text="", form=_form(body["form"]))


def read_client_id(body: Mapping[str, Any]) -> str:
    """The page's own id of a message; Problem 422 when it is none."""
    client_id = body.get("id")
    if not isinstance(client_id, str) or not CLIENT_ID.match(client_id):
        raise Problem(
            422, "bad-field", "A message needs an id of 8 to 64 letters, digits or dashes, such as a UUID."
        )
    return client_id


def read_number(value: Any, *, name: str, least: float, most: float, default: float) -> float:
    """A number of a query; Problem 422 when it is none. It is held within its bounds."""
    if value in (None, ""):
        return default
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise Problem(422, "bad-field", f"{name} is not a number.") from None
    if number != number:
        raise Problem(422, "bad-field", f"{name} is not a number.")
    return max(least, min(most, number))


def _message_text(text: Any) -> str:
    if not isinstance(text, str):
        raise Problem(422, "bad-field", "The text of a message is a string.")
    if not text.strip():
        raise Problem(422, "empty-text", "The message is empty; write at least one character.")
    if len(text) > MOST_TEXT:
        raise Problem(
            422, "text-too-long", f"The message has {len(text)} characters; the most is {MOST_TEXT}."
        )
    return text


def _choice(value: Any) -> tuple[int, int]:
    match = CHOICE_ID.match(value) if isinstance(value, str) else None
    if match is None:
        raise Problem(422, "bad-field", "A choice is the id of a button, such as 12.0.")
    return int(match[1]), int(match[2])


def _form(value: Any) -> tuple[str, Mapping[str, str]]:
    values = value.get("values") if isinstance(value, dict) else None
    name = value.get("form") if isinstance(value, dict) else None
    if not isinstance(name, str) or not isinstance(values, dict):
        raise Problem(422, "bad-field", "A form is an object with form (its name) and values.")
    if len(values) > 20 or not all(isinstance(v, str) and len(v) <= MOST_FORM_VALUE for v in values.values()):
        raise Problem(
            422, "bad-field", f"Form values are at most 20 texts of at most {MOST_FORM_VALUE} characters."
        )
    return name, {str(k): _plain(v) for k, v in values.items()}


def _plain(value: str) -> str:
    """A value that is looked up in other systems: without what they may choke on."""
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _text(body: Mapping[str, Any], name: str, *, most: int, cut: bool = False) -> Optional[str]:
    value = body.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or "\0" in value:
        raise Problem(422, "bad-field", f"{name} is a text without NUL characters.")
    value = _plain(value)
    if len(value) > most and not cut:
        raise Problem(422, "bad-field", f"{name} has more than {most} characters.")
    return value[:most]


def _zone(name: Optional[str]) -> str:
    """A known zone's name; UTC for none and for one we do not know, and UTC is then shown."""
    if not name:
        return "UTC"
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        return "UTC"
