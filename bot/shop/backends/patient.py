"""Gives up on a shop's system that takes too long, so that one slow system holds up no turn."""

from __future__ import annotations

import logging
import threading
from datetime import datetime
from typing import Callable, Optional, Sequence, TypeVar

from bot.shop.backends.base import Backend, BackendUnavailable
from bot.shop.model import Order, Product

T = TypeVar("T")

logger = logging.getLogger(__name__)

# Questions that may hang at once; with all of them hanging there is no use in asking again.
MOST_WAITING = 16


class PatientBackend:
    """A backend that raises BackendUnavailable when the one behind it is slow or fails in any way.

    `seconds` is the longest wait for one question.
    """

    def __init__(self, backend: Backend, *, seconds: float = 2.5) -> None:
        self._backend = backend
        self._seconds = seconds
        self._free = threading.Semaphore(MOST_WAITING)

    @property
    def source(self) -> str:
        """Where the facts come from."""
        return self._backend.source

    def order(self, number: str) -> Optional[Order]:
        """The order of this number, or none."""
        return self._ask(lambda: self._backend.order(number))

    def product(self, product_id: str) -> Optional[Product]:
        """The product of this id or SKU, or none."""
        return self._ask(lambda: self._backend.product(product_id))

    def products(self) -> Sequence[Product]:
        """Every product, by id."""
        return self._ask(self._backend.products)

    def as_of(self) -> datetime:
        """When the stock and the prices were last known to be true."""
        return self._ask(self._backend.as_of)

    def _ask(self, question: Callable[[], T]) -> T:
        if not self._free.acquire(blocking=False):
            raise BackendUnavailable(f"{self.source}: {MOST_WAITING} questions wait for an answer already.")
        answers: list[T] = []
        errors: list[Exception] = []

        def run() -> None:
            try:
                answers.append(question())
            except Exception as e:
                errors.append(e)
            finally:
                self._free.release()

        # A daemon thread: one that hangs for ever must not keep the process from ending.
        thread = threading.Thread(target=run, daemon=True, name="backend")
        thread.start()
        thread.join(self._seconds)
        if answers:
            return answers[0]
        if not errors:
            raise BackendUnavailable(f"{self.source}: no answer within {self._seconds} seconds.")
        if isinstance(errors[0], BackendUnavailable):
            raise errors[0]
        logger.error("%s failed.", self.source, exc_info=errors[0])
        raise BackendUnavailable(f"{self.source}: {type(errors[0]).__name__}.") from errors[0]
