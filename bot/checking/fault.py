"""One thing that is wrong under data/."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Iterator

_PLACE = re.compile(r"(?P<path>[^:\n]+\.(?:ya?ml|csv))(?::(?P<line>[0-9]+))?: (?P<sentence>.*)", re.DOTALL)


@dataclass(frozen=True, order=True)
class Fault:
    """Where something is wrong, and what; `line` counts from 1."""

    path: Path
    line: int
    sentence: str

    @classmethod
    def from_error(cls, path: Path, error: Exception) -> Fault:
        """The fault that a loader's sentence tells of; it may begin with a file and a line."""
        text = " ".join(str(error).split()) or type(error).__name__
        match = _PLACE.match(text)
        if match is None:
            return cls(path, 1, text)
        return cls(Path(match["path"]), int(match["line"] or 1), match["sentence"])

    def to_json(self) -> dict[str, Any]:
        """The fault as JSON values."""
        return {"path": str(self.path), "line": self.line, "sentence": self.sentence}

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.sentence}"


def trial(path: Path, load: Callable[[], Any]) -> Iterator[Fault]:
    """A fault when this loader raises: the faults of its kind are ours to tell, whatever their type."""
    try:
        load()
    except Exception as e:
        yield Fault.from_error(path, e)


def line_of(path: Path, words: str) -> int:
    """The first line with these words, or 1."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return 1
    return next((number for number, line in enumerate(lines, 1) if words in line), 1)
