from __future__ import annotations

import threading
from datetime import datetime
from typing import Optional, Sequence

import pytest

from bot.shop.backends.base import BackendUnavailable
from bot.shop.backends.patient import MOST_WAITING, PatientBackend
from bot.shop.model import Order, Product
from tests.shop.orders_at_hand import NOW, FakeBackend, order


class Hanging(FakeBackend):
    """Answers when it is let go; counts who waits."""

    def __init__(self) -> None:
        super().__init__(order())
        self.go = threading.Event()

    def order(self, number: str) -> Optional[Order]:
        self.go.wait(20)
        return super().order(number)


class Broken(FakeBackend):
    def product(self, product_id: str) -> Optional[Product]:
        raise ZeroDivisionError

    def products(self) -> Sequence[Product]:
        raise BackendUnavailable("fake shop: closed.")


def test_answers_pass() -> None:
    patient = PatientBackend(FakeBackend(order()))
    assert patient.order("LL-10423") == order()
    assert patient.order("LL-1") is None
    assert patient.products() == ()
    assert patient.product("x") is None
    assert patient.as_of() == NOW
    assert patient.source == "fake shop"


def test_every_failure_is_unavailable() -> None:
    patient = PatientBackend(Broken())
    with pytest.raises(BackendUnavailable, match="closed"):
        patient.products()
    with pytest.raises(BackendUnavailable, match="ZeroDivisionError"):
        patient.product("x")


def test_a_hanging_system_costs_a_bounded_wait_and_bounded_threads() -> None:
    backend = Hanging()
    patient = PatientBackend(backend, seconds=0.01)
    for _ in range(MOST_WAITING):
        with pytest.raises(BackendUnavailable, match="no answer within"):
            patient.order("LL-10423")
    with pytest.raises(BackendUnavailable, match="wait for an answer already"):
        patient.order("LL-10423")
    backend.go.set()
    for thread in threading.enumerate():
        if thread.name == "backend":
            thread.join(5)
    assert PatientBackend(backend).order("LL-10423") == order()
    assert patient.as_of() == datetime.fromisoformat(NOW.isoformat())
