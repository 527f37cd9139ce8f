from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.shop.finding import Names
from bot.shop.products_file import load_products
from tests.shop.shelves import LANGUAGES, demo_products, write

PRODUCT = """
products:
  - id: mug
    sku: MUG
    category: household
    hs6: "691200"
    origin: "CN"
    price: 8.00 EUR
    weight_grams: 300
    names: {en: Mug}
    stock: {white: {S: 3, M: [0, 12]}, red: 5}
"""


def test_stock_becomes_variants_and_days_become_dates(tmp_path: Path) -> None:
    write(tmp_path, "products.yml", PRODUCT)
    (mug,) = load_products(tmp_path, today=date(2026, 11, 24))
    assert [(v.sku, v.stock, v.restock_on) for v in mug.variants] == [
        ("MUG-WHITE-S", 3, None),
        ("MUG-WHITE-M", 0, date(2026, 12, 6)),
        ("MUG-RED", 5, None),
    ]
    (undated,) = load_products(tmp_path)
    assert all(v.restock_on is None for v in undated.variants)


@pytest.mark.parametrize(
    ("right", "wrong", "word"),
    [
        ("price: 8.00 EUR", "price: 8.00", "price"),
        ("price: 8.00 EUR", "price: about 8 EUR", "price"),
        ('hs6: "691200"', 'hs6: "6912"', "six digits"),
        ("    sku: MUG\n", "", "sku"),
        ("{S: 3,", "{S: many,", "stock of white S"),
        ("[0, 12]", "[0, -1]", "stock of white M"),
        ("{S: 3,", "{S: ,", "stock of white S"),
        ("weight_grams: 300", "chart: mugs\n    weight_grams: 300", "no chart 'mugs'"),
        ("products:", "goods:", "products"),
    ],
)
def test_a_fault_is_named_with_file_and_product(tmp_path: Path, right: str, wrong: str, word: str) -> None:
    assert right in PRODUCT
    write(tmp_path, "products.yml", PRODUCT.replace(right, wrong))
    with pytest.raises(ValueError, match=word) as caught:
        load_products(tmp_path)
    assert "products.yml" in str(caught.value)


def test_two_things_cannot_share_a_number(tmp_path: Path) -> None:
    twice = PRODUCT + PRODUCT.replace("\nproducts:\n", "").replace("id: mug", "id: other-mug")
    write(tmp_path, "products.yml", twice)
    with pytest.raises(ValueError, match="MUG-WHITE-S stands there twice"):
        load_products(tmp_path)


def test_the_demo_shop_is_whole() -> None:
    products = demo_products()
    assert len(products) >= 40
    codes = {row.split(":")[0] for row in (ROOT / "data/shops/demo/colours.yml").read_text().splitlines()[2:]}
    for one in products:
        assert set(one.names) == set(one.aliases) == set(one.descriptions) == set(LANGUAGES), one.id
        assert len(one.picture["palette"]) == 4, one.id  # type: ignore[arg-type]
        assert {v.colour for v in one.variants if v.colour} <= codes, one.id
        assert one.price.currency == "EUR"
        if one.chart is not None:
            assert {v.size for v in one.variants} <= {row.size for row in one.chart.rows}, one.id
            assert one.chart.system == one.size_system, one.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_product_is_found_by_its_name_in_every_language(language: str) -> None:
    names = Names(demo_products())
    for one in demo_products():
        for name in (one.name(language), one.aliases[language][0]):
            found = names.find(f"hola {name}, ok?" if language == "es" else f"{name}?")
            assert found.product is not None, name
            assert found.product.id == one.id, name


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("is the blue rain jacket there in M", "marlow-rain-jacket"),
        ("Gibt es die Regenjacken noch?", "marlow-rain-jacket"),
        ("habt ihr die muetze in schwarz", "birkholm-beanie"),
        ("den wollschal bitte", "halden-wool-scarf"),
        ("¿queda el chubasquero?", "marlow-rain-jacket"),
        ("botas de agua para mi hijo", "puddly-kids-boots"),
        ("mochilas amarillas", "ferrin-backpack"),
        ("lampara de escritorio", "ottmar-desk-lamp"),
        ("充电宝还有吗", "voltan-power-bank"),
        ("马洛 防雨夹克有货吗", "marlow-rain-jacket"),
        ("MRJ-BLUE-M still there?", "marlow-rain-jacket"),
        ("do you have the hiking boot", "moorgate-hiking-boots"),
        ("Kinderregenjacke in gelb", "pipkin-kids-raincoat"),
    ],
)
def test_a_product_is_found_as_people_write_it(text: str, product: str) -> None:
    found = Names(demo_products()).find(text)
    assert found.product is not None
    assert found.product.id == product


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("are the boots there in 42", True),  # hiking boots, ankle boots, rain boots
        ("do you have jackets", False),
        ("is it in silver", False),
        ("a set of two please", False),
        ("vale, mira, ¿cuánto tarda?", False),
        ("hello", False),
        ("", False),
    ],
)
def test_what_names_no_single_product_finds_none(text: str, named: bool) -> None:
    found = Names(demo_products()).find(text)
    assert found.product is None
    assert found.named is named
