"""Numbers for a text: character and word n-grams, and the concepts that it speaks of.

No Rasa and no scikit-learn in here: the serving process starts faster without.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any, Iterable, Mapping, NamedTuple, Sequence

import numpy as np

from bot.nlu.concepts import ConceptBook
from bot.nlu.masking import masked, masked_words
from bot.nlu.text import plain

Row = tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]


class Prepared(NamedTuple):
    """A text as features read it: plain, with references as signs, its words, and whole as it was said.

    Concepts are looked for in the whole text, in which a country or a colour still has its name.
    """

    text: str
    words: Sequence[str]
    whole: str


def prepare(text: str, words: Sequence[tuple[str, int]], entities: Iterable[Mapping[str, Any]]) -> Prepared:
    """Make a text ready; `words` have their places in it, `entities` what was found in it."""
    entities = list(entities)
    plain_words = (plain(word) for word in masked_words(words, entities))
    return Prepared(plain(masked(text, entities)), [word for word in plain_words if word], plain(text))


CHARS, CONCEPTS, PAIRS, WORDS = "c:", "k:", "p:", "w:"
BLOCKS = (CHARS, CONCEPTS, PAIRS, WORDS)  # in the order of the alphabet, as the vocabulary is
# A text that speaks of more things at once says nothing by any two of them.
_MOST_PAIRED = 12


@dataclass(frozen=True)
class Options:
    """How texts become numbers."""

    longest_chars: int = 5
    longest_words: int = 2
    least_texts: int = 2
    least_texts_of_chars: int = 2
    concept_weight: float = 0.7
    pair_weight: float = 0.5

    def least_of(self, key: str) -> int:
        """How many texts must have a piece; a concept needs none but one."""
        least = {CHARS: self.least_texts_of_chars, CONCEPTS: 1}
        return least.get(key[: len(CHARS)], self.least_texts)

    def weight_of(self, block: str) -> float:
        """The length of a block of a row."""
        return {CONCEPTS: self.concept_weight, PAIRS: self.pair_weight}.get(block, 1.0)


def char_ngrams(text: str, longest: int) -> Iterable[str]:
    """Pieces of 1 to `longest` characters within words; a space marks where a word starts or ends."""
    for word in text.split():
        padded = f" {word} "
        for size in range(1, longest + 1):
            for at in range(max(1, len(padded) - size + 1)):
                if padded[at : at + size] != " ":
                    yield padded[at : at + size]


def word_ngrams(words: Sequence[str], longest: int) -> Iterable[str]:
    """Runs of 1 to `longest` words."""
    for size in range(1, longest + 1):
        for at in range(len(words) - size + 1):
            yield " ".join(words[at : at + size])


@dataclass(frozen=True)
class Features:
    """A fitted vocabulary, in order, with the rarity of each entry."""

    vocabulary: Mapping[str, int]
    rarity: np.ndarray[Any, Any]
    book: ConceptBook
    options: Options = Options()

    @classmethod
    def fit(cls, texts: Sequence[Prepared], book: ConceptBook, options: Options) -> Features:
        """Learn the vocabulary; rare pieces are left out."""
        return cls.fit_rows(texts, book, options)[0]

    @classmethod
    def fit_rows(
        cls, texts: Sequence[Prepared], book: ConceptBook, options: Options
    ) -> tuple[Features, list[Row]]:
        """Learn the vocabulary, and give the rows of the texts, each of which is read only once."""
        places: dict[str, int] = {}
        counted = []
        for text in texts:
            counts = _counts(text, book, options)
            at = np.array([places.setdefault(key, len(places)) for key in counts], dtype=np.int32)
            counted.append((at, np.fromiter(counts.values(), dtype=np.float32, count=len(counts))))
        seen = np.bincount(np.concatenate([at for at, _ in counted]), minlength=len(places))
        kept = sorted(key for key, at in places.items() if seen[at] >= options.least_of(key))
        vocabulary = {key: i for i, key in enumerate(kept)}
        rare = np.log((1 + len(texts)) / (1 + seen[[places[key] for key in kept]])) + 1
        features = cls(vocabulary, rare.astype(np.float32), book, options)
        moved = np.array([vocabulary.get(key, -1) for key in places], dtype=np.int32)
        return features, [features.weighed(moved[at], counts) for at, counts in counted]

    @cached_property
    def ends(self) -> np.ndarray[Any, Any]:
        """Where each block of the vocabulary ends."""
        blocks = [key[: len(CHARS)] for key in self.vocabulary]
        return np.cumsum([sum(block == name for block in blocks) for name in BLOCKS])

    def row(self, text: Prepared) -> Row:
        """Indices and values of a text; each block has the length that the options give it."""
        vocabulary = self.vocabulary
        counts = _counts(text, self.book, self.options)
        at = np.array([vocabulary.get(key, -1) for key in counts], dtype=np.int32)
        return self.weighed(at, np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))

    def weighed(self, at: np.ndarray[Any, Any], counts: np.ndarray[Any, Any]) -> Row:
        """The row of entries of the vocabulary (below zero: not in it) that were counted so often."""
        order = np.argsort(at, kind="stable")
        order = order[np.searchsorted(at[order], 0) :]
        at = at[order]
        values = (1.0 + np.log(counts[order])) * self.rarity[at]
        start = 0
        for block, end in zip(BLOCKS, np.searchsorted(at, self.ends), strict=True):
            length = float(np.linalg.norm(values[start:end]))
            if length:
                values[start:end] *= self.options.weight_of(block) / length
            start = end
        return at, values


def _counts(prepared: Prepared, book: ConceptBook, options: Options) -> Counter[str]:
    counts = Counter(CHARS + piece for piece in char_ngrams(prepared.text, options.longest_chars))
    counts.update(WORDS + run for run in word_ngrams(prepared.words, options.longest_words))
    concepts = sorted(book.find(prepared.whole))
    counts.update(CONCEPTS + concept for concept in concepts)
    # What a line cannot say by itself: PARCEL and NOT_YET together are more than their sum.
    counts.update(f"{PAIRS}{one} {other}" for one, other in combinations(concepts[:_MOST_PAIRED], 2))
    return counts
