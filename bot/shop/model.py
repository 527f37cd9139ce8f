"""What a shop knows: its products, its orders, and the parcels on their way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Mapping, Optional

from bot.answer import Money


@dataclass(frozen=True)
class Shop:
    """One storefront, as data/shops/<id>.yml describes it."""

    id: str
    name: str
    languages: tuple[str, ...]
    default_language: str
    currency: str
    timezone: str
    ships_from: str
    markets: tuple[str, ...]
    team: str
    contact_email: str
    origins: tuple[str, ...] = ()
    backend: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Variant:
    """One thing that can be bought: a colour and a size of a product.

    `colour` is a colour code (term.colour.<code>), `size` is as the label says it in `size_system`.
    """

    sku: str
    price: Money
    stock: int
    colour: Optional[str] = None
    size: Optional[str] = None
    restock_on: Optional[date] = None


@dataclass(frozen=True)
class ChartRow:
    """One size of a product's own chart; measures are body measures in centimetres (low, high)."""

    size: str
    measures: Mapping[str, tuple[Decimal, Decimal]]
    same_as: Mapping[str, str] = field(default_factory=dict)  # size system -> label there


@dataclass(frozen=True)
class SizeChart:
    """A product's own size chart.

    `kind` is shoes, clothing, bras or rings; `gender` is women, men, children or unisex.
    """

    kind: str
    gender: str
    system: str
    rows: tuple[ChartRow, ...]


@dataclass(frozen=True)
class Product:
    """A product with its variants. Texts are by language (ISO 639-1)."""

    id: str
    names: Mapping[str, str]
    category: str
    hs6: str
    origin: str
    price: Money
    weight_grams: int
    variants: tuple[Variant, ...]
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    size_system: Optional[str] = None
    chart: Optional[SizeChart] = None
    picture: Mapping[str, object] = field(default_factory=dict)

    def name(self, language: str) -> str:
        """The product's name in a language, or in English."""
        return self.names.get(language) or self.names["en"]


class OrderState(str, Enum):
    """How far the shop is with an order."""

    UNPAID = "unpaid"
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"


class ParcelState(str, Enum):
    """What a carrier's scan says, in one vocabulary for all carriers."""

    LABEL_CREATED = "label_created"
    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    EXPORT_CUSTOMS = "export_customs"
    ARRIVED_COUNTRY = "arrived_country"
    IMPORT_CUSTOMS = "import_customs"
    CUSTOMS_HELD = "customs_held"
    OUT_FOR_DELIVERY = "out_for_delivery"
    PICKUP_READY = "pickup_ready"
    DELIVERY_FAILED = "delivery_failed"
    DELIVERED = "delivered"
    RETURNING = "returning"
    EXCEPTION = "exception"


@dataclass(frozen=True)
class TrackingEvent:
    """One scan of a parcel."""

    at: datetime
    state: ParcelState
    place: str = ""
    country: Optional[str] = None


@dataclass(frozen=True)
class Parcel:
    """A parcel of an order; events are in the order of their time. `pick_up_until` is a whole day."""

    tracking_number: str
    carrier: str
    events: tuple[TrackingEvent, ...] = ()
    pick_up_until: Optional[date] = None


@dataclass(frozen=True)
class OrderLine:
    """Some pieces of one variant."""

    sku: str
    product: str
    quantity: int
    price: Money


@dataclass(frozen=True)
class Order:
    """An order. `as_of` is when the shop last knew this to be true."""

    number: str
    email: str
    postcode: str
    country: str
    state: OrderState
    placed_at: datetime
    lines: tuple[OrderLine, ...]
    total: Money
    as_of: datetime
    parcels: tuple[Parcel, ...] = ()
