"""Concepts: what customers talk about, finer than an intent and the same in every language."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterable, Mapping

import yaml

from bot.nlu.text import WITHOUT_SPACES, fold

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)
_ARABIC = re.compile("[\u0600-\u06ff]")
# One-letter words that Arabic writes together with the next, and the article.
_ARABIC_PREFIXES = ("وال", "بال", "لل", "فال", "كال", "ال", "و", "ب", "ل", "ف", "ك")
_SHORTEST_STEM = 3

Forms = Mapping[str, Mapping[str, Iterable[str]]]


def read_forms(folder: Path) -> dict[str, dict[str, list[str]]]:
    """Concept -> language -> forms, from a folder of data/concepts files.

    ValueError names the file that is no table of concepts.
    """
    forms: dict[str, dict[str, list[str]]] = {}
    for path in sorted(folder.glob("*.yml")):
        data: Any = yaml.load(
            path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        )
        if not isinstance(data, dict):
            raise ValueError(f"{path}: expected concepts, each with languages and their forms.")
        for concept, languages in data.items():
            if concept in forms:
                raise ValueError(f"{path}: the concept {concept} is in another file already.")
            if not isinstance(languages, dict):
                raise ValueError(f"{path}: the concept {concept} needs languages and their forms.")
            forms[str(concept)] = {str(lang): [str(f) for f in rows] for lang, rows in languages.items()}
    return forms


def words_of(text: str) -> list[str]:
    """Folded words as concepts are matched against."""
    return _WORD.findall(fold(text))


@dataclass
class ConceptBook:
    """Finds concepts in a text, by the forms of every language at once or of one."""

    forms: Forms
    _words: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _prefixes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _phrases: dict[str, list[tuple[tuple[tuple[str, bool], ...], str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _prefix_phrases: dict[str, list[tuple[tuple[tuple[str, bool], ...], str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _parts: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for concept, languages in self.forms.items():
            for rows in languages.values():
                for form in rows:
                    self._add(concept, form)
        self._longest = max((len(p) for p in self._prefixes), default=0)

    def find(self, text: str) -> set[str]:
        """The concepts that a text speaks of."""
        folded = fold(text)
        found = self._substrings(folded) if WITHOUT_SPACES.search(folded) else set()
        words = _WORD.findall(folded)
        for at, word in enumerate(words):
            for variant in _variants(word):
                found |= self._words.get(variant, _NONE)
                for size in range(2, min(len(variant), self._longest) + 1):
                    found |= self._prefixes.get(variant[:size], _NONE)
            self._phrases_at(words, at, found)
        return found

    def _add(self, concept: str, form: str) -> None:
        folded = fold(form).strip()
        if WITHOUT_SPACES.search(folded):
            part = folded.replace("*", "").replace(" ", "")
            self._parts[part[0]].append((part, concept))
            return
        pieces = tuple((piece, starred) for chunk in folded.split() for piece, starred in _pieces(chunk))
        if not pieces:
            return
        if len(pieces) > 1:
            table = self._prefix_phrases if pieces[0][1] else self._phrases
            table[pieces[0][0]].append((pieces, concept))
        elif pieces[0][1]:
            self._prefixes[pieces[0][0]].add(concept)
        else:
            self._words[pieces[0][0]].add(concept)

    def _substrings(self, text: str) -> set[str]:
        found = set()
        dense = text.replace(" ", "")
        for at, char in enumerate(dense):
            for part, concept in self._parts.get(char, ()):
                if dense.startswith(part, at):
                    found.add(concept)
        return found

    def _phrases_at(self, words: list[str], at: int, found: set[str]) -> None:
        for variant in _variants(words[at]):
            candidates = list(self._phrases.get(variant, ()))
            if self._prefix_phrases:
                for size in range(2, len(variant) + 1):
                    candidates += self._prefix_phrases.get(variant[:size], ())
            for pieces, concept in candidates:
                if concept not in found and _follows(pieces[1:], words, at + 1):
                    found.add(concept)


_NONE: set[str] = set()


def _pieces(chunk: str) -> list[tuple[str, bool]]:
    """The words of a chunk such as "don't*" or "e-mail", each with whether it is a prefix."""
    words = _WORD.findall(chunk)
    return [(word, chunk.endswith("*") and i == len(words) - 1) for i, word in enumerate(words)]


def _variants(word: str) -> tuple[str, ...]:
    if not _ARABIC.match(word):
        return (word,)
    stems = [word[len(p) :] for p in _ARABIC_PREFIXES if word.startswith(p)]
    return (word, *(stem for stem in stems if len(stem) >= _SHORTEST_STEM))


def _follows(pieces: tuple[tuple[str, bool], ...], words: list[str], at: int) -> bool:
    if at + len(pieces) > len(words):
        return False
    return all(
        word.startswith(piece) if starred else word == piece
        for (piece, starred), word in zip(pieces, words[at:], strict=False)
    )
