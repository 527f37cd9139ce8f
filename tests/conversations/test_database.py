"""The database itself: many who open it at once, versions, and what its errors tell."""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.conversations.store import ConversationStore
from bot.conversations.tables import message
from bot.database import NEWEST, Database, DatabaseUnusable
from tests.conversations.fakes import NOW
from tests.conversations.test_store import started

PROCESSES = 4


def open_it(url: str, begin: Any, results: Any) -> None:
    begin.wait()
    try:
        database = Database(url)
        database.migrate()
        database.close()
        results.put("")
    except BaseException as e:
        results.put(repr(e))


def test_many_processes_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    begin, results = context.Barrier(PROCESSES), context.Queue()
    url = f"sqlite:///{tmp_path / 'new.sqlite'}"
    openers = [context.Process(target=open_it, args=(url, begin, results)) for _ in range(PROCESSES)]
    for opener in openers:
        opener.start()
    assert [results.get(timeout=60) for _ in openers] == [""] * PROCESSES
    for opener in openers:
        opener.join()


def test_a_database_of_a_newer_version_is_not_touched(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'n.sqlite'}")
    database.migrate()
    with database.begin() as tx:
        tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseUnusable, match=f"is at version 9999, .* knows {NEWEST}; update"):
        database.migrate()
    database.close()


def test_an_error_tells_nothing_of_what_was_said(store: ConversationStore) -> None:
    conversation = started(store)
    row = {"conversation": conversation.id, "seq": 1, "at": NOW, "sender": "customer", "kind": "text"}
    with pytest.raises(sa.exc.IntegrityError) as failed, store.database.begin() as tx:
        tx.execute(message.insert().values(**row, text="my address is anna@example.org", tries=0))
    assert "INSERT" in str(failed.value)
    assert "anna@example.org" not in str(failed.value)
