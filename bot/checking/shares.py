"""What kinds of examples a language has: plain, ordinary, without the obvious word."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Iterator

from bot.checking.examples import Seen, check_examples
from bot.learning.slices import ORDINARY, PLAIN, WITHOUT, Keywords


def shares(data: Path) -> Iterator[tuple[str, int, dict[str, float]]]:
    """Language, number of examples that a shop answers, and the share of each kind.

    OSError or ValueError when data/nlu/keywords.yml is not as it should be.
    """
    keywords = Keywords.load(data / "nlu" / "keywords.yml")
    seen = Seen()
    for _ in check_examples(data, intents=(), entities=(), seen=seen):
        pass
    kinds: dict[str, Counter[str]] = {}
    for (language, text), (intent, _, _) in seen.texts.items():
        if intent in keywords.forms:
            counter = kinds.setdefault(language, Counter())
            counter[keywords.slices_of(text, intent=intent, language=language)[0]] += 1
    for language, counter in sorted(kinds.items()):
        total = counter.total()
        yield language, total, {kind: counter[kind] / total for kind in (PLAIN, ORDINARY, WITHOUT)}
