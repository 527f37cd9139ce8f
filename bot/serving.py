"""Puts a server together: the doors, the turns behind them, the alarm beside them."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Callable, Iterable, Optional
from zoneinfo import ZoneInfo

from sanic import Sanic

from bot import crash, wiring
from bot.channels.door import Door, Streams
from bot.channels.front import Awaited, ShopFront
from bot.channels.health import Metric, health
from bot.channels.openapi import openapi
from bot.channels.pages import pages, widget
from bot.channels.store.visit import Site
from bot.channels.storefront import storefront
from bot.conversations.runner import Runner
from bot.conversations.turn import Turns
from bot.http.bell import Bell
from bot.http.problems import answer_problems
from bot.settings import Settings
from bot.shop.model import Shop
from bot.web.checking import ReplyCheck
from bot.web.ports import TeamDoor
from bot.web.team import team

logger = logging.getLogger(__name__)

ROLES = ("chat", "desk", "alarm")
# Rung when a promise changes its state; conversations have topics of their own.
PROMISES = "promises"


def roles_of(text: str) -> frozenset[str]:
    """The roles that a comma-separated list names; ValueError for one that does not exist."""
    named = [part.strip() for part in text.split(",") if part.strip()]
    for name in named:
        if name not in ROLES:
            raise ValueError(f"No role {name!r}. Known: {', '.join(ROLES)}.")
    if not named:
        raise ValueError(f"No role is named. Known: {', '.join(ROLES)}.")
    return frozenset(named)


def front() -> ShopFront:
    """What the customers' door says for the shops."""
    desk = wiring.handoffs()

    def awaited(conversation_id: str) -> Optional[Awaited]:
        times = desk.awaited(conversation_id)
        return Awaited(*times) if times else None

    def next_open(shop: Shop, now: datetime) -> Optional[datetime]:
        hours = wiring.team_of(shop.id).hours
        return None if hours.is_open(now) else hours.next_open(now)

    return ShopFront(
        words=wiring.phrasebook(),
        shops=wiring.shops(),
        awaited=awaited,
        agent_name=wiring.agents().name_of,
        next_open=next_open,
    )


def zone_name(text: str) -> str:
    """The name of a time zone that exists; ValueError otherwise."""
    try:
        return ZoneInfo(text).key
    except (LookupError, ValueError, OSError):
        raise ValueError(f"No time zone {text!r}; write it like Europe/Berlin.") from None


def turns(*, changed: Callable[[str], None]) -> Turns:
    """What answers accepted messages."""
    settings = wiring.settings()
    return Turns(
        store=wiring.conversations(),
        mind=wiring.mind(),
        desk=wiring.handoffs(),
        sayer=wiring.saying(),
        clock=wiring.clock(),
        changed=changed,
        seconds=settings.turn_seconds,
        sure=settings.sure,
        text_chars=settings.text_chars,
    )


class House:
    """One process: the app with its doors, and the threads that work behind it.

    `load` reads everything that is slow and makes no thread, so that a process may fork after it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.roles = roles_of(settings.roles)
        self.bell = Bell()
        self.streams = Streams()
        self._runner: Optional[Runner] = None
        self._alarm: Any = None
        self._turns = 0

    def load(self) -> None:
        """Read the model, the words and the shop's data; bring the databases up to date."""
        wiring.prepare()
        if "chat" in self.roles:
            wiring.engine().load()
            _warm_rooms()
        # What is loaded now stays: the collector need not look at it again in every turn.
        gc.collect()
        gc.freeze()

    def app(self, *, name: str = "nightdesk", ready: Callable[[], None] = lambda: None) -> Sanic:
        """The app; its threads start and stop with it. `ready()` is called when it answers."""
        app = Sanic(name, configure_logging=False)
        app.config.REQUEST_MAX_SIZE = self._settings.body_bytes
        app.config.RESPONSE_TIMEOUT = 60
        app.config.KEEP_ALIVE_TIMEOUT = 65
        app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 5.0
        app.config.MOTD = False
        answer_problems(app)
        for blueprint in self._blueprints():
            app.blueprint(blueprint)

        async def start(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            loop.set_default_executor(ThreadPoolExecutor(max_workers=24, thread_name_prefix="door"))
            self.bell.attach(loop)
            await loop.run_in_executor(None, self.start)

        async def started(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            ready()

        async def stop(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            self.bell.close()
            await loop.run_in_executor(None, self.stop)

        app.register_listener(start, "before_server_start")
        app.register_listener(started, "after_server_start")
        app.register_listener(stop, "before_server_stop")
        return app

    def start(self) -> None:
        """Start the threads behind the doors."""
        crash.arm(self._settings.crash_at)
        # Turns hop between threads; the interpreter's default pause of 5 ms is longer than a turn.
        sys.setswitchinterval(0.0005)
        if "chat" in self.roles:
            wiring.engine().start()
            self._runner = Runner(
                store=wiring.conversations(), turns=turns(changed=self._answered), clock=wiring.clock()
            )
            self._runner.start(alone=wiring.database().is_sqlite)
        if "alarm" in self.roles:
            self._alarm = wiring.alarm(changed=lambda: self.bell.ring(PROMISES))
            self._alarm.start()

    def stop(self) -> None:
        """Let what is under way end, then stop the threads."""
        if self._runner is not None:
            self._runner.stop()
            wiring.engine().stop()
        if self._alarm is not None:
            self._alarm.stop()

    # -- inside ------------------------------------------------------------------------

    def _answered(self, conversation_id: str) -> None:
        self._turns += 1
        self.bell.ring(conversation_id)

    def _wake(self, conversation_id: str) -> None:
        if self._runner is not None:
            self._runner.wake(conversation_id)

    def _blueprints(self) -> Iterable[Any]:
        yield health(checks=self._checks(), metrics=self._metrics, settings=self._settings)
        if "chat" in self.roles:
            yield from self._customers_doors()
        if "desk" in self.roles:
            yield team(self._team_door())

    def _customers_doors(self) -> Iterable[Any]:
        shown = front()
        yield storefront(
            Door(
                store=wiring.conversations(),
                front=shown,
                settings=self._settings,
                clock=wiring.clock(),
                bell=self.bell,
                wake=self._wake,
                address_key=wiring.secret("addresses"),
                streams=self.streams,
                forget=lambda conversation_id: wiring.proofs().forget(conversation=conversation_id),
            )
        )
        yield widget(origins=shown.origins)
        yield openapi()
        if self._settings.demo:
            yield pages(_demo_site(self._settings.shop))

    def _team_door(self) -> TeamDoor:
        words = wiring.phrasebook()

        def labels(language: str) -> dict[str, str]:
            return {**words.ui("team.", language), **words.ui("term.", language)}

        return TeamDoor(
            handoffs=wiring.handoffs(),
            agents=wiring.agents(),
            labels=labels,
            languages=words.languages,
            settings=self._settings,
            clock=wiring.clock(),
            bell=self.bell,
            address_key=wiring.secret("addresses"),
            check=ReplyCheck(wiring.guard()),
        )

    def _checks(self) -> dict[str, Callable[[], Optional[str]]]:
        checks: dict[str, Callable[[], Optional[str]]] = {"database": wiring.database().ping}
        if "chat" in self.roles:
            checks["model"] = lambda: None if self._runner is not None else "The model is not loaded yet."
            checks["actions"] = _actions_run
        if "alarm" in self.roles:
            checks["alarm"] = self._alarm_runs
        return checks

    def _alarm_runs(self) -> Optional[str]:
        return None if self._alarm is not None and self._alarm.is_running else "The alarm has stopped."

    def _metrics(self) -> Iterable[Metric]:
        yield Metric("nightdesk_streams_open", "gauge", "Event streams that are open.", self.streams.open)
        yield Metric("nightdesk_turns_total", "counter", "Turns since this process started.", self._turns)
        waiting = len(wiring.conversations().unanswered(now=wiring.clock()()))
        yield Metric(
            "nightdesk_conversations_unanswered", "gauge", "Conversations that nobody thinks about.", waiting
        )
        for state, count in sorted(wiring.handoffs().promise_states().items()):
            yield Metric(
                "nightdesk_promises", "gauge", "Promises by their state.", count, labels={"state": state}
            )


def _warm_rooms() -> None:
    """Build every room now, so that the first customer does not wait for it."""
    wiring.saying()
    wiring.topics()
    wiring.importing()
    for shop_id in wiring.shops():
        for build in (wiring.orders, wiring.catalogue, wiring.fitting, wiring.policies, wiring.opening):
            build(shop_id)
        wiring.backend(shop_id).products()


def _actions_run() -> Optional[str]:
    if wiring.engine().is_stuck:
        return "Every action thread is taken, most likely by actions that hang; start this process anew."
    return None


def _demo_site(shop_id: str) -> Site:
    return Site(
        shop=wiring.shop(shop_id),
        products=wiring.backend(shop_id).products,
        words=wiring.phrasebook(),
        clock=wiring.clock(),
        countries=wiring.delivery(shop_id).countries(),
        palettes=wiring.palettes(shop_id),
    )
