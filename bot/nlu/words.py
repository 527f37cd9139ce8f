"""Sets of words and short phrases, asked of the words beside a place in a text."""

from __future__ import annotations

import re
from typing import Any, Iterable, Sequence

from bot.nlu.patterns import flat
from bot.nlu.text import fold

_ARABIC = re.compile("[\u0620-\u064a]")
_ARABIC_PREFIXES = ("وال", "بال", "لل", "ال", "و", "ب", "ل", "ف")
_WORD = re.compile(r"[^\W_]+")


class Words:
    """Folded words and phrases of up to four words; a word with a `*` goes on as it likes."""

    def __init__(self, rows: Any) -> None:
        self._phrases: set[str] = set()
        stems: list[str] = []
        for word in flat(rows):
            folded = " ".join(_WORD.findall(fold(word)))
            (stems.append if word.endswith("*") else self._phrases.add)(folded)
        self._stems = tuple(stems)
        self._longest = max((phrase.count(" ") + 1 for phrase in self._phrases), default=1)

    def __contains__(self, word: str) -> bool:
        if word in self._phrases or word.startswith(self._stems or ("\0",)):
            return True
        return bool(_ARABIC.match(word)) and any(
            word[len(prefix) :] in self._phrases for prefix in _ARABIC_PREFIXES if word.startswith(prefix)
        )

    def names(self, word: str) -> bool:
        """Whether this very word is one of these."""
        return word in self._phrases

    def end(self, before: Sequence[str]) -> bool:
        """Whether the words before a place end in one of these."""
        return bool(before) and (
            before[-1] in self
            or any(" ".join(before[-n:]) in self._phrases for n in range(2, self._longest + 1))
        )

    def begin(self, after: Sequence[str]) -> bool:
        """Whether the words after a place begin with one of these."""
        return bool(after) and (
            after[0] in self or any(" ".join(after[:n]) in self._phrases for n in range(2, self._longest + 1))
        )


def phrases(rows: Iterable[tuple[str, str]]) -> dict[tuple[str, ...], str]:
    """Folded words of each phrase, and what it stands for."""
    return {tuple(_WORD.findall(fold(phrase))): value for phrase, value in rows}
