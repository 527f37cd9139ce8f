from __future__ import annotations

import shutil
import threading
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Iterator, Optional
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.database import Database
from bot.shop.backends import open_backend
from bot.shop.backends.base import Backend, BackendUnavailable
from bot.shop.backends.demo_orders import demo_orders, moment
from bot.shop.backends.embedded import EmbeddedBackend
from bot.shop.backends.embedded_tables import variants
from bot.shop.backends.seeding import seed
from bot.shop.model import Order, OrderState, ParcelState, Product, Shop
from bot.shop.products_file import load_products
from bot.shop.shops import load_shop
from tests.shop.orders_at_hand import DATA, NOW

FOLDER = DATA / "shops" / "demo"
NUMBERS = range(10401, 10477)


@pytest.fixture(scope="module")
def products() -> tuple[Product, ...]:
    return load_products(FOLDER, today=NOW.date())


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'shop.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedBackend]:
    """A seeded shop that tests only read."""
    opened = Database(f"sqlite:///{tmp_path_factory.mktemp('shop') / 'shop.sqlite'}")
    seed(opened, catalogue_folder=FOLDER, now=NOW)
    yield EmbeddedBackend(opened)
    opened.close()


# -- the port ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("LL-10423", "LL-10423"),
        ("10423", "LL-10423"),
        ("#ll-10423", "LL-10423"),
        ("LL10423", "LL-10423"),
        (" ll 10423. ", "LL-10423"),
        ("ＬＬ－１０４２３", "LL-10423"),
        ("١٠٤٢٣", "LL-10423"),
        ("LL-99999", None),
        ("1042", None),
        ("110423", None),
        ("XX-10423", None),
        ("", None),
        ("#", None),
        ("%", None),
        ("10423' OR 1=1", None),
        ("\0\ud800" * 500, None),
    ],
)
def test_an_order_is_found_as_customers_write_it(
    shop: EmbeddedBackend, typed: str, found: Optional[str]
) -> None:
    order = shop.order(typed)
    assert (order.number if order else None) == found


def test_what_comes_out_is_what_went_in(shop: EmbeddedBackend, products: tuple[Product, ...]) -> None:
    assert shop.products() == tuple(sorted(products, key=lambda p: p.id))
    seeded = demo_orders(FOLDER / "orders.yml", products=products, now=NOW, seed=1)
    assert [shop.order(order.number) for order in seeded] == list(seeded)
    assert shop.as_of() == NOW


def test_a_product_is_found_by_id_and_by_sku(shop: EmbeddedBackend, products: tuple[Product, ...]) -> None:
    product = products[0]
    assert shop.product(product.id) == product
    assert shop.product(product.variants[-1].sku) == product
    assert shop.product("no-such-thing") is None


def test_a_sale_is_seen_at_once(database: Database, products: tuple[Product, ...], tmp_path: Path) -> None:
    seed(database, catalogue_folder=FOLDER, now=NOW)
    shop = EmbeddedBackend(database)
    sku = products[0].variants[0].sku
    assert shop.products()
    other = Database(f"sqlite:///{tmp_path / 'shop.sqlite'}")
    with other.begin() as tx:
        tx.execute(variants.update().where(variants.c.sku == sku).values(stock=12345))
    other.close()
    product = shop.product(sku)
    assert product is not None
    assert [v.stock for v in product.variants if v.sku == sku] == [12345]


def test_a_broken_database_is_unavailable(database: Database, tmp_path: Path) -> None:
    empty = EmbeddedBackend(database)
    for ask in (empty.products, empty.as_of, lambda: empty.order("10423"), lambda: empty.product("x")):
        with pytest.raises(BackendUnavailable):
            ask()


def test_a_shop_names_its_backend(tmp_path: Path) -> None:
    shop = load_shop(DATA / "shops" / "demo.yml")
    backend: Backend = open_backend(shop, shops_folder=DATA / "shops", var=tmp_path, now=NOW)
    order = backend.order("10423")
    assert order is not None
    assert order.email == "anna.keller@example.org"
    assert (tmp_path / "shop-demo.sqlite").exists()
    odd = Shop(**{**shop.__dict__, "backend": {"kind": "magic"}})
    with pytest.raises(ValueError, match=r"no backend of the kind 'magic'. Known: embedded"):
        open_backend(odd, shops_folder=DATA / "shops", var=tmp_path, now=NOW)


# -- seeding -----------------------------------------------------------------------------


def test_seeding_again_writes_nothing(database: Database) -> None:
    assert seed(database, catalogue_folder=FOLDER, now=NOW)
    for minutes in (0, 1, 59, -5):  # a process that starts at a set clock may be a little earlier
        assert not seed(database, catalogue_folder=FOLDER, now=NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize("moved", [timedelta(hours=1), timedelta(days=30), timedelta(days=-2)])
def test_another_clock_seeds_anew(database: Database, moved: timedelta) -> None:
    seed(database, catalogue_folder=FOLDER, now=NOW)
    before = EmbeddedBackend(database).order("10423")
    assert seed(database, catalogue_folder=FOLDER, now=NOW + moved)
    after = EmbeddedBackend(database).order("10423")
    assert before is not None
    assert after is not None
    assert after.parcels[0].tracking_number == before.parcels[0].tracking_number
    assert after.placed_at != before.placed_at or moved < timedelta(days=1)
    assert after.as_of == before.as_of + moved


def test_other_data_seeds_anew_and_bad_data_changes_nothing(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(FOLDER, folder)
    seed(database, catalogue_folder=folder, now=NOW)
    text = (folder / "orders.yml").read_text(encoding="utf-8")
    (folder / "orders.yml").write_text(text.replace("anna.keller@", "anna.k@"), encoding="utf-8")
    assert seed(database, catalogue_folder=folder, now=NOW)
    (folder / "orders.yml").write_text(text.replace("state: unpaid", "state: lost"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"orders.yml: order 10402: 'lost'"):
        seed(database, catalogue_folder=folder, now=NOW)
    order = EmbeddedBackend(database).order("10423")
    assert order is not None
    assert order.email == "anna.k@example.org"


@pytest.mark.parametrize(
    ("fault", "instead", "sentence"),
    [
        ("placed: -1d 21:05", "placed: yesterday", "order 10402: 'yesterday' is no moment"),
        ("country: GB, state: unpaid", "country: XX, state: unpaid", "order 10402: XX is missing or unknown"),
        ("number: 10402", "number: 20402", "order 20402 is outside 10401 to 10476"),
        ("[-2d 09:00, label_created", "[-1d 22:00, label_created", "order 10409: the events of a parcel"),
    ],
)
def test_a_fault_in_the_file_is_named(
    products: tuple[Product, ...], tmp_path: Path, fault: str, instead: str, sentence: str
) -> None:
    text = (FOLDER / "orders.yml").read_text(encoding="utf-8")
    assert fault in text
    (tmp_path / "orders.yml").write_text(text.replace(fault, instead), encoding="utf-8")
    with pytest.raises(ValueError, match=sentence):
        demo_orders(tmp_path / "orders.yml", products=products, now=NOW, seed=1)


def test_many_may_seed_at_once(tmp_path: Path) -> None:
    together = threading.Barrier(4)
    wrote: list[bool] = []
    errors: list[Exception] = []

    def one() -> None:
        mine = Database(f"sqlite:///{tmp_path / 'shop.sqlite'}")
        together.wait()
        try:
            wrote.append(seed(mine, catalogue_folder=FOLDER, now=NOW))
        except Exception as e:
            errors.append(e)
        finally:
            mine.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(wrote) == [False, False, False, True]


# -- the demo's orders ---------------------------------------------------------------------


def seeded(products: tuple[Product, ...], now: datetime, number: int = 1) -> tuple[Order, ...]:
    return demo_orders(FOLDER / "orders.yml", products=products, now=now, seed=number)


def test_every_state_is_there(products: tuple[Product, ...]) -> None:
    orders = seeded(products, NOW)
    assert [order.number for order in orders] == [f"LL-{n}" for n in NUMBERS]
    assert {order.state for order in orders} == set(OrderState)
    last = {parcel.events[-1].state for order in orders for parcel in order.parcels if parcel.events}
    assert last == set(ParcelState)
    assert any(len(order.parcels) == 2 for order in orders)
    assert len({order.country for order in orders}) >= 10
    assert {order.email.split("@")[1] for order in orders} == {"example.org", "example.net", "example.com"}


def test_orders_are_the_same_every_time(products: tuple[Product, ...]) -> None:
    assert seeded(products, NOW) == seeded(products, NOW)
    assert seeded(products, NOW) != seeded(products, NOW, 2)


@settings(max_examples=40, deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(timezone.utc))  # noqa: DTZ001
)
def test_at_every_hour_the_story_is_one_that_can_have_happened(now: datetime) -> None:
    known = {variant.sku: product.id for product in PRODUCTS for variant in product.variants}
    for order in seeded(PRODUCTS, now):
        events = [event.at for parcel in order.parcels for event in parcel.events]
        assert all(at <= now for at in events)
        assert all(order.placed_at < at for at in events)
        assert order.placed_at < now
        for parcel in order.parcels:
            ats = [event.at for event in parcel.events]
            assert ats == sorted(ats)
        assert all(known[line.sku] == line.product for line in order.lines)
        assert order.total.amount == sum(line.price.amount * line.quantity for line in order.lines)


PRODUCTS = load_products(FOLDER)


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_the_order_of_the_readme_was_with_customs_since_yesterday(hour: int) -> None:
    now = datetime(2026, 11, 24, hour, 59, tzinfo=timezone.utc)
    order = next(o for o in seeded(PRODUCTS, now) if o.number == "LL-10423")
    berlin = ZoneInfo("Europe/Berlin")
    last = order.parcels[0].events[-1]
    assert last.state is ParcelState.IMPORT_CUSTOMS
    assert last.at.astimezone(berlin).date() == now.astimezone(berlin).date() - timedelta(days=1)


def test_check_digits_hold() -> None:
    numbers = {
        (parcel.carrier, parcel.tracking_number)
        for order in seeded(PRODUCTS, NOW)
        for parcel in order.parcels
    }
    assert len(numbers) == len({number for _, number in numbers})
    for carrier, number in numbers:
        if carrier == "china_post":
            digits = [int(d) for d in number[2:10]]
            total = sum(d * w for d, w in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
            assert int(number[10]) == {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)
        if carrier == "dhl_express":
            assert int(number[:9]) % 7 == int(number[9])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-3h", "2026-11-23T23:00:00+00:00"),
        ("-2d 5h", "2026-11-21T21:00:00+00:00"),
        ("+4d", "2026-11-28T02:00:00+00:00"),
        ("-1d 16:40", "2026-11-23T15:40:00+00:00"),
        ("-40d 16:40", "2026-10-15T14:40:00+00:00"),  # before the clocks went back
    ],
)
def test_moments(text: str, expected: str) -> None:
    assert moment(text, now=NOW, zone=ZoneInfo("Europe/Berlin")) == datetime.fromisoformat(expected)


def test_a_deadline_is_a_day_of_the_customers_zone() -> None:
    order = next(o for o in seeded(PRODUCTS, NOW) if o.number == "LL-10425")
    assert order.parcels[0].pick_up_until == date(2026, 11, 28)
