from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Iterator

import pytest

from bot.database import Database
from bot.shop.proofs import ProofStore
from bot.shop.tables import order_proofs, order_tries
from tests import needs
from tests.shop.orders_at_hand import NOW

MAIL = "anna.keller@example.org"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database of each kind."""
    url = f"sqlite:///{tmp_path / 'n.sqlite'}" if request.param == "sqlite" else needs.postgres()
    opened = Database(url)
    opened.migrate()
    yield opened
    with opened.begin() as tx:
        tx.execute(order_proofs.delete())
        tx.execute(order_tries.delete())
    opened.close()


@pytest.fixture
def proofs(database: Database) -> ProofStore:
    return ProofStore(database)


def test_a_proof_is_of_one_conversation_one_order_one_address(proofs: ProofStore) -> None:
    proofs.keep(conversation="c1", order_number="LL-1", email=MAIL, now=NOW)
    assert proofs.is_kept(conversation="c1", order_number="LL-1", email=MAIL)
    assert not proofs.is_kept(conversation="c2", order_number="LL-1", email=MAIL)
    assert not proofs.is_kept(conversation="c1", order_number="LL-2", email=MAIL)
    assert not proofs.is_kept(conversation="c1", order_number="LL-1", email="other@example.org")


def test_the_last_proof_stands(proofs: ProofStore) -> None:
    for mail in ("old@example.org", MAIL, MAIL):
        proofs.keep(conversation="c1", order_number="LL-1", email=mail, now=NOW)
    assert proofs.is_kept(conversation="c1", order_number="LL-1", email=MAIL)
    assert not proofs.is_kept(conversation="c1", order_number="LL-1", email="old@example.org")


def test_no_address_is_stored_as_it_is(proofs: ProofStore, database: Database) -> None:
    proofs.keep(conversation="c1", order_number="LL-1", email=MAIL, now=NOW)
    proofs.keep(conversation="c2", order_number="LL-1", email=MAIL, now=NOW)
    with database.read() as tx:
        rows = [tuple(row) for row in tx.execute(order_proofs.select())]
    assert len({row[2] for row in rows}) == 2
    assert not any("anna" in str(row) for row in rows)


def test_a_message_counts_once(proofs: ProofStore) -> None:
    for seq in (2, 4, 4, 2, 4):
        proofs.add_try(conversation="c1", seq=seq, address="10.0.0.1", now=NOW)
    assert proofs.tries(conversation="c1") == 2
    assert proofs.tries(conversation="c2") == 0


def test_the_same_try_from_many_threads_counts_once(proofs: ProofStore) -> None:
    together = threading.Barrier(8)
    errors: list[Exception] = []

    def once() -> None:
        together.wait()
        try:
            proofs.add_try(conversation="c1", seq=2, address="10.0.0.1", now=NOW)
            proofs.keep(conversation="c1", order_number="LL-1", email=MAIL, now=NOW)
        except Exception as e:
            errors.append(e)

    threads = [threading.Thread(target=once) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert proofs.tries(conversation="c1") == 1


def test_an_address_is_counted_across_conversations_and_by_time(proofs: ProofStore) -> None:
    for n in range(3):
        proofs.add_try(conversation=f"c{n}", seq=2, address="10.0.0.1", now=NOW - timedelta(minutes=40 * n))
    proofs.add_try(conversation="c9", seq=2, address="10.0.0.2", now=NOW)
    hour_ago = NOW - timedelta(hours=1)
    assert proofs.tries_from(address="10.0.0.1", since=hour_ago) == 2
    assert proofs.tries_from(address="10.0.0.2", since=hour_ago) == 1


def test_forgetting_a_conversation_gives_no_new_tries(proofs: ProofStore) -> None:
    proofs.keep(conversation="c1", order_number="LL-1", email=MAIL, now=NOW)
    proofs.add_try(conversation="c1", seq=2, address="10.0.0.1", now=NOW)
    proofs.forget(conversation="c1")
    assert not proofs.is_kept(conversation="c1", order_number="LL-1", email=MAIL)
    assert proofs.tries(conversation="c1") == 1


def test_pruning_deletes_what_is_old(proofs: ProofStore) -> None:
    for n, days in enumerate((40, 1)):
        proofs.keep(conversation=f"c{n}", order_number="LL-1", email=MAIL, now=NOW - timedelta(days=days))
        proofs.add_try(conversation=f"c{n}", seq=2, address="a", now=NOW - timedelta(days=days))
    assert proofs.prune(before=NOW - timedelta(days=30)) == 2
    assert proofs.tries(conversation="c1") == 1
    assert proofs.is_kept(conversation="c1", order_number="LL-1", email=MAIL)
    assert not proofs.is_kept(conversation="c0", order_number="LL-1", email=MAIL)
