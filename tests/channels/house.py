"""The customers' doors as they are served: the real app on a free port of loopback, in a thread.

Behind it all is real but the turns: a thread that answers by a script.
"""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Callable, Iterable, Mapping, Optional, Sequence

import yaml
from sanic import Sanic

from bot.channels.door import Door
from bot.channels.front import Awaited, ShopFront
from bot.channels.health import Metric, health
from bot.channels.openapi import openapi
from bot.channels.pages import pages, widget
from bot.channels.store.visit import Site
from bot.channels.storefront import storefront
from bot.conversations.model import Draft, Kind, Message, Owner, Sender
from bot.conversations.store import ConversationStore
from bot.database import Database
from bot.http.bell import Bell
from bot.http.problems import answer_problems
from bot.phrasebook import Phrasebook
from bot.settings import ROOT, Settings
from bot.shop.model import Product, Shop
from bot.shop.products_file import load_products

NOW = datetime(2026, 11, 23, 21, 14, tzinfo=timezone.utc)
DUE = datetime(2026, 11, 24, 9, 30, tzinfo=timezone.utc)
FRIEND = "https://shop.example"
STRANGER = "https://stranger.example"

SHOP = Shop(
    id="demo",
    name="Lantern & Loom",
    languages=("en", "zh", "es", "de"),
    default_language="en",
    currency="EUR",
    timezone="Asia/Shanghai",
    ships_from="CN",
    markets=("EU", "GB"),
    team="default",
    contact_email="care@lantern-loom.example",
    origins=(FRIEND,),
)
OTHER = Shop(**{**SHOP.__dict__, "id": "other", "name": "Other", "origins": ("https://other.example",)})

_numbers = iter(range(10_000))

# Sanic rewrites its own methods when an app starts; this keeps the originals for the next one.
Sanic.test_mode = True

Script = Callable[[Message], Iterable[Draft]]


def said(text: str, **more: Any) -> Draft:
    """A bot's message."""
    return Draft(sender=Sender.BOT, kind=Kind.TEXT, text=text, language=more.pop("language", "en"), **more)


@dataclass
class House:
    """Everything behind the doors. `script` answers a customer's message."""

    folder: Path
    book: Phrasebook
    script: Script = lambda message: [said(f"You said: {message.text}")]
    options: Mapping[str, Any] = field(default_factory=dict)
    checks: dict[str, Callable[[], Optional[str]]] = field(default_factory=dict)
    products: Optional[Sequence[Product]] = None
    migrated: Optional[Path] = None  # an empty database to start from; migrating takes a second

    def __post_init__(self) -> None:
        defaults = {"heartbeat_seconds": 0.3, "messages_per_minute": 1000, "conversations_per_hour": 1000}
        self.settings = Settings(var=self.folder, **{**defaults, **self.options})
        if self.migrated is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.migrated, self.folder / "nightdesk.sqlite")
        self.database = Database(self.settings.url)
        if self.migrated is None:
            self.database.migrate()
        self.store = ConversationStore(self.database)
        self.bell = Bell()
        self.now = NOW
        self.awaited: dict[str, Awaited] = {}
        self.opens_at: Optional[datetime] = NOW + timedelta(hours=3)
        self._thinking = ThreadPoolExecutor(max_workers=1)
        self.front = ShopFront(
            words=self.book,
            shops={"demo": SHOP, "other": OTHER},
            awaited=self.awaited.get,
            agent_name={"a1": "Wen"}.get,
            next_open=lambda shop, now: self.opens_at,
        )
        self.door = Door(
            store=self.store,
            front=self.front,
            settings=self.settings,
            clock=lambda: self.now,
            bell=self.bell,
            wake=lambda cid: self._thinking.submit(self._answer, cid) and None,
            address_key=b"key",
        )
        palettes = yaml.safe_load((ROOT / "data/shops/demo/colours.yml").read_text(encoding="utf-8"))
        stock = self.products or load_products(ROOT / "data/shops/demo", today=NOW.date())
        self.site = Site(
            shop=SHOP,
            products=lambda: stock,
            words=self.book,
            clock=lambda: self.now,
            countries=("DE", "ES", "GB", "US"),
            palettes=palettes,
        )
        self.app = self._app()
        self._serve = _Serving(self.app, self.bell)

    def _app(self) -> Sanic:
        app = Sanic(f"channels_test_{next(_numbers)}", configure_logging=False)
        app.config.REQUEST_MAX_SIZE = self.settings.body_bytes
        app.blueprint(storefront(self.door))
        app.blueprint(widget(origins=self.front.origins))
        app.blueprint(pages(self.site))
        app.blueprint(openapi())
        app.blueprint(health(checks=self.checks, metrics=self._metrics, settings=self.settings))
        answer_problems(app)
        return app

    def _metrics(self) -> list[Metric]:
        return [Metric("nightdesk_streams_open", "gauge", "Open event streams.", self.door.streams.open)]

    def __enter__(self) -> House:
        self._serve.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thinking.shutdown(wait=True)
        self._serve.stop()
        self.database.close()

    @property
    def url(self) -> str:
        return self._serve.url

    # -- what happens behind the door --------------------------------------------------------

    def _answer(self, cid: str) -> None:
        while True:
            claim = self.store.claim_next(cid, now=self.now, lease=timedelta(minutes=1))
            if claim is None:
                return
            drafts = list(self.script(claim.message))
            with self.database.begin() as tx:
                self.store.finish(tx, cid, claim.message.seq, understood=None, language="en")
                self.store.append(tx, cid, drafts, now=self.now)
            self.bell.ring(cid)

    def post(self, cid: str, *drafts: Draft) -> None:
        """Somebody writes into the conversation."""
        with self.database.begin() as tx:
            self.store.append(tx, cid, drafts, now=self.now)
        self.bell.ring(cid)

    def give(
        self, cid: str, owner: Owner, *, agent: Optional[str] = None, due: Optional[Awaited] = None
    ) -> None:
        """The pen changes hands."""
        if due is not None:
            self.awaited[cid] = due
        with self.database.begin() as tx:
            self.store.change_owner(tx, cid, expect=list(Owner), to=owner, agent=agent, now=self.now)
        self.bell.ring(cid)


class _Serving:
    """Runs a Sanic app until it is stopped."""

    def __init__(self, app: Sanic, bell: Bell) -> None:
        self._app = app
        self._bell = bell
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._failed: Optional[BaseException] = None
        self._thread = threading.Thread(target=self._run, daemon=True, name="channels-test")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(20)
        if self._failed is not None:
            raise self._failed

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            server = self._loop.run_until_complete(
                self._app.create_server(sock=self._socket, return_asyncio_server=True)
            )
            assert server is not None
            self._loop.run_until_complete(server.startup())
            self._bell.attach(self._loop)
        except BaseException as e:  # told to the test that waits
            self._failed = e
            return
        finally:
            self._ready.set()
        self._loop.run_forever()
        self._bell.close()
        server.close()
        self._loop.run_until_complete(server.wait_closed())
        pending = [task for task in asyncio.all_tasks(self._loop) if not task.done()]
        for task in pending:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()
