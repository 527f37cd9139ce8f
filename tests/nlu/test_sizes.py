"""Sizes and size systems, as rows: what a text names, and what only looks like a size."""

from __future__ import annotations

import pytest

from bot.nlu.references import References

SIZES = [
    # bare numbers
    ("36 is too small", [("size", "36", "36")]),
    ("between 38 and 39", [("size", "38", "38"), ("size", "39", "39")]),
    ("I usually wear 42", [("size", "42", "42")]),
    ("in a 10 or just 12", [("size", "10", "10"), ("size", "12", "12")]),
    ("the size 7 ring spins, is 6.5 in stock?", [("size", "7", "7"), ("size", "6.5", "6.5")]),
    ("ich trage 42,5", [("size", "42,5", "42.5")]),
    ("ношу 42, а 43 велик", [("size", "42", "42"), ("size", "43", "43")]),
    ("أنا ألبس ٣٨", [("size", "٣٨", "38")]),
    ("平时穿42，43会不会大", [("size", "42", "42"), ("size", "43", "43")]),
    ("サイズ36は小さい", [("size", "36", "36")]),
    ("指輪の12号", [("size", "12", "12")]),
    ("llevo 5 años y me llevo 5", []),
    ("tra le 14 e le 16", []),
    ("Je pars le 20, ça arrive avant ?", []),
    ("page 33 is missing", []),
    ("iPhone 15 or Galaxy 23?", []),
    # letters
    ("M not L", [("size", "M", "M"), ("size", "L", "L")]),
    ("2 M's and one L", [("size", "M", "M"), ("size", "L", "L")]),
    ("camiseta L?", [("size", "L", "L")]),
    ("Lサイズはありますか", [("size", "L", "L")]),
    ("размер М", [("size", "М", "M")]),
    ("tamanho G ou GG", [("size", "G", "L"), ("size", "GG", "XL")]),
    ("M e não G, quero", [("size", "M", "M"), ("size", "G", "L")]),
    ("a plug of type L", []),
    ("ошиблась с размером", []),
    ("un autre numéro m'irait mieux", []),
    # in one
    ("size M/L", [("size", "M/L", "M/L")]),
    ("110/116 für die Kleine", [("size", "110/116", "110/116")]),
    ("jeans W32 L34", [("size", "W32 L34", "W32 L34")]),
    ("BH 75B oder 80 c", [("size", "75B", "75B"), ("size", "80 c", "80C")]),
    ("talla única", [("size", "talla única", "one size")]),
    ("均码吗", [("size", "均码", "one size")]),
    ("one size bigger please", []),
    # systems
    ("UK 8.5 in EU?", [("size_system", "UK", "UK"), ("size", "8.5", "8.5"), ("size_system", "EU", "EU")]),
    ("mi mamá usa 44", [("size", "44", "44")]),
    ("38 европейский", [("size", "38", "38"), ("size_system", "европейский", "EU")]),
    ("the 128 GB version", []),
]


@pytest.mark.parametrize(("text", "found"), SIZES)
def test_sizes(finder: References, text: str, found: list[tuple[str, str, str]]) -> None:
    spans = [s for s in finder.find(text) if s.entity in ("size", "size_system")]
    assert [(s.entity, text[s.start : s.end], s.value) for s in spans] == found
