from __future__ import annotations

from typing import Optional

import pytest

from bot.answer import Answer
from bot.shop.catalogue import Catalogue
from tests.shop.shelves import (
    BERLIN,
    LANGUAGES,
    NOW,
    Shelves,
    Silent,
    demo_catalogue,
    demo_products,
    product,
    said,
    saying,
    variant,
)

GRID = product(
    variants=[
        variant("blue", "S", 5),
        variant("blue", "M", 6),
        variant("blue", "L", 2),
        variant("blue", "XL", 0),
        variant("green", "S", 0),
        variant("green", "M", 0, "2026-12-06"),
        variant("green", "L", 0, "2026-11-01"),
        variant("green", "XL", 8),
        variant("red", "S", 0),
        variant("red", "M", 0),
        variant("red", "L", 0),
        variant("red", "XL", 0),
    ]
)
COLOURS = product(
    variants=[variant("grey", None, 9), variant("red", None, 0), variant("navy", None, 0, "2026-12-07")]
)
SIZES = product(variants=[variant(None, "36", 4), variant(None, "37", 0), variant(None, "39-42", 7)])
PLAIN = product(variants=[variant(None, None, 7)])
GONE = product(variants=[variant(None, None, 0)])


def ask(
    catalogue: Catalogue, text: str = "", *, page: Optional[str] = "testing-jacket", **asked: object
) -> Answer:
    wanted = {"colour": None, "size": None, "language": "en", **asked}
    return catalogue.stock(text=text, product=page, timezone=BERLIN, now=NOW, **wanted)  # type: ignore[arg-type]


def of(one: object) -> Catalogue:
    return Catalogue(backend=Shelves([one]), colours={"blue": ("#a", "#b", "#c", "#d")})  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("shelf", "colour", "size", "quantity", "key", "facts"),
    [
        (GRID, "blue", "M", None, "stock.in.both", {"colour": "blue", "size": "M"}),
        (GRID, "blue", "m", None, "stock.in.both", {"size": "M"}),
        (GRID, "blue", "L", None, "stock.few.both", {"left": 2}),
        (GRID, "blue", "M", 6, "stock.in.both", {}),
        (GRID, "blue", "M", 7, "stock.not_enough", {"left": 6, "quantity": 7}),
        (
            GRID,
            "blue",
            "XL",
            None,
            "stock.out.other_both",
            {"colour_1": ("green",), "sizes": ("S", "M", "L")},
        ),
        (GRID, "red", "S", None, "stock.out.other_colours.both", {"colour_1": ("blue",)}),
        (GRID, "green", "S", None, "stock.out.other_both", {"colour_1": ("blue",), "sizes": ("XL",)}),
        (GRID, "green", "M", None, "stock.back.both", {"restock_on": NOW.date().replace(month=12, day=6)}),
        # The day of new stock has passed: it is not told.
        (GRID, "green", "L", None, "stock.out.other_both", {"colour_1": ("blue",)}),
        (GRID, "blue", None, None, "stock.colour.some", {"sizes": ("S", "M", "L"), "sizes_out": ("XL",)}),
        (GRID, "red", None, None, "stock.out.other_colours.colour", {"colour_1": ("blue", "green")}),
        (GRID, None, "S", None, "stock.size.some", {"colour_1": ("blue",), "colour_2": ("green", "red")}),
        (GRID, None, None, None, "stock.broad.both", {"colour_1": ("blue", "green")}),
        (GRID, "pink", None, None, "stock.not_made.colour", {"colour_1": ("blue", "green")}),
        (GRID, "pink", "M", None, "stock.not_made.colour_size", {"colour_1": ("blue",)}),
        (GRID, None, "XXL", None, "stock.not_made.size", {"sizes": ("S", "M", "L", "XL")}),
        (GRID, "green", "6XL", None, "stock.not_made.size_colour", {"sizes": ("XL",)}),
        (GRID, "red", "6XL", None, "stock.not_made.size_out", {}),
        (GRID, "pink", "6XL", None, "stock.not_made.both", {"colour_1": ("blue", "green", "red")}),
        (COLOURS, "grey", None, None, "stock.in.colour", {}),
        (COLOURS, "red", None, None, "stock.out.other_colours.colour", {"colour_1": ("grey",)}),
        (COLOURS, "navy", None, None, "stock.back.colour", {}),
        (
            COLOURS,
            None,
            None,
            None,
            "stock.broad.colours_some",
            {"colour_1": ("grey",), "colour_2": ("red", "navy")},
        ),
        (COLOURS, "grey", "M", None, "stock.one_size.colour", {}),
        (COLOURS, "navy", "M", None, "stock.back.colour", {}),
        (COLOURS, None, "M", None, "stock.one_size.colours", {"colour_1": ("grey",)}),
        (COLOURS, "pink", "M", None, "stock.not_made.colour", {"colour_1": ("grey",)}),
        (SIZES, None, "36", None, "stock.in.size", {}),
        (SIZES, None, "37", None, "stock.out.other_sizes.size", {"sizes": ("36", "39-42")}),
        (SIZES, None, "41", None, "stock.in.size", {"size": "39-42"}),
        (SIZES, None, None, None, "stock.broad.sizes_some", {"sizes_out": ("37",)}),
        (SIZES, "red", None, None, "stock.one_colour.in", {"colour": "red"}),
        (SIZES, None, "44", None, "stock.not_made.size", {"sizes": ("36", "39-42")}),
        (PLAIN, None, None, None, "stock.in.plain", {}),
        (PLAIN, "red", None, None, "stock.one_colour.in", {}),
        (PLAIN, None, "M", None, "stock.one_size.plain", {}),
        (GONE, None, None, None, "stock.out.plain", {}),
        (GONE, None, "M", None, "stock.out.plain", {}),
        (GONE, "red", None, None, "stock.one_colour.out", {}),
    ],
)
def test_the_answer_is_for_exactly_what_was_asked(
    shelf: object, colour: str, size: str, quantity: int, key: str, facts: dict[str, object]
) -> None:
    answer = ask(of(shelf), colour=colour, size=size, quantity=quantity)
    told = {fact.name: fact.value for fact in answer.facts}
    assert answer.key == key
    assert {name: told.get(name) for name in facts} == facts
    assert all(fact.source == "test catalogue" and fact.as_of == NOW for fact in answer.facts)
    for language in LANGUAGES:
        said(answer, language)


def test_the_card_marks_what_was_chosen_and_what_is_out() -> None:
    card = ask(of(GRID), colour="blue", size="M").card
    assert card is not None
    assert [c["state"] for c in card["colours"]] == ["chosen", "out", "out"]
    assert [(s["label"], s["state"]) for s in card["sizes"]] == [
        ("S", "free"),
        ("M", "chosen"),
        ("L", "free"),
        ("XL", "out"),
    ]
    assert card["picture"]["palette"] == ["#a", "#b", "#c", "#d"]
    assert card["available"] is True
    assert ask(of(GRID), colour="green", size="M").card["available"] is False  # type: ignore[index]


def test_a_button_leads_to_the_answer_that_it_names() -> None:
    catalogue = of(GRID)
    sold_out = ask(catalogue, colour="blue", size="XL")
    assert sold_out.choices
    for choice in sold_out.choices:
        entities = dict(choice.entities or {})
        again = ask(catalogue, page=entities.pop("product"), **entities)
        assert again.key in ("stock.in.both", "stock.few.both")


def test_a_shop_that_does_not_answer_is_said_to_be_so() -> None:
    answer = ask(Catalogue(backend=Silent([]), colours={}), page="x")
    assert answer.key == "stock.unavailable"
    assert answer.handoff is not None
    assert answer.handoff.topic == "stock_question"


def test_without_a_product_it_asks_which() -> None:
    answer = ask(demo_catalogue(), "do you have jackets in blue", page=None, colour="blue")
    assert answer.key == "stock.which_of"
    assert all(
        c.entities == {"product": c.entities["product"], "colour": "blue"}
        for c in answer.choices
        if c.entities
    )
    assert ask(demo_catalogue(), "is it still there", page=None).key == "stock.which_product"


@pytest.mark.parametrize(
    ("text", "size", "shown"),
    [
        ("have you US 7.5 in white", "7.5", "38 (US 7.5)"),
        ("7.5 us in white?", "7.5", "38 (US 7.5)"),
        ("38?", "38", "38"),
    ],
)
def test_a_size_of_another_system_is_looked_up_in_the_chart(text: str, size: str, shown: str) -> None:
    answer = ask(demo_catalogue(), text, page="strandby-sneakers-women", colour="white", size=size)
    assert answer.key == "stock.in.both"
    assert next(f.value for f in answer.facts if f.name == "size") == shown


@pytest.mark.parametrize(
    ("text", "page", "size", "key", "shown"),
    [
        ("EU 40 in blue?", "marlow-rain-jacket", "40", "stock.in.both", "M (EU 40)"),
        ("US 9 in white", "harbury-sneakers-men", "9", "stock.not_made.size_colour", "US 9"),
        ("US 34 in blue", "orlane-jeans", "34", "stock.not_made.size_colour", "US 34"),
        ("DE 38 in blue", "orlane-jeans", "38", "stock.in.both", "38"),
        ("FR 38 in white", "strandby-sneakers-women", "38", "stock.in.both", "38"),
        ("FR 38 in blue", "orlane-jeans", "38", "stock.colour.all", None),
        ("EU 38 in white", "strandby-sneakers-women", "38", "stock.in.both", "38"),
    ],
)
def test_a_system_that_was_typed_is_never_lost(
    text: str, page: str, size: str, key: str, shown: Optional[str]
) -> None:
    colour = "white" if "white" in text else "blue"
    answer = ask(demo_catalogue(), text, page=page, colour=colour, size=size)
    assert next((f.value for f in answer.facts if f.name == "size"), None) == shown
    assert answer.key == key
    for language in LANGUAGES:
        said(answer, language)


@pytest.mark.parametrize(
    ("text", "quantity", "size"),
    [
        ("are the wool socks there in 41", None, "39-42"),
        ("42 wool socks please", 42, None),
        ("wool socks, 41 or 44?", None, None),
        ("wool socks, order 10441", None, None),
    ],
)
def test_the_one_number_of_a_text_may_be_a_size(
    text: str, quantity: Optional[int], size: Optional[str]
) -> None:
    answer = ask(demo_catalogue(), text, page=None, quantity=quantity)
    assert next((f.value for f in answer.facts if f.name == "size"), None) == size


def test_a_size_goes_along_with_the_question_which_product() -> None:
    answer = ask(demo_catalogue(), "do you have boots in 38", page=None)
    assert answer.key == "stock.which_of"
    assert {(choice.entities or {}).get("size") for choice in answer.choices} == {"38"}


@pytest.mark.parametrize(
    ("text", "given", "key", "about"),
    [
        # The last product, where neither text nor page names one.
        ("and in red?", {"seen": "marlow-rain-jacket", "colour": "red"}, "stock.not_made.colour", "Marlow"),
        ("this jacket in blue?", {"seen": "marlow-rain-jacket"}, "stock.broad.both", "Marlow"),
        ("the Halvar parka?", {"seen": "marlow-rain-jacket"}, "stock.broad.both", "Halvar"),
        ("in L?", {"seen": "marlow-rain-jacket", "page": "halvar-parka"}, "stock.broad.both", "Halvar"),
        ("boots in 38", {"seen": "marlow-rain-jacket", "size": "38"}, "stock.which_of", "Elvara, Moorgate"),
        ("boots in 45", {"size": "45"}, "stock.size.some", "Moorgate"),
        ("boots in 38", {"page": "marlow-rain-jacket"}, "stock.which_of", "Elvara, Moorgate"),
        ("do you have bicycles", {"seen": "marlow-rain-jacket"}, "stock.which_product", ""),
        ("有自行车吗", {"seen": "marlow-rain-jacket"}, "stock.which_product", ""),
        ("do you have any left", {"seen": "marlow-rain-jacket"}, "stock.broad.both", "Marlow"),
        ("and in red?", {"seen": "gone-from-the-shop"}, "stock.which_product", ""),
        # For whom it is.
        ("a raincoat for my daughter", {}, "stock.broad.both", "Pipkin"),
        ("Regenjacke für meinen Sohn", {}, "stock.broad.both", "Pipkin"),
        ("chubasquero para mi hija", {}, "stock.broad.both", "Pipkin"),
        ("给女儿穿的雨衣", {}, "stock.broad.both", "Pipkin"),
        ("给儿子的T恤", {}, "stock.broad.both", "Tobble"),
        ("t-shirt for my son", {"page": "marlow-rain-jacket"}, "stock.broad.both", "Tobble"),
        ("Marlow for my son", {}, "stock.adults.instead", "Marlow, Pipkin"),
        ("for my son?", {"page": "marlow-rain-jacket"}, "stock.adults.instead", "Marlow, Pipkin"),
        ("for my son in M?", {"page": "marlow-rain-jacket", "size": "M"}, "stock.size.some", "Marlow"),
        ("a hoodie for my son", {}, "stock.adults.none", "Tarnby"),
        ("a dress for my daughter", {}, "stock.adults.these", "Wrenna, Sabella"),
        ("a scarf for my daughter", {}, "stock.broad.colours_some", "Halden"),
        ("boots for my wife in 38", {"size": "38"}, "stock.which_of", "Elvara, Moorgate"),
        # A name that no product has.
        ("the Rill rain jacket", {}, "stock.unknown_name.one", "Marlow"),
        ("the rain jacket Rill in blue", {}, "stock.unknown_name.one", "Marlow"),
        ("the Rill rain jacket", {"page": "marlow-rain-jacket"}, "stock.unknown_name.one", "Marlow"),
        ("Ist die Rill Regenjacke da", {}, "stock.unknown_name.one", "Marlow"),
        ("Ist die Rill-Regenjacke da", {}, "stock.unknown_name.one", "Marlow"),
        ("Rill雨衣有货吗", {}, "stock.unknown_name.one", "Marlow"),
        ("Rill boots?", {}, "stock.unknown_name.these", "Elvara, Moorgate, Puddly"),
        ("the Halvar rain jacket", {}, "stock.unknown_name.these", "Halvar, Marlow"),
        ("the Marlo rain jacket", {}, "stock.broad.both", "Marlow"),
        ("Any rain jacket?", {}, "stock.broad.both", "Marlow"),
        ("Black rain jacket?", {}, "stock.broad.both", "Marlow"),
        ("Haben Sie Ihre Regenjacke Größe M", {}, "stock.broad.both", "Marlow"),
        ("IS THE RILL RAIN JACKET THERE", {}, "stock.broad.both", "Marlow"),
    ],
)
def test_which_product_is_meant(text: str, given: dict[str, object], key: str, about: str) -> None:
    answer = ask(demo_catalogue(), text, **{"page": None, **given})  # type: ignore[arg-type]
    names = [str(f.value) for f in (*answer.facts, *(f for c in answer.choices for f in c.facts))]
    assert answer.key == key
    for brand in filter(None, about.split(", ")):
        assert any(brand in name for name in names), names
    for language in LANGUAGES:
        said(answer, language)


@pytest.mark.parametrize(
    ("shelf", "asked", "state"),
    [
        (GRID, {"colour": "pink"}, "other"),
        (GRID, {"size": "6XL"}, "other"),
        (GRID, {"colour": "pink", "size": "6XL"}, "other"),
        (GRID, {"colour": "red", "size": "S"}, "out"),
        (GRID, {"colour": "blue", "size": "M", "quantity": 7}, "in"),
        (GRID, {"colour": "blue", "size": "L", "quantity": 7}, "few"),
        (SIZES, {"colour": "red"}, "in"),
        (GONE, {"colour": "red"}, "out"),
    ],
)
def test_the_card_says_what_is_there(shelf: object, asked: dict[str, object], state: str) -> None:
    card = ask(of(shelf), **asked).card  # type: ignore[arg-type]
    assert card is not None
    assert card["stock"] == {"reply": f"stock.card.{state}"}
    assert card["available"] is (state != "out")


def test_a_product_is_called_by_its_name_in_any_language() -> None:
    assert demo_catalogue().called("Regenjacke Marlow") == "marlow-rain-jacket"
    assert demo_catalogue().called("Marlow") is None
    assert Catalogue(backend=Silent([]), colours={}).called("Regenjacke Marlow") is None


def test_the_blue_one_in_m_in_spanish() -> None:
    answer = ask(
        demo_catalogue(),
        "¿tienen la azul en talla M?",
        page="marlow-rain-jacket",
        colour="blue",
        size="M",
        language="es",
    )
    assert said(answer, "es") == "Sí, hay existencias: Chubasquero Marlow en azul, talla M."


def test_every_variant_of_the_demo_shop_can_be_said_in_every_language() -> None:
    catalogue = demo_catalogue()
    for one in demo_products():
        asked = {(None, None), *((v.colour, v.size) for v in one.variants)}
        asked |= {(v.colour, None) for v in one.variants} | {(None, v.size) for v in one.variants}
        for number, (colour, size) in enumerate(sorted(asked, key=str)):
            language = LANGUAGES[number % len(LANGUAGES)]
            answer = ask(catalogue, page=one.id, colour=colour, size=size, language=language)
            assert one.name(language) in said(answer, language)
            words = saying().say(answer, language=language, timezone=BERLIN, now=NOW)
            assert all(choice["label"] for choice in words.choices)
