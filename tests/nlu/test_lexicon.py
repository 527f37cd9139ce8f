"""Countries, colours, carriers and days in whole messages: exact spans, by language."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.nlu.references import References
from bot.settings import ROOT

FOLDER = Path(__file__).parent / "lexicon"
TODAY = date(2026, 11, 24)
KINDS = ("country", "colour", "carrier", "date")
# What is found exactly, of all that is named or found: no language may fall below.
LEAST = 0.97


@pytest.fixture(scope="module")
def references() -> References:
    return References.load(ROOT / "data" / "lookups")


@pytest.mark.parametrize("language", ["en", "zh", "es", "de", "pt", "fr", "it", "ru", "ar", "ja"])
def test_what_messages_name_is_found_where_it_stands(references: References, language: str) -> None:
    right = wrong = 0
    differing, values = [], []
    for row in _rows(language):
        named = {(e["entity"], e["text"]): e.get("value") for e in row["entities"]}
        found = {
            (s.entity, row["text"][s.start : s.end]): s.value
            for s in references.find(row["text"], today=TODAY)
            if s.entity in KINDS
        }
        right += 2 * len(named.keys() & found.keys())
        wrong += len(named.keys() ^ found.keys())
        if named.keys() != found.keys():
            differing.append((row["text"], sorted(named.keys() ^ found.keys())))
        values += [
            (key, found[key]) for key in named.keys() & found.keys() if named[key] not in (None, found[key])
        ]
    assert right / (right + wrong) >= LEAST, differing
    assert not values


def _rows(language: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"))[
        "messages"
    ]
    assert len(rows) >= 45
    assert all(e["text"] in row["text"] for row in rows for e in row["entities"])
    return rows
