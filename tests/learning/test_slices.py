"""Slices: the obvious word, a slip forgiven, and how many words a text has."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.learning.evaluation import known_places, read_training
from bot.learning.messages import read_messages
from bot.learning.overlap import ALIKE, Lookup, likeness
from bot.learning.slices import ORDINARY, PLAIN, SHORT, WITHOUT, Keywords, count_words, is_slip
from bot.nlu.understanding import OUT_OF_SCOPE
from bot.settings import ROOT

LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "ja", "pt", "ru", "zh")
KEYWORDS = Keywords(
    {
        "order_cancel": {"en": ["cancel*", "call off"], "zh": ["取消"], "ar": ["إلغاء"]},
        "safety_certificate": {"zh": ["CE"]},
    }
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("where is my order", 4),
        ("e-mail: jo.smith@example.com!", 2),
        ("don't 👍", 1),
        ("", 0),
        ("取消订单", 2),
        ("有CE吗", 2),
        ("キャンセル", 2),
        ("注文をキャンセルしたいです", 5),
    ],
)
def test_words_are_counted_about(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("text", "intent", "language", "expected"),
    [
        ("cancel it", "order_cancel", "en", (PLAIN, SHORT)),
        ("Cancelled?? why", "order_cancel", "en", (PLAIN, SHORT)),
        ("i want to cancle my order", "order_cancel", "en", (PLAIN,)),
        ("pls call off the whole thing", "order_cancel", "en", (PLAIN,)),
        ("I was wondering whether I could still cancel this", "order_cancel", "en", (ORDINARY,)),
        ("stop it", "order_cancel", "en", (WITHOUT, SHORT)),
        ("can you stop the candle", "order_cancel", "en", (WITHOUT,)),
        ("订单取消", "order_cancel", "zh", (PLAIN, SHORT)),
        ("不要了", "order_cancel", "zh", (WITHOUT, SHORT)),
        ("有CE吗", "safety_certificate", "zh", (PLAIN, SHORT)),
        ("أريد الإلغاء", "order_cancel", "ar", (PLAIN, SHORT)),
        ("weather tomorrow", OUT_OF_SCOPE, "en", (PLAIN, SHORT)),
        ("what will the weather be like tomorrow", OUT_OF_SCOPE, "en", (ORDINARY,)),
    ],
)
def test_slices(text: str, intent: str, language: str, expected: tuple[str, ...]) -> None:
    assert KEYWORDS.slices_of(text, intent=intent, language=language) == expected


@pytest.mark.parametrize(
    ("word", "form", "starred", "expected"),
    [
        ("cancle", "cancel", False, True),
        ("cancl", "cancel", False, True),
        ("canccel", "cancel", False, True),
        ("dancel", "cancel", False, False),
        ("candle", "cancel", False, False),
        ("cancellation", "cancel", False, False),
        ("cancelation", "cancell", True, True),
        ("can", "cancel", True, False),
    ],
)
def test_a_slip_is_one_letter(word: str, form: str, starred: bool, expected: bool) -> None:
    assert is_slip(word, form, starred=starred) is expected


def test_every_intent_has_keywords_in_every_language() -> None:
    keywords = Keywords.load(ROOT / "data" / "nlu" / "keywords.yml")
    held = {m.intent for m in read_messages(ROOT / "data" / "evaluation", LANGUAGES) if m.intent}
    assert set(keywords.forms) == held - {OUT_OF_SCOPE}
    for intent, row in keywords.forms.items():
        assert set(row) == set(LANGUAGES), intent


@pytest.mark.parametrize("language", LANGUAGES)
def test_held_out_messages_are_in_the_shares_that_customers_write(language: str) -> None:
    keywords = Keywords.load(ROOT / "data" / "nlu" / "keywords.yml")
    kinds = Counter(
        keywords.slices_of(m.text, intent=m.intent, language=language)[0]
        for m in read_messages(ROOT / "data" / "evaluation", [language])
        if m.intent and m.in_scope
    )
    total = sum(kinds.values())
    assert total > 250
    assert kinds[PLAIN] / total > 0.35
    assert 0.1 < kinds[ORDINARY] / total < 0.35
    assert 0.2 < kinds[WITHOUT] / total < 0.45


# -- what stands in training too -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        ("where is my order", "Where is my order?? 😡", True),
        ("stopped working after 2 months", "it stopped working after 2 months", True),
        ("请问我的包裹到底在哪", "请问我的包裹到底在哪里", True),
        ("cancel my order", "cancel my newsletter", False),
        ("yes", "yes please", False),
        ("👍", "🙏", False),
    ],
)
def test_near_duplicates(a: str, b: str, alike: bool) -> None:
    assert (likeness(a, b) > ALIKE) is alike
    assert [found.at for found in Lookup(["something else", a]).find(b)] == ([1] if alike else [])


def test_a_message_that_training_knows_judges_nothing() -> None:
    messages = read_messages(ROOT / "data" / "evaluation", ["de"])
    planted = [messages[17].text.upper() + "!", "etwas ganz anderes, das niemand je gefragt hat"]
    assert known_places(messages, planted) >= {17}
    assert known_places(messages, planted[1:]) == frozenset()


def test_training_is_read_from_every_language(tmp_path: Path) -> None:
    for language in ("de", "en"):
        (tmp_path / language).mkdir()
        (tmp_path / language / "a.yml").write_text(
            "nlu:\n  - intent: greet\n    examples: |\n      - hi there\n\n      - good day\n",
            encoding="utf-8",
        )
    (tmp_path / "keywords.yml").write_text("greet: {en: [hi]}\n", encoding="utf-8")
    assert read_training(tmp_path) == ["hi there", "good day"] * 2
