"""What the team can do over HTTP, against the real server, the real desk and the real words."""

from __future__ import annotations

import json
import time
import uuid
from datetime import timedelta
from typing import Any, Iterator

import httpx
import pytest

from bot.conversations.model import Kind, Owner
from tests.web.conftest import Page
from tests.web.house import MORNING, House
from tests.web.served import Server


def ident() -> str:
    return uuid.uuid4().hex


def test_the_inbox_lists_by_due_time_with_counts(house: House, wen: Page) -> None:
    lamp = house.damaged_lamp()
    late = house.visitor(language="es", zone="Europe/Madrid", country="ES", at=MORNING - timedelta(days=4))
    house.says(late, "Aún no ha llegado nada", at=MORNING - timedelta(days=4))
    house.handed_over(
        late, "Antes de {due}.", topic="parcel_not_received", at=MORNING - timedelta(days=4), words="…"
    )
    answer = wen.get("/team/conversations").json()
    assert [row["id"] for row in answer["conversations"]] == [late, lamp]
    assert answer["counts"] == {"waiting": 2, "mine": 0, "late": 1}
    first, second = answer["conversations"]
    assert (first["urgency"], first["topic"], first["words"]) == (
        "late",
        "parcel_not_received",
        "Aún no ha llegado nada",
    )
    assert second["promise"]["due_at"] > second["promise"]["made_at"]
    assert (second["language"], second["country"], second["timezone"]) == ("de", "DE", "Europe/Berlin")
    assert answer["now"] == MORNING.isoformat()


def test_the_thread_shows_why(house: House, wen: Page) -> None:
    cid = house.damaged_lamp()
    thread = wen.get(f"/team/conversations/{cid}").json()
    said, replied = thread["messages"][-2:]
    assert said["understood"]["intent"] == "damaged_or_wrong_item"
    assert replied["answers"] == said["seq"]
    assert {fact["name"] for fact in replied["facts"]} == {"order", "due_at", "team_zone"}
    assert replied["reply_key"] == "handoff.damaged_or_wrong_item"
    assert thread["promises"][0]["text"] == replied["text"]
    assert thread["handoffs"][0]["packet"]["words"] == said["text"]


def test_from_claim_to_close(house: House, wen: Page) -> None:
    cid = house.damaged_lamp()
    claimed = wen.post(f"/team/conversations/{cid}/claim", json={}).json()
    assert (claimed["owner"], claimed["mine"], claimed["agent"]["name"]) == ("team", True, "Wen")
    assert claimed["promise"]["answered_at"] is None  # taking it is no answer

    noted = wen.post(f"/team/conversations/{cid}/note", json={"id": ident(), "text": "Schirm da."}).json()
    assert noted["messages"][-1]["kind"] == "note"
    assert house.store.messages(cid)[-1].text != "Schirm da."  # the customer's page has no notes

    answered = wen.post(
        f"/team/conversations/{cid}/reply", json={"id": ident(), "text": "Ich schicke Ihnen einen Schirm."}
    ).json()
    last = house.store.messages(cid)[-1].to_public()
    assert (last["from"], last["agent"], last["text"]) == ("agent", "Wen", "Ich schicke Ihnen einen Schirm.")
    assert last["language"] == "de"
    assert answered["promise"]["state"] == "kept"

    assert wen.get("/team/conversations?filter=mine").json()["counts"]["mine"] == 1
    closed = wen.post(f"/team/conversations/{cid}/close", json={}).json()
    assert closed["owner"] == "closed"
    assert wen.get("/team/conversations").json()["conversations"] == []
    listed = wen.get("/team/conversations?filter=closed").json()["conversations"]
    assert [row["id"] for row in listed] == [cid]


def test_handing_back_gives_the_pen_to_the_bot(house: House, wen: Page) -> None:
    cid = house.damaged_lamp()
    wen.post(f"/team/conversations/{cid}/claim", json={})
    assert wen.post(f"/team/conversations/{cid}/handback", json={}).json()["owner"] == "bot"
    assert house.store.get(cid).owner is Owner.BOT


def test_the_same_reply_sent_twice_is_one(house: House, wen: Page) -> None:
    cid = house.damaged_lamp()
    wen.post(f"/team/conversations/{cid}/claim", json={})
    body = {"id": ident(), "text": "Guten Morgen."}
    first = wen.post(f"/team/conversations/{cid}/reply", json=body).json()
    second = wen.post(f"/team/conversations/{cid}/reply", json=body).json()
    assert first["last_seq"] == second["last_seq"]


def test_a_customers_id_is_no_id_for_a_reply(house: House, wen: Page) -> None:
    cid = house.damaged_lamp()
    house.store.accept(cid, client_id="a-customer-s-id", kind=Kind.TEXT, text="Hallo?", now=MORNING)
    body = {"id": "a-customer-s-id", "text": "Guten Morgen."}
    refused = wen.post(f"/team/conversations/{cid}/reply", json=body)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:nightdesk:problem:id-taken")


@pytest.mark.parametrize("text", ["", " \n", "\0", "\u2003", "\u00a0\0\u2003"])
@pytest.mark.parametrize("path", ["reply", "note"])
def test_nothing_visible_is_no_message(house: House, wen: Page, path: str, text: str) -> None:
    cid = house.damaged_lamp()
    refused = wen.post(f"/team/conversations/{cid}/{path}", json={"id": ident(), "text": text})
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:nightdesk:problem:empty-text")


def test_two_agents_one_pen(house: House, server: Server, wen: Page) -> None:
    cid = house.damaged_lamp()
    with Page(base_url=server.url, timeout=20) as jia:
        jia.sign_in("jia")
        assert jia.post(f"/team/conversations/{cid}/claim", json={}).status_code == 200
        for path, body in (("claim", {}), ("reply", {"id": ident(), "text": "Hallo."}), ("close", {})):
            refused = wen.post(f"/team/conversations/{cid}/{path}", json=body)
            assert (refused.status_code, refused.json()["type"]) == (409, "urn:nightdesk:problem:taken")
        seen = wen.get(f"/team/conversations/{cid}").json()
        assert (seen["mine"], seen["agent"]["name"]) == (False, "Jia")
        assert wen.post(f"/team/conversations/{cid}/claim", json={"over": True}).json()["mine"] is True


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Er ist am Freitag bei Ihnen.", ["Freitag"]),
        ("Sie bekommen 20 € zurück.", ["20"]),
        ("Ich schaue im Lager nach und melde mich.", []),
    ],
)
def test_a_claim_that_nothing_backs_is_asked_about(
    house: House, wen: Page, text: str, held: list[str]
) -> None:
    cid = house.damaged_lamp()
    wen.post(f"/team/conversations/{cid}/claim", json={})
    body = {"id": ident(), "text": text}
    answer = wen.post(f"/team/conversations/{cid}/reply", json=body)
    if not held:
        assert answer.status_code == 200
        return
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:nightdesk:problem:unbacked")
    assert any(held[0] in words for words in answer.json()["unbacked"])
    assert house.store.messages(cid)[-1].text != text
    sent = wen.post(f"/team/conversations/{cid}/reply", json={**body, "anyway": True, "language": "en"})
    assert [m["kind"] for m in sent.json()["messages"][-2:]] == ["text", "note"]
    assert held[0] in sent.json()["messages"][-1]["text"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("reply", {"id": "a" * 32, "text": ""}, 422),
        ("reply", {"id": "a" * 32, "text": " \n\0"}, 422),
        ("reply", {"id": "a" * 32}, 422),
        ("reply", {"id": "a" * 32, "text": 7}, 422),
        ("reply", {"id": "short", "text": "x"}, 422),
        ("reply", {"text": "x"}, 422),
        ("reply", {"id": "a" * 32, "text": "x" * 10_001}, 422),
        ("note", {"text": ""}, 422),
        ("note", ["no object"], 400),
        ("nonsense", {}, 404),
    ],
)
def test_bad_input_is_a_clear_refusal(house: House, wen: Page, path: str, body: Any, status: int) -> None:
    cid = house.damaged_lamp()
    wen.post(f"/team/conversations/{cid}/claim", json={})
    before = house.store.get(cid).last_seq
    answer = wen.post(f"/team/conversations/{cid}/{path}", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].strip()
    assert house.store.get(cid).last_seq == before


@pytest.mark.parametrize(
    "text", ["\ud800 half", "a\0b", "<img src=x onerror=alert(1)>", "‮abc", "😀" * 100], ids=range(5)
)
def test_any_text_arrives(house: House, wen: Page, text: str) -> None:
    cid = house.damaged_lamp()
    wen.post(f"/team/conversations/{cid}/claim", json={})
    raw = json.dumps({"id": ident(), "text": text})
    answer = wen.post(
        f"/team/conversations/{cid}/reply", content=raw, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 200
    expected = text.replace("\0", "").encode("utf-8", "replace").decode()
    assert answer.json()["messages"][-1]["text"] == expected


@pytest.mark.parametrize("cid", ["nobody", "0" * 32, "%00", "..%2f..", "x" * 500], ids=range(5))
@pytest.mark.parametrize("verb", ["GET", "claim", "reply", "note", "handback", "close"])
def test_an_unknown_conversation_is_404(wen: Page, verb: str, cid: str) -> None:
    if verb == "GET":
        answer = wen.get(f"/team/conversations/{cid}")
    else:
        answer = wen.post(f"/team/conversations/{cid}/{verb}", json={"id": ident(), "text": "x"})
    assert answer.status_code == 404


def test_an_unknown_filter_names_the_known_ones(wen: Page) -> None:
    answer = wen.get("/team/conversations?filter=all")
    assert answer.status_code == 422
    assert "waiting, mine, closed" in answer.json()["detail"]


@pytest.mark.parametrize(("asked", "language"), [("zh", "zh"), ("de", "de"), ("xx", "en"), ("", "en")])
def test_labels_come_in_the_agents_language(page: Page, asked: str, language: str) -> None:
    answer = page.get(f"/team/labels?language={asked}").json()
    assert answer["language"] == language
    assert set(answer["languages"]) == {"en", "zh", "es", "de"}
    assert answer["languages"]["zh"] == "中文"
    assert answer["labels"]["team.act.claim"]
    if language == "zh":
        assert answer["places"]["Europe/Berlin"] == "柏林"


# -- live ------------------------------------------------------------------------------------


def listen(wen: Page, query: str) -> Iterator[tuple[str, Any]]:
    """The events of a stream, one after another."""
    with wen.stream("GET", f"/team/events?{query}", timeout=20) as stream:
        name = ""
        for line in stream.iter_lines():
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                yield name, json.loads(line[6:])
            elif line.startswith(":"):
                yield "heartbeat", None


def test_news_arrive_at_once(house: House, wen: Page) -> None:
    cid = house.damaged_lamp()
    events = listen(wen, f"filter=waiting&conversation={cid}")
    name, inbox = next(events)
    assert (name, len(inbox["conversations"])) == ("inbox", 1)
    name, sign = next(events)
    assert (name, sign["id"]) == ("thread", cid)
    began = time.monotonic()
    house.says(cid, "Gibt es etwas Neues?", at=MORNING)
    told = {name: data for name, data in (next(events), next(events))}
    assert time.monotonic() - began < 1.0
    assert told["inbox"]["conversations"][0]["words"] == "Gibt es etwas Neues?"
    assert told["thread"]["last_seq"] == sign["last_seq"] + 1
    assert next(events)[0] == "heartbeat"
    events.close()


def test_what_another_process_wrote_arrives_too(house: House, wen: Page) -> None:
    cid = house.damaged_lamp()
    events = listen(wen, "filter=waiting")
    next(events)
    house.bell = type(house.bell)()  # rings in no server
    house.says(cid, "Hallo?", at=MORNING)
    name, inbox = next(event for event in events if event[0] != "heartbeat")
    assert (name, inbox["conversations"][0]["words"]) == ("inbox", "Hallo?")
    events.close()


def test_a_deleted_conversation_is_told(house: House, wen: Page) -> None:
    cid = house.visitor()
    events = listen(wen, f"conversation={cid}")
    next(events), next(events)
    house.store.delete(cid)
    house.bell.ring(cid)
    sign = next(data for name, data in events if name == "thread")
    assert sign == {"id": cid, "gone": True}
    events.close()


def test_a_stream_ends_with_the_server(house: House, server: Server, wen: Page) -> None:
    events = listen(wen, "filter=waiting")
    next(events)
    house.bell.close()
    began = time.monotonic()
    with pytest.raises((StopIteration, httpx.RemoteProtocolError)):
        next(event for event in events if event[0] not in ("inbox", "thread", "heartbeat"))
    assert time.monotonic() - began < 3.0


@pytest.mark.parametrize("cid", ["%00", "%ff", "a%20b", "x" * 65], ids=range(4))
def test_only_a_conversation_can_be_watched(wen: Page, cid: str) -> None:
    refused = wen.get(f"/team/events?conversation={cid}")
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:nightdesk:problem:bad-field")
