"""An action that goes wrong costs its customer one apology with a promised time, and nobody else anything."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Iterator

import pytest

from tests.serving.server import Customer, Server, wait_for

pytestmark = pytest.mark.slow

# A question in German for each action that goes wrong, and how it does.
QUESTIONS = {
    "raises": "Wie lange dauert die Lieferung?",
    "hangs": "Liefern Sie auch nach Österreich?",
    "blocks": "Muss ich Zoll bezahlen?",
    "says nonsense": "Ist die Jacke auf Lager?",
    "returns nonsense": "Welche Größe brauche ich?",
    "says nothing": "Wie kann ich bezahlen?",
}


@pytest.fixture(scope="module")
def odd(model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    var = Path(tmp_path_factory.mktemp("odd"))
    running = Server(var, module="tests.serving.odd_server", conversations_per_hour="100000").start()
    yield running
    running.stop()


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_one_apology_and_a_promise_within_five_seconds(odd: Server, question: str) -> None:
    customer = Customer(odd.url, locale="de-DE", timezone="Europe/Berlin", country="DE")
    began = time.monotonic()
    replies = customer.ask(question)
    assert time.monotonic() - began < 5
    assert len(replies) == 1
    assert replies[0]["language"] == "de"
    assert replies[0]["promise"]["due_at"]
    assert "Uhr" in replies[0]["text"]
    assert customer.ask("Wann sind Sie geöffnet?")[0]["text"]


def test_nobody_else_waits(odd: Server) -> None:
    stuck = [Customer(odd.url, locale="de-DE") for _ in range(12)]
    threads = [threading.Thread(target=customer.ask, args=(QUESTIONS["blocks"],)) for customer in stuck]
    for thread in threads:
        thread.start()
    other = Customer(odd.url)
    began = time.monotonic()
    assert other.ask("When are you open?")
    waited = time.monotonic() - began
    for thread in threads:
        thread.join()
    assert waited < 2


def test_two_hundred_who_hang_hold_up_nobody_for_long(odd: Server) -> None:
    stuck = [Customer(odd.url) for _ in range(200)]
    other = Customer(odd.url)
    began = time.monotonic()

    def ask(customer: Customer) -> float:
        assert customer.ask("Do I have to pay customs duty?")[0]["promise"]["due_at"]
        return time.monotonic() - began

    with ThreadPoolExecutor(200) as pool:
        hanging = [pool.submit(ask, customer) for customer in stuck]
        # On a slow machine the first may have their apology before the last has asked.
        wait_for(lambda: all(future.running() or future.done() for future in hanging))
        asked = time.monotonic()
        assert other.ask("When are you open?")[0]["promise"] is None  # no apology
        waited = time.monotonic() - asked
        longest = max(future.result() for future in hanging)
    assert waited < 3
    assert longest < 9


def test_the_log_tells_where_and_never_what(odd: Server) -> None:
    Customer(odd.url, locale="de-DE").ask("Wie lange dauert die Lieferung an anna@example.net?")
    log = odd.log.read_text()
    assert "action_delivery_time failed" in log
    assert "odd_actions" in log
    assert "anna@example.net" not in log
