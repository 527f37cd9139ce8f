"""What a text about customs asks for besides a figure, by word lists in data/policies."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Sequence

from bot.yamls import load_yaml

FILES = ("refused", "held", "declared")


class Patterns:
    """Knows texts by groups of words: a text fits a pattern when each of its groups has a word in it."""

    def __init__(self, patterns: Sequence[Sequence[Sequence[str]]]) -> None:
        self._patterns = patterns

    @classmethod
    def load(cls, path: Path) -> Patterns:
        """Read one file of patterns by language; ValueError when it is no table of word lists."""
        row: Any = load_yaml(path.read_text(encoding="utf-8"))
        try:
            patterns = [
                [[_folded(str(word)) for word in group] for group in pattern]
                for lists in row["languages"].values()
                for pattern in lists
            ]
        except (KeyError, TypeError, AttributeError) as e:
            raise ValueError(f"{path}: expected languages, each with lists of groups of words.") from e
        return cls(patterns)

    def fit(self, text: str) -> bool:
        """Whether each group of some pattern has a word in the text."""
        folded = f" {' '.join(_folded(text).split())} "
        return any(
            all(any(word in folded for word in group) for group in pattern) for pattern in self._patterns
        )


@dataclass(frozen=True)
class Asked:
    """Three kinds of texts: help with a false declaration (`refused`), a parcel that customs keeps
    (`held`), and amounts that are to be declared rather than paid (`declared`)."""

    refused: Patterns
    held: Patterns
    declared: Patterns

    @classmethod
    def load(cls, folder: Path) -> Asked:
        """Read data/policies/refused.yml, held.yml and declared.yml; ValueError names the faulty one."""
        return cls(*(Patterns.load(folder / f"{name}.yml") for name in FILES))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
