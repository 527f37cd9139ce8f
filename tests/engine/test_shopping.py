"""Questions about stock and sizes as customers type them, through the real model."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence

import pytest

from bot.settings import ROOT

JACKET, SHOES, BOOTS, TEE = (
    "marlow-rain-jacket",
    "strandby-sneakers-women",
    "moorgate-hiking-boots",
    "brookby-cotton-tee",
)
Turn = tuple[str, str, str]  # what is typed, the reply's key, words that are in it

TALKS: Sequence[tuple[str, str, Optional[str], Sequence[Turn]]] = [
    # a size beside a colour, and how many
    ("en", "GB", JACKET, [("is the beige M there?", "stock.back.both", "beige, size M")]),
    ("en", "GB", JACKET, [("10 in blue L", "stock.not_enough", "Not 10")]),
    ("de", "DE", JACKET, [("10 Stück in Blau L", "stock.not_enough", "10 Stück")]),
    ("es", "ES", JACKET, [("10 en azul L", "stock.not_enough", "10 no")]),
    ("zh", "CN", JACKET, [("蓝色L要10件", "stock.not_enough", "没有 10 件")]),
    ("en", "GB", None, [("Do you have 30 cutting boards?", "stock.not_enough_plain", "Not 30")]),
    ("en", "GB", None, [("boots in 38", "stock.which_of", "")]),
    ("zh", "CN", None, [("靴子38的有吗", "stock.which_of", "")]),
    # a system that was typed
    ("en", "GB", JACKET, [("I wear EU 40, which size?", "size.product.converted", "EU 40 is size M")]),
    ("zh", "CN", JACKET, [("我穿EU 40，该买几码？", "size.product.converted", "EU 40 对应 M 码")]),
    ("de", "DE", JACKET, [("Ich trage Größe 40, welche brauche ich?", "size.product.converted", "EU 40")]),
    ("es", "ES", JACKET, [("Uso la 40, ¿qué talla me queda?", "size.product.converted", "la 40 (ES)")]),
    ("es", "ES", TEE, [("Mi pecho mide 150 cm", "size.product.outside", "150 cm")]),
    # the product's own chart
    ("en", "GB", SHOES, [("women's shoes US 8 in EU", "size.product.converted_two", "Strandby")]),
    ("en", "US", SHOES, [("US women's 8 to EU", "size.product.converted_two", "Strandby")]),
    ("en", "GB", BOOTS, [("women's boots US 8 in EU", "size.product.converted", "Moorgate")]),
    ("es", "ES", SHOES, [("zapatos de mujer US 8 en EU", "size.product.converted_two", "Strandby")]),
    # what was spoken of last
    (
        "en",
        "GB",
        None,
        [
            ("Do you have the Marlow rain jacket in green?", "stock.colour.some", "Marlow"),
            ("and in red?", "stock.not_made.colour", "Marlow"),
            ("which size for bust 92?", "size.product.match", "Marlow"),
            ("do you have boots in 38?", "stock.which_of", ""),
            ("and in black?", "stock.which_of", ""),
        ],
    ),
    (
        "en",
        "GB",
        None,
        [
            ("Which size Marlow rain jacket for bust 92 cm?", "size.product.match", "Marlow"),
            ("is it in stock in blue?", "stock.colour.some", "Marlow"),
            ("what is EU 42 in UK for men's shoes?", "size.table.converted", "UK 8"),
            ("do you have a bicycle in red?", "stock.which_product", ""),
        ],
    ),
    (
        "de",
        "DE",
        None,
        [
            ("Gibt es die Regenjacke Marlow in Grün?", "stock.colour.some", "Marlow"),
            ("und in Rot?", "stock.not_made.colour", "Marlow"),
        ],
    ),
    (
        "es",
        "ES",
        None,
        [
            ("¿Tienen el chubasquero Marlow en verde?", "stock.colour.some", "Marlow"),
            ("¿y en la M?", "stock.in.both", "verde"),
        ],
    ),
    (
        "zh",
        "CN",
        None,
        [
            ("马洛防雨夹克有货吗", "stock.broad.both", "马洛"),
            ("红色的呢", "stock.not_made.colour", "马洛"),
            ("胸围92穿什么码", "size.product.match", "M 码"),
        ],
    ),
    # for a child
    ("en", "GB", None, [("My daughter is 5, do you have a raincoat?", "stock.broad.both", "Pipkin")]),
    ("de", "DE", None, [("Gibt es ein Kleid für meine Tochter?", "stock.adults.these", "")]),
    ("es", "ES", JACKET, [("¿La tienen para mi hija?", "stock.adults.instead", "Marlow")]),
    ("zh", "CN", None, [("有给女儿穿的雨衣吗", "stock.broad.both", "皮普金")]),
    # a name that no product has
    ("en", "GB", None, [("Is the Rill rain jacket in stock?", "stock.unknown_name.one", "")]),
    ("de", "DE", None, [("Ist die Rill-Regenjacke auf Lager?", "stock.unknown_name.one", "")]),
    ("es", "ES", None, [("¿Tienen el chubasquero Rill en azul?", "stock.unknown_name.one", "")]),
    ("zh", "CN", None, [("Rill雨衣有货吗", "stock.unknown_name.one", "")]),
]


@pytest.fixture(scope="module")
def replies(model: Path) -> Sequence[Sequence[Mapping[str, Any]]]:
    """What was answered in each conversation; all are played by one process."""
    asked = [
        {"conversation": str(at), "text": text, "locale": language, "country": country, "product": page or ""}
        for at, (language, country, page, turns) in enumerate(TALKS)
        for text, _, _ in turns
    ]
    done = subprocess.run(
        [sys.executable, "-m", "bot", "converse", "--json", "--at", "2026-11-25T02:00+00:00"],
        cwd=ROOT,
        input="\n".join(json.dumps(line) for line in asked),
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return [[row for row in rows if row["conversation"] == str(at)] for at in range(len(TALKS))]


@pytest.mark.parametrize("at", range(len(TALKS)), ids=[talk[3][0][0] for talk in TALKS])
def test_what_is_asked_is_answered(replies: Sequence[Sequence[Mapping[str, Any]]], at: int) -> None:
    turns = TALKS[at][3]
    assert [row["reply_key"] for row in replies[at]] == [key for _, key, _ in turns]
    for row, (_, _, words) in zip(replies[at], turns, strict=True):
        assert words in row["text"]
