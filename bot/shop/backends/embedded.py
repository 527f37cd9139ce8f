"""The embedded shop: a SQLite database of its own, for the demo and for shops without a system."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any, Mapping, Optional, Sequence

import sqlalchemy as sa

from bot.database import Database
from bot.shop.backends import embedded_tables as t
from bot.shop.backends.base import BackendUnavailable
from bot.shop.backends.rows import code_of, order_of, product_of
from bot.shop.model import Order, Product


class EmbeddedBackend:
    """Reads a shop from its database (`bot.shop.backends.seeding.seed` writes the demo's).

    Products are kept in memory until anybody writes to the database.
    """

    def __init__(self, database: Database, *, source: str = "shop catalogue") -> None:
        self._database = database
        self._source = source
        self._lock = threading.Lock()
        self._watch: Any = None
        self._version: Optional[int] = None
        self._products: tuple[Product, ...] = ()
        self._by_name: Mapping[str, Product] = {}
        self._as_of: Optional[datetime] = None

    @property
    def source(self) -> str:
        """Where the facts come from."""
        return self._source

    def order(self, number: str) -> Optional[Order]:
        """The order of this number: LL-10423 is also found as 10423, #ll-10423 or LL10423."""
        code = code_of(number)
        if not code:
            return None
        try:
            with self._database.read() as tx:
                return _order(tx, code)
        except (sa.exc.SQLAlchemyError, ValueError) as e:
            raise BackendUnavailable(f"{self._source}: {type(e).__name__}.") from e

    def product(self, product_id: str) -> Optional[Product]:
        """The product of this id, or the one that has a variant with this SKU, or none."""
        self._refresh()
        return self._by_name.get(product_id)

    def products(self) -> Sequence[Product]:
        """Every product, by id."""
        self._refresh()
        return self._products

    def as_of(self) -> datetime:
        """When the stock and the prices were last known to be true."""
        self._refresh()
        if self._as_of is None:
            raise BackendUnavailable(f"{self._source}: the shop's database is empty.")
        return self._as_of

    def _refresh(self) -> None:
        """Read the products again if another connection has written since the last look."""
        try:
            with self._lock:
                if self._watch is None:
                    self._watch = self._database.engine.connect()
                version = int(self._watch.exec_driver_sql("PRAGMA data_version").scalar())
                if version != self._version:
                    self._load(self._watch)
                    self._version = version
        except (sa.exc.SQLAlchemyError, ValueError, KeyError, TypeError) as e:
            raise BackendUnavailable(f"{self._source}: {type(e).__name__}.") from e

    def _load(self, tx: Any) -> None:
        variants: dict[str, list[Mapping[str, Any]]] = {}
        for row in tx.execute(sa.select(t.variants).order_by(t.variants.c.position)).mappings():
            variants.setdefault(row["product"], []).append(row)
        rows = tx.execute(sa.select(t.products).order_by(t.products.c.id)).mappings()
        products = tuple(product_of(row, variants.get(row["id"], ())) for row in rows)
        by_name = {variant.sku: product for product in products for variant in product.variants}
        by_name.update({product.id: product for product in products})
        seeded = tx.execute(sa.select(t.meta.c.value).where(t.meta.c.name == "as_of")).scalar()
        self._products, self._by_name = products, by_name
        self._as_of = datetime.fromisoformat(seeded) if seeded else None


def _order(tx: Any, code: str) -> Optional[Order]:
    found = sa.or_(t.orders.c.code == code, t.orders.c.digits == code)
    row = tx.execute(sa.select(t.orders).where(found)).mappings().first()
    number = row["number"] if row else ""
    lines = _of(tx, t.order_lines, number, t.order_lines.c.position)
    parcels = _of(tx, t.parcels, number, t.parcels.c.position)
    scans = _of(tx, t.scans, number, t.scans.c.parcel, t.scans.c.position)
    return order_of(row, lines=lines, parcels=parcels, scans=scans) if row else None


def _of(tx: Any, table: sa.Table, number: str, *order_by: Any) -> list[Mapping[str, Any]]:
    query = sa.select(table).where(table.c.order_number == number).order_by(*order_by)
    return list(tx.execute(query).mappings())
