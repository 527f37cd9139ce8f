"""Says an answer in every language with the real words, and checks it as the turn does."""

from __future__ import annotations

from datetime import datetime, timezone
from functools import lru_cache
from typing import Any, Iterator, Mapping

from bot.answer import Answer, Fact
from bot.guard import Guard
from bot.phrasebook import Phrasebook, Rendered
from bot.settings import ROOT

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=timezone.utc)
ZONE = "Europe/Berlin"


@lru_cache(maxsize=1)
def phrasebook() -> Phrasebook:
    return Phrasebook.load(ROOT / "data" / "replies")


@lru_cache(maxsize=1)
def guard() -> Guard:
    return Guard.load(ROOT / "data" / "guard", words=phrasebook().words)


def say_everywhere(answer: Answer, *, now: datetime = NOW) -> Mapping[str, Rendered]:
    """The answer in each language; fails when the guard would withhold any of its words."""
    if answer.handoff is not None:
        answer = answer.with_facts(Fact("due_at", now, "instant", "desk"))
    said = {}
    for language in phrasebook().languages:
        rendered = phrasebook().render(answer, language=language, timezone=ZONE, now=now)
        for text, facts in texts_of(answer, rendered):
            verdict = guard().check(text, facts=facts, language=language, timezone=ZONE)
            assert verdict.ok, (language, answer.key, text, verdict.findings)
        said[language] = rendered
    return said


def texts_of(answer: Answer, rendered: Rendered) -> Iterator[tuple[str, tuple[Fact, ...]]]:
    yield rendered.text, answer.facts
    for text in _strings(rendered.card):
        yield text, answer.facts
    for choice, label in zip(answer.choices, rendered.choices, strict=True):
        yield label["label"], answer.facts + choice.facts


def _strings(tree: Any) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, Mapping):
        for value in tree.values():
            yield from _strings(value)
    elif isinstance(tree, (list, tuple)):
        for value in tree:
            yield from _strings(value)
