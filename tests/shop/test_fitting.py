from __future__ import annotations

from functools import lru_cache
from typing import Any, Optional

import pytest

from bot.answer import Answer
from bot.settings import ROOT
from bot.shop.catalogue import Catalogue
from bot.shop.fitting import Fitting
from bot.shop.size_tables import load_tables
from tests.shop.shelves import BERLIN, LANGUAGES, NOW, Silent, demo_catalogue, demo_products, said, saying

SHOES, MEN, BOOTS, DRESS, TEE, JACKET, KIDS, SOCKS = (
    "strandby-sneakers-women",
    "harbury-sneakers-men",
    "moorgate-hiking-boots",
    "wrenna-wrap-dress",
    "brookby-cotton-tee",
    "marlow-rain-jacket",
    "pipkin-kids-raincoat",
    "pacely-wool-socks",
)


@lru_cache(maxsize=1)
def fitting() -> Fitting:
    return Fitting(catalogue=demo_catalogue(), tables=load_tables(ROOT / "data" / "sizes"))


def ask(text: str, page: Optional[str] = None, **given: Any) -> Answer:
    known: dict[str, Any] = {
        "size": None,
        "system": None,
        "measurements": [],
        "country": None,
        "language": "en",
    }
    return fitting().answer(text=text, product=page, now=NOW, **{**known, **given})


@pytest.mark.parametrize(
    ("text", "page", "given", "key", "facts"),
    [
        ("foot 24.7 cm", SHOES, {}, "size.product.match", {"size": "39"}),
        ("which size for me", SHOES, {"measurements": ["24.7 cm"]}, "size.product.match", {"size": "39"}),
        ("my foot is 9.7 inch", SHOES, {}, "size.product.match", {"size": "39"}),
        ("foot 24.5 cm", SHOES, {}, "size.product.between", {"size": "38", "size_other": "39"}),
        ("foot 29 cm", SHOES, {}, "size.product.outside", {}),
        ("I wear us 8.5", SHOES, {"size": "8.5", "system": "US"}, "size.product.converted", {"size": "39"}),
        ("I wear us 8", SHOES, {"size": "8", "system": "US"}, "size.product.converted_two", {"size": "38"}),
        ("I wear US 9", BOOTS, {"size": "9", "system": "US"}, "size.product.ask_measure", {}),
        ("mens US 9", BOOTS, {"size": "9", "system": "US"}, "size.product.converted", {"size": "43"}),
        ("UK 9", BOOTS, {"size": "9", "system": "UK"}, "size.product.converted", {"size": "43"}),
        ("I wear 9", SHOES, {"size": "9", "country": "US"}, "size.product.converted", {"size": "40"}),
        ("does it run small", TEE, {}, "size.product.ask", {"measure_1": ("chest", "waist")}),
        ("does it run small", DRESS, {}, "size.product.ask_cn", {"measure_1": ("bust", "waist")}),
        ("what does L measure", TEE, {"size": "L"}, "size.product.label", {"size": "L"}),
        ("what does L measure", DRESS, {"size": "L"}, "size.product.label_cn", {"size": "L"}),
        ("I wear 38", DRESS, {"size": "38", "system": "EU"}, "size.product.converted_cn", {"size": "L"}),
        ("bust 84", DRESS, {}, "size.product.match_cn", {"size": "M"}),
        ("bust 90.5", DRESS, {}, "size.product.between_cn", {"size": "L", "size_other": "XL"}),
        ("chest 97 waist 93", TEE, {}, "size.product.differ", {"size": "M", "size_other": "L"}),
        ("chest 97 waist 84", TEE, {}, "size.product.match", {"size": "M"}),
        ("underbust 74 bust 89", "irisa-soft-bra", {}, "size.product.match", {"size": "75B"}),
        ("US 7", "valen-ring", {"size": "7", "system": "US"}, "size.product.converted", {"size": "54"}),
        ("size 77", TEE, {"size": "77"}, "size.product.no_such", {}),
        # A system that was typed is said again; a label of the chart's own is not converted.
        ("EU 40", JACKET, {"size": "40", "system": "EU"}, "size.product.converted", {"size": "M"}),
        ("size 40", JACKET, {"size": "40"}, "size.product.converted", {"size": "M"}),
        ("41", SOCKS, {"size": "41"}, "size.product.converted", {"size": "39-42"}),
        ("la 40", JACKET, {"size": "40", "country": "ES"}, "size.product.converted", {"from_system": "ES"}),
        ("la 40", JACKET, {"size": "40", "country": "ES"}, "size.product.converted", {"size": "S"}),
        ("la 50", "halvar-parka", {"size": "50", "country": "ES"}, "size.product.converted", {"size": "M"}),
        (
            "la 40 de mujer, ropa",
            None,
            {"size": "40", "country": "ES"},
            "size.table.converted",
            {"size": "38"},
        ),
        # "mide" is of the chest, where the chest is named.
        ("Mi pecho mide 98 cm", TEE, {}, "size.product.match", {"size": "M"}),
        ("Mi pecho mide 150 cm", TEE, {}, "size.product.outside", {"measure": "chest"}),
        ("mi hija mide 112 cm", KIDS, {}, "size.product.match", {"size": "116"}),
        # The page's chart, also when its kind is said with for whom.
        ("women's boots US 8 in EU", BOOTS, {"size": "8", "system": "US"}, "size.product.converted", {}),
        ("women's US 9", MEN, {"size": "9", "system": "US"}, "size.product.converted", {"size": "41"}),
        ("EU 42 in UK, men's shoes", JACKET, {"size": "42", "system": "EU"}, "size.table.converted", {}),
        # The product that was spoken of last, and a child's.
        ("bust 92", None, {"seen": JACKET}, "size.product.match", {"size": "M"}),
        ("size of a raincoat for my daughter", None, {}, "size.product.ask_child", {}),
        ("raincoat for my daughter, 112 cm tall", None, {}, "size.product.match", {"size": "116"}),
        ("which size for my daughter", JACKET, {}, "stock.adults.instead", {}),
        ("my daughter's bust is 92", JACKET, {}, "size.product.match", {"size": "M"}),
        ("which size Rill rain jacket", None, {}, "stock.unknown_name.one", {}),
        ("which size", "halden-wool-scarf", {}, "size.no_chart.one", {}),
        ("which size", "calmar-bed-linen", {}, "size.no_chart.sizes", {}),
        (
            "eu 42 in us mens shoes",
            None,
            {"size": "42", "system": "EU"},
            "size.table.converted_two",
            {"size": "9"},
        ),
        ("eu 42 in uk mens shoes", None, {}, "size.table.converted", {"size": "8", "system": "UK"}),
        ("75c bra in us", None, {"size": "75C", "system": "EU"}, "size.product.label", {"size": "75C"}),
        ("women foot 22 cm", None, {}, "size.table.measured", {"size": "35", "system": "EU"}),
        ("women foot 22 cm", None, {"country": "US"}, "size.table.measured_two", {"system": "US"}),
        ("men chest 100 cm", None, {}, "size.table.measured", {"size": "50"}),
        ("women bust 90 cm", None, {}, "size.table.measured_two", {"size": "38", "size_other": "40"}),
        ("women bust 190 cm", None, {}, "size.ask_measure.clothing", {}),
        ("women foot 32 cm", None, {}, "size.outside", {}),
        ("my son is 128 cm tall", None, {}, "size.table.measured", {"size": "128"}),
        ("eu 40 in uk", None, {"size": "40", "system": "EU"}, "size.which_kind", {}),
        ("eu 40 in us shoes", None, {"size": "40", "system": "EU"}, "size.which_gender", {}),
        ("hips 100", None, {}, "size.ask_measure.clothing", {}),
        ("which size for a 6 year old girl", None, {}, "size.ask_measure.children", {}),
        ("shoe size?", None, {}, "size.ask_measure.shoes", {}),
        ("size for the boots?", None, {}, "stock.which_of", {}),
        ("help with size", None, {}, "size.ask", {}),
        ("I am 170 cm and 75 kg", None, {"measurements": ["170 cm", "75 kg"]}, "size.ask", {}),
    ],
)
def test_the_answer_says_what_it_goes_by(
    text: str, page: Optional[str], given: dict[str, Any], key: str, facts: dict[str, Any]
) -> None:
    answer = ask(text, page, **given)
    told = {fact.name: fact.value for fact in answer.facts}
    assert answer.key == key
    assert {name: told.get(name) for name in facts} == facts
    assert all(fact.source and fact.as_of for fact in answer.facts)
    for language in LANGUAGES:
        said(ask(text, page, **given, language=language), language)


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        (
            "de",
            "Mein Fuß ist 24,7 cm lang",
            "die eigene Größentabelle des Produkts (Damen-Stoffschuhe Strandby)",
        ),
        (
            "es",
            "mi pie mide 24,7 cm",
            "la tabla de tallas propia del producto (Zapatillas de lona Strandby de mujer)",
        ),
        ("zh", "脚长24.7厘米", "按斯特兰比女士帆布鞋自己的尺码表"),
        ("en", "foot 24.7 cm", "In the product's own size chart (Strandby women's canvas shoes)"),
    ],
)
def test_the_products_own_chart_is_named_as_such(language: str, text: str, words: str) -> None:
    answer = ask(text, SHOES, language=language)
    assert words in said(answer, language)
    assert answer.card is not None
    assert len(answer.card["rows"]) == 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_a_button_are_enough_for_the_next_turn(language: str) -> None:
    for text in ("EU 40 in UK", "women foot 24.5 cm, or who"):
        answer = ask(text, language=language)
        words = saying().say(answer, language=language, timezone=BERLIN, now=NOW)
        for choice in words.choices:
            again = ask(choice["label"], language=language)
            assert again.key.startswith(("size.table.converted", "size.unknown")), choice["label"]


def test_a_button_of_a_measure_leads_to_its_size() -> None:
    answer = ask("foot 26 cm", country="US")
    assert answer.key == "size.which_gender"
    words = saying().say(answer, language="en", timezone=BERLIN, now=NOW)
    keys = [ask(choice["label"], country="US").key for choice in words.choices]
    assert keys[:2] == ["size.table.measured", "size.table.measured"]


def test_a_shop_that_does_not_answer_is_said_to_be_so() -> None:
    silent = Fitting(
        catalogue=Catalogue(backend=Silent([]), colours={}), tables=load_tables(ROOT / "data" / "sizes")
    )
    answer = silent.answer(
        text="which size",
        product="x",
        size=None,
        system=None,
        measurements=[],
        country=None,
        language="en",
        now=NOW,
    )
    assert answer.key == "size.unavailable"
    assert answer.handoff is not None


def test_every_label_of_every_chart_can_be_asked_for() -> None:
    for number, one in enumerate(p for p in demo_products() if p.chart is not None):
        assert one.chart is not None
        language = LANGUAGES[number % len(LANGUAGES)]
        for row in one.chart.rows:
            answer = ask("?", one.id, size=row.size, language=language)
            assert answer.key.startswith("size.product.label"), one.id
            said(answer, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_reply_promises_that_a_thing_fits(language: str) -> None:
    text = (ROOT / "data" / "replies" / language / "size.yml").read_text(encoding="utf-8").casefold()
    body = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for promise in ("will fit", "passt ihnen", "wird passen", "le quedará", "一定合", "保证合"):
        assert promise not in body
