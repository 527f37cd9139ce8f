from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Iterator

import pytest

from bot.conversations.model import Conversation, Kind
from bot.conversations.store import ConversationStore, Opening, new_token
from bot.database import Database, metadata
from bot.desk import tables as _desk_tables  # noqa: F401  (declares them)
from bot.desk.handoffs import Handoffs
from bot.desk.model import Team
from bot.desk.teams import load_team
from bot.settings import ROOT
from tests import needs

# Tuesday, 02:00 in Berlin, 09:00 in Shanghai is an hour away.
NIGHT = datetime(2026, 11, 24, 0, 0, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Person:
    id: str = "a1"
    name: str = "Mei"


MEI, ELENA = Person(), Person("a2", "Elena")


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, now: datetime = NIGHT) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database of each kind."""
    url = f"sqlite:///{tmp_path / 'n.sqlite'}" if request.param == "sqlite" else needs.postgres()
    opened = Database(url)
    opened.migrate()
    yield opened
    with opened.begin() as tx:
        for table in reversed(metadata.sorted_tables):
            tx.execute(table.delete())
    opened.close()


@pytest.fixture(scope="session")
def team() -> Team:
    return load_team(ROOT / "data" / "teams" / "default.yml")


@pytest.fixture
def store(database: Database) -> ConversationStore:
    return ConversationStore(database)


@pytest.fixture
def handoffs(store: ConversationStore, team: Team) -> Handoffs:
    return Handoffs(store=store, team_of=lambda shop: team, pages_per_address=3)


def conversation(
    store: ConversationStore, *, said: str = "Mein Paket ist nass.", address: str = "", now: datetime = NIGHT
) -> Conversation:
    """A conversation in which a customer has said something."""
    opening = Opening(
        shop="demo", locale="de-DE", language="de", timezone="Europe/Berlin", country="DE", address=address
    )
    started = store.start(opening, token=new_token(), token_hours=1, welcome=(), now=now)
    store.accept(started.id, client_id="c1", kind=Kind.TEXT, text=said, now=now)
    return store.get(started.id)
