from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from bot.database import Database
from bot.phrasebook import Phrasebook
from bot.settings import ROOT
from tests import needs
from tests.channels.browser import Customer
from tests.channels.house import House
from tests.channels.scenes import answer
from tests.channels.visitor import Visitor

# A shop's page in one test is a public one, and Chromium keeps those from loopback.
FLAGS = [*needs.CHROMIUM_FLAGS, "--disable-features=LocalNetworkAccessChecks"]


@pytest.fixture(scope="session")
def book() -> Phrasebook:
    return Phrasebook.load(ROOT / "data" / "replies")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database that houses copy."""
    path = tmp_path_factory.mktemp("migrated") / "empty.sqlite"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    return path


@pytest.fixture
def open_house(book: Phrasebook, migrated: Path, tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Opens houses, and shuts them at the end."""
    houses: list[House] = []

    def open_one(**more: Any) -> House:
        house = House(tmp_path / str(len(houses)), book, migrated=migrated, **more)
        house.__enter__()
        houses.append(house)
        return house

    yield open_one
    for house in houses:
        house.__exit__()


@pytest.fixture(scope="module")
def house(book: Phrasebook, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One house for all rows of a module that leave it as it was."""
    with House(tmp_path_factory.mktemp("house"), book, migrated=migrated) as opened:
        yield opened


@pytest.fixture
def client(house: House) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=house.url, timeout=15, verify=False, trust_env=False) as opened:
        yield opened


@pytest.fixture
def visitor(house: House) -> Iterator[Visitor]:
    """A customer with a conversation."""
    with Visitor.start(house.url) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = needs.chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def shop(book: Phrasebook, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("shop"), book, script=answer, migrated=migrated) as opened:
        yield opened


@pytest.fixture
def customer(
    browser: Browser, shop: House, open_house: Callable[..., House]
) -> Iterator[Callable[..., Customer]]:
    """Makes customers, each with a browser profile of their own; none of them may meet an error."""
    made: list[Customer] = []

    def make(house: House = shop, **context: Any) -> Customer:
        made.append(Customer(browser, house, **context))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
    assert [fault for one in made for fault in one.faults] == []
