from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

from bot import wiring  # noqa: F401  (declares every table)
from bot.conversations.store import ConversationStore
from bot.database import Database, metadata
from tests import needs


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


@pytest.fixture
def store(database: Database) -> ConversationStore:
    return ConversationStore(database)
