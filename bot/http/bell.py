"""Wakes those who wait for something to change: streams, long polls, the inbox."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import AsyncIterator, Awaitable, Callable, Optional

Wake = Callable[[float], Awaitable[bool]]

# Who listens to this topic hears every bell.
EVERYTHING = "*"


class Bell:
    """Topics that may be rung from any thread, and listened to in the server's event loop."""

    def __init__(self) -> None:
        self._loop: Optional[asyncio.AbstractEventLoop] = None
        self._listeners: dict[str, set[asyncio.Event]] = {}
        self._closed = False

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Say in which loop the listeners live; until then ringing does nothing."""
        self._loop = loop

    def ring(self, topic: str) -> None:
        """Wake everybody who listens to this topic."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ring, topic)

    def close(self) -> None:
        """Wake everybody for the last time: the server is stopping."""
        self._closed = True
        for topic in list(self._listeners):
            self._ring(topic)

    @property
    def closed(self) -> bool:
        """Whether the server is stopping; streams end then."""
        return self._closed

    @asynccontextmanager
    async def listen(self, topic: str) -> AsyncIterator[Wake]:
        """Listen from now on: what rings between a look and the wait is not missed.

        `await wake(seconds)` is True when the bell rang, False when time ran out.
        """
        event = asyncio.Event()
        self._listeners.setdefault(topic, set()).add(event)

        async def wake(seconds: float) -> bool:
            try:
                await asyncio.wait_for(event.wait(), seconds)
            except asyncio.TimeoutError:
                return False
            event.clear()
            return True

        try:
            yield wake
        finally:
            listeners = self._listeners[topic]
            listeners.discard(event)
            if not listeners:
                del self._listeners[topic]

    def _ring(self, topic: str) -> None:
        for event in (*self._listeners.get(topic, ()), *self._listeners.get(EVERYTHING, ())):
            event.set()
