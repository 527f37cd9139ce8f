from __future__ import annotations

from typing import Optional

import httpx
import pytest

from tests.channels.house import FRIEND, STRANGER, House
from tests.channels.visitor import Visitor

OTHERS_FRIEND = "https://other.example"


@pytest.mark.parametrize(
    "path", ["", "/x", "/x/messages", "/x/events", "/x/handoff", "/x/language", "/x/read"]
)
@pytest.mark.parametrize(("origin", "status"), [(FRIEND, 204), (STRANGER, 403), ("null", 403)])
def test_a_browser_asks_before_it_sends_a_token(
    client: httpx.Client, path: str, origin: str, status: int
) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    response = client.options(f"/chat/conversations{path}", headers=headers)
    assert response.status_code == status
    allowed = response.headers.get("access-control-allow-origin")
    assert allowed == (origin if status == 204 else None)
    if status == 204:
        assert "Authorization" in response.headers["access-control-allow-headers"]
        assert "DELETE" in response.headers["access-control-allow-methods"]


@pytest.mark.parametrize(
    ("origin", "shop", "status"),
    [
        (FRIEND, "demo", 201),
        (FRIEND, "other", 403),
        (OTHERS_FRIEND, "other", 201),
        (OTHERS_FRIEND, "demo", 403),
        (STRANGER, "demo", 403),
        ("null", "demo", 403),
        ("http://[broken", "demo", 403),
        (None, "demo", 201),
    ],
)
def test_a_shop_is_open_to_its_own_pages(
    client: httpx.Client, origin: Optional[str], shop: str, status: int
) -> None:
    headers = {"Origin": origin} if origin else {}
    response = client.post("/chat/conversations", json={"shop": shop}, headers=headers)
    assert response.status_code == status, response.text
    shared = response.headers.get("access-control-allow-origin")
    assert shared != "*"
    assert (shared == origin) is (origin in (FRIEND, OTHERS_FRIEND) or origin is None)
    assert response.headers["vary"] == "Origin"
    if status == 403:
        assert response.json()["type"] == "urn:nightdesk:problem:origin-not-allowed"


def test_a_token_does_not_carry_a_conversation_to_another_shops_page(visitor: Visitor) -> None:
    path = f"{visitor.path}/messages"
    assert visitor.http.get(path, headers={"Origin": FRIEND}).status_code == 200
    assert visitor.http.get(path, headers={"Origin": OTHERS_FRIEND}).status_code == 403


def test_our_own_pages_are_no_strangers(house: House, client: httpx.Client) -> None:
    response = client.post("/chat/conversations", json={"shop": "demo"}, headers={"Origin": house.url})
    assert response.status_code == 201
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(("origin", "allowed"), [(FRIEND, True), (STRANGER, False)])
def test_the_widgets_parts_load_from_the_shops_pages(
    client: httpx.Client, origin: str, allowed: bool
) -> None:
    response = client.get("/widget/nightdesk.js", headers={"Origin": origin})
    assert (response.headers.get("access-control-allow-origin") == origin) is allowed


def test_a_stream_is_shared_with_an_allowed_page(visitor: Visitor) -> None:
    with visitor.http.stream("GET", f"{visitor.path}/events", headers={"Origin": FRIEND}) as response:
        assert response.headers["access-control-allow-origin"] == FRIEND
