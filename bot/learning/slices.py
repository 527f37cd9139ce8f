"""Kinds of messages: plain, ordinary, without the obvious word; and how long they are."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterable, Mapping

from bot.nlu.concepts import ConceptBook, words_of
from bot.nlu.text import HAN, KANA, fold
from bot.yamls import load_yaml

PLAIN, ORDINARY, WITHOUT = "plain", "ordinary", "without the keyword"
SHORT = "one to three words"
MOST_OF_PLAIN = 6
MOST_OF_SHORT = 3
# A word is about two Chinese characters or three kana.
_HAN, _KANA = re.compile(f"[{HAN}]"), re.compile(f"[{KANA}]")
_DENSE = re.compile(f"[{HAN}{KANA}]+")  # Latin words may stand among them without a space
_WORD = re.compile(r"[^\W_]+(?:['’.,:/@-][^\W_]+)*")
# Shorter words are too much alike to forgive a slip.
_LEAST_FOR_SLIPS = 5


def count_words(text: str) -> int:
    """How many words a text has, about; where no spaces part them, by its characters."""
    han, kana = len(_HAN.findall(text)), len(_KANA.findall(text))
    rest = _KANA.sub(" ", _HAN.sub(" ", text))
    return math.ceil(han / 2 + kana / 3) + len(_WORD.findall(rest))


@dataclass
class Keywords:
    """The obvious words of each intent by language: `forms[intent][language]`, written as concepts are."""

    forms: Mapping[str, Mapping[str, Iterable[str]]]
    _books: dict[str, ConceptBook] = field(default_factory=dict)
    _singles: dict[tuple[str, str], list[tuple[str, bool]]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Keywords:
        """Read data/nlu/keywords.yml; ValueError when it is no such table."""
        data: Any = load_yaml(path.read_text(encoding="utf-8"))
        if not isinstance(data, Mapping) or not all(isinstance(row, Mapping) for row in data.values()):
            raise ValueError(f"{path}: expected intents, each with languages and their words.")
        return cls(
            {
                str(intent): {str(lang): [str(form) for form in forms] for lang, forms in row.items()}
                for intent, row in data.items()
            }
        )

    def has(self, text: str, *, intent: str, language: str) -> bool:
        """Whether a text says an obvious word of its intent, a slip of the fingers forgiven."""
        text = _DENSE.sub(r" \g<0> ", text)
        if intent in self._book(language).find(text):
            return True
        singles = self._single_words(intent, language)
        return any(
            is_slip(word, form, starred=starred)
            for word in words_of(text)
            if len(word) >= _LEAST_FOR_SLIPS
            for form, starred in singles
        )

    def slices_of(self, text: str, *, intent: str, language: str) -> tuple[str, ...]:
        """The slices that a message belongs to.

        An intent without keywords, such as out_of_scope, goes by length alone.
        """
        words = count_words(text)
        kind = PLAIN if words <= MOST_OF_PLAIN else ORDINARY
        if self.forms.get(intent, {}).get(language) and not self.has(text, intent=intent, language=language):
            kind = WITHOUT
        return (kind, SHORT) if words <= MOST_OF_SHORT else (kind,)

    def _book(self, language: str) -> ConceptBook:
        if language not in self._books:
            self._books[language] = ConceptBook(
                {intent: {language: row.get(language, ())} for intent, row in self.forms.items()}
            )
        return self._books[language]

    def _single_words(self, intent: str, language: str) -> list[tuple[str, bool]]:
        key = (intent, language)
        if key not in self._singles:
            forms = self.forms.get(intent, {}).get(language, ())
            self._singles[key] = [
                (fold(form).strip("* "), form.rstrip().endswith("*"))
                for form in forms
                if " " not in form.strip() and len(form.strip("* ")) >= _LEAST_FOR_SLIPS
            ]
        return self._singles[key]


def is_slip(word: str, form: str, *, starred: bool) -> bool:
    """Whether a word is a form with one letter too many, missing, other or swapped; the first letter holds.

    A starred form may be followed by anything.
    """
    if word[0] != form[0] or len(word) < len(form) - 1:
        return False
    if not starred:
        return len(word) <= len(form) + 1 and _distance(word, form) <= 1
    return any(_distance(word[: len(form) + more], form) <= 1 for more in (-1, 0, 1))


def _distance(a: str, b: str) -> int:
    """Letters to insert, drop, replace or swap with their neighbour."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                least = min(least, older[j - 2] + 1)
            row.append(least)
    return row[-1]
