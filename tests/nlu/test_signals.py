"""Feelings and urgency, by messages as customers write them, in every language."""

from __future__ import annotations

from pathlib import Path
from typing import Iterable

import pytest

from bot.nlu.signals import Signals
from bot.settings import ROOT
from bot.yamls import load_yaml

LOOKUPS = ROOT / "data" / "lookups"
MESSAGES = Path(__file__).parent / "signals"
LANGUAGES = tuple(sorted(path.stem for path in MESSAGES.glob("*.yml")))
# The harmonic mean of how many marked messages are found and how many found ones are marked.
LEAST = {"emotion": 0.95, "urgency": 0.95}


@pytest.fixture(scope="module")
def signals() -> Signals:
    return Signals.load(LOOKUPS)


def rows_of(language: str) -> list[dict[str, str]]:
    """Messages with all that is said of them; what is calm and normal is not written down."""
    rows = load_yaml((MESSAGES / f"{language}.yml").read_text(encoding="utf-8"))["messages"]
    return [{"emotion": "calm", "urgency": "normal", "intent": "", **row} for row in rows]


def forms_of(rows: Iterable[str]) -> set[str]:
    return {form.strip() for row in rows for form in row.split("|")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("signal", "quiet"), [("emotion", "calm"), ("urgency", "normal")])
def test_messages_are_read_as_they_were_meant(
    signals: Signals, language: str, signal: str, quiet: str
) -> None:
    expected, found, right, wrong = 0, 0, 0, []
    for row in rows_of(language):
        emotion, urgency = signals.read(row["text"], language=language, concepts=(), intent=row["intent"])
        ours = {"emotion": emotion, "urgency": urgency}[signal]
        expected += row[signal] != quiet
        found += ours != quiet
        right += ours == row[signal] != quiet
        if ours != row[signal]:
            wrong.append(f"{row['text']}: {row[signal]}, not {ours}")
    assert 2 * right / (expected + found) >= LEAST[signal], "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_harms_is_urgent_in_every_language(signals: Signals, language: str) -> None:
    read = signals.read("…", language=language, concepts=(), intent="safety_incident")
    assert read == ("calm", "high")


@pytest.mark.parametrize(
    ("language", "text", "intent", "emotion", "urgency"),
    [
        ("en", "where is my order", "shipping_status", "calm", "normal"),
        ("en", "WHERE IS MY ORDER???", "shipping_status", "angry", "normal"),
        ("en", "HELLO THERE EVERYBODY", "greet", "calm", "normal"),
        ("en", "this is ridiculous", "shipping_status", "angry", "normal"),
        ("en", "I am not best pleased", "shipping_status", "angry", "normal"),
        ("en", "I'm not angry, only asking", "shipping_status", "calm", "normal"),
        ("en", "I have never been so disappointed", "", "angry", "normal"),
        ("en", "I was not worried, but angry", "", "angry", "normal"),
        ("en", "need it by Friday", "delivery_time", "calm", "high"),
        ("en", "I need the invoice of what I bought on Friday", "invoice_request", "calm", "normal"),
        ("en", "not urgent", "", "calm", "low"),
        ("de", "ich mache mir Sorgen", "shipping_status", "worried", "normal"),
        ("de", "keine Eile, nur eine Frage", "size_question", "calm", "low"),
        ("fr", "c'est urgent", "shipping_status", "calm", "high"),
        ("fr", "ce n’est pas urgent", "shipping_status", "calm", "low"),
        ("zh", "不急", "shipping_status", "calm", "low"),
        ("zh", "我很擔心", "shipping_status", "worried", "normal"),
        ("ja", "急いでいません", "shipping_status", "calm", "low"),
        ("ar", "وقلقانة على الطلب", "shipping_status", "worried", "normal"),
        ("nl", "scammers, ik wil mijn geld", "refund_status", "angry", "normal"),
    ],
)
def test_one_message(
    signals: Signals, language: str, text: str, intent: str, emotion: str, urgency: str
) -> None:
    assert signals.read(text, language=language, concepts=(), intent=intent) == (emotion, urgency)


@pytest.mark.parametrize("path", sorted((LOOKUPS / "signals").glob("*.yml")), ids=lambda p: p.stem)
def test_no_form_says_two_things(path: Path) -> None:
    data = load_yaml(path.read_text(encoding="utf-8"))
    scales = {
        scale: forms_of(row for rows in groups.values() for row in rows)
        for scale, groups in data["cues"].items()
    }
    quiet = forms_of(data.get("quiet", ()))
    assert "" not in quiet.union(*scales.values())
    assert scales["angry"] & scales.get("worried", set()) == set()
    assert scales["high"] & scales.get("low", set()) == set()
    assert quiet & set().union(*scales.values()) == set()
