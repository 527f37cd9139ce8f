"""Places in a text: folding that remembers where each letter was, and tables of forms found in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Iterable, Iterator, Mapping, Optional

import yaml

from bot.nlu.text import HAN, KANA, fold

_WORD = re.compile(f"[^\\W_{HAN}{KANA}]+")
_DENSE = re.compile(f"[{HAN}{KANA}]")
_ARABIC = re.compile("[\u0600-\u06ff]")
_ARABIC_PREFIXES = ("وال", "بال", "لل", "ال", "و", "ب", "ل", "ف", "ك")
_GERMAN_ENDINGS = ("", "e", "en", "er", "es", "em")


@dataclass(frozen=True)
class Span:
    """A thing found in a text; `start` and `end` are code points of the text as typed."""

    entity: str
    start: int
    end: int
    value: str


@dataclass(frozen=True)
class Folded:
    """A text, folded, with the place that each folded letter had."""

    raw: str

    @cached_property
    def _letters(self) -> tuple[str, list[int]]:
        pieces, origin = [], []
        for at, char in enumerate(self.raw):
            for folded in fold(char):
                pieces.append(folded)
                origin.append(at)
        return "".join(pieces), [*origin, len(self.raw)]

    @property
    def text(self) -> str:
        """The folded text."""
        return self._letters[0]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the folded text stands in the raw one."""
        origin = self._letters[1]
        return origin[start], origin[end - 1] + 1

    @cached_property
    def words(self) -> list[tuple[str, int, int]]:
        """Words with their places in the folded text; Chinese and Japanese have none."""
        return [(m.group(), m.start(), m.end()) for m in _WORD.finditer(self.text)]


@dataclass
class Claims:
    """Which letters of a text are taken already."""

    raw: str
    spans: list[Span] = field(default_factory=list)
    _taken: set[int] = field(default_factory=set)

    def free(self, start: int, end: int) -> bool:
        """Whether nobody has taken any of these letters."""
        return not any(at in self._taken for at in range(start, end))

    def take(self, entity: Optional[str], start: int, end: int, value: str = "") -> bool:
        """Take a place, if it is free; without an entity nobody else shall have it either."""
        if not self.free(start, end):
            return False
        self._taken.update(range(start, end))
        if entity is not None:
            self.spans.append(Span(entity, start, end, value))
        return True


class FormTable:
    """Finds forms of one word or of several, longest first; each stands for a value."""

    def __init__(self, forms: Iterable[tuple[str, str]]) -> None:
        self._phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._dense: dict[str, list[tuple[str, str]]] = {}
        for form, value in forms:
            for spelt in _spellings(form):
                self._add(spelt, value)
        for table in (self._phrases, self._dense):
            for rows in table.values():
                rows.sort(key=lambda row: -len(row[0]))

    def _add(self, form: str, value: str) -> None:
        folded = fold(form)
        if _DENSE.search(folded):
            self._dense.setdefault(folded[0], []).append((folded, value))
            return
        words = tuple(_WORD.findall(folded))
        if words:
            self._phrases.setdefault(words[0], []).append((words, value))

    def find(self, folded: Folded) -> Iterator[tuple[int, int, str]]:
        """Start, end (in the raw text) and value of each form, from left to right."""
        words, at = folded.words, 0
        while at < len(words):
            for stem, skipped in _stems(words[at][0]):
                found = self._phrase_at([stem, *(w[0] for w in words[at + 1 : at + 7])])
                if found:
                    last = at + len(found[0]) - 1
                    start, end = folded.place(words[at][1] + skipped, words[last][2])
                    yield start, end, found[1]
                    at = last
                    break
            at += 1
        if self._dense:
            yield from self._find_dense(folded)

    def _phrase_at(self, words: list[str]) -> Optional[tuple[tuple[str, ...], str]]:
        for phrase, value in self._phrases.get(words[0], ()):
            if tuple(words[: len(phrase)]) == phrase:
                return phrase, value
        return None

    def _find_dense(self, folded: Folded) -> Iterator[tuple[int, int, str]]:
        text, at = folded.text, 0
        while at < len(text):
            for form, value in self._dense.get(text[at], ()):
                if text.startswith(form, at):
                    yield (*folded.place(at, at + len(form)), value)
                    at += len(form) - 1
                    break
            at += 1


def read(folder: Path, name: str) -> Mapping[str, Any]:
    """A file of data/lookups; ValueError when it is no table."""
    path = folder / f"{name}.yml"
    data: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    if not isinstance(data, dict):
        raise ValueError(f"{path}: expected a table.")
    return data


def alternatives(words: Iterable[str]) -> str:
    """A pattern of folded words, longest first; a word of Latin letters ends where it ends."""
    folded = sorted({fold(str(word)) for word in words}, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word) + ("(?![a-z])" if word[-1:].isascii() else "") for word in folded)


def _stems(word: str) -> Iterator[tuple[str, int]]:
    yield word, 0
    if _ARABIC.match(word):
        for prefix in _ARABIC_PREFIXES:
            if word.startswith(prefix) and len(word) - len(prefix) >= 2:
                yield word[len(prefix) :], len(prefix)


def _spellings(form: str) -> tuple[str, ...]:
    """A German `blau~` in all its endings."""
    if not form.endswith("~"):
        return (form,)
    stem = form[:-1]
    shorter = stem[:-2] + stem[-1] if stem.endswith(("el", "er")) else stem
    return tuple(
        dict.fromkeys(
            [stem, *(shorter + e for e in _GERMAN_ENDINGS[1:]), *(stem + e for e in _GERMAN_ENDINGS)]
        )
    )
