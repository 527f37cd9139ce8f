"""Faults of concepts' files, each named with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.checking.concepts import repeated_forms
from bot.settings import ROOT

PARCEL = 'PARCEL: {en: ["parcel*", box, 24 hours], de: [paket]}\n'


@pytest.mark.parametrize(
    ("second", "line", "sentence"),
    [
        (
            "PACKING:\n  en:\n    - wrap\n    - Box\n",
            4,
            "'Box' (en) is a form of PACKING here, and of PARCEL",
        ),
        ("PACKING: {en: [48 hours]}\n", 1, "'48 hours' (en) is a form of PACKING here, and of PARCEL"),
        ("PACKING: {de: [Päckchen,\n  packchen]}\n", 2, "'packchen' (de) is a form of PACKING twice"),
    ],
)
def test_a_form_that_stands_twice(tmp_path: Path, second: str, line: int, sentence: str) -> None:
    (tmp_path / "a.yml").write_text(PARCEL, encoding="utf-8")
    (tmp_path / "b.yml").write_text(second, encoding="utf-8")
    [fault] = repeated_forms(tmp_path)
    assert (fault.path.name, fault.line) == ("b.yml", line)
    assert fault.sentence.startswith(sentence)


def test_what_may_stand_twice(tmp_path: Path) -> None:
    """The same letters in another language, another ending, another number of the same idea."""
    (tmp_path / "a.yml").write_text(PARCEL, encoding="utf-8")
    (tmp_path / "b.yml").write_text(
        "PACKING: {es: [paket], en: [parcel]}\nVOLTAGE: {en: [110v, 220v]}\n", encoding="utf-8"
    )
    assert list(repeated_forms(tmp_path)) == []


def test_our_own_forms_stand_once() -> None:
    assert [str(fault) for fault in repeated_forms(ROOT / "data" / "concepts")] == []
