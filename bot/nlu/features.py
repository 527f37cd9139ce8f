"""Numbers for a text: character and word n-grams, and the concepts that it speaks of.

No Rasa and no scikit-learn in here: the serving process starts faster without.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any, Iterable, Mapping, Sequence

import numpy as np

from bot.nlu.concepts import ConceptBook

Row = tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]

CHARS, WORDS, CONCEPTS = "c:", "w:", "k:"
BLOCKS = (CHARS, WORDS, CONCEPTS)


@dataclass(frozen=True)
class Options:
    """How texts become numbers."""

    longest_chars: int = 5
    longest_words: int = 2
    least_texts: int = 2
    concept_weight: float = 0.7


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
    """A fitted vocabulary with the rarity of each entry."""

    vocabulary: Mapping[str, int]
    rarity: np.ndarray[Any, Any]
    book: ConceptBook
    options: Options = Options()

    @classmethod
    def fit(cls, texts: Sequence[tuple[str, Sequence[str]]], book: ConceptBook, options: Options) -> Features:
        """Learn the vocabulary from (plain text, words) pairs; rare pieces are left out."""
        seen: Counter[str] = Counter()
        for text, words in texts:
            seen.update(set(_counts(text, words, book, options)))
        kept = sorted(
            key for key, n in seen.items() if n >= (1 if key.startswith(CONCEPTS) else options.least_texts)
        )
        total = len(texts)
        rarity = np.array([math.log((1 + total) / (1 + seen[key])) + 1 for key in kept], dtype=np.float32)
        return cls({key: i for i, key in enumerate(kept)}, rarity, book, options)

    def row(self, text: str, words: Sequence[str]) -> Row:
        """Indices and values of a text; each block has length one, concepts `concept_weight`."""
        vocabulary, rarity = self.vocabulary, self.rarity
        blocks: dict[str, tuple[list[int], list[float]]] = {block: ([], []) for block in BLOCKS}
        for key, count in _counts(text, words, self.book, self.options).items():
            at = vocabulary.get(key)
            if at is not None:
                indices, values = blocks[key[:2]]
                indices.append(at)
                values.append(1.0 + math.log(count))
        all_indices: list[int] = []
        all_values = []
        for block, (indices, values) in blocks.items():
            if indices:
                weighed = np.array(values, dtype=np.float32) * rarity[indices]
                weighed /= np.linalg.norm(weighed) or 1.0
                if block == CONCEPTS:
                    weighed *= self.options.concept_weight
                all_indices += indices
                all_values.append(weighed)
        if not all_values:
            return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
        return np.array(all_indices, dtype=np.int32), np.concatenate(all_values)


def _counts(text: str, words: Sequence[str], book: ConceptBook, options: Options) -> Counter[str]:
    counts: Counter[str] = Counter()
    for piece in char_ngrams(text, options.longest_chars):
        counts[CHARS + piece] += 1
    for run in word_ngrams(words, options.longest_words):
        counts[WORDS + run] += 1
    for concept in book.find(text):
        counts[CONCEPTS + concept] = 1
    return counts
