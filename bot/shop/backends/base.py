"""The port that every shop system stands behind."""

from __future__ import annotations

from datetime import datetime
from typing import Optional, Protocol, Sequence

from bot.shop.model import Order, Product


class BackendUnavailable(RuntimeError):
    """The shop's system did not answer, or answered nonsense: say so, and hand over."""


class Backend(Protocol):
    """Reads a shop's own data; it writes nothing. Every method raises BackendUnavailable."""

    @property
    def source(self) -> str:
        """Where the facts come from, as the team reads it ("shop catalogue")."""

    def order(self, number: str) -> Optional[Order]:
        """The order of this number as the shop writes it, or none."""

    def product(self, product_id: str) -> Optional[Product]:
        """The product of this id, or the one that has a variant with this SKU, or none."""

    def products(self) -> Sequence[Product]:
        """Every product, by id."""

    def as_of(self) -> datetime:
        """When the stock and the prices were last known to be true."""
