"""Tells the team in time: a promise was made, is due shortly, is late. Each once, whatever happens."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from typing import Callable, Sequence

from bot.database import Database
from bot.desk.alarm_store import LATE, MADE, WARNING, AlarmStore
from bot.desk.targets.base import Target, TargetFailed

logger = logging.getLogger(__name__)

# Longer than any target may take, so that a delivery is not taken twice while it is under way.
LEASE = timedelta(seconds=60)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(days=3)


class AlarmClock:
    """Watches the promises in one thread, and delivers to each target in a thread of its own.

    Any number of these may run on one database: every event and every delivery is claimed once.
    A delivery that fails, or whose process ends, is made again under the same id. `seconds` is the
    pause between two looks; `changed()` is called after promises changed their state.
    """

    def __init__(
        self,
        *,
        database: Database,
        targets: Sequence[Target],
        clock: Callable[[], datetime],
        seconds: float,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = AlarmStore(database)
        self._targets = tuple(targets)
        self._clock = clock
        self._seconds = seconds
        self._changed = changed
        self._stopping = threading.Event()
        self._rung = {target.name: threading.Event() for target in self._targets}
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start the threads; what fell due while nobody watched is told at once."""
        if self._threads:
            raise RuntimeError("This alarm clock is running already.")
        self._stopping.clear()
        self._threads = [threading.Thread(target=self._watch, name="alarm", daemon=True)]
        self._threads += [
            threading.Thread(target=self._carry, args=(target,), name=f"alarm-{target.name}", daemon=True)
            for target in self._targets
        ]
        for thread in self._threads:
            thread.start()

    @property
    def is_running(self) -> bool:
        """Whether every thread is alive."""
        return bool(self._threads) and all(thread.is_alive() for thread in self._threads)

    def stop(self, *, seconds: float = 5.0) -> None:
        """Stop the threads; a delivery that is under way for longer is made again by the next start."""
        self._stopping.set()
        for event in self._rung.values():
            event.set()
        for thread in self._threads:
            thread.join(timeout=seconds)
        self._threads = []

    def sweep(self) -> int:
        """Claim every event that is due and write its deliveries; returns how many."""
        now = self._clock()
        names = [target.name for target in self._targets]
        # Late before warning: what is late needs no warning any more.
        changes = sum(self._all(event, names, now) for event in (LATE, WARNING))
        events = changes + self._all(MADE, names, now)
        if events:
            for event in self._rung.values():
                event.set()
        if changes:
            self._changed()
        return events

    def deliver(self, target: Target) -> int:
        """Make every delivery that waits for this target; returns how many were taken."""
        taken = 0
        while not self._stopping.is_set():
            errand = self._store.take(target.name, now=self._clock(), lease=LEASE)
            if errand is None:
                return taken
            try:
                target.send(errand.notice)
            except TargetFailed as e:
                self._failed(errand.notice.id, errand.notice.at, errand.tries, str(e))
            except Exception as e:
                logger.exception("Target %s failed.", target.name)
                self._failed(errand.notice.id, errand.notice.at, errand.tries, type(e).__name__)
            else:
                self._store.sent(errand.notice.id, now=self._clock())
                taken += 1
        return taken

    # -- inside ------------------------------------------------------------------------

    def _all(self, event: str, names: Sequence[str], now: datetime) -> int:
        total = 0
        while claimed := self._store.ring(event, targets=names, now=now):
            total += claimed
        return total

    def _failed(self, delivery_id: str, since: datetime, tries: int, error: str) -> None:
        now = self._clock()
        if now - since > GIVE_UP_AFTER:
            logger.error("Delivery %s was tried %d times and is given up: %s", delivery_id, tries, error)
            self._store.failed(delivery_id, error=error, again_at=None)
            return
        logger.warning("Delivery %s failed (try %d): %s", delivery_id, tries, error)
        self._store.failed(delivery_id, error=error, again_at=now + pause(tries))

    def _watch(self) -> None:
        while not self._stopping.is_set():
            try:
                self.sweep()
            except Exception:
                logger.exception("The alarm's look at the promises failed; it looks again.")
            self._stopping.wait(self._seconds)

    def _carry(self, target: Target) -> None:
        rung = self._rung[target.name]
        while not self._stopping.is_set():
            rung.clear()
            try:
                self.deliver(target)
            except Exception:
                logger.exception("Delivering to %s failed; it goes on.", target.name)
            rung.wait(self._seconds)


def pause(tries: int) -> timedelta:
    """How long to wait after so many failed tries: doubling, up to a limit."""
    longer: timedelta = FIRST_PAUSE * (1 << min(tries - 1, 10))
    return min(longer, LONGEST_PAUSE)
