"""How a page hears of news: long polls and event streams."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Callable

from bot.channels.door import MOST_STREAMS
from bot.channels.front import Awaited
from bot.conversations.model import Owner
from tests.channels.house import DUE, House, said
from tests.channels.visitor import Visitor


def test_a_long_poll_ends_with_the_message(house: House, visitor: Visitor) -> None:
    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting = pool.submit(visitor.messages, after=1, wait=10)
        house.post(visitor.conversation, said("Good morning."))
        began = time.monotonic()
        news = waiting.result(timeout=10)
    assert [row["text"] for row in news["messages"]] == ["Good morning."]
    assert time.monotonic() - began < 2


def test_a_long_poll_ends_when_the_pen_changes_hands(house: House, visitor: Visitor) -> None:
    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting = pool.submit(visitor.messages, after=1, wait=10)
        house.give(visitor.conversation, Owner.WAITING, due=Awaited(DUE))
        news = waiting.result(timeout=10)
    assert news["owner"] == "waiting"
    assert news["promise"] == {"due_at": DUE.isoformat(), "instead_of": None}


def test_a_stream_tells_each_message_once_and_in_order(house: House, visitor: Visitor) -> None:
    seen: list[dict[str, Any]] = []
    for name, data in visitor.events():
        if name == "state" and not any(row["seq"] > 1 for row in seen):
            assert data["owner"] == "bot"
            assert visitor.say("hello").status_code == 202
        if name == "message":
            seen.append(data)
        if len(seen) == 3:
            break
    assert [(row["seq"], row["from"]) for row in seen] == [
        (1, "assistant"),
        (2, "customer"),
        (3, "assistant"),
    ]


def test_a_stream_goes_on_after_the_last_event(house: House, visitor: Visitor) -> None:
    visitor.say("hello")
    visitor.answered(2)
    name, data = next(item for item in visitor.events(last=2) if item[0] == "message")
    assert (name, data["seq"]) == ("message", 3)


def test_a_stream_shows_the_person_and_stays_open(house: House, visitor: Visitor) -> None:
    beats = 0
    for name, data in visitor.events(last=1):
        if name == "state" and data["owner"] == "bot":
            house.give(visitor.conversation, Owner.TEAM, agent="a1")
        elif name == "state":
            assert (data["owner"], data["agent"], data["promise"]) == ("team", "Wen", None)
        beats += name == ""
        if beats == 2:
            break


def test_typing_is_shown_until_the_answer(house: House, visitor: Visitor) -> None:
    typing = []
    for name, data in visitor.events(last=1):
        if name == "state" and not typing:
            visitor.say("hello")
        if name == "typing":
            typing.append(data["on"])
        if typing and typing[-1] is False:
            break
    assert typing in ([True, False], [False])  # a quick answer comes along with the question


def test_a_stream_ends_with_its_conversation_and_is_not_counted_any_more(
    open_house: Callable[..., House],
) -> None:
    house = open_house()
    with Visitor.start(house.url) as visitor:
        for name, _ in visitor.events():
            if name == "state":
                assert house.door.streams.open == 1
                visitor.http.delete(visitor.path)
    deadline = time.monotonic() + 5
    while house.door.streams.open and time.monotonic() < deadline:
        time.sleep(0.01)
    assert house.door.streams.open == 0


def test_the_oldest_stream_gives_way_to_one_too_many(open_house: Callable[..., House]) -> None:
    house = open_house()
    with Visitor.start(house.url) as visitor, ThreadPoolExecutor(max_workers=MOST_STREAMS) as pool:
        oldest = visitor.events()
        next(oldest)
        waiting = [pool.submit(visitor.messages, after=1, wait=5) for _ in range(MOST_STREAMS)]
        assert [name for name, _ in oldest if name == "message"] == []  # it ends
        house.post(visitor.conversation, said("Good morning."))
        assert all(len(poll.result(timeout=10)["messages"]) == 1 for poll in waiting)


def test_a_reader_who_leaves_is_not_counted_any_more(open_house: Callable[..., House]) -> None:
    house = open_house()
    with Visitor.start(house.url) as visitor:
        assert next(iter(visitor.events()))[0] == "message"
    deadline = time.monotonic() + 10
    while house.door.streams.open and time.monotonic() < deadline:
        time.sleep(0.02)
    assert house.door.streams.open == 0


def test_the_language_is_the_customers_to_choose(house: House, visitor: Visitor) -> None:
    assert visitor.post("language", {"language": "de"}).json()["language"] == "de"
    assert house.store.get(visitor.conversation).language_chosen


def test_a_conversation_begins_in_the_customers_language(house: House) -> None:
    with Visitor.start(house.url, locale="es-MX", timezone="America/Mexico_City", country="mx") as visitor:
        kept = house.store.get(visitor.conversation)
        assert (kept.language, kept.locale, kept.timezone, kept.country) == (
            "es",
            "es-MX",
            "America/Mexico_City",
            "MX",
        )
        assert "Lantern & Loom" in visitor.started["messages"][0]["text"]
        assert visitor.started["messages"][0]["language"] == "es"
