"""Builds everything from settings, each thing once; no logic."""

from __future__ import annotations

import os
import secrets
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Callable, Mapping, Optional, TypeVar

from bot.conversations import tables as _transcript_tables  # noqa: F401  (declares them)
from bot.conversations.saying import Saying
from bot.conversations.store import ConversationStore
from bot.database import Database
from bot.desk.agents import Agents
from bot.desk.alarm import AlarmClock
from bot.desk.handoffs import Handoffs
from bot.desk.model import Team
from bot.desk.opening import Opening
from bot.desk.targets.base import Target
from bot.desk.targets.email import EmailTarget
from bot.desk.targets.webhook import WebhookTarget
from bot.desk.teams import load_teams
from bot.desk.topics import Topics
from bot.engine.engine import Engine
from bot.engine.following_words import FollowingWords
from bot.engine.mind import RasaMind
from bot.engine.models import current_model
from bot.engine.sense import Sense
from bot.guard import Guard
from bot.phrasebook import Phrasebook
from bot.settings import Clock, Settings, get_settings
from bot.shop.asked import Asked
from bot.shop.backends import open_backend
from bot.shop.backends.base import Backend
from bot.shop.carriers.book import load_carriers
from bot.shop.catalogue import Catalogue, Colours, load_colours
from bot.shop.delivery import Delivery
from bot.shop.delivery_file import load_delivery
from bot.shop.exchange import Exchange, load_exchange
from bot.shop.fitting import Fitting
from bot.shop.importing import Importing, Seller
from bot.shop.markets import Markets, load_markets
from bot.shop.model import Shop
from bot.shop.orders import Orders
from bot.shop.policies import Policies, load_policies
from bot.shop.proofs import ProofStore
from bot.shop.shops import UnknownShop, load_shops
from bot.shop.size_tables import SizeBook, load_tables
from bot.shop.strangers import load_plain_words

T = TypeVar("T")

_built: dict[Any, Any] = {}
_lock = threading.RLock()
_settings: Optional[Settings] = None


def _once(key: Any, make: Callable[[], T]) -> T:
    """Each thing is built once, also when many threads ask at once."""
    try:
        found: T = _built[key]
    except KeyError:
        with _lock:
            if key not in _built:
                _built[key] = make()
            found = _built[key]
    return found


def use(settings: Settings, **given: Any) -> None:
    """Build everything anew from these settings; `given` are things to use instead of building them."""
    global _settings
    with _lock:
        _settings = settings
        for thing in _built.values():
            if isinstance(thing, Database):
                thing.close()
        _built.clear()
        _built.update(given)


def settings() -> Settings:
    """The settings of this process."""
    return _settings or get_settings()


def clock() -> Clock:
    """The clock of this process."""
    return _once("clock", settings().make_clock)


# -- the transcript and the words --------------------------------------------------------


def database() -> Database:
    """The transcript's database; `prepare` brings it up to date."""
    return _once("database", lambda: Database(settings().url))


def prepare() -> None:
    """Bring the transcript's database up to date."""

    def make() -> bool:
        database().migrate()
        return True

    _once("prepared", make)


def conversations() -> ConversationStore:
    """The transcript."""
    return _once("conversations", lambda: ConversationStore(database()))


def phrasebook() -> Phrasebook:
    """What we say, in every language."""
    return _once("phrasebook", lambda: Phrasebook.load(settings().data / "replies"))


def saying() -> Saying:
    """The one way to render."""
    return _once(
        "saying",
        lambda: Saying(phrasebook=phrasebook(), guard=guard()),
    )


def guard() -> Guard:
    """What reads every outgoing text before anybody else."""
    return _once("guard", lambda: Guard.load(settings().data / "guard", words=phrasebook().words))


def secret(name: str) -> bytes:
    """A key of this installation, made at its first use and kept in var/."""

    def make() -> bytes:
        path = settings().var / f"{name}.key"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent) as draft:  # readable by its owner only
                draft.write(secrets.token_bytes(32))
                draft.flush()
                with suppress(FileExistsError):  # another process was faster: its key stands
                    os.link(draft.name, path)
        return path.read_bytes()

    return _once(("secret", name), make)


# -- the shop ------------------------------------------------------------------------------


def shops() -> Mapping[str, Shop]:
    """Every shop of data/shops/, by id."""
    return _once("shops", lambda: load_shops(settings().data / "shops"))


def shop(shop_id: str) -> Shop:
    """One shop; UnknownShop says which there are."""
    try:
        return shops()[shop_id]
    except KeyError:
        known = ", ".join(sorted(shops()))
        raise UnknownShop(f"No shop {shop_id!r}. Known: {known}. Add data/shops/{shop_id}.yml.") from None


def catalogue_folder(shop_id: str) -> Path:
    """Where an embedded shop's products and orders are written down."""
    return settings().data / "shops" / shop(shop_id).backend.get("catalogue", shop_id)


def backend(shop_id: str) -> Backend:
    """What answers for a shop's own data."""
    return _once(
        ("backend", shop_id),
        lambda: open_backend(
            shop(shop_id), shops_folder=settings().data / "shops", var=settings().var, now=clock()()
        ),
    )


def markets() -> Markets:
    """The rules on duties and taxes."""
    return _once("markets", lambda: load_markets(settings().data / "markets"))


def exchange() -> Exchange:
    """The dated exchange rates."""
    return _once("exchange", lambda: load_exchange(settings().data / "exchange.yml"))


def delivery(shop_id: str) -> Delivery:
    """How a shop delivers."""
    return _once(
        ("delivery", shop_id),
        lambda: Delivery(
            table=load_delivery(settings().data / "delivery" / f"{shop_id}.yml"), markets=markets()
        ),
    )


def proofs() -> ProofStore:
    """Who has proved which order."""
    return _once("proofs", lambda: ProofStore(database()))


def orders(shop_id: str) -> Orders:
    """A shop's orders, told to who can prove them."""
    return _once(
        ("orders", shop_id),
        lambda: Orders(
            backend=backend(shop_id),
            proofs=proofs(),
            carriers=load_carriers(settings().data / "carriers.yml"),
            transit=delivery(shop_id).transit,
            tries=settings().order_tries,
            tries_per_address=settings().order_tries_per_address,
        ),
    )


def palettes(shop_id: str) -> Colours:
    """The four tones in which a shop's products of each colour are drawn."""
    return _once(("palettes", shop_id), lambda: load_colours(catalogue_folder(shop_id) / "colours.yml"))


def catalogue(shop_id: str) -> Catalogue:
    """A shop's products and their stock."""
    return _once(
        ("catalogue", shop_id),
        lambda: Catalogue(
            backend=backend(shop_id),
            colours=palettes(shop_id),
            words=size_book().words,
            plain=load_plain_words(settings().data / "lookups"),
        ),
    )


def size_book() -> SizeBook:
    """The size tables, and the words around sizes."""
    return _once(("sizes",), lambda: load_tables(settings().data / "sizes"))


def fitting(shop_id: str) -> Fitting:
    """Which size fits, by the product's own chart first."""
    return _once(
        ("fitting", shop_id),
        lambda: Fitting(catalogue=catalogue(shop_id), tables=size_book()),
    )


def importing() -> Importing:
    """What an import costs."""

    def seller(shop_id: str) -> Seller:
        return Seller(delivery=delivery(shop_id), backend=backend(shop_id), find=catalogue(shop_id).find)

    return _once(
        "importing",
        lambda: Importing(
            markets=markets(),
            exchange=exchange(),
            asked=Asked.load(settings().data / "policies"),
            sellers={shop_id: seller(shop_id) for shop_id in shops()},
        ),
    )


def policies(shop_id: str) -> Policies:
    """A shop's own rules."""
    return _once(
        ("policies", shop_id),
        lambda: Policies(documents=load_policies(settings().data / "policies" / shop_id), markets=markets()),
    )


# -- people --------------------------------------------------------------------------------


def topics() -> Topics:
    """Which topics go to a person."""
    return _once(
        "topics",
        lambda: Topics.load(
            settings().data / "handoffs.yml",
            languages=phrasebook().languages,
            guess=settings().guess,
            ask_first=settings().ask_first,
        ),
    )


def teams() -> Mapping[str, Team]:
    """Every team of data/teams/, by id."""
    return _once("teams", lambda: load_teams(settings().data / "teams"))


def team_of(shop_id: str) -> Team:
    """The team that answers for a shop; LookupError says which teams there are."""
    name = shop(shop_id).team
    try:
        return teams()[name]
    except KeyError:
        known = ", ".join(sorted(teams()))
        raise LookupError(f"Shop {shop_id} names the team {name!r}. Known: {known}.") from None


def opening(shop_id: str) -> Opening:
    """When a shop's team is there."""
    return _once(("opening", shop_id), lambda: Opening(team_of(shop_id)))


def handoffs() -> Handoffs:
    """Handoffs and their promises."""
    return _once(
        "handoffs",
        lambda: Handoffs(
            store=conversations(), team_of=team_of, pages_per_address=settings().pages_per_address
        ),
    )


def agents() -> Agents:
    """The people of the team, and their sessions."""
    return _once(
        "agents",
        lambda: Agents(
            database(),
            session_hours=settings().session_hours,
            demo=settings().demo and settings().is_loopback and not settings().proxies,
        ),
    )


def alarm(*, changed: Callable[[], None]) -> AlarmClock:
    """A clock that watches the promises, with every target that the settings name."""
    return AlarmClock(
        database=database(),
        targets=targets(),
        clock=clock(),
        seconds=settings().alarm_seconds,
        changed=changed,
    )


def targets() -> list[Target]:
    """Where alarms go; ValueError when e-mail is half set up."""
    known = settings()
    if bool(known.smtp_url) != bool(known.alarm_email):
        raise ValueError(
            "Alarms by e-mail need both NIGHTDESK_SMTP_URL and NIGHTDESK_ALARM_EMAIL; one of them is empty."
        )
    found: list[Target] = []
    if known.smtp_url and known.alarm_email:
        found.append(
            EmailTarget(
                url=known.smtp_url,
                sender=known.mail_from,
                to=known.alarm_email,
                words=phrasebook(),
                team_of=team_of,
                link=inbox_link,
            )
        )
    if known.webhook_url:
        found.append(WebhookTarget(url=known.webhook_url, secret=known.webhook_secret, clock=clock()))
    return found


def inbox_link(conversation_id: str) -> str:
    """Where the inbox shows a conversation."""
    known = settings()
    base = known.public_url.rstrip("/") or f"http://{known.host}:{known.port}"
    return f"{base}/team/#{conversation_id}"


# -- the mind ------------------------------------------------------------------------------


def engine() -> Engine:
    """Rasa with the current model, not yet loaded or started."""
    return _once(
        "engine",
        lambda: Engine(model=current_model(settings().models), action_threads=settings().action_threads),
    )


def mind() -> RasaMind:
    """What understands and answers."""
    return _once("mind", lambda: RasaMind(engine(), sense=sense()))


def sense() -> Sense:
    """Reads messages in the light of what was said."""
    return _once(
        "sense",
        lambda: Sense(
            FollowingWords.load(settings().data / "lookups" / "following.yml"),
            named=lambda shop_id, text: catalogue(shop_id).named(text),
            sure=settings().sure,
            ask_first=settings().ask_first,
        ),
    )
