"""Faults of concepts' files, each named with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.checking.concepts import check_concepts
from bot.settings import ROOT

PARCEL = 'PARCEL: {en: ["parcel*", box, 24 hours], de: [paket]}\n'


@pytest.mark.parametrize(
    ("second", "line", "sentence"),
    [
        ("PACKING:\n  en:\n    - wrap\n    - Box\n", 4, "'Box' (en) is a form of PACKING here, and of"),
        ("PACKING: {en: [box??]}\n", 1, "'box??' (en) is a form of PACKING here, and of PARCEL"),
        ("PACKING: {en: [48 hours]}\n", 1, "'48 hours' (en) is a form of PACKING here, and of PARCEL"),
        ("PACKING: {de: [Päckchen,\n  packchen]}\n", 2, "'packchen' (de) is a form of PACKING twice"),
        ("PACKING:\n  en: [wrap]\n  de: ['👍']\n", 3, "the form '👍' of PACKING (de) is found nowhere"),
        ("PACKING:\n  en: [wrap, '12/24']\n", 2, "the form '12/24' of PACKING (en) is any number"),
        ("PACKING:\n  en: [wrap]\n  de: []\n", 3, "the concept PACKING has no forms in de"),
        ("PACKING:\n  en: wrap\n", 2, "the concept PACKING has no forms in en"),
        ("# x\nPACKING: [wrap]\n", 2, "the concept PACKING needs languages"),
        ("# x\nPARCEL: {fr: [colis]}\n", 2, "the concept PARCEL is in"),
        ("- PACKING\n", 1, "expected concepts"),
    ],
)
def test_what_is_wrong_with_a_form(tmp_path: Path, second: str, line: int, sentence: str) -> None:
    (tmp_path / "a.yml").write_text(PARCEL, encoding="utf-8")
    (tmp_path / "b.yml").write_text(second, encoding="utf-8")
    [fault] = check_concepts(tmp_path)
    assert (fault.path.name, fault.line) == ("b.yml", line)
    assert fault.sentence.startswith(sentence)


def test_what_may_stand_twice(tmp_path: Path) -> None:
    """The same letters in another language, another ending, another number of the same idea."""
    (tmp_path / "a.yml").write_text(PARCEL, encoding="utf-8")
    (tmp_path / "b.yml").write_text(
        "PACKING: {es: [paket], en: [parcel]}\nVOLTAGE: {en: [110v, 220v]}\n", encoding="utf-8"
    )
    assert list(check_concepts(tmp_path)) == []


def test_our_own_concepts_are_in_order() -> None:
    assert [str(fault) for fault in check_concepts(ROOT / "data" / "concepts")] == []
