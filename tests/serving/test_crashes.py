"""Whatever ends the process, an accepted message is answered once, and handed over once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator, Optional

import httpx
import pytest
import sqlalchemy as sa

from bot import crash
from bot.database import Database
from tests.serving.server import ROOT, Customer, Server, free_port, wait_for

pytestmark = pytest.mark.slow

PERSON = "I want to talk to a human please"
CRASHES = 200


class Parent:
    """The loaded process from which servers are forked."""

    def __init__(self, var: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = open(var / "parent.log", "wb")  # noqa: SIM115
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.serving.forking", str(var), str(self.port)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )

    def fork(self, point: str = "-") -> int:
        """A server that ends at this point; returns its pid once it listens."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{point}\n")
        self._process.stdin.flush()
        pid = int(self._line())
        wait_for(self._answers, what=f"the server that ends at {point}")
        return pid

    def ended(self) -> int:
        """The exit code of the server that was forked last, after it ended."""
        return int(self._line())

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)
        self.log.close()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/live", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False


@pytest.fixture(scope="module")
def parent(model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Parent, Path]]:
    var = tmp_path_factory.mktemp("crash")
    loaded = Parent(var)
    yield loaded, var
    loaded.close()


def try_to_post(customer: Customer, client_id: str) -> Optional[int]:
    """The place of the message, or None when the server ended before it said so."""
    try:
        return int(customer.post(PERSON, client_id=client_id).json()["seq"])
    except httpx.HTTPError:
        return None


def check(customer: Customer, seq: int) -> None:
    """One reply to the message, with one promised time; nothing twice."""
    replies = customer.replies(after=seq)
    rows = customer.messages()
    assert [m["seq"] for m in rows] == list(range(1, len(rows) + 1))
    assert len(replies) == 1
    assert replies[0]["promise"]["due_at"]


def handoffs(var: Path) -> dict[str, int]:
    """How many handoffs each conversation has."""
    database = Database(f"sqlite:///{var / 'nightdesk.sqlite'}")
    with database.read() as tx:
        rows = tx.execute(sa.text("SELECT conversation, count(*) FROM handoff GROUP BY conversation"))
        found = {str(conversation): int(count) for conversation, count in rows}
    database.close()
    return found


def test_two_hundred_crashes_lose_nothing_and_repeat_nothing(parent: tuple[Parent, Path]) -> None:
    loaded, var = parent
    customers = []
    for i in range(CRASHES):
        point = crash.POINTS[i % len(crash.POINTS)]
        loaded.fork(point)
        customer = Customer(loaded.url)
        seq = try_to_post(customer, f"client-{i:04d}")
        assert loaded.ended() == 9, point
        recovered = loaded.fork()
        customer.move(loaded.url)
        if seq is None:  # the page sends again what nobody has confirmed
            seq = try_to_post(customer, f"client-{i:04d}")
        assert seq is not None
        check(customer, seq)
        customers.append(customer.id)
        os.kill(recovered, signal.SIGKILL)
        loaded.ended()
    counted = handoffs(var)
    assert {counted[customer] for customer in customers} == {1}
    assert len(counted) == CRASHES


def test_kill_minus_nine_of_the_real_process(model: None, tmp_path: Path) -> None:
    chance = random.Random(9)
    waiting: list[tuple[Customer, int]] = []
    for round_number in range(8):
        server = Server(tmp_path, conversations_per_hour="100000").start()
        for customer, seq in waiting:
            customer.move(server.url)
            check(customer, seq)
        waiting = []
        for i in range(6):
            customer = Customer(server.url)
            seq = try_to_post(customer, f"round-{round_number}-{i}")
            assert seq is not None
            waiting.append((customer, seq))
            if i == chance.randrange(6):
                break
        server.stop(signal.SIGKILL)
    last = Server(tmp_path).start()
    for customer, seq in waiting:
        customer.move(last.url)
        check(customer, seq)
    last.stop()
    assert set(handoffs(tmp_path).values()) == {1}


def test_a_stopped_server_ends_cleanly(model: None, tmp_path: Path) -> None:
    server = Server(tmp_path).start()
    customer = Customer(server.url)
    sent: Any = customer.post(PERSON)
    assert server.stop() == 0
    again = Server(tmp_path).start()
    customer.move(again.url)
    check(customer, sent.json()["seq"])
    again.stop()
