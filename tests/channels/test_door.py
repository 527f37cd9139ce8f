from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, Callable, Optional

import httpx
import pytest

from bot.conversations.model import Draft, Kind, Owner, Sender
from bot.conversations.tables import message
from tests.channels.house import House
from tests.channels.visitor import Visitor

START = "/chat/conversations"
MINE = "/chat/conversations/{cid}"
SAY = MINE + "/messages"


def form(name: str, values: str) -> bytes:
    return f'{{"id": "12345678", "form": {{"form": "{name}", "values": {values}}}}}'.encode()


def is_problem(response: httpx.Response, status: int, kind: Optional[str] = None) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["detail"]
    if kind:
        assert body["type"] == f"urn:nightdesk:problem:{kind}"


# -- what is refused -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body", "status", "kind"),
    [
        (START, b"{", 400, "malformed-json"),
        (START, b"\xff\xfe{", 400, "malformed-json"),
        (START, b"[" * 60_000, 400, "malformed-json"),
        (START, b"[]", 400, "malformed-json"),
        (START, b'"text"', 400, "malformed-json"),
        (START, b'{"shop": "nowhere"}', 404, "unknown-shop"),
        (START, b'{"shop": "\\u0000"}', 422, "bad-field"),
        (START, b'{"shop": 7}', 422, "bad-field"),
        (START, b'{"locale": "de; DROP"}', 422, "bad-field"),
        (START, b'{"country": "Germany"}', 422, "bad-field"),
        (START, b'{"product": "' + b"x" * 200 + b'"}', 422, "bad-field"),
        (START, b'{"page": "' + b"x" * 70_000 + b'"}', 413, "too-large"),
        (SAY, b"not json", 400, "malformed-json"),
        (SAY, b"{}", 422, "bad-field"),
        (SAY, b'{"id": "short", "text": "x"}', 422, "bad-field"),
        (SAY, b'{"id": "' + b"x" * 65 + b'", "text": "x"}', 422, "bad-field"),
        (SAY, b'{"id": "12345678\\u0000", "text": "x"}', 422, "bad-field"),
        (SAY, b'{"id": "12345678"}', 422, "bad-field"),
        (SAY, b'{"id": "12345678", "text": ""}', 422, "empty-text"),
        (SAY, b'{"id": "12345678", "text": " \\n "}', 422, "empty-text"),
        (SAY, b'{"id": "12345678", "text": {"intent": "x"}}', 422, "bad-field"),
        (SAY, b'{"id": "12345678", "text": "x", "choice": "1.0"}', 422, "bad-field"),
        (SAY, b'{"id": "12345678", "choice": "human_handoff"}', 422, "bad-field"),
        (SAY, b'{"id": "12345678", "choice": "1.99"}', 422, "unknown-choice"),
        (SAY, b'{"id": "12345678", "choice": "999999999.0"}', 422, "unknown-choice"),
        (
            MINE + "/messages",
            form("refund", "{}"),
            422,
            "unknown-form",
        ),
        (
            MINE + "/messages",
            form("order", "{}"),
            422,
            "empty-text",
        ),
        (
            MINE + "/messages",
            form("order", '{"email": 5}'),
            422,
            "bad-field",
        ),
        (SAY, b'{"id": "12345678", "form": "order"}', 422, "bad-field"),
        (SAY, b'{"id": "12345678", "text": "' + b"x" * 20_001 + b'"}', 422, "text-too-long"),
        (SAY, b'{"id": "12345678", "text": "' + b"x" * 66_000 + b'"}', 413, "too-large"),
        (MINE + "/handoff", b'{"id": "x"}', 422, "bad-field"),
        (MINE + "/handoff", b"[]", 400, "malformed-json"),
        (MINE + "/language", b'{"language": "tlh"}', 422, "unknown-language"),
        (MINE + "/language", b'{"language": ["en"]}', 422, "unknown-language"),
        (MINE + "/read", b'{"seq": "many"}', 422, "bad-field"),
        (MINE + "/read", b'{"seq": NaN}', 422, "bad-field"),
        (MINE + "/read", b'{"seq": 1' + b"0" * 400 + b"}", 422, "bad-field"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_bad_bodies_are_refused_in_a_sentence(
    visitor: Visitor, path: str, body: bytes, status: int, kind: str
) -> None:
    response = visitor.http.post(path.format(cid=visitor.conversation), content=body)
    is_problem(response, status, kind)
    assert visitor.messages()["last_seq"] == 1  # nothing was kept of it


@pytest.mark.parametrize(
    ("method", "end"),
    [
        ("POST", "/messages"),
        ("GET", "/messages"),
        ("GET", "/events"),
        ("POST", "/handoff"),
        ("POST", "/language"),
        ("POST", "/read"),
        ("DELETE", ""),
    ],
)
@pytest.mark.parametrize(
    "header",
    [None, "Bearer wrong", "Bearer", "Basic abc", "bearer \u00fc\u00fc", "Bearer " + "x" * 5000],
    ids=["none", "wrong", "empty", "basic", "umlauts", "long"],
)
def test_only_the_token_opens_a_conversation(
    client: httpx.Client, visitor: Visitor, method: str, end: str, header: Optional[str]
) -> None:
    headers = {} if header is None else {"Authorization": header.encode("utf-8")}
    body = {"id": "12345678", "text": "x", "language": "de"}
    response = client.request(
        method, visitor.path + end, headers=headers, json=body if method == "POST" else None
    )
    is_problem(response, 401)
    assert response.headers["www-authenticate"] == "Bearer"


def test_a_token_opens_no_other_conversation(house: House, visitor: Visitor) -> None:
    with Visitor.start(house.url) as other:
        response = visitor.http.get(f"{other.path}/messages")
    is_problem(response, 401, "unknown-token")


def test_an_expired_token_is_unknown(open_house: Callable[..., House]) -> None:
    house = open_house()
    with Visitor.start(house.url) as visitor:
        house.now += timedelta(hours=house.settings.token_hours)
        is_problem(visitor.http.get(f"{visitor.path}/messages"), 401, "unknown-token")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("after=x", 422),
        ("after=nan", 422),
        ("after=1e400", 200),
        ("after=-5", 200),
        ("wait=soon", 422),
        ("after=%ff", 422),
    ],
)
def test_numbers_of_a_query(visitor: Visitor, query: str, status: int) -> None:
    assert visitor.http.get(f"{visitor.path}/messages?{query}").status_code == status


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/chat/nothing", 404),
        ("PUT", "/chat/conversations", 405),
        ("GET", "/chat/ui?shop=nowhere", 404),
        ("GET", "/chat/ui?timezone=Mars/Base", 200),
        ("GET", "/chat/ui?timezone=../../etc/passwd", 200),
        ("GET", "/chat/ui?language=%00", 200),
        ("GET", "/p/%00", 404),
        ("GET", "/p/%ed%a0%80", 404),
        ("GET", "/?lang=%00&country=%ff", 200),
        ("GET", "/widget/x/..%2f..%2ffront.py", 404),
        ("GET", "/widget/x/nothing.js", 404),
    ],
)
def test_odd_addresses_are_no_fault_of_ours(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    assert client.request(method, path).status_code == status


@pytest.mark.parametrize(
    "head",
    [
        b"POST /chat/conversations HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"POST /chat/conversations HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /chat/conversations HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n",
        b"POST /chat/conversations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"NONSENSE\r\n\r\n",
    ],
    ids=["no number", "negative", "huge", "bad chunk", "nonsense"],
)
def test_odd_requests_are_not_answered_with_a_5xx(house: House, head: bytes) -> None:
    port = int(house.url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(head)
        line.shutdown(socket.SHUT_WR)
        answer = line.recv(4096)
    assert answer == b"" or answer.split()[1].startswith(b"4"), answer


# -- what is taken -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "汉" * 10_000,
        "with a NUL \0 inside",
        "\0",
        "half a pair \ud83d and the other half \udc4d",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        '/human_handoff{"a": 1}',
        "'; DROP TABLE message; --",
        "\u202eright to left\u202c \u200d\u0301",
    ],
    ids=lambda text: text[:12].encode("ascii", "backslashreplace").decode(),
)
def test_any_text_is_kept_whole_and_answered(visitor: Visitor, text: str) -> None:
    body = json.dumps({"id": "message-1", "text": text})
    response = visitor.http.post(f"{visitor.path}/messages", content=body)
    assert response.status_code == 202, response.text
    assert response.json() == {"seq": 2}
    visitor.answered(2)
    rows = json.loads(visitor.http.get(f"{visitor.path}/messages").text)["messages"]
    assert rows[1]["text"] == text
    assert rows[2]["text"] == f"You said: {text}"


def test_the_same_id_is_the_same_message(visitor: Visitor) -> None:
    with ThreadPoolExecutor(max_workers=10) as pool:
        answers = list(pool.map(lambda _: visitor.say("once").json(), range(50)))
    assert answers == [{"seq": 2}] * 50
    visitor.answered(2)
    assert [row["text"] for row in visitor.messages()["messages"][1:]] == ["once", "You said: once"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("messages", {"id": "12345678", "text": "Hello"}),
        ("handoff", {"id": "12345678"}),
        ("language", {"language": "de"}),
    ],
)
def test_what_meets_a_deletion_hears_that_it_is_gone(
    house: House, visitor: Visitor, path: str, body: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    by_token = house.store.by_token

    def seen_and_gone(*args: Any, **options: Any) -> Any:
        found = by_token(*args, **options)
        house.store.delete(found.id)
        return found

    monkeypatch.setattr(house.store, "by_token", seen_and_gone)
    is_problem(visitor.post(path, body), 401, "unknown-token")


def test_the_teams_ids_are_neither_told_nor_taken(house: House, visitor: Visitor) -> None:
    house.post(visitor.conversation, Draft(Sender.AGENT, Kind.TEXT, "Good morning.", agent="Wen"))
    with house.database.begin() as tx:
        tx.execute(message.update().where(message.c.seq == 2).values(client_id="the-agents-own-id"))
    assert visitor.messages()["messages"][-1]["client_id"] is None
    is_problem(visitor.say("Hello", id="the-agents-own-id"), 409, "id-taken")


def test_a_button_means_what_the_server_wrote_down(house: House, visitor: Visitor) -> None:
    choices = visitor.started["messages"][0]["choices"]
    assert [set(choice) for choice in choices] == [{"id", "label"}] * 5
    assert visitor.post("messages", {"id": "12345678", "choice": choices[1]["id"]}).status_code == 202
    kept = house.store.message(visitor.conversation, 2)
    assert kept is not None
    assert kept.text == choices[1]["label"]
    assert kept.payload == {"intent": "delivery_time", "entities": {}}


def test_a_form_gives_its_own_fields_only(house: House, visitor: Visitor) -> None:
    values = {"order_number": " LL-10423\0 ", "email": "a@example.org\ud800", "intent": "safety_incident"}
    body = json.dumps({"id": "12345678", "form": {"form": "order", "values": values}})
    assert visitor.http.post(f"{visitor.path}/messages", content=body).status_code == 202
    kept = house.store.message(visitor.conversation, 2)
    assert kept is not None
    assert kept.payload == {
        "intent": "shipping_status",
        "entities": {"order_number": "LL-10423", "email": "a@example.org?"},
        "form": "order",
    }


def test_a_person_is_asked_for_like_anything_else(house: House, visitor: Visitor) -> None:
    assert visitor.post("handoff", {"id": "12345678"}).json() == {"seq": 2}
    assert visitor.post("handoff", {"id": "12345678"}).json() == {"seq": 2}
    kept = house.store.message(visitor.conversation, 2)
    assert kept is not None
    assert kept.payload == {"intent": "human_handoff", "entities": {}}
    assert kept.text == "Talk to a person"


def test_too_many_at_once(open_house: Callable[..., House]) -> None:
    house = open_house(options={"messages_per_minute": 3, "conversations_per_hour": 2})
    with Visitor.start(house.url) as visitor:
        answers = [visitor.say("x", id=f"message-{n}") for n in range(4)]
        assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
        is_problem(answers[-1], 429, "too-many")
        assert int(answers[-1].headers["retry-after"]) == answers[-1].json()["retry_after"]
        Visitor.start(house.url).http.close()
        is_problem(visitor.http.post(START, json={"shop": "demo"}), 429, "too-many")


def test_deleting_gives_no_new_ones(open_house: Callable[..., House]) -> None:
    house = open_house(options={"conversations_per_hour": 2})
    for _ in range(2):
        with Visitor.start(house.url) as visitor:
            assert visitor.http.delete(visitor.path).status_code == 204
    is_problem(httpx.post(f"{house.url}{START}", json={"shop": "demo"}), 429, "too-many")
    house.now += timedelta(hours=1)
    assert httpx.post(f"{house.url}{START}", json={"shop": "demo"}).status_code == 201


@pytest.mark.parametrize(
    ("owner", "status"), [(Owner.BOT, 204), (Owner.WAITING, 409), (Owner.TEAM, 409), (Owner.CLOSED, 204)]
)
def test_deleting(house: House, visitor: Visitor, owner: Owner, status: int) -> None:
    house.give(visitor.conversation, owner)
    assert visitor.http.delete(visitor.path).status_code == status
    after = visitor.http.get(f"{visitor.path}/messages").status_code
    assert after == (401 if status == 204 else 200)
