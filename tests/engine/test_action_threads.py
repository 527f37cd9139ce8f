"""Threads for actions: enough for all turns at once, and given back by actions that nobody waits for."""

from __future__ import annotations

import asyncio
import threading
from typing import Any, Callable, Coroutine

import pytest

from bot.engine.actions import MOST_OF_ONE, ActionThreads, TooManyActions
from bot.settings import Settings


async def wait_until(true: Callable[[], bool]) -> None:
    for _ in range(2000):
        if true():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("It never came true.")


def test_as_many_actions_as_turns_may_run_at_once() -> None:
    pool = ActionThreads(most=Settings().action_threads)
    all_there = threading.Barrier(MOST_OF_ONE)

    async def meet() -> str:
        all_there.wait(20)
        return "met"

    async def run() -> list[Any]:
        return await asyncio.gather(*(pool.run("a", meet) for _ in range(MOST_OF_ONE)))

    assert asyncio.run(run()) == ["met"] * MOST_OF_ONE


def test_an_action_that_waits_for_ever_gives_its_thread_back() -> None:
    pool = ActionThreads(most=1)

    async def hang() -> None:
        await asyncio.sleep(3600)

    async def run() -> str:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(pool.run("a", hang), 0.05)
        await wait_until(lambda: not pool.is_full)
        return str(await pool.run("a", said))

    assert asyncio.run(run()) == "said"


def test_an_action_that_blocks_keeps_its_thread_and_the_pool_says_so() -> None:
    pool, release = ActionThreads(most=1), threading.Event()

    async def block() -> None:
        release.wait(20)

    async def run() -> str:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(pool.run("a", block), 0.05)
        assert pool.is_full
        with pytest.raises(TooManyActions):
            await pool.run("a", said)
        release.set()
        await wait_until(lambda: not pool.is_full)
        return str(await pool.run("a", said))

    assert asyncio.run(run()) == "said"


def test_one_action_that_hangs_leaves_threads_for_the_others() -> None:
    pool, release = ActionThreads(most=4, most_of_one=2), threading.Event()

    async def block() -> None:
        release.wait(20)

    async def run() -> str:
        stuck = [asyncio.create_task(pool.run("a", block)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(TooManyActions):
            await pool.run("a", said)
        other = str(await pool.run("b", said))
        release.set()
        await asyncio.gather(*stuck)
        return other + str(await pool.run("a", said))

    assert asyncio.run(run()) == "saidsaid"


@pytest.mark.parametrize("error", [ValueError, SystemExit, asyncio.CancelledError])
def test_whatever_an_action_raises_ends_no_thread(error: type[BaseException]) -> None:
    pool = ActionThreads(most=1)

    async def fail() -> None:
        raise error

    async def run() -> str:
        with pytest.raises((ValueError, RuntimeError)):
            await pool.run("a", fail)
        return str(await pool.run("a", said))

    assert asyncio.run(run()) == "said"


def said() -> Coroutine[Any, Any, str]:
    async def say() -> str:
        return "said"

    return say()
