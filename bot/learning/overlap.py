"""Texts that are as good as the same, found quickly among many: pieces of five characters in common."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import Iterator, Sequence

from bot.nlu.text import fold

ALIKE = 0.6
_PIECE = 5
_BETWEEN = re.compile(r"[\W_]+")


def pieces(text: str) -> frozenset[str]:
    """The runs of five characters of a text, folded, without marks and emoji; a shorter one is one piece."""
    folded = fold(text)
    bare = f" {_BETWEEN.sub(' ', folded).strip() or folded} "
    return frozenset(bare[at : at + _PIECE] for at in range(max(1, len(bare) - _PIECE + 1)))


def likeness(a: str, b: str) -> float:
    """Shared pieces among all pieces of two texts, from 0 to 1."""
    ours, theirs = pieces(a), pieces(b)
    return len(ours & theirs) / len(ours | theirs)


@dataclass(frozen=True)
class Alike:
    """The place of a text among those that were looked through, and how much alike it is."""

    at: int
    share: float


class Lookup:
    """Finds the texts of a list that are nearly the same as another text."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._sizes: list[int] = []
        self._places: dict[str, list[int]] = defaultdict(list)
        for at, text in enumerate(texts):
            found = pieces(text)
            self._sizes.append(len(found))
            for piece in found:
                self._places[piece].append(at)

    def find(self, text: str) -> Iterator[Alike]:
        """The texts that share over six of ten pieces with this one, in the order of the list."""
        ours = pieces(text)
        known = [self._places[piece] for piece in ours if piece in self._places]
        if len(known) <= ALIKE * len(ours):  # cannot share enough with any one text
            return
        shared = Counter(chain.from_iterable(known))
        for at in sorted(shared):
            share = shared[at] / (len(ours) + self._sizes[at] - shared[at])
            if share > ALIKE:
                yield Alike(at, share)
