"""Places in a text: folding that remembers where each letter was, and tables of forms found in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Iterable, Iterator, Mapping, NamedTuple, Optional

import yaml

from bot.nlu.text import HAN, KANA, fold
from bot.nlu.tokens import load_spacy

_WORD = re.compile(f"[^\\W_{HAN}{KANA}]+")
# A katakana word stands for itself, other characters of Chinese and Japanese one by one.
_TOKEN = re.compile(
    f"[\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff]+|[{HAN}\u3005\u3041-\u309f]|[^\\W_{HAN}{KANA}]+"
)
# Between the words of one form: no comma, no end of a sentence.
_BREAK = re.compile(r"[,;!?()，、。；！？؟،]")
_ARABIC = re.compile("[\u0600-\u06ff]")
_ARABIC_PREFIXES = "وفبلك"
_ARTICLE, _FOR, _WITH = "ال", "ل", "ب"
_ALIKE = str.maketrans("ةىیک", "هييك")
_DIGITS = {first + n: str(n) for first in (0x660, 0x6F0) for n in range(10)}
_GERMAN_ENDINGS = ("", "e", "en", "er", "es", "em")
# What stands for every word that is part of no form: texts of customers shall not fill the vocabulary.
_OTHER = "_"


@dataclass(frozen=True)
class Span:
    """A thing found in a text; `start` and `end` are code points of the text as typed."""

    entity: str
    start: int
    end: int
    value: str


class Token(NamedTuple):
    """A word, or part of one, with its place in the folded text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Folded:
    """A text, folded, with the place that each folded letter had."""

    raw: str

    @cached_property
    def _letters(self) -> tuple[str, list[int]]:
        if self.raw.isascii():
            return self.raw.casefold(), list(range(len(self.raw) + 1))
        pieces, origin = [], []
        for at, char in enumerate(self.raw):
            for folded in fold(char).translate(_DIGITS):
                pieces.append(folded)
                origin.append(at)
        return "".join(pieces), [*origin, len(self.raw)]

    @property
    def text(self) -> str:
        """The folded text, its digits as in "0123456789"."""
        return self._letters[0]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the folded text stands in the raw one."""
        origin = self._letters[1]
        return origin[start], origin[end - 1] + 1

    @cached_property
    def words(self) -> list[tuple[str, int, int]]:
        """Words with their places in the folded text; Chinese and Japanese have none."""
        return [(m.group(), m.start(), m.end()) for m in _WORD.finditer(self.text)]

    @cached_property
    def tokens(self) -> list[Token]:
        """What forms are made of: words, single characters, Arabic words without their prefixes."""
        return list(_tokens(self.text))

    @cached_property
    def doc(self) -> Any:
        """The tokens as spaCy's matchers read them."""
        return _doc(self.tokens)


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


class Found(NamedTuple):
    """A form in a text: its first token, the one after its last, and what it stands for."""

    first: int
    last: int
    value: str


class FormTable:
    """Finds forms of one word or of several, longest first; each stands for a value.

    Of two values for one form the first counts. `blau~` is a German adjective in all its endings.
    """

    def __init__(self, forms: Iterable[tuple[str, str]]) -> None:
        vocab = _vocab()
        phrases: dict[tuple[str, ...], tuple[str, int]] = {}
        for form, value in forms:
            for spelt in _spellings(form):
                for phrase, skipped in _phrases(spelt):
                    phrases.setdefault(phrase, (value, skipped))
        keys: dict[tuple[str, int], list[Any]] = {}
        for phrase, stands_for in phrases.items():
            # As the matcher keeps them: making a Doc of each would take three times as long.
            keys.setdefault(stands_for, []).append([vocab.strings.add(word) for word in phrase])
        self._matcher = _matcher_class()(vocab)
        self._values: dict[int, tuple[str, int]] = {}
        for (value, skipped), hashes in keys.items():
            key = f"{skipped}:{value}"
            self._matcher.add(key, hashes)
            self._values[vocab.strings[key]] = value, skipped

    def matches(self, folded: Folded) -> Iterator[Found]:
        """The forms of a text, as tokens, from left to right."""
        end = 0
        found = [(first, last, key) for key, first, last in self._matcher(folded.doc)]
        for first, last, key in sorted(found, key=lambda each: (each[0], -each[1])):
            if first < end or (last - first > 1 and _is_broken(folded, first, last)):
                continue
            value, skipped = self._values[key]
            yield Found(first + skipped, last, value)
            end = last

    def find(self, folded: Folded) -> Iterator[tuple[int, int, str]]:
        """Start, end (in the raw text) and value of each form, from left to right."""
        tokens = folded.tokens
        for first, last, value in self.matches(folded):
            yield (*folded.place(tokens[first].start, tokens[last - 1].end), value)


def read(folder: Path, name: str) -> Mapping[str, Any]:
    """A file of data/lookups; ValueError when it is no table."""
    path = folder / f"{name}.yml"
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> Mapping[str, Any]:
    """A file as it was when it was last changed: several of us read the same one."""
    data: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    if not isinstance(data, dict):
        raise ValueError(f"{path}: expected a table.")
    return data


def alternatives(words: Iterable[str]) -> str:
    """A pattern of folded words, longest first; a word of Latin letters ends where it ends."""
    folded = sorted({fold(str(word)) for word in words}, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word) + ("(?![a-z])" if word[-1:].isascii() else "") for word in folded)


@lru_cache(maxsize=1)
def _vocab() -> Any:
    """A vocabulary of our own: it knows the words of forms and no others."""
    return load_spacy().blank("xx").vocab


@lru_cache(maxsize=1)
def _doc_class() -> Any:
    load_spacy()
    from spacy.tokens import Doc

    return Doc


@lru_cache(maxsize=1)
def _matcher_class() -> Any:
    load_spacy()
    from spacy.matcher import PhraseMatcher

    return PhraseMatcher


def _doc(tokens: list[Token]) -> Any:
    known = _vocab().strings
    return _doc_class()(_vocab(), words=[t.text if t.text in known else _OTHER for t in tokens])


def _tokens(folded: str) -> Iterator[Token]:
    for found in _TOKEN.finditer(folded):
        word, start, end = found.group(), found.start(), found.end()
        if not _ARABIC.match(word):
            yield Token(word, start, end)
            continue
        for piece in _pieces(word.translate(_ALIKE)):
            yield Token(piece, start, start + len(piece))
            start += len(piece)


def _pieces(word: str) -> Iterator[str]:
    """An Arabic word, cut after each letter that can be a prefix.

    Forms are cut alike, so that one is found behind any prefix and no list of prefixed forms is needed.
    """
    while True:
        size = 2 if word.startswith(_ARTICLE) else 1 if word[0] in _ARABIC_PREFIXES else 0
        if not size or len(word) - size < 2:
            yield word
            return
        yield word[:size]
        word = word[size:]


def _phrases(form: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """A form as tokens, and how many of them stand before what is meant.

    An Arabic article belongs to the word, unless a preposition has merged with it: للسعودية, بالأسود.
    """
    phrase = tuple(token.text for token in _tokens(fold(form).translate(_DIGITS)))
    if not phrase:
        return
    yield phrase, 0
    if not _ARABIC.match(phrase[0]):
        return
    if phrase[0] == _ARTICLE:
        yield (_FOR, _FOR, *phrase[1:]), 2
    else:
        yield (_ARTICLE, *phrase), 0
        yield (_WITH, _ARTICLE, *phrase), 2


def _is_broken(folded: Folded, first: int, last: int) -> bool:
    tokens = folded.tokens
    return bool(_BREAK.search(folded.text, tokens[first].start, tokens[last - 1].end))


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
