"""Examples of one language that teach little: nearly the same text twice, many with one opening."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import Iterator, Sequence

from bot.checking.examples import Example
from bot.checking.fault import Fault
from bot.learning.overlap import ALIKE, pieces
from bot.learning.slices import count_words
from bot.nlu.concepts import words_of
from bot.nlu.text import WITHOUT_SPACES, fold

# Everybody types "yes" and "cancel order": two words are alike whatever we do.
_COMMON_WORDS = 2
_OPENING_WORDS = 3
_OPENING_CHARACTERS = 6
_FAMILY = 4
_FAMILY_SHARE = 0.04


def near_duplicates(examples: Sequence[Example]) -> Iterator[Fault]:
    """Each example that is nearly another one of its language, where it stands the second time."""
    for rows in _by_language(examples).values():
        rows = [row for row in rows if count_words(row.text) > _COMMON_WORDS]
        for at, first, share in _alike([row.text for row in rows]):
            row, other = rows[at], rows[first]
            what = f"nearly {other.text!r} in {other.where} ({share:.2f} alike)"
            if other.intent == row.intent:
                yield Fault(row.path, row.line, f"{row.text!r} is {what}; keep one, or say the other anew.")
            else:
                yield Fault(
                    row.path,
                    row.line,
                    f"{row.text!r} is an example of {row.intent} and {what}, of {other.intent}; "
                    "see which of them it is.",
                )


def _alike(texts: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """Each text that is as good as an earlier one: its place, the most alike one's, and how much alike.

    Two texts that share enough share one of their rarest pieces: only those are looked up.
    """
    all_pieces = [pieces(text) for text in texts]
    common = Counter(piece for found in all_pieces for piece in found)
    places: dict[str, list[int]] = defaultdict(list)
    for at, ours in enumerate(all_pieces):
        rarest = sorted(ours, key=lambda piece: (common[piece], piece))
        rarest = rarest[: len(ours) - math.ceil(ALIKE * len(ours)) + 1]
        best = (0.0, 0)
        for other in sorted({place for piece in rarest for place in places[piece]}):
            theirs = all_pieces[other]
            shared = len(ours & theirs)
            best = max(best, (shared / (len(ours) + len(theirs) - shared), -other))
        if best[0] > ALIKE:
            yield at, -best[1], best[0]
        for piece in rarest:
            places[piece].append(at)


def shared_openings(examples: Sequence[Example]) -> Iterator[Fault]:
    """Openings that many examples of an intent share: a family made by one pattern teaches the pattern."""
    families: dict[tuple[str, str, str], list[Example]] = defaultdict(list)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for row in examples:
        counts[(row.language, row.intent)] += 1
        opening = _opening(row.text)
        if opening:
            families[(row.language, row.intent, opening)].append(row)
    for (language, intent, opening), rows in families.items():
        total = counts[(language, intent)]
        if len(rows) >= max(_FAMILY, _FAMILY_SHARE * total):
            yield Fault(
                rows[0].path,
                rows[0].line,
                f"{len(rows)} of {total} examples of {intent} ({language}) open with {opening!r}, "
                f"the last in {rows[-1].where}; let some begin otherwise.",
            )


def _opening(text: str) -> str:
    """The first words of a text that goes on after them; characters where no spaces part words."""
    if WITHOUT_SPACES.search(text):
        dense = "".join(words_of(text))
        return dense[:_OPENING_CHARACTERS] if len(dense) > _OPENING_CHARACTERS else ""
    words = words_of(fold(text))
    return " ".join(words[:_OPENING_WORDS]) if len(words) > _OPENING_WORDS else ""


def _by_language(examples: Sequence[Example]) -> dict[str, list[Example]]:
    rows: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        rows[example.language].append(example)
    return rows
