"""What a text refers to, as rows: entity, the words of it, its value."""

from __future__ import annotations

from datetime import date

import pytest

from bot.nlu.references import References
from bot.settings import ROOT

TODAY = date(2026, 11, 24)

FOUND = [
    # orders
    ("where is LL-10423", [("order_number", "LL-10423", "LL-10423")]),
    ("#10423 please", [("order_number", "#10423", "10423")]),
    ("order # 10423?", [("order_number", "# 10423", "10423")]),
    ("ll10423", [("order_number", "ll10423", "LL10423")]),
    ("10423", [("order_number", "10423", "10423")]),
    ("2026", [("order_number", "2026", "2026")]),
    ("订单号10423查一下", [("order_number", "10423", "10423")]),
    ("الطلب 10423", [("order_number", "10423", "10423")]),
    ("i bought it in 2024", []),
    ("postcode 80331", []),
    ("mi código postal es 28012", []),
    ("model 55100 or 20%", []),
    # parcels
    ("1Z999AA10123456784", [("tracking_number", "1Z999AA10123456784", "1Z999AA10123456784")]),
    ("rr123456789cn", [("tracking_number", "rr123456789cn", "RR123456789CN")]),
    ("tracking number 1234567890", [("tracking_number", "1234567890", "1234567890")]),
    ("运单号 78901234567", [("tracking_number", "78901234567", "78901234567")]),
    ("YT2612345678901234", [("tracking_number", "YT2612345678901234", "YT2612345678901234")]),
    # people
    ("Anna.B+x@Example.ORG.", [("email", "Anna.B+x@Example.ORG", "anna.b+x@example.org")]),
    ("邮箱anna@example.org谢谢", [("email", "anna@example.org", "anna@example.org")]),
    ("call +49 171 2345678 or 13812345678", []),
    # money
    ("I paid 1.234,50 €", [("amount", "1.234,50 €", "1234.50 EUR")]),
    ("$1,250.5", [("amount", "$1,250.5", "1250.50 USD")]),
    ("150 dollars", [("amount", "150 dollars", "150.00 USD")]),
    ("R$ 49,90", [("amount", "R$ 49,90", "49.90 BRL")]),
    ("价格300块", [("amount", "300块", "300.00 CNY")]),
    ("kostet 1.500 euro", [("amount", "1.500 euro", "1500.00 EUR")]),
    # measures
    ("mein Fuß ist 24,5 cm lang", [("measurement", "24,5 cm", "24.5 cm")]),
    ("1,75 m und 70 kg", [("measurement", "1,75 m", "175 cm"), ("measurement", "70 kg", "70 kg")]),
    ("5'7\" 150 lbs", [("measurement", "5'7\"", "170.2 cm"), ("measurement", "150 lbs", "150 lb")]),
    ("身高1米75 体重120斤", [("measurement", "1米75", "175 cm"), ("measurement", "120斤", "60 kg")]),
    (
        "65W 220v 5000mAh",
        [
            ("measurement", "65W", "65 W"),
            ("measurement", "220v", "220 V"),
            ("measurement", "5000mAh", "5000 mAh"),
        ],
    ),
    ("in 14 days, for a 3 year old", []),
    # sizes
    ("¿Tienen la azul en M?", [("colour", "azul", "blue"), ("size", "M", "M")]),
    ("us8.5", [("size_system", "us", "US"), ("size", "8.5", "8.5")]),
    ("US 8", [("size_system", "US", "US"), ("size", "8", "8")]),
    (
        "UK 6 or EU 39",
        [("size_system", "UK", "UK"), ("size", "6", "6"), ("size_system", "EU", "EU"), ("size", "39", "39")],
    ),
    ("size 8 1/2", [("size", "8 1/2", "8.5")]),
    ("37码", [("size", "37", "37")]),
    ("有蓝色M码吗", [("colour", "蓝色", "blue"), ("size", "M", "M")]),
    ("穿42码的", [("size", "42", "42")]),
    ("talla m", [("size", "m", "M")]),
    ("Ich trage normalerweise 38", [("size", "38", "38")]),
    ("2XL", [("size", "2XL", "XXL")]),
    ("a medium please", [("size", "medium", "M")]),
    ("S, M or L?", [("size", "S", "S"), ("size", "M", "M"), ("size", "L", "L")]),
    ("I'm Max & it's for us", []),
    ("beige M?", [("colour", "beige", "beige"), ("size", "M", "M")]),
    ("L in blue", [("size", "L", "L"), ("colour", "blue", "blue")]),
    ("the blue l please", [("colour", "blue", "blue"), ("size", "l", "L")]),
    ("the blue's M&M", [("colour", "blue", "blue")]),
    ("Blau, 38?", [("colour", "Blau", "blue"), ("size", "38", "38")]),
    ("boots in 38", [("size", "38", "38")]),
    ("Stiefel in 38 oder 39", [("size", "38", "38"), ("size", "39", "39")]),
    ("靴子38的有吗", [("size", "38", "38")]),
    ("Uso la 40, ¿qué talla?", [("size", "40", "40")]),
    ("la talla es 40", [("size", "40", "40")]),
    ("llego a las 20", []),
    ("it is there in 24.99 or in 30 minutes", []),
    ("US women's 8", [("size_system", "US", "US"), ("size", "8", "8")]),
    ("ES 40 es", [("size_system", "ES", "ES"), ("size", "40", "40")]),
    ("in 6XL", [("size", "6XL", "6XL")]),
    # colours
    ("navy blue", [("colour", "navy blue", "navy")]),
    ("die rote Jacke in Dunkelblau", [("colour", "rote", "red"), ("colour", "Dunkelblau", "navy")]),
    ("zapatos rojos", [("colour", "rojos", "red")]),
    ("有黑色的吗", [("colour", "黑色", "black")]),
    ("بالأسود", [("colour", "أسود", "black")]),
    # countries
    ("in die Schweiz, nach Österreich", [("country", "Schweiz", "CH"), ("country", "Österreich", "AT")]),
    ("do you ship to the US", [("country", "US", "US")]),
    ("can you ship it to us", []),
    (
        "envían a Perú o a los Estados Unidos",
        [("country", "Perú", "PE"), ("country", "Estados Unidos", "US")],
    ),
    ("送到德国要多久", [("country", "德国", "DE")]),
    ("印度尼西亚", [("country", "印度尼西亚", "ID")]),
    ("a red jersey", [("colour", "red", "red")]),
    ("إلى السعودية", [("country", "السعودية", "SA")]),
    # carriers and quantities
    ("DHL says delivered", [("carrier", "DHL", "dhl")]),
    ("顺丰", [("carrier", "顺丰", "sf_express")]),
    ("I need 3 pairs and x2", [("quantity", "3", "3"), ("quantity", "2", "2")]),
    ("要300件", [("quantity", "300", "300")]),
    ("zwei Stück", [("quantity", "zwei", "2")]),
    ("10 in blue L", [("quantity", "10", "10"), ("colour", "blue", "blue"), ("size", "L", "L")]),
    ("蓝色L要10件", [("colour", "蓝色", "blue"), ("size", "L", "L"), ("quantity", "10", "10")]),
    ("Do you have 30 cutting boards?", [("quantity", "30", "30")]),
    ("¿Tienen 30 tablas de cortar?", [("quantity", "30", "30")]),
    ("Haben Sie 30 Schneidebretter?", [("quantity", "30", "30")]),
    ("I need it in 14 days, order 104 is late", [("order_number", "104", "104")]),
    ("I want 2 weeks, have 30 minutes", []),
    ("size 38 or 40 in blue", [("size", "38", "38"), ("size", "40", "40"), ("colour", "blue", "blue")]),
    # days
    ("before December 24", [("date", "December 24", "2026-12-24")]),
    ("am 14.11. bestellt", [("date", "14.11.", "2026-11-14")]),
    ("on 3/11", [("date", "3/11", "2026-11-03")]),
    ("el 3 de noviembre de 2025", [("date", "3 de noviembre de 2025", "2025-11-03")]),
    ("11月3号", [("date", "11月3号", "2026-11-03")]),
    ("2026-02-30 or 2026-02-28", [("date", "2026-02-28", "2026-02-28")]),
    ("since last Friday", [("date", "Friday", "2026-11-20")]),
    ("by friday", [("date", "friday", "2026-11-27")]),
    ("gestern", [("date", "gestern", "2026-11-23")]),
    ("guten morgen", []),
]


@pytest.fixture(scope="module")
def references() -> References:
    return References.load(ROOT / "data" / "lookups")


@pytest.mark.parametrize(("text", "found"), FOUND)
def test_what_a_text_refers_to(references: References, text: str, found: list[tuple[str, str, str]]) -> None:
    spans = references.find(text, today=TODAY)
    assert [(s.entity, text[s.start : s.end], s.value) for s in spans] == found


def test_places_are_code_points_of_the_text_as_typed(references: References) -> None:
    text = "🙏🙏 ﬁrst: STRASSE ß é e\u0301 LL-10423 in Größe M"
    spans = {s.entity: text[s.start : s.end] for s in references.find(text)}
    assert spans == {"order_number": "LL-10423", "size": "M"}


def test_a_day_is_read_as_the_customers_country_writes_it(references: References) -> None:
    assert references.find("11/3", today=TODAY, month_first=True)[0].value == "2026-11-03"
    assert references.find("11/3", today=TODAY)[0].value == "2027-03-11"


def test_a_day_without_a_today_keeps_what_is_known(references: References) -> None:
    assert references.find("am 14.11.")[0].value == "--11-14"
    assert references.find("tomorrow")[0].value == "tomorrow"


@pytest.mark.parametrize(
    "piece", ["1", "a@", "1.", "1 ", "us ", "5'", "LL-", "x", "你1", "+1 ", "0 0", "1/2 ", "#1"]
)
def test_no_text_takes_long(references: References, piece: str) -> None:
    import time

    text = piece * (20_000 // len(piece))
    started = time.process_time()
    references.find(text, today=TODAY)
    assert time.process_time() - started < 1.0
