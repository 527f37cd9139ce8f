"""Examples that one language seems to have from another: the same ideas and numbers at the same place.

Translations stand in the same order in files of the same name. What an example speaks of is read by
concepts, which every language shares; the rarer an idea, the more it says.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Iterator, Mapping, Sequence

from bot.checking.examples import Example
from bot.checking.fault import Fault
from bot.learning.slices import count_words
from bot.nlu.concepts import ConceptBook

_ALIKE = 0.75
_LEAST_SHARED = 3
_LEAST_WORDS = 4
_LONGER = 2  # times as many words, at most
_NEAR = 2  # places apart, at most
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class _Idea:
    """An example, what it speaks of with weights, and how long it is."""

    example: Example
    weights: Mapping[str, float]
    length: float
    words: int


def translated_twins(examples: Sequence[Example], book: ConceptBook) -> Iterator[Fault]:
    """Each example that seems to be another language's, where it stands the second time."""
    blocks: dict[tuple[str, str], list[_Idea]] = defaultdict(list)
    for idea in _ideas(examples, book):
        blocks[(idea.example.path.name, idea.example.intent)].append(idea)
    for ideas in blocks.values():
        ideas.sort(key=lambda idea: idea.example.place)
        yield from _in_block(ideas)


def _ideas(examples: Sequence[Example], book: ConceptBook) -> Iterator[_Idea]:
    found = [book.find(row.text) | {f"#{number}" for number in _NUMBER.findall(row.text)} for row in examples]
    seen = Counter(name for names in found for name in names)
    for row, names in zip(examples, found, strict=True):
        words = count_words(row.text) if len(names) >= _LEAST_SHARED else 0
        if words >= _LEAST_WORDS:
            weights = {name: math.log(len(examples) / seen[name]) for name in names}
            length = math.sqrt(sum(weight**2 for weight in weights.values()))
            if length:
                yield _Idea(row, weights, length, words)


def _in_block(ideas: Sequence[_Idea]) -> Iterator[Fault]:
    """Twins among the examples of one intent in files of one name, which are sorted by place."""
    told: set[int] = set()
    for at, one in enumerate(ideas):
        for later, other in enumerate(ideas[at + 1 :], at + 1):
            if other.example.place - one.example.place > _NEAR:
                break
            if later not in told and _are_twins(one, other):
                told.add(later)
                first, second = one.example, other.example
                yield Fault(
                    second.path,
                    second.line,
                    f"{second.text!r} says what {first.text!r} says at the same place in {first.where}; "
                    "if it is a translation, write what a native would ask instead.",
                )


def _are_twins(one: _Idea, other: _Idea) -> bool:
    if one.example.language == other.example.language:
        return False
    if max(one.words, other.words) > _LONGER * min(one.words, other.words):
        return False
    shared = one.weights.keys() & other.weights.keys()
    if len(shared) < _LEAST_SHARED:
        return False
    return sum(one.weights[name] ** 2 for name in shared) >= _ALIKE * one.length * other.length
