"""Runs actions inside this process, in daemon threads, so that none of them can hold up anybody."""

from __future__ import annotations

import asyncio
import json
import logging
import queue
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping, Optional

from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.faults import where

logger = logging.getLogger(__name__)

Failed = Callable[[str, str], None]

# Fewer than the turns that run at once, so that some are left for those who ask something else.
MOST_OF_ONE = 48


class TooManyActions(RuntimeError):
    """Every action thread is taken, most likely by actions that hang."""


@dataclass
class _Job:
    """An action on its way through a thread; `future` is settled in the loop that waits for it."""

    action: str
    make: Callable[[], Any]
    future: asyncio.Future[Any]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _loop: Optional[asyncio.AbstractEventLoop] = None
    _task: Optional[asyncio.Task[Any]] = None
    _is_abandoned: bool = False

    def run(self, loop: asyncio.AbstractEventLoop) -> Any:
        """Run in this thread's loop; CancelledError when nobody waits any more."""
        with self._lock:
            if self._is_abandoned:
                raise asyncio.CancelledError
            self._loop, self._task = loop, loop.create_task(self._made())
        return loop.run_until_complete(self._task)

    async def _made(self) -> Any:
        return await self.make()

    def abandon(self) -> None:
        """Nobody waits any more: let the action end at its next pause."""
        with self._lock:
            self._is_abandoned = True
            if self._loop is not None and self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)


class ActionThreads:
    """A pool of daemon threads, each with its own event loop; grows on demand up to a bound.

    No action may occupy more than `most_of_one`: one that hangs takes neither all the threads nor
    all the turns, which wait for it until their deadline. An action that nobody waits for any more
    is cancelled; one that blocks keeps its thread for ever.
    """

    def __init__(self, *, most: int, most_of_one: int = MOST_OF_ONE) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._occupied: Counter[str] = Counter()
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._idle = 0

    async def run(self, action: str, make: Callable[[], Any]) -> Any:
        """Run the coroutine that `make` returns in a thread of its own, and wait for it here."""
        job = _Job(action=action, make=make, future=asyncio.get_running_loop().create_future())
        with self._lock:
            if self._occupied[action] >= self._most_of_one:
                raise TooManyActions(f"{self._most_of_one} threads are busy with {action} already.")
            if self._idle > 0:
                self._idle -= 1
            elif self._threads < self._most:
                self._threads += 1
                threading.Thread(target=self._work, daemon=True, name="action").start()
            else:
                raise TooManyActions(f"All {self._most} action threads are taken.")
            self._occupied[action] += 1
        self._jobs.put(job)
        try:
            return await job.future
        except asyncio.CancelledError:
            job.abandon()
            raise

    @property
    def is_full(self) -> bool:
        """Whether the next action would find no thread."""
        with self._lock:
            return self._idle == 0 and self._threads >= self._most

    def _work(self) -> None:
        loop = asyncio.new_event_loop()
        while True:
            job = self._jobs.get()
            result: Any = None
            error: Optional[BaseException] = None
            try:
                result = job.run(loop)
            except BaseException as e:  # a SystemExit in an action must not end the thread either
                error = e
            with self._lock:
                self._idle += 1
                self._occupied[job.action] -= 1
            try:
                job.future.get_loop().call_soon_threadsafe(_settle, job.future, result, error)
            except RuntimeError:
                return  # the engine's loop is closed: nobody waits for this any more


def _settle(future: asyncio.Future[Any], result: Any, error: Optional[BaseException]) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    elif isinstance(error, Exception):
        future.set_exception(error)
    else:
        future.set_exception(RuntimeError(f"The action raised {type(error).__name__}."))


class LocalActions(EndpointConfig):
    """Stands where Rasa expects an action server, and runs the actions right here.

    `failed(conversation, action)` is told of each failure, because Rasa itself swallows them.
    """

    def __init__(self, package: str, *, threads: ActionThreads, failed: Failed) -> None:
        super().__init__("local://actions", enable_selective_domain=True)
        self.executor = ActionExecutor()
        self.executor.register_package(package)
        self.threads = threads
        self._failed = failed

    async def request(self, *args: Any, json: Optional[Mapping[str, Any]] = None, **kwargs: Any) -> Any:
        """Run the action of this call; its result has the shape of an action server's reply."""
        call = dict(json or {})
        name = str(call.get("next_action"))
        try:
            return _checked(await self.threads.run(name, lambda: self.executor.run(_copied(call))), name)
        except ActionExecutionRejection as e:  # Rasa expects an HTTP 400 here
            raise ClientResponseError(400, "rejected", _rejection(e)) from e
        except Exception as e:
            logger.error("Action %s failed in conversation %s: %s", name, call.get("sender_id"), where(e))
            self._failed(str(call.get("sender_id")), name)
            raise


def _copied(call: Mapping[str, Any]) -> Any:
    """A deep copy: an action must not reach into the live tracker."""
    return json.loads(json.dumps(call))


def _rejection(e: ActionExecutionRejection) -> str:
    return json.dumps({"action_name": e.action_name, "error": e.message})


def _checked(result: Any, name: str) -> Any:
    """The result, when it has the shape that Rasa needs; TypeError otherwise."""
    if not isinstance(result, dict):
        raise TypeError(f"Action {name} returned {type(result).__name__}, not a reply.")
    for key in ("events", "responses"):
        rows = result.get(key)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise TypeError(f"Action {name} returned {key} that are no list of objects.")
    return result


def trust_checked_results() -> None:
    """Spare Rasa's own check of each result (6 ms, it compiles the schema every time): ours ran."""
    RemoteAction._validate_action_result = lambda self, result: True


__all__ = ["ActionThreads", "LocalActions", "TooManyActions", "trust_checked_results"]
