"""A small catalogue for tests, a backend of it, and the real words around it."""

from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Optional, Sequence

from bot.answer import Answer, Money
from bot.conversations.saying import Saying
from bot.guard import Guard
from bot.phrasebook import Phrasebook
from bot.settings import ROOT
from bot.shop.backends.base import BackendUnavailable
from bot.shop.catalogue import Catalogue, load_colours
from bot.shop.model import Product, Variant
from bot.shop.products_file import load_products
from bot.shop.size_tables import load_tables
from bot.shop.strangers import load_plain_words

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=timezone.utc)
DEMO = ROOT / "data" / "shops" / "demo"
LANGUAGES = ("en", "zh", "es", "de")
BERLIN = "Europe/Berlin"


class Shelves:
    """A backend that holds products in memory."""

    source = "test catalogue"

    def __init__(self, products: Sequence[Product]) -> None:
        self._products = tuple(products)

    def order(self, number: str) -> None:
        return None

    def product(self, product_id: str) -> Optional[Product]:
        return next(
            (p for p in self._products if product_id == p.id or any(product_id == v.sku for v in p.variants)),
            None,
        )

    def products(self) -> Sequence[Product]:
        return self._products

    def as_of(self) -> datetime:
        return NOW


class Silent(Shelves):
    """A backend that does not answer."""

    def product(self, product_id: str) -> Optional[Product]:
        raise BackendUnavailable("The shop's system did not answer within a second.")

    def products(self) -> Sequence[Product]:
        raise BackendUnavailable("The shop's system did not answer within a second.")


@lru_cache(maxsize=1)
def demo_products() -> tuple[Product, ...]:
    return load_products(DEMO, today=NOW.date())


@lru_cache(maxsize=1)
def demo_catalogue() -> Catalogue:
    return Catalogue(
        backend=Shelves(demo_products()),
        colours=load_colours(DEMO / "colours.yml"),
        words=load_tables(ROOT / "data" / "sizes").words,
        plain=load_plain_words(ROOT / "data" / "lookups"),
    )


@lru_cache(maxsize=1)
def saying() -> Saying:
    book = Phrasebook.load(ROOT / "data" / "replies")
    return Saying(phrasebook=book, guard=Guard.load(ROOT / "data" / "guard", words=book.words))


def said(answer: Answer, language: str) -> str:
    """The answer in words; fails when the guard finds a claim in them that is no fact."""
    words = saying().say(answer, language=language, timezone=BERLIN, now=NOW)
    refused = saying().refusal(answer, words, language=language, timezone=BERLIN)
    assert refused is None, refused
    return words.text


def product(name: str = "Testing jacket", *, variants: Sequence[Variant], **fields: Any) -> Product:
    """A product with these variants."""
    known: dict[str, Any] = {
        "id": "testing-jacket",
        "names": {"en": name},
        "category": "clothing",
        "hs6": "620240",
        "origin": "CN",
        "price": Money(Decimal("89.00"), "EUR"),
        "weight_grams": 500,
        "aliases": {"en": (name,)},
        "picture": {"shape": "jacket", "palette": ["#1", "#2", "#3", "#4"], "background": "#5"},
    }
    return Product(variants=tuple(variants), **{**known, **fields})


def variant(colour: Optional[str], size: Optional[str], stock: int, back: Optional[str] = None) -> Variant:
    """One cell of the shelf; `back` is the day of new stock."""
    sku = "-".join(part for part in ("T", colour, size) if part)
    day = date.fromisoformat(back) if back else None
    return Variant(
        sku=sku, price=Money(Decimal("89.00"), "EUR"), stock=stock, colour=colour, size=size, restock_on=day
    )


def write(folder: Path, name: str, text: str) -> Path:
    """A file of a test's own shop."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
