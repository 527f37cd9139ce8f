"""Runs blocking work where it holds up nobody."""

from __future__ import annotations

import asyncio
from typing import Callable, TypeVar

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """The result of `work`, run in the loop's threads."""
    return await asyncio.get_running_loop().run_in_executor(None, work)
