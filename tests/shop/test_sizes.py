from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise, permutations
from pathlib import Path
from typing import Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import ROOT
from bot.shop.size_model import NeedsGender, OutOfRange, UnknownSize
from bot.shop.size_tables import SizeBook, load_tables
from bot.shop.sizes import SizeTables
from tests.shop.shelves import write


@lru_cache(maxsize=1)
def book() -> SizeBook:
    return load_tables(ROOT / "data" / "sizes")


def tables() -> SizeTables:
    return book().tables


@pytest.mark.parametrize(
    ("worn", "target", "kind", "gender", "sizes"),
    [
        ("EU:42", "US", "shoes", "men", ("9", "8.5")),
        ("EU:42", "UK", "shoes", "men", ("8",)),
        ("EU:38", "US", "shoes", "women", ("7.5", "7")),
        ("US:8.5", "EU", "shoes", "men", ("42", "41.5")),
        ("US:8", "UK", "shoes", "women", ("6", "5.5")),
        ("JP:24.5", "CN", "shoes", None, ("245", "39")),
        ("CN:42", "EU", "shoes", None, ("41", "40.5")),  # an old Chinese 42 is 26 cm, no EU 42
        ("CN:260", "JP", "shoes", None, ("26",)),
        ("ISO:260", "KR", "shoes", None, ("260",)),
        ("EU:42 2/3", "JP", "shoes", None, ("27.5",)),
        ("EU:28", "CN", "shoes", "children", ("175",)),
        ("UK:10", "EU", "shoes", "children", ("28",)),
        ("US:1Y", "EU", "shoes", "children", ("32", "16")),
        ("EU:38", "US", "clothing", "women", ("8",)),
        ("EU:38", "FR", "clothing", "women", ("40",)),
        ("EU:38", "IT", "clothing", "women", ("44",)),
        ("EU:38", "UK", "clothing", "women", ("12",)),
        ("EU:38", "AU", "clothing", "women", ("12",)),
        ("EU:38", "JP", "clothing", "women", ("11",)),
        ("EU:38", "KR", "clothing", "women", ("66",)),
        ("KR:66", "EU", "clothing", "women", ("38", "40")),
        ("CN:160/84A", "EU", "clothing", "women", ("36",)),
        ("CN:M", "EU", "clothing", "women", ("S", "36")),  # one letter smaller
        ("CN:L", "EU", "clothing", "men", ("S", "46")),  # two letters smaller
        ("EU:M", "US", "clothing", "women", ("M", "10", "12")),
        ("EU:50", "US", "clothing", "men", ("40",)),
        ("UK:40", "EU", "clothing", "men", ("50",)),
        ("KR:100", "EU", "clothing", "men", ("50",)),
        ("EU:116", "US", "clothing", "children", ("6",)),
        ("US:2T", "EU", "clothing", "children", ("92",)),
        ("EU:75C", "US", "bras", None, ("34C",)),
        ("EU:75C", "FR", "bras", None, ("90C",)),
        ("EU:75C", "JP", "bras", None, ("C75",)),
        ("JP:C75", "AU", "bras", None, ("12C",)),
        ("EU:75E", "US", "bras", None, ("34",)),  # above D the letters differ: the band alone
        ("EU:75E", "FR", "bras", None, ("90",)),
        ("IT:3B", "EU", "bras", None, ("75B",)),
        ("ISO:54.4", "US", "rings", None, ("7",)),
        ("ISO:57", "UK", "rings", None, ("P 1/2",)),
        ("UK:N 1/2", "US", "rings", None, ("7",)),
        ("EU:54", "IT", "rings", None, ("14",)),
        ("US:7", "JP", "rings", None, ("14",)),
    ],
)
def test_a_size_in_another_system(
    worn: str, target: str, kind: str, gender: Optional[str], sizes: tuple[str, ...]
) -> None:
    system, size = worn.split(":")
    found = tables().convert(size=size, source=system, target=target, kind=kind, gender=gender)
    assert found.sizes == sizes
    assert found.system == target


@pytest.mark.parametrize(
    ("measures", "target", "kind", "gender", "sizes"),
    [
        ({"foot": "24.5"}, "CN", "shoes", None, ("245", "39")),
        ({"foot": "26.5"}, "EU", "shoes", "men", ("42", "41.5")),
        ({"foot": "22"}, "EU", "shoes", "women", ("35",)),
        ({"foot": "17.3"}, "EU", "shoes", "children", ("28",)),
        ({"bust": "88"}, "EU", "clothing", "women", ("38",)),
        ({"bust": "89"}, "EU", "clothing", "women", ("38",)),
        ({"bust": "90"}, "EU", "clothing", "women", ("38", "40")),
        ({"bust": "91"}, "EU", "clothing", "women", ("40",)),
        ({"chest": "100"}, "EU", "clothing", "men", ("50",)),
        ({"bust": "100"}, "UK", "clothing", "men", ("40",)),  # the same body, called otherwise
        ({"height": "125"}, "EU", "clothing", "children", ("122", "128")),
        ({"bust": "107", "underbust": "87"}, "EU", "bras", None, ("85D",)),
        ({"bust": "108", "underbust": "89"}, "EU", "bras", None, ("90D",)),
        ({"bust": "100", "underbust": "82"}, "EU", "bras", None, ("80C",)),
        ({"bust": "89", "underbust": "75"}, "EU", "bras", None, ("75A",)),  # closed above
        ({"bust": "89.1", "underbust": "75"}, "EU", "bras", None, ("75B",)),
        ({"finger": "5.44"}, "US", "rings", None, ("7",)),
    ],
)
def test_a_size_from_a_measurement(
    measures: dict[str, str], target: str, kind: str, gender: Optional[str], sizes: tuple[str, ...]
) -> None:
    bodies = {name: Decimal(value) for name, value in measures.items()}
    found = tables().measured(measures=bodies, target=target, kind=kind, gender=gender)
    assert found.sizes == sizes


@pytest.mark.parametrize(
    ("worn", "target", "kind", "gender", "error", "word"),
    [
        ("EU:40", "US", "shoes", None, NeedsGender, "women, men or children"),
        ("EU:40", "UK", "clothing", None, NeedsGender, "women, men or children"),
        ("EU:60", "UK", "shoes", "men", OutOfRange, "outside"),
        ("EU:abc", "UK", "shoes", "men", UnknownSize, "abc"),
        ("EU:37", "US", "clothing", "men", UnknownSize, "Known"),
        ("ISO:38", "US", "clothing", "women", UnknownSize, "Known: EU, DE"),
        ("EU:95C", "US", "bras", None, LookupError, "No band 95"),
        ("EU:42", "MX", "shoes", "men", ValueError, "Known: EU"),
        ("EU:42", "US", "hats", "men", ValueError, "Known: shoes"),
        ("EU:42", "US", "shoes", "ladies", ValueError, "Known: women"),
    ],
)
def test_what_cannot_be_converted_is_said_in_one_sentence(
    worn: str, target: str, kind: str, gender: Optional[str], error: type[Exception], word: str
) -> None:
    system, size = worn.split(":")
    with pytest.raises(error, match=re.escape(word)):
        tables().convert(size=size, source=system, target=target, kind=kind, gender=gender)


@pytest.mark.parametrize(
    ("foot", "is_inside"), [("20.9", False), ("21", True), ("31", True), ("31.1", False)]
)
def test_a_table_ends_where_it_says(foot: str, is_inside: bool) -> None:
    def ask() -> tuple[str, ...]:
        return (
            tables().measured(measures={"foot": Decimal(foot)}, target="EU", kind="shoes", gender="men").sizes
        )

    if is_inside:
        assert ask()
    else:
        with pytest.raises(OutOfRange):
            ask()


def test_the_basis_says_where_a_size_is_from() -> None:
    shoe = tables().convert(size="42", source="EU", target="US", kind="shoes", gender="men")
    big = tables().convert(size="47", source="EU", target="US", kind="shoes", gender="men")
    assert (shoe.basis, big.basis) == ("standard", "formula")
    assert shoe.low is not None
    assert shoe.high is not None
    assert shoe.body is not None
    assert shoe.low <= shoe.body <= shoe.high


SHOES = {
    "men": {
        "EU": (36, 47, 0.5),
        "US": (4, 13, 0.5),
        "UK": (4, 12.5, 0.5),
        "JP": (22, 30, 0.5),
        "CN": (220, 300, 5),
    },
    "women": {"EU": (34, 42, 0.5), "US": (4, 12, 0.5), "UK": (2, 9, 0.5), "JP": (21.5, 28, 0.5)},
}
LADDERS = [(g, a, b) for g, systems in SHOES.items() for a, b in permutations(systems, 2)]


def ladder(gender: str, system: str) -> list[str]:
    low, high, step = SHOES[gender][system]
    return [f"{low + n * step:g}" for n in range(int((high - low) / step) + 1)]


@pytest.mark.parametrize(("gender", "source", "target"), LADDERS)
def test_a_larger_size_is_never_a_smaller_one_elsewhere(gender: str, source: str, target: str) -> None:
    nearest = [
        float(tables().convert(size=size, source=source, target=target, kind="shoes", gender=gender).sizes[0])
        for size in ladder(gender, source)
    ]
    assert all(low <= high for low, high in pairwise(nearest))


@given(st.data())
def test_there_and_back_is_within_one_size(data: st.DataObject) -> None:
    gender, source, target = data.draw(st.sampled_from(LADDERS))
    size = data.draw(st.sampled_from(ladder(gender, source)))
    there = tables().convert(size=size, source=source, target=target, kind="shoes", gender=gender)
    back = tables().convert(size=there.sizes[0], source=target, target=source, kind="shoes", gender=gender)
    one = 5 if source == "CN" else 1
    assert min(abs(float(again) - float(size)) for again in back.sizes) <= one


@given(st.sampled_from(["women", "men", "children"]), st.data())
def test_clothes_come_back_as_they_went(gender: str, data: st.DataObject) -> None:
    table = tables().table("clothing", gender)
    source, target = data.draw(st.permutations([s for s in table.systems if s != "KR"]))[:2]
    rows = [r for r in table.charts[0].rows if {table.column(source), table.column(target)} <= set(r.labels)]
    row = data.draw(st.sampled_from(rows))
    there = tables().convert(
        size=row.labels[table.column(source)], source=source, target=target, kind="clothing", gender=gender
    )
    assert row.labels[table.column(target)] in there.sizes


@given(st.decimals(min_value=Decimal("21"), max_value=Decimal("31"), places=2))
def test_a_longer_foot_is_never_a_smaller_shoe(foot: Decimal) -> None:
    def size(length: Decimal) -> float:
        found = tables().measured(measures={"foot": length}, target="JP", kind="shoes", gender="women")
        return float(found.sizes[0])

    longer = min(foot + Decimal("0.4"), Decimal(31))
    assert size(foot) <= size(longer)


TABLE = """
kind: shoes
gender: men
measure: foot
source: test
checked_on: 2026-11-23
range: [20, 30]
charts:
  - source: one
    rows:
      - {foot: 24, EU: 38}
      - {foot: 25, EU: 39}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "word"),
    [
        ("measure: foot\n", "", "measure"),
        ("kind: shoes", "kind: hats", "kind is one of"),
        ("range: [20, 30]", "range: 20", "cannot unpack"),
        ("{foot: 24, EU: 38}", "{foot: 26, EU: 38}", "do not grow"),
        ("{foot: 24, EU: 38}", "{foot: long, EU: 38}", "shoes.yml"),
    ],
)
def test_a_faulty_table_is_named(tmp_path: Path, right: str, wrong: str, word: str) -> None:
    for name in ("words.yml", "bras.yml"):
        write(tmp_path, name, (ROOT / "data" / "sizes" / name).read_text(encoding="utf-8"))
    write(tmp_path, "shoes.yml", TABLE)
    assert load_tables(tmp_path).tables.table("shoes", "men")
    write(tmp_path, "shoes.yml", TABLE.replace(right, wrong))
    with pytest.raises(ValueError, match=word) as caught:
        load_tables(tmp_path)
    assert "shoes.yml" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "measures", "gender", "kind", "worn", "target"),
    [
        ("my foot is 24.5 cm", {"foot": "24.5"}, None, None, None, None),
        ("my bust 36 hip 40 tell size", {"bust": "91.44", "hips": "101.60"}, None, None, None, None),
        ("tengo 92 de pecho y 75 de cintura", {"bust": "92", "waist": "75"}, None, None, None, None),
        ("Brustumfang 104, Taille 88", {"bust": "104", "waist": "88"}, None, None, None, None),
        ("mein sohn ist 1,28 groß", {"height": "128"}, "children", None, None, None),
        ("脚长24.5厘米穿多大的鞋", {"foot": "24.5"}, None, "shoes", None, None),
        ("胸围92 腰围75 女", {"bust": "92", "waist": "75"}, "women", None, None, None),
        ("chest 42 inch", {"chest": "106.68"}, None, None, None, None),
        ('chest 42"', {"chest": "106.68"}, None, None, None, None),
        ("waist 34in", {"waist": "86.36"}, None, None, None, None),
        ("I am 170cm 75kg", {}, None, None, None, None),
        ("eu 40 is what in uk", {}, None, None, ("40", "EU"), "UK"),
        ("my husband wear 11 in us shoes what is it in eu", {}, "men", "shoes", ("11", "US"), "EU"),
        ("us 9 in chinese size?", {}, None, None, ("9", "US"), "CN"),
        ("US8.5 womens shoes in EU", {}, "women", "shoes", ("8.5", "US"), "EU"),
        ("中国码L相当于欧码多少", {}, None, None, None, "CN"),
        ("EU 40换算成UK：鞋，女", {}, "women", "shoes", ("40", "EU"), "UK"),
        ("can you tell us if it fits", {}, None, None, None, None),
        ("talla de 38 es grande?", {}, None, None, None, None),
        ("Schuhgröße DE 42 für Damen", {}, "women", "shoes", ("42", "DE"), None),
    ],
)
def test_what_a_text_says_of_sizes(
    text: str,
    measures: dict[str, str],
    gender: Optional[str],
    kind: Optional[str],
    worn: Optional[tuple[str, str]],
    target: Optional[str],
) -> None:
    said = book().words.read(text)
    assert said.measures == {name: Decimal(value) for name, value in measures.items()}
    assert (said.gender, said.kind, said.target) == (gender, kind, target)
    assert (said.size and (said.size.label, said.size.system)) == worn
