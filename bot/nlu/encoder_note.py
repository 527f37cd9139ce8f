"""Which encoder a folder holds: `model.onnx`, `tokenizer.json`, and what was noted when it was installed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Optional

MODEL, TOKENIZER, NOTE = "model.onnx", "tokenizer.json", "encoder.json"
FILES = (MODEL, TOKENIZER)


@dataclass(frozen=True)
class Note:
    """Which encoder a folder holds: the SHA-256 of its files, and what it wants `before` each text.

    `languages` are those that it was made for, as codes with commas; none means all.
    """

    name: str
    model: str
    tokenizer: str
    before: str = ""
    licence: str = ""
    languages: str = ""

    def reads(self, language: str) -> bool:
        """Whether it was made for a language; in others its vectors are noise."""
        return not self.languages or language in self.languages.split(",")

    def is_same(self, other: Optional[Note]) -> bool:
        """Whether both give the same vectors."""
        return other is not None and self.digest == other.digest

    @property
    def digest(self) -> str:
        """A digest of everything that a vector depends on, and whether there is one."""
        parts = (self.model, self.tokenizer, self.before, self.languages)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def to_json(self) -> str:
        """The note as a file."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Note:
        """The note of a file; ValueError when it is none."""
        known: Any = json.loads(text)
        if not isinstance(known, dict):
            raise ValueError("expected an object")
        return cls(**{name: str(known.get(name) or "") for name in cls.__dataclass_fields__})


def folder_of(root: Path) -> Path:
    """Where the encoder is, when there is one."""
    return root / "encoder"


def read_note(folder: Path) -> Optional[Note]:
    """Which encoder is in a folder; None when there is none.

    ValueError when a file is missing, or is not the one that was installed.
    """
    there = [name for name in FILES if (folder / name).is_file()]
    if not there:
        return None
    if len(there) < len(FILES):
        missing = next(name for name in FILES if name not in there)
        raise ValueError(
            f"There is no {missing} in {folder}: an encoder is a folder with {MODEL} and {TOKENIZER}. "
            "Put one in place with nightdesk encoder add, or take it out with nightdesk encoder remove."
        )
    note = describe(folder)
    installed = _installed(folder / NOTE)
    if installed is None:
        return note
    if (installed.model, installed.tokenizer) != (note.model, note.tokenizer):
        raise ValueError(
            f"The files in {folder} are not those that were installed as {installed.name}. "
            "Install them again with: nightdesk encoder add."
        )
    return installed


def describe(folder: Path) -> Note:
    """What the two files of a folder are, whatever was written down about them."""
    return Note(folder.resolve().name, digest_of(folder / MODEL), digest_of(folder / TOKENIZER))


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    stat = path.stat()
    return _digest(str(path.resolve()), stat.st_size, stat.st_mtime_ns, stat.st_ino)


@lru_cache(maxsize=16)
def _digest(path: str, *_changes: int) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def _installed(path: Path) -> Optional[Note]:
    if not path.is_file():
        return None
    try:
        return Note.from_json(path.read_text(encoding="utf-8"))
    except ValueError as e:
        raise ValueError(f"{path} cannot be read ({e}). Install the encoder again.") from None
