"""Who gets through the team's door, and what a change needs."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any, Iterator

import httpx
import pytest

from bot.desk import agents as desk_agents
from bot.desk.agents import Agents
from bot.settings import Settings
from bot.web.signing_in import COOKIE
from tests.web.conftest import Page
from tests.web.house import MORNING, PASSWORD, QUICK, House
from tests.web.served import Server

CLOSED_DOORS = [
    ("GET", "/team/session"),
    ("DELETE", "/team/session"),
    ("GET", "/team/conversations"),
    ("GET", "/team/conversations/x"),
    ("GET", "/team/events"),
    *(("POST", f"/team/conversations/x/{verb}") for verb in ("claim", "reply", "note", "handback", "close")),
]


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the rows that change nothing."""
    house = House(tmp_path_factory.mktemp("house"))
    running = Server(house.routes(), house.bell)
    running.start()
    yield running
    running.stop()
    house.database.close()


def test_the_cookie_is_for_this_door_only(page: Page) -> None:
    answer = page.sign_in()
    assert answer.json()["agent"]["name"] == "Wen"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/team", "max-age=43200"} <= parts
    assert "secure" not in parts


@pytest.mark.parametrize("how", [{"secure_cookies": True}, {"public_url": "https://desk.example"}], ids=str)
def test_behind_tls_the_cookie_goes_over_tls_only(house: House, how: dict[str, Any]) -> None:
    house.door = _with(house, settings=Settings(var=house.folder, **how))
    server = Server(house.routes(), house.bell)
    server.start()
    try:
        with Page(base_url=server.url) as page:
            assert re.search(r";\s*Secure", page.sign_in().headers["set-cookie"])
    finally:
        server.stop()


def _with(house: House, **changes: Any) -> Any:
    return replace(house.door, **changes)


@pytest.mark.parametrize(("method", "path"), CLOSED_DOORS)
@pytest.mark.parametrize("cookie", [None, "", "made up", "x" * 5000])
def test_without_a_session_nothing_opens(
    standing: Server, method: str, path: str, cookie: str | None
) -> None:
    headers = {} if cookie is None else {"Cookie": f"{COOKIE}={cookie}"}
    body = {} if method == "POST" else None
    answer = httpx.request(method, standing.url + path, json=body, headers=headers)
    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:nightdesk:problem:not-signed-in"


@pytest.mark.parametrize(("method", "path"), [door for door in CLOSED_DOORS if door[0] != "GET"])
@pytest.mark.parametrize("token", [None, "", "wrong", "ü", "0" * 64])
def test_a_change_needs_the_token(standing: Server, method: str, path: str, token: str | None) -> None:
    with Page(base_url=standing.url) as wen:
        wen.sign_in()
        del wen.headers["X-CSRF-Token"]
        headers = {} if token is None else {"X-CSRF-Token": token.encode()}
        answer = wen.request(method, path, json={} if method == "POST" else None, headers=headers)
        assert answer.status_code == 403
        assert answer.json()["type"] == "urn:nightdesk:problem:no-csrf-token"
        assert wen.get("/team/session").status_code == 200


def test_the_token_of_another_session_is_no_good(server: Server, wen: Page) -> None:
    with Page(base_url=server.url) as jia:
        jia.sign_in("jia")
        foreign = jia.headers["X-CSRF-Token"]
    assert wen.delete("/team/session", headers={"X-CSRF-Token": foreign}).status_code == 403


def test_signing_out_ends_the_session_everywhere(server: Server, wen: Page) -> None:
    token = wen.cookies[COOKIE]
    answer = wen.delete("/team/session")
    assert answer.status_code == 204
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    with httpx.Client(base_url=server.url, cookies={COOKIE: token}) as thief:
        assert thief.get("/team/session").status_code == 401


def test_a_session_ends_by_itself(house: House, wen: Page) -> None:
    house.clock.now = MORNING + timedelta(hours=12)
    assert wen.get("/team/session").status_code == 401


@pytest.mark.parametrize(
    ("login", "password"), [("wen", "wrong"), ("nobody", PASSWORD), ("nobody", "wrong"), ("jia", " ")]
)
def test_refusals_are_alike(page: Page, login: str, password: str) -> None:
    answer = page.sign_in(login, password)
    assert answer.status_code == 401
    assert answer.json() == {
        "type": "urn:nightdesk:problem:wrong-password",
        "title": "wrong password",
        "status": 401,
        "detail": "Login or password is wrong.",
    }
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("login", ["wen", "nobody"])
def test_guessing_is_held_up(page: Page, login: str) -> None:
    statuses = [page.sign_in(login, f"guess {i}").status_code for i in range(desk_agents.MOST_TRIES[0] + 2)]
    assert statuses == [401] * desk_agents.MOST_TRIES[0] + [429] * 2
    refused = page.sign_in(login)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) == refused.json()["retry_after"] > 0


def test_forwarded_addresses_do_not_loosen_the_limit(page: Page) -> None:
    for i in range(desk_agents.MOST_TRIES[0]):
        page.headers["X-Forwarded-For"] = f"198.51.100.{i}"
        page.sign_in("wen", "guess")
    page.headers["X-Forwarded-For"] = "203.0.113.9"
    assert page.sign_in().status_code == 429


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"login": "wen"}', "application/json", 422),
        (b'{"login": "wen", "password": 7}', "application/json", 422),
        (b'{"login": "", "password": ""}', "application/json", 422),
        (b'{"login": "\\ud800", "password": "\\udfff\\u0000"}', "application/json", 401),
        (b"login=wen&password=correct+horse", "application/x-www-form-urlencoded", 415),
        (b'{"login": "wen", "password": "correct horse"}', "text/plain", 415),
    ],
)
def test_only_json_signs_in(page: Page, body: bytes, kind: str, status: int) -> None:
    answer = page.post("/team/session", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_crowd_at_the_door_holds_up_nobody_inside(house: House, server: Server, wen: Page) -> None:
    def guess(i: int) -> int:
        with Page(base_url=server.url, timeout=30) as stranger:
            return stranger.sign_in(f"stranger{i}", "guess").status_code

    with ThreadPoolExecutor(12) as pool:
        guesses = [pool.submit(guess, i) for i in range(24)]
        assert wen.get("/team/conversations").status_code == 200
        assert {g.result() for g in guesses} == {401}


def test_the_demo_login_works_where_demo_is_on(house: House) -> None:
    demo = Agents(house.database, session_hours=1, demo=True, hasher=QUICK)
    login, password = demo.demo_login(now=MORNING)
    house.door = _with(house, agents=demo)
    server = Server(house.routes(), house.bell)
    server.start()
    try:
        with Page(base_url=server.url) as page:
            assert page.sign_in(login, password).json()["agent"]["demo"] is True
    finally:
        server.stop()


# -- the page itself -------------------------------------------------------------------------


def test_the_page_lets_nothing_foreign_in(page: Page) -> None:
    answer = page.get("/team/")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r"<script(?![^>]*\ssrc=)|\son\w+=|style=|https?://", answer.text)


@pytest.mark.parametrize("name", ["main.js", "tokens.css", "desk.css", "icon.svg"])
def test_files_are_kept_by_browsers(page: Page, name: str) -> None:
    first = page.get(f"/team/static/{name}")
    assert first.status_code == 200
    again = page.get(f"/team/static/{name}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["..%2f..%2fpages.py", "nothing.js", "%2e%2e", ".", "main.js%00"])
def test_nothing_else_is_served(page: Page, name: str) -> None:
    assert page.get(f"/team/static/{name}").status_code in (400, 404)


def test_team_without_a_slash_leads_to_the_page(page: Page) -> None:
    answer = page.get("/team", follow_redirects=True)
    assert (answer.status_code, answer.url.path) == (200, "/team/")
