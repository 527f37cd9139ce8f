"""Splits a text into words: spaCy's rules for each language, characters where there are no spaces."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.nlu.text import WITHOUT_SPACES

# spaCy's time grows with the square of what stands without a space: plain rules do for that.
_CHUNK = re.compile(r"\S{80}")
_SIMPLE = re.compile(r"\w+|[^\w\s]+")


@dataclass(frozen=True)
class Word:
    """A word and where it starts in the text, in code points."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


def split(text: str, language: str) -> list[Word]:
    """The words of a text; a Chinese or Japanese character is a word of its own."""
    words: list[Word] = []
    for word in _spacy_words(text, language):
        if WITHOUT_SPACES.search(word.text):
            words.extend(_characters(word))
        else:
            words.append(word)
    return words


def warm(languages: tuple[str, ...]) -> None:
    """Load the rules of these languages now, not with the first customer who writes in one."""
    for language in languages:
        _rules(language)("hello 12")


def _spacy_words(text: str, language: str) -> list[Word]:
    if _CHUNK.search(text):
        return [Word(found.group(), found.start()) for found in _SIMPLE.finditer(text)]
    return [Word(token.text, token.idx) for token in _rules(language)(text) if not token.is_space]


def _characters(word: Word) -> list[Word]:
    """Characters one by one, while letters and digits of other scripts stay together."""
    parts: list[Word] = []
    run = 0
    for at, char in enumerate(word.text):
        if not WITHOUT_SPACES.match(char):
            continue
        if at > run:
            parts.append(Word(word.text[run:at], word.start + run))
        parts.append(Word(char, word.start + at))
        run = at + 1
    if run < len(word.text):
        parts.append(Word(word.text[run:], word.start + run))
    return parts


@lru_cache(maxsize=32)
def _rules(language: str) -> Any:
    """The tokenizer of a language, or the one for any language.

    Chinese and Japanese need dictionaries in spaCy, French two seconds to load: the rules for
    any language do for them, since our own features read characters as well.
    """
    spacy = load_spacy()
    own = language if language in ("en", "de", "es", "it", "pt", "ru", "ar") else "xx"
    return spacy.blank(own).tokenizer


@lru_cache(maxsize=1)
def load_spacy() -> Any:
    """spaCy, imported without what it would import for thinc's sake: rules need no tensors."""
    absent = [name for name in ("tensorflow", "h5py") if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        import spacy
    finally:
        for name in absent:
            del sys.modules[name]
    return spacy
