"""Shops, markets, teams and the rest: each read by its room's own loader, and held against the others."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Iterator, Mapping, Optional
from zoneinfo import ZoneInfo

import yaml
from babel import Locale

from bot.answer import PRIORITIES
from bot.checking.fault import Fault, line_of, trial
from bot.desk.teams import load_team
from bot.desk.topics import Topics
from bot.engine.following_words import FollowingWords
from bot.nlu.references import References
from bot.nlu.signals import Signals
from bot.shop.asked import FILES, Patterns
from bot.shop.backends.demo_orders import demo_orders
from bot.shop.carriers.book import load_carriers
from bot.shop.catalogue import load_colours
from bot.shop.delivery_file import load_delivery
from bot.shop.exchange import Exchange, load_exchange
from bot.shop.markets import load_market, load_markets
from bot.shop.model import Shop
from bot.shop.policies import Policy, load_policy
from bot.shop.products_file import load_products
from bot.shop.shops import load_shop
from bot.shop.size_tables import load_tables
from bot.shop.strangers import load_plain_words
from bot.shop.worked import wrong_examples

# Any day will do: the demo's orders are relative to it.
_DAY = datetime(2026, 1, 15, 12, tzinfo=timezone.utc)


def check_rooms(data: Path) -> Iterator[Fault]:
    """Every facts file, by its own loader."""
    languages = {p.name for p in (data / "replies").glob("*") if p.is_dir()}
    yield from _each(data / "teams", load_team)
    yield from _each(data / "delivery", load_delivery)
    yield from _one(data / "carriers.yml", load_carriers)
    for name in FILES:
        yield from _one(data / "policies" / f"{name}.yml", Patterns.load)
    yield from trial(data / "sizes", lambda: load_tables(data / "sizes"))
    yield from trial(data / "lookups", lambda: References.load(data / "lookups"))
    yield from trial(data / "lookups", lambda: load_plain_words(data / "lookups"))
    yield from _markets(data)
    for path in sorted((data / "shops").glob("*.yml")):
        try:
            shop = load_shop(path)
        except ValueError as e:
            yield Fault.from_error(path, e)
            continue
        yield from _shop(path, shop, data, languages)


def policies_of(data: Path) -> Iterator[tuple[Path, Policy]]:
    """Every policy of every shop that can be read."""
    for path in sorted((data / "policies").glob("*/*.yml")):
        try:
            yield path, load_policy(path)
        except ValueError:
            continue


def _usual(path: Path) -> Mapping[str, tuple[str, ...]]:
    try:
        return Topics.load(path, languages=()).usual
    except (ValueError, OSError, yaml.YAMLError):
        return {}


def topics_of(data: Path) -> Mapping[str, str]:
    """The topics that go to a person, with their priorities; none when the file is faulty."""
    try:
        return Topics.load(data / "handoffs.yml", languages=()).priorities
    except (ValueError, OSError, yaml.YAMLError):
        return {}


def check_understanding(data: Path, intents: frozenset[str]) -> Iterator[Fault]:
    """Words of feelings, and of messages that go on: readable, and of intents that there are."""
    yield from trial(data / "lookups" / "signals.yml", lambda: Signals.load(data / "lookups"))
    path = data / "lookups" / "following.yml"
    try:
        words = FollowingWords.load(path)
    except (ValueError, OSError) as e:
        yield Fault.from_error(path, e)
        return
    named = {*words.takes, *words.same_country, *words.before_order, *words.small_talk}
    for name in sorted(named - intents):
        yield Fault(path, line_of(path, name), f"no intent {name!r} in domain.yml.")


def check_handoffs(data: Path, intents: frozenset[str]) -> Iterator[Fault]:
    """data/handoffs.yml: each topic an intent, each priority a priority, each usual question an intent."""
    path = data / "handoffs.yml"
    yield from trial(path, lambda: Topics.load(path, languages=()))
    for name in sorted({name for names in _usual(path).values() for name in names} - intents):
        yield Fault(path, line_of(path, name), f"no intent {name!r} in domain.yml.")
    for topic, priority in topics_of(data).items():
        line = line_of(path, f"{topic}:")
        if topic not in intents:
            yield Fault(path, line, f"the topic {topic} is no intent of domain.yml.")
        if priority not in PRIORITIES:
            yield Fault(path, line, f"no priority {priority!r}; known are {', '.join(PRIORITIES)}.")


def _each(folder: Path, load: Any) -> Iterator[Fault]:
    for path in sorted(folder.glob("*.yml")):
        yield from _one(path, load)


def _one(path: Path, load: Any) -> Iterator[Fault]:
    yield from trial(path, lambda: load(path))


def _markets(data: Path) -> Iterator[Fault]:
    faults = [f for path in sorted((data / "markets").glob("*.yml")) for f in _one(path, load_market)]
    exchange: Optional[Exchange] = None
    try:
        exchange = load_exchange(data / "exchange.yml")
    except (ValueError, OSError) as e:
        faults.append(Fault.from_error(data / "exchange.yml", e))
    yield from faults
    if not faults and exchange is not None:
        for sentence in wrong_examples(load_markets(data / "markets"), exchange):
            path = data / "markets" / f"{sentence.split(',')[0].lower()}.yml"
            yield Fault(path, line_of(path, "examples:"), sentence)


def _shop(path: Path, shop: Shop, data: Path, languages: set[str]) -> Iterator[Fault]:
    if not (data / "teams" / f"{shop.team}.yml").is_file():
        yield Fault(path, line_of(path, "team:"), f"no team {shop.team!r} in data/teams/.")
    for language in sorted({*shop.languages, shop.default_language} - languages):
        yield Fault(path, line_of(path, "languages:"), f"no replies in {language!r} in data/replies/.")
    if shop.default_language not in shop.languages:
        line = line_of(path, "default_language:")
        yield Fault(path, line, f"the default language {shop.default_language!r} is none of its languages.")
    for market in shop.markets:
        if not (data / "markets" / f"{market.lower()}.yml").is_file():
            yield Fault(path, line_of(path, "markets:"), f"no market {market!r} in data/markets/.")
    if shop.currency not in Locale("en").currencies:
        yield Fault(path, line_of(path, "currency:"), f"no currency {shop.currency!r} in ISO 4217.")
    if shop.ships_from not in Locale("en").territories:
        yield Fault(path, line_of(path, "ships_from:"), f"no country {shop.ships_from!r} in ISO 3166.")
    for fault in trial(path, lambda: ZoneInfo(shop.timezone)):
        yield Fault(path, line_of(path, "timezone:"), f"no time zone {shop.timezone!r}. {fault.sentence}")
    if not (data / "delivery" / f"{shop.id}.yml").is_file():
        yield Fault(path, 1, f"no delivery table data/delivery/{shop.id}.yml (docs/adding.md#delivery).")
    yield from _each(data / "policies" / shop.id, load_policy)
    yield from _catalogue(data / "shops" / shop.backend.get("catalogue", shop.id), shop)


def _catalogue(folder: Path, shop: Shop) -> Iterator[Fault]:
    if not folder.is_dir():
        return
    yield from _one(folder / "colours.yml", load_colours)
    path = folder / "products.yml"
    try:
        products = load_products(folder)
    except (ValueError, OSError) as e:
        yield Fault.from_error(path, e)
        return
    for product in products:
        missing = [language for language in shop.languages if language not in product.names]
        if missing:
            yield Fault(path, line_of(path, product.id), f"{product.id} has no name in {', '.join(missing)}.")
    orders = folder / "orders.yml"
    if orders.is_file():
        yield from trial(orders, lambda: demo_orders(orders, products=products, now=_DAY, seed=1))
