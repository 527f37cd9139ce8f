"""Fills the embedded shop's database with the demo, relative to the clock."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Optional, Sequence

import sqlalchemy as sa

from bot.database import Database
from bot.shop.backends import embedded_tables as t
from bot.shop.backends.demo_orders import demo_orders
from bot.shop.backends.rows import line_rows, order_row, parcel_rows, product_row, scan_rows, variant_rows
from bot.shop.model import Order, Product
from bot.shop.products_file import load_products

# Written with the data: a database of an older layout is filled anew.
LAYOUT = 1
# The demo's times are relative to the clock; after this long they no longer are.
STALE_AFTER = timedelta(hours=1)


def seed(database: Database, *, catalogue_folder: Path, now: datetime, seed: int = 1) -> bool:
    """Fill the shop from a folder's products and orders, unless it is filled and fresh already.

    Returns whether anything was written. Several processes may do this at once. ValueError
    names what is wrong in the folder's files, and the database stays as it was.
    """
    signature = f"{LAYOUT}:{seed}:{_fingerprint(catalogue_folder)}"
    with database.read() as tx:
        if _is_fresh(tx, signature, now):
            return False
    products = load_products(catalogue_folder, today=now.date())
    orders = demo_orders(catalogue_folder / "orders.yml", products=products, now=now, seed=seed)
    with database.begin() as tx:
        if _is_fresh(tx, signature, now):
            return False  # another process was faster
        _write(tx, products, orders)
        values = {"signature": signature, "as_of": now.isoformat()}
        tx.execute(t.meta.insert(), [{"name": name, "value": value} for name, value in values.items()])
    return True


def _write(tx: Any, products: Sequence[Product], orders: Sequence[Order]) -> None:
    t.metadata.drop_all(tx)
    t.metadata.create_all(tx)
    _insert(tx, t.products, [product_row(product) for product in products])
    _insert(tx, t.variants, [row for product in products for row in variant_rows(product)])
    _insert(tx, t.orders, [order_row(order) for order in orders])
    _insert(tx, t.order_lines, [row for order in orders for row in line_rows(order)])
    _insert(tx, t.parcels, [row for order in orders for row in parcel_rows(order)])
    _insert(tx, t.scans, [row for order in orders for row in scan_rows(order)])


def _insert(tx: Any, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        tx.execute(table.insert(), rows)


def _is_fresh(tx: Any, signature: str, now: datetime) -> bool:
    known = _meta(tx)
    if known is None or known.get("signature") != signature:
        return False
    return abs(now - datetime.fromisoformat(known["as_of"])) < STALE_AFTER


def _meta(tx: Any) -> Optional[dict[str, str]]:
    if not sa.inspect(tx).has_table(t.meta.name):
        return None
    return {row.name: row.value for row in tx.execute(sa.select(t.meta))}


def _fingerprint(folder: Path) -> str:
    """What the folder's files say, in short."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.yml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
