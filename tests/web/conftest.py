from __future__ import annotations

from pathlib import Path
from typing import Iterator

import httpx
import pytest

from tests.web.house import PASSWORD, House
from tests.web.served import Server


class Page(httpx.Client):
    """What an agent's browser does: keeps the cookie, sends the token with each change."""

    def sign_in(self, login: str = "wen", password: str = PASSWORD) -> httpx.Response:
        answer = self.post("/team/session", json={"login": login, "password": password})
        if answer.status_code == 200:
            self.headers["X-CSRF-Token"] = answer.json()["csrf"]
        return answer


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def server(house: House) -> Iterator[Server]:
    running = Server(house.routes(), house.bell)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def page(server: Server) -> Iterator[Page]:
    with Page(base_url=server.url, timeout=20) as client:
        yield client


@pytest.fixture
def wen(page: Page) -> Page:
    """A page that is signed in."""
    assert page.sign_in().status_code == 200
    return page
