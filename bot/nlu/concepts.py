"""Concepts: what customers talk about, finer than an intent and the same in every language."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterable, Mapping

import yaml

from bot.nlu.text import HAN, KANA, WITHOUT_SPACES, fold, simplified

# A word ends where its script does: "USB" is one in "USBで".
_LETTER = rf"[^\W_{HAN}{KANA}]"
_SPACED_WORD = re.compile(rf"{_LETTER}+(?:['’]{_LETTER}+)*")
_WORD = re.compile(rf"{_SPACED_WORD.pattern}|[{HAN}{KANA}]+")
_ARABIC = re.compile("[\u0600-\u06ff]")
# One-letter words that Arabic writes together with the next, and the article.
_ARABIC_PREFIXES = ("وال", "بال", "لل", "فال", "كال", "ال", "و", "ب", "ل", "ف", "ك")
_SHORTEST_STEM = 3

# Features read texts in which every digit is masked (`text.plain`), so forms are masked as well.
_DIGITS = str.maketrans("123456789", "000000000")

Forms = Mapping[str, Mapping[str, Iterable[str]]]
_Piece = tuple[str, bool]  # a word, and whether it is a prefix
_Entry = tuple[tuple[_Piece, ...], str]  # the words that must follow, and the concept


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


def key_of(form: str) -> str:
    """A form as it is matched: two with the same key are the same form; empty when nothing matches it."""
    folded = _masked(form)
    if WITHOUT_SPACES.search(folded):
        return _dense(folded)
    return " ".join(piece + "*" * starred for piece, starred in _pieces(folded))


def words_of(text: str) -> list[str]:
    """Folded words, parted where the script changes; a run of Chinese or Japanese is one."""
    return _WORD.findall(fold(text))


@dataclass
class ConceptBook:
    """Finds concepts in a text, by the forms of every language at once or of one."""

    forms: Forms
    # What one word or two, a beginning of a word, two characters without a space may stand for.
    _words: dict[str, list[_Entry]] = field(default_factory=lambda: defaultdict(list))
    _prefixes: dict[str, list[_Entry]] = field(default_factory=lambda: defaultdict(list))
    _parts: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for concept, languages in self.forms.items():
            for rows in languages.values():
                for form in rows:
                    self._add(concept, form)
        lengths = defaultdict(set)
        for prefix in self._prefixes:
            lengths[prefix[:2]].add(len(prefix))
        self._lengths = {start: sorted(found) for start, found in lengths.items()}

    def find(self, text: str) -> set[str]:
        """The concepts that a text speaks of."""
        folded = _masked(text)
        found: set[str] = set()
        if WITHOUT_SPACES.search(folded):
            dense = folded.replace(" ", "")
            # Both ways: what has no kana may be Chinese or Japanese.
            for spelt in {dense, simplified(dense)}:
                self._find_parts(spelt, found)
        words = _SPACED_WORD.findall(folded)
        for at, word in enumerate(words):
            following = f" {words[at + 1]}" if at + 1 < len(words) else ""
            for variant in _variants(word):
                if variant in self._words:
                    _take(self._words[variant], words, at, found)
                if following and variant + following in self._words:
                    _take(self._words[variant + following], words, at + 1, found)
                for length in self._lengths.get(variant[:2], ()):
                    entries = self._prefixes.get(variant[:length])
                    if entries:
                        _take(entries, words, at, found)
        return found

    def _add(self, concept: str, form: str) -> None:
        folded = _masked(form)
        if WITHOUT_SPACES.search(folded):
            dense = _dense(folded)
            for part in sorted({dense, simplified(dense)}):
                self._parts[part[:2]].append((part, concept))
            return
        pieces = _pieces(folded)
        if pieces:
            (first, starred), rest = pieces[0], pieces[1:]
            if rest and not starred and not rest[0][1]:
                first, rest = f"{first} {rest[0][0]}", rest[1:]
            (self._prefixes if starred else self._words)[first].append((rest, concept))

    def _find_parts(self, dense: str, found: set[str]) -> None:
        parts = self._parts
        for at in range(len(dense)):
            for start in (dense[at : at + 2], dense[at]):
                for part, concept in parts.get(start, ()):
                    if dense.startswith(part, at):
                        found.add(concept)


def _take(entries: list[_Entry], words: list[str], at: int, found: set[str]) -> None:
    for rest, concept in entries:
        if concept not in found and (not rest or _follows(rest, words, at + 1)):
            found.add(concept)


def _masked(text: str) -> str:
    return fold(text).translate(_DIGITS)


def _dense(folded: str) -> str:
    return folded.replace("*", "").replace(" ", "")


def _pieces(folded: str) -> tuple[_Piece, ...]:
    """The words of a form such as "don't* e-mail", each with whether it is a prefix."""
    pieces: list[_Piece] = []
    for chunk in folded.split():
        words = _SPACED_WORD.findall(chunk)
        pieces += [(word, chunk.endswith("*") and i == len(words) - 1) for i, word in enumerate(words)]
    return tuple(pieces)


def _variants(word: str) -> tuple[str, ...]:
    if not _ARABIC.match(word):
        return (word,)
    stems = [word[len(p) :] for p in _ARABIC_PREFIXES if word.startswith(p)]
    return (word, *(stem for stem in stems if len(stem) >= _SHORTEST_STEM))


def _follows(pieces: tuple[_Piece, ...], words: list[str], at: int) -> bool:
    if at + len(pieces) > len(words):
        return False
    return all(
        word.startswith(piece) if starred else word == piece
        for (piece, starred), word in zip(pieces, words[at:], strict=False)
    )
