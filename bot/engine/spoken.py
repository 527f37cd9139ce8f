"""Questions that were asked and the things that messages name, as small values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Mapping, Optional, Sequence

TOPICS = "topics"
# A size without a word beside it: 38, 7.5, M, XL.
LABEL = re.compile(r"(?<![\w.,#'’-])(?:\d{2,3}(?:[.,]5)?|\d[.,]5|(?:\d?X{1,3})?[SL]|M)(?![\w'’-]|[.,]\d)")
# "And 9?" is a size in a few words, in a sentence it is anything.
SHORT_LABEL = re.compile(rf"(?<![\w.,#'’-])\d(?![\w.,'’-]\w)(?!\w)|{LABEL.pattern}")
SHORT = 12
_SIZES = ("size", "label")


@dataclass(frozen=True)
class Piece:
    """A new thing that a message names, and the letters that name it."""

    entity: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Topic:
    """A question that was asked: its intent, its words with all that was added since, its age in messages.

    `spans` are the things in its words (kind, start, end); `handed` says that a person is to answer it.
    """

    intent: str
    confidence: float
    text: str
    spans: tuple[tuple[str, int, int], ...] = ()
    age: int = 0
    handed: bool = False

    def said(self, kind: str) -> tuple[str, ...]:
        """The words for things of this kind."""
        return tuple(self.text[start:end] for name, start, end in self.spans if name == kind)

    def kind_of(self, piece: Piece) -> str:
        """The kind that a new thing takes the place of: a label is a size."""
        if piece.entity not in _SIZES:
            return piece.entity
        return next((kind for kind in (piece.entity, *_SIZES) if self.said(kind)), piece.entity)


def topics_of(memory: Mapping[str, Any]) -> list[Topic]:
    """The questions that are remembered, latest first."""
    return [
        Topic(**{**row, "spans": tuple((str(n), int(a), int(b)) for n, a, b in row["spans"])})
        for row in memory.get(TOPICS) or ()
    ]


def pieces_of(text: str, parsed: Mapping[str, Any], *, labels: re.Pattern[str] = LABEL) -> list[Piece]:
    """The things that a text names, from left to right; bare sizes too ("label")."""
    pieces = [
        Piece(str(e["entity"]), int(e["start"]), int(e["end"]), text[e["start"] : e["end"]])
        for e in parsed.get("entities") or ()
        if e["end"] > e["start"]
    ]
    taken = {at for piece in pieces for at in range(piece.start, piece.end)}
    pieces += [
        Piece("label", found.start(), found.end(), found.group())
        for found in labels.finditer(text)
        if not taken.intersection(range(*found.span()))
    ]
    return sorted(pieces, key=lambda piece: piece.start)


def letters_of_size(text: str) -> Optional[str]:
    """The last size of letters that stands in a text without a word beside it."""
    return next((label for label in reversed(LABEL.findall(text)) if label.isalpha()), None)


def blanked(text: str, places: Sequence[tuple[int, int]]) -> str:
    """A text with spaces where something stands that is not meant; all else keeps its place."""
    for start, end in places:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text


def without(text: str, pieces: Sequence[Piece]) -> str:
    """A text with a gap where it names something."""
    for piece in sorted(pieces, key=lambda p: p.start, reverse=True):
        text = f"{text[: piece.start]} {text[piece.end :]}"
    return text
