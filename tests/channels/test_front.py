from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Optional

import pytest

from bot.channels.front import Awaited, ShopFront, direction, own_name
from bot.conversations.model import Conversation, Owner
from bot.conversations.store import Opening
from bot.phrasebook import Phrasebook
from tests.channels.house import DUE, FRIEND, NOW, OTHER, SHOP

CONVERSATION = Conversation(
    id="c1",
    shop="demo",
    locale="de",
    language="de",
    language_chosen=False,
    timezone="Europe/Berlin",
    country="DE",
    owner=Owner.BOT,
    version=0,
    last_seq=1,
    created_at=NOW,
    updated_at=NOW,
    agent="a1",
)


def front(
    book: Phrasebook, *, awaited: Optional[Awaited] = None, opens_at: Optional[datetime] = None
) -> ShopFront:
    return ShopFront(
        words=book,
        shops={"demo": SHOP, "other": OTHER},
        awaited=lambda cid: awaited if cid == "c1" else None,
        agent_name={"a1": "Wen"}.get,
        next_open=lambda shop, now: opens_at,
    )


@pytest.mark.parametrize(
    ("locale", "default", "language"),
    [
        ("de", "en", "de"),
        ("de-AT", "en", "de"),
        ("zh-Hans-CN", "en", "zh"),
        ("ES_mx", "en", "es"),
        ("pt-BR", "en", "en"),
        ("pt-BR", "de", "de"),
        ("xx", "zh", "zh"),
    ],
)
def test_the_language_of_a_locale(book: Phrasebook, locale: str, default: str, language: str) -> None:
    speaks = front(book)
    speaks._shops = {"demo": replace(SHOP, default_language=default)}
    assert speaks.language_for("demo", locale) == language


@pytest.mark.parametrize("language", ["en", "zh", "es", "de"])
def test_the_welcome_says_what_it_is_and_asks_the_first_questions(book: Phrasebook, language: str) -> None:
    opening = Opening(shop="demo", locale=language, language=language, timezone="Europe/Berlin")
    draft = front(book).welcome(opening, now=NOW)
    assert "Lantern & Loom" in draft.text
    assert book.ui("web.", language)["web.strip.person"] in draft.text  # it names the button that there is
    assert draft.language == language
    assert [choice["intent"] for choice in draft.choices] == [
        "shipping_status",
        "delivery_time",
        "customs_duty",
        "return_request",
        "size_question",
    ]
    assert draft.facts[0]["name"] == "shop"


@pytest.mark.parametrize(
    ("owner", "awaited", "shown"),
    [
        (Owner.BOT, Awaited(DUE), None),
        (Owner.TEAM, Awaited(DUE), None),
        (Owner.CLOSED, Awaited(DUE), None),
        (Owner.WAITING, None, None),
        (Owner.WAITING, Awaited(DUE), {"due_at": DUE.isoformat(), "instead_of": None}),
        (
            Owner.WAITING,
            Awaited(DUE, instead_of=NOW),
            {"due_at": DUE.isoformat(), "instead_of": NOW.isoformat()},
        ),
        (  # renewed because it is urgent: nobody is sorry for that
            Owner.WAITING,
            Awaited(DUE, instead_of=DUE + timedelta(hours=2)),
            {"due_at": DUE.isoformat(), "instead_of": None},
        ),
        (Owner.WAITING, Awaited(NOW), None),
    ],
)
def test_a_promise_is_shown_while_it_stands(
    book: Phrasebook, owner: Owner, awaited: Optional[Awaited], shown: Optional[dict[str, str]]
) -> None:
    conversation = replace(CONVERSATION, owner=owner)
    assert front(book, awaited=awaited).promise_of(conversation, now=NOW) == shown


@pytest.mark.parametrize(
    ("owner", "agent", "name"),
    [
        (Owner.TEAM, "a1", "Wen"),
        (Owner.TEAM, None, None),
        (Owner.TEAM, "gone", None),
        (Owner.WAITING, "a1", None),
    ],
)
def test_a_person_is_named_while_they_hold_the_pen(
    book: Phrasebook, owner: Owner, agent: Optional[str], name: Optional[str]
) -> None:
    assert front(book).agent_name(replace(CONVERSATION, owner=owner, agent=agent)) == name


def test_the_pages_words(book: Phrasebook) -> None:
    opens = datetime(2026, 11, 24, 1, 0, tzinfo=timezone.utc)
    ui = front(book, opens_at=opens).ui("demo", "de", timezone="Europe/Berlin", now=NOW)
    assert ui["opens_at"] == "2026-11-24T02:00:00+01:00"
    assert (ui["language"], ui["dir"], ui["shop"]) == ("de", "ltr", "Lantern & Loom")
    assert {"code": "zh", "name": "中文"} in ui["languages"]
    assert ui["labels"]["web.compose.send"] == "Senden"
    assert set(ui["labels"]) == set(book.ui("web.", "en"))


def test_no_opening_time_while_the_team_is_there(book: Phrasebook) -> None:
    assert front(book).ui("demo", "en", timezone="UTC", now=NOW)["opens_at"] is None


@pytest.mark.parametrize("zone", ["Mars/Base", "../../etc/passwd"])
def test_a_zone_that_is_none(book: Phrasebook, zone: str) -> None:
    with pytest.raises((KeyError, ValueError)):
        front(book).ui("demo", "en", timezone=zone, now=NOW + timedelta(1))


def test_origins_by_shop(book: Phrasebook) -> None:
    speaks = front(book)
    assert speaks.origins("demo") == {FRIEND}
    assert speaks.origins() == {FRIEND, "https://other.example"}


@pytest.mark.parametrize(
    ("code", "name", "way"),
    [
        ("de", "Deutsch", "ltr"),
        ("es", "Español", "ltr"),
        ("zh", "中文", "ltr"),
        ("ar", "العربية", "rtl"),
        ("ru", "Русский", "ltr"),
    ],
)
def test_languages_by_their_own_names(code: str, name: str, way: str) -> None:
    assert (own_name(code), direction(code)) == (name, way)


@pytest.mark.parametrize("language", ["en", "zh", "es", "de"])
def test_the_button_is_called_what_the_assistant_calls_it(book: Phrasebook, language: str) -> None:
    button = book.ui("web.", language)["web.strip.person"]
    assert button == book.ui("choice.", language)["choice.human_handoff"]
