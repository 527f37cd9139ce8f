"""Money and measurements, as rows: the words of them, and their value."""

from __future__ import annotations

import pytest

from bot.nlu.references import References

AMOUNTS = [
    ("1.234,50 €", "1.234,50 €", "1234.50 EUR"),
    ("1 299,00 € prélevés", "1 299,00 €", "1299.00 EUR"),
    ("CHF 50.- Zoll", "CHF 50.-", "50.00 CHF"),
    ("€20-30 each", "€20-30", "30.00 EUR"),
    ("50 bucks", "50 bucks", "50.00 USD"),
    ("20 quid", "20 quid", "20.00 GBP"),
    ("a voucher of $2k", "$2k", "2000.00 USD"),
    ("R$ 300", "R$ 300", "300.00 BRL"),
    ("dois mil reais ou 2 mil reais", "2 mil reais", "2000.00 BRL"),
    ("1500 руб за доставку", "1500 руб", "1500.00 RUB"),
    ("20 тыс. рублей", "20 тыс. рублей", "20000.00 RUB"),
    ("٢٠٠ ريال", "٢٠٠ ريال", "200.00 SAR"),
    ("3万日元", "3万日元", "30000.00 JPY"),
    ("２千円です", "２千円", "2000.00 JPY"),
    ("三百块钱", "三百块钱", "300.00 CNY"),
    ("sechs Franken", "sechs Franken", "6.00 CHF"),
]
MEASURES = [
    ("24-25 cm", "24-25 cm", "24-25 cm"),
    ("100~240V", "100~240V", "100-240 V"),
    ("120x60x75 см", "120x60x75 см", "120x60x75 cm"),
    ("24,5 см", "24,5 см", "24.5 cm"),
    ("٢٤ سم", "٢٤ سم", "24 cm"),
    ("60 كيلو", "60 كيلو", "60 kg"),
    ("65 Вт", "65 Вт", "65 W"),
    ("220 В", "220 В", "220 V"),
    ("5ft 7", "5ft 7", "170.2 cm"),
    ("1m68", "1m68", "168 cm"),
    ("une bouteille de 1,5 L", "1,5 L", "1.5 l"),
    ("20.000 mAh", "20.000 mAh", "20000 mAh"),
    ("24.5センチです", "24.5センチ", "24.5 cm"),
    ("sei chili", "sei chili", "6 kg"),
]
NONE = [
    "30块砧板",
    "少了一块板子",
    "满99包邮",
    "2 L and 3 M",
    "с 2019 г.",
    "100 футболок",
    'the box "lot 925"',
    "128 GB",
    "EU 38 كم يساوي US",
    "в 5 в пятницу",
]


@pytest.mark.parametrize(("text", "words", "value"), AMOUNTS)
def test_amounts(finder: References, text: str, words: str, value: str) -> None:
    spans = [s for s in finder.find(text) if s.entity == "amount"]
    assert [(text[s.start : s.end], s.value) for s in spans] == [(words, value)]


@pytest.mark.parametrize(("text", "words", "value"), MEASURES)
def test_measurements(finder: References, text: str, words: str, value: str) -> None:
    spans = [s for s in finder.find(text) if s.entity == "measurement"]
    assert [(text[s.start : s.end], s.value) for s in spans] == [(words, value)]


@pytest.mark.parametrize("text", NONE)
def test_neither_money_nor_a_measurement(finder: References, text: str) -> None:
    assert [s for s in finder.find(text) if s.entity in ("amount", "measurement")] == []
