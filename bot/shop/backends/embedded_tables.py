"""Tables of the embedded shop's own database; they are no part of the transcript's."""

from __future__ import annotations

import sqlalchemy as sa

from bot.database import JsonText, UtcDateTime

metadata = sa.MetaData()

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

products = sa.Table(
    "product",
    metadata,
    sa.Column("id", sa.String(128), primary_key=True),
    sa.Column("names", JsonText, nullable=False),
    sa.Column("aliases", JsonText, nullable=False),
    sa.Column("descriptions", JsonText, nullable=False),
    sa.Column("category", sa.String(64), nullable=False),
    sa.Column("hs6", sa.String(6), nullable=False),
    sa.Column("origin", sa.String(2), nullable=False),
    sa.Column("price", sa.String(32), nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("weight_grams", sa.Integer, nullable=False),
    sa.Column("size_system", sa.String(16)),
    sa.Column("chart", JsonText),
    sa.Column("picture", JsonText, nullable=False),
)

variants = sa.Table(
    "variant",
    metadata,
    sa.Column("sku", sa.String(128), primary_key=True),
    sa.Column("product", sa.String(128), sa.ForeignKey("product.id"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("colour", sa.String(64)),
    sa.Column("size", sa.String(32)),
    sa.Column("price", sa.String(32), nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("stock", sa.Integer, nullable=False),
    sa.Column("restock_on", sa.String(10)),
)

orders = sa.Table(
    "shop_order",
    metadata,
    sa.Column("number", sa.String(64), primary_key=True),
    sa.Column("code", sa.String(64), nullable=False, unique=True),
    sa.Column("digits", sa.String(64), nullable=False, unique=True),
    sa.Column("email", sa.String(254), nullable=False),
    sa.Column("postcode", sa.String(16), nullable=False),
    sa.Column("country", sa.String(2), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("placed_at", UtcDateTime, nullable=False),
    sa.Column("total", sa.String(32), nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("as_of", UtcDateTime, nullable=False),
)

order_lines = sa.Table(
    "order_line",
    metadata,
    sa.Column("order_number", sa.String(64), sa.ForeignKey("shop_order.number"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sku", sa.String(128), nullable=False),
    sa.Column("product", sa.String(128), nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),
    sa.Column("price", sa.String(32), nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
)

parcels = sa.Table(
    "parcel",
    metadata,
    sa.Column("order_number", sa.String(64), sa.ForeignKey("shop_order.number"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("tracking_number", sa.String(64), nullable=False),
    sa.Column("carrier", sa.String(32), nullable=False),
    sa.Column("pick_up_until", sa.String(10)),
)

scans = sa.Table(
    "scan",
    metadata,
    sa.Column("order_number", sa.String(64), sa.ForeignKey("shop_order.number"), primary_key=True),
    sa.Column("parcel", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("place", sa.String(128), nullable=False),
    sa.Column("country", sa.String(2)),
)
