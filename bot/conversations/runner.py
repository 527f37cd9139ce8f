"""Sees to it that every accepted message gets its turn, after a restart too."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Callable, Protocol

from bot.conversations.store import ConversationStore
from bot.faults import where

logger = logging.getLogger(__name__)


class Answering(Protocol):
    """Answers everything that waits in a conversation."""

    def answer_all(self, conversation_id: str) -> int: ...


class Runner:
    """Runs turns in threads: one at a time within a conversation, many conversations at once.

    A turn that hangs until its deadline holds one thread, so there are many more threads
    than cores. `sweep_seconds` is the pause between two looks for messages that nobody is at.
    """

    def __init__(
        self,
        *,
        store: ConversationStore,
        turns: Answering,
        clock: Callable[[], datetime],
        threads: int = 64,
        sweep_seconds: float = 1.0,
    ) -> None:
        self._store = store
        self._turns = turns
        self._clock = clock
        self._sweep_seconds = sweep_seconds
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="turn")
        self._lock = threading.Lock()
        self._running: dict[str, bool] = {}  # conversation -> asked for again while running
        self._stopping = threading.Event()
        self._sweeper = threading.Thread(target=self._sweep_forever, daemon=True, name="sweep")

    def start(self, *, alone: bool) -> None:
        """Begin. `alone` says that no other process works on this database: every claim is stale."""
        if alone:
            self._store.release_claims()
        self._sweeper.start()

    def stop(self) -> None:
        """Let the turns that are under way end, and start no more."""
        with self._lock:
            self._stopping.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def wake(self, conversation_id: str) -> None:
        """A message has come: see to this conversation now."""
        with self._lock:
            if self._stopping.is_set():
                return  # it is in the transcript; the next start finds it
            if conversation_id in self._running:
                self._running[conversation_id] = True
                return
            self._running[conversation_id] = False
            self._pool.submit(self._run, conversation_id)

    def is_busy(self, conversation_id: str) -> bool:
        """Whether a turn is under way in this conversation, in this process."""
        with self._lock:
            return conversation_id in self._running

    def _run(self, conversation_id: str) -> None:
        while True:
            try:
                self._turns.answer_all(conversation_id)
            except Exception as e:
                # The message stays claimed; the sweep takes it up when the claim has ended.
                logger.error("The turns of conversation %s stopped: %s", conversation_id, where(e))
            with self._lock:
                if not self._running[conversation_id] or self._stopping.is_set():
                    del self._running[conversation_id]
                    return
                self._running[conversation_id] = False

    def _sweep_forever(self) -> None:
        while not self._stopping.is_set():
            try:
                for conversation_id in self._store.unanswered(now=self._clock()):
                    self.wake(conversation_id)
            except Exception:
                logger.exception("Looking for unanswered messages failed; trying again.")
            self._stopping.wait(self._sweep_seconds)
