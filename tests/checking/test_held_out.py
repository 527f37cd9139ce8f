"""Faults around held-out messages, annotations and concepts, each named with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.checking.examples import Seen, check_examples
from bot.checking.held_out import check_held_out
from bot.checking.shares import shares
from bot.settings import ROOT

INTENTS = ("greet", "thank", "out_of_scope")
ENTITIES = ("size", "country")
HELD = """\
# Held out.
messages:
  - {text: "good morning to the night shift", intent: greet}
  - {text: "ok", intent: thank}
"""


def examples(*lines: str) -> str:
    rows = "".join(f"      - {line}\n" for line in lines)
    return f'version: "3.1"\nnlu:\n  - intent: greet\n    examples: |\n{rows}'


def entities(kind_and_words: str) -> str:
    return f'messages:\n  - {{text: "to Peru", entities: [{{{kind_and_words}}}]}}\n'


def found(root: Path, files: dict[str, str]) -> list[str]:
    for name, content in files.items():
        path = root / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    seen = Seen()
    data = root / "data"
    faults = [
        *check_examples(data, intents=INTENTS, entities=ENTITIES, seen=seen),
        *check_held_out(data, intents=INTENTS, entities=ENTITIES, seen=seen),
    ]
    return [str(fault).replace(f"{data}/", "") for fault in faults]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        (
            {"nlu/en/a.yml": examples("hello", "Good Morning to the nightshift!"), "evaluation/en.yml": HELD},
            "nlu/en/a.yml:6: 'good morning to the nightshift' is held out in evaluation/en.yml:3",
        ),
        ({"evaluation/en.yml": HELD}, "evaluation/en.yml:1: the intent out_of_scope has no held-out message"),
        ({"evaluation/en.yml": HELD.replace("thank", "thanks")}, "evaluation/en.yml:4: no intent 'thanks'"),
        (
            {"evaluation/en.yml": HELD.replace("thank}", "thank, also: thanks}")},
            "evaluation/en.yml:4: no intent 'thanks'",
        ),
        (
            {"evaluation/en.yml": HELD.replace(", intent: thank", "")},
            "evaluation/en.yml:4: a held-out message",
        ),
        (
            {"evaluation/en.yml": HELD.replace('text: "ok"', "txt: x")},
            "evaluation/en.yml:4: a held-out message",
        ),
        ({"evaluation/en.yml": "rows: []\n"}, "evaluation/en.yml:1: expected the key messages"),
        (
            {"evaluation/entities/en.yml": entities("entity: land, text: Peru")},
            "evaluation/entities/en.yml:2: no entity 'land'",
        ),
        (
            {"evaluation/entities/en.yml": entities("entity: size, text: XL")},
            "evaluation/entities/en.yml:2: the entity's words 'XL' are not in 'to Peru'",
        ),
        (
            {"evaluation/entities/en.yml": entities("entity: country")},
            "evaluation/entities/en.yml:2: an entity needs",
        ),
        (
            {"nlu/keywords.yml": "thank: {en: [ta]}\ngreeting: {en: [hi]}\n"},
            "nlu/keywords.yml:2: no intent 'greeting'",
        ),
        ({"nlu/en/a.yml": examples("in [XL(size) please")}, "nlu/en/a.yml:5: a broken entity annotation"),
        ({"nlu/en/a.yml": examples("in [XL](size please")}, "nlu/en/a.yml:5: a broken entity annotation"),
        ({"nlu/en/a.yml": examples("in [](size) please")}, "nlu/en/a.yml:5: a broken entity annotation"),
        ({"nlu/en/a.yml": examples("in XL](size) please")}, "nlu/en/a.yml:5: a broken entity annotation"),
        ({"nlu/en/a.yml": examples('in [XL]{"entity": "size" please')}, "nlu/en/a.yml:5: a broken entity"),
        ({"nlu/en/a.yml": examples("in [XL](seize) please")}, "nlu/en/a.yml:5: no entity 'seize'"),
        ({"nlu/de/a.yml": examples("hallo")}, "nlu/de:1: the intent thank has 0 examples in de"),
    ],
)
def test_a_planted_fault_is_named(tmp_path: Path, files: dict[str, str], sentence: str) -> None:
    rows = found(tmp_path, files)
    assert any(row.startswith(sentence) for row in rows), rows


@pytest.mark.parametrize(
    "line",
    [
        "in [XL](size) please",
        'in [XL]{"entity": "size", "value": "xl"}',
        "a [sic] b (really)",
        "ok :( [x]",
        "ok",
    ],
)
def test_what_is_no_fault(tmp_path: Path, line: str) -> None:
    rows = found(tmp_path, {"nlu/en/a.yml": examples(line), "evaluation/en.yml": HELD})
    assert not [row for row in rows if "broken" in row or "held out in" in row]


def test_nothing_that_is_held_out_stands_in_training() -> None:
    seen = Seen()
    for _ in check_examples(ROOT / "data", intents=(), entities=(), seen=seen):
        pass
    assert seen.total > 15000
    rows = [str(f) for f in check_held_out(ROOT / "data", intents=(), entities=(), seen=seen)]
    assert [row for row in rows if "is held out in" in row] == []


def test_shares_of_examples_by_language(tmp_path: Path) -> None:
    rows = ("hello there", "hello dear people of the shop, how are you", "what is up", "helllo you")
    found(tmp_path, {"nlu/en/a.yml": examples(*rows), "nlu/keywords.yml": "greet: {en: [hello]}\n"})
    assert list(shares(tmp_path / "data")) == [
        ("en", 4, {"plain": 0.5, "ordinary": 0.25, "without the keyword": 0.25})
    ]
