"""What is worth a look: examples that teach little, translations, forms that say nothing or mislead."""

from __future__ import annotations

import random
import string
import time
from pathlib import Path
from typing import Callable, Iterator, Sequence

import pytest

from bot.__main__ import main
from bot.checking.alike import near_duplicates, shared_openings
from bot.checking.concepts import Form
from bot.checking.everything import check
from bot.checking.examples import Example
from bot.checking.fault import Fault
from bot.checking.forms import Usage, common_forms, misleading_forms, missing_languages
from bot.checking.twins import translated_twins
from bot.learning.overlap import ALIKE, likeness
from bot.nlu.concepts import ConceptBook
from bot.settings import ROOT
from tests.checking.test_check import copy_of_the_data

A, B = Path("en/a.yml"), Path("en/b.yml")


def example(text: str, intent: str = "warranty", *, language: str = "en", place: int = 0) -> Example:
    return Example(text, intent, language, Path(language) / "a.yml", place + 5, place)


def told(doubts: Iterator[Fault]) -> list[str]:
    return [str(doubt) for doubt in doubts]


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (["the zip broke after a week", "The zip broke, after a week!"], "a.yml:6: 'The zip broke, after"),
        (["the zip broke after a week", "so the zip broke after a week"], "keep one, or say the other anew"),
        (["the zip broke after a week", "my heel came off"], None),
        (["zip broke", "zip broke"], None),  # two words are alike whatever we do
        (
            ["拉链坏了一周后就坏了", "拉链坏了一周后就坏了呢"],
            "is nearly '拉链坏了一周后就坏了' in en/a.yml:5",
        ),
    ],
)
def test_nearly_the_same_text(texts: Sequence[str], sentence: str | None) -> None:
    rows = [example(text, place=at) for at, text in enumerate(texts)]
    found = told(near_duplicates(rows))
    assert len(found) == (0 if sentence is None else 1)
    assert sentence is None or sentence in found[0]


def test_nearly_the_same_text_of_two_intents_says_so() -> None:
    rows = [example("the zip broke after a week"), example("the zip broke after one week", "complaint")]
    [doubt] = told(near_duplicates(rows))
    assert "is an example of complaint and nearly" in doubt
    assert doubt.endswith("of warranty; see which of them it is.")


def test_the_same_text_in_two_languages_is_no_duplicate() -> None:
    rows = [example("ok google play music", language=language) for language in ("en", "de")]
    assert told(near_duplicates(rows)) == []


def test_no_pair_is_missed_by_looking_at_rare_pieces_only() -> None:
    chance = random.Random(4)
    words = ["".join(chance.choices(string.ascii_lowercase[:6], k=5)) for _ in range(12)]
    texts = [" ".join(chance.choices(words, k=chance.randint(3, 6))) for _ in range(150)]
    expected = {
        at for at, text in enumerate(texts) if any(likeness(text, earlier) > ALIKE for earlier in texts[:at])
    }
    found = near_duplicates([example(text, place=at) for at, text in enumerate(texts)])
    assert {doubt.line - 5 for doubt in found} == expected
    assert 3 < len(expected) < 140


@pytest.mark.parametrize(
    ("openings", "others", "sentence"),
    [
        (["how do i wash it", "How do I mend it", "how do i fold", "how do I, er, open it"], 20, "4 of 24"),
        (["how do i wash it", "how do i mend it", "how do i fold"], 20, None),
        (["how do i wash it"] * 4, 120, None),
        (["how do i"] * 5, 0, None),
        (["请问这个怎么洗呢", "请问这个怎么折", "请问这个怎么开", "请问这个怎么装呀"], 0, "'请问这个怎么'"),
    ],
)
def test_many_examples_with_one_opening(openings: Sequence[str], others: int, sentence: str | None) -> None:
    texts = [*openings, *(f"something {at} else here" for at in range(others))]
    found = told(shared_openings([example(text, place=at) for at, text in enumerate(texts)]))
    assert len(found) == (0 if sentence is None else 1)
    assert sentence is None or sentence in found[0]


BOOK = ConceptBook(
    {
        "MIRROR": {"en": ["mirror*"], "de": ["spiegel*"]},
        "CRACK": {"en": ["crack*"], "de": ["sprung"]},
        "TODAY": {"en": ["today"], "de": ["heute"]},
        "HANDLE": {"en": ["handle*"], "de": ["griff*"]},
    }
)
MIRROR = "the mirror came today with a crack"
FILLER = [example(f"something {word} else", place=20 + at) for at, word in enumerate(("quite", "very", "so"))]


@pytest.mark.parametrize(
    ("other", "intent", "place", "twins"),
    [
        ("der Spiegel kam heute mit Sprung", "warranty", 1, True),
        ("der Spiegel kam heute mit Sprung", "warranty", 9, False),  # not at the same place
        ("der Spiegel kam heute mit Sprung", "complaint", 0, False),
        ("der Spiegel kam heute ohne Griff", "warranty", 0, False),
        ("heute: Spiegel, Sprung", "warranty", 0, False),  # too short to tell
        ("am Spiegel ist heute ein Sprung " + "und dies und das " * 5, "warranty", 0, False),
    ],
)
def test_an_example_that_another_language_has_at_the_same_place(
    other: str, intent: str, place: int, twins: bool
) -> None:
    rows = [example(MIRROR), example(other, intent, language="de", place=place), *FILLER]
    found = told(translated_twins(rows, BOOK))
    assert len(found) == twins
    assert not twins or f"says what {MIRROR!r} says at the same place in en/a.yml:5" in found[0]


def test_the_same_ideas_in_one_language_are_no_translation() -> None:
    rows = [example(MIRROR), example("a crack in the mirror already today", place=1), *FILLER]
    assert told(translated_twins(rows, BOOK)) == []


def form(concept: str, text: str, language: str = "en", line: int = 1) -> Form:
    return Form(concept, language, text, A, line)


FORMS = [
    form("THANKS", "thank*"),
    form("THANKS", "ta", line=2),
    form("PLEASE", "please", line=3),
    form("THANKS", "cheers", line=4),
]


def test_a_language_without_forms() -> None:
    forms = [*FORMS, form("PLEASE", "bitte", "de")]
    assert told(missing_languages(forms)) == ["en/a.yml:1: THANKS has no form in de; give it some."]


def said(*rows: tuple[str, str, int]) -> list[Example]:
    return [example(text, intent) for text, intent, times in rows for _ in range(times)]


@pytest.mark.parametrize(
    ("doubts", "rows", "sentences"),
    [
        (common_forms, said(("please", "warranty", 6), ("please", "thank", 5)), ["a.yml:3: 'please' (en)"]),
        (common_forms, said(("please", "warranty", 9), ("thanks", "thank", 9)), []),
        (common_forms, said(("please", "warranty", 1), ("please", "thank", 1), ("x", "thank", 99)), []),
        (
            misleading_forms,
            said(("ta caro", "price_discount", 9), ("thank you, cheers", "thank", 9), ("hm", "deny", 9)),
            ["a.yml:2: 'ta' (en) of THANKS is in 9 messages, most of price_discount"],
        ),
        (misleading_forms, said(("ta", "thank", 9), ("thanks", "thank", 9), ("hm", "deny", 9)), []),
        (misleading_forms, said(("ta caro", "price_discount", 3), ("thanks", "thank", 9)), []),
    ],
)
def test_forms_that_say_nothing_or_mislead(
    doubts: Callable[[Usage], Iterator[Fault]], rows: list[Example], sentences: list[str]
) -> None:
    found = told(doubts(Usage.of(FORMS, rows)))
    assert len(found) == len(sentences)
    assert all(sentence in row for row, sentence in zip(found, sentences, strict=True))


def test_doubts_are_told_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = copy_of_the_data(tmp_path, without=("nlu", "evaluation", "concepts"))
    (root / "data" / "concepts").mkdir()
    (root / "data" / "concepts" / "a.yml").write_text("A: {en: [x]}\nB: {en: [y], de: [z]}\n", "utf-8")
    main(["check", "--root", str(root)])
    assert "A has no form" not in capsys.readouterr().out
    main(["check", "--root", str(root), "--doubts"])
    lines = capsys.readouterr().out.splitlines()
    assert "data/concepts/a.yml:1: A has no form in de; give it some." in lines
    assert lines[-1] == "1 worth a look."


def test_doubts_about_our_own_data_are_found_in_fifteen_seconds() -> None:
    started = time.process_time()
    report = check(ROOT, doubts=True)
    assert time.process_time() - started < 15
    assert all(doubt.line > 0 and (ROOT / doubt.path).is_file() for doubt in report.doubts)
