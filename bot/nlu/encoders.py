"""Puts an encoder in place and takes it out; the encoders that are known by name."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Iterator, Mapping, Optional

from bot.nlu.encoder_note import FILES, NOTE, Note, describe, folder_of, read_note
from bot.nlu.vectors import Encoder
from bot.yamls import read_yaml


@dataclass(frozen=True)
class Source:
    """Where a file is, how large it may be in bytes, and its SHA-256 where that is published."""

    address: str
    most_bytes: int
    sha256: Optional[str]


@dataclass(frozen=True)
class Known:
    """An encoder that can be had by name; `before` and `languages` as its note has them."""

    name: str
    about: str
    licence: str
    before: str
    languages: str
    files: Mapping[str, Source]


def read_known(path: Path) -> dict[str, Known]:
    """The encoders of data/encoders.yml by name; ValueError when a field is missing or wrong."""
    rows: Any = read_yaml(path)
    try:
        return {str(name): _known(str(name), row) for name, row in rows.items()}
    except (AttributeError, KeyError, TypeError) as e:
        raise ValueError(
            f"{path}: a field is missing or of another kind ({e}); see docs/encoder.md."
        ) from None


def _known(name: str, row: Any) -> Known:
    return Known(
        name=name,
        about=str(row["about"]),
        licence=str(row["licence"]),
        before=str(row.get("before") or ""),
        languages=",".join(map(str, row.get("languages") or ())),
        files={file: _source(row["files"][file]) for file in FILES},
    )


def _source(row: Any) -> Source:
    return Source(str(row["address"]), int(row["most_megabytes"]) * 1_000_000, row.get("sha256") or None)


@contextmanager
def workshop(root: Path) -> Iterator[Path]:
    """A folder beside the encoder's, in which the next one is put together; gone at the end."""
    with tempfile.TemporaryDirectory(prefix=".encoder-", dir=root) as folder:
        yield Path(folder)


def copy_folder(source: Path, made: Path) -> None:
    """Copy the files of an encoder; LookupError when one is missing."""
    for name in FILES:
        if not (source / name).is_file():
            raise LookupError(
                f"There is no {name} in {source}: an encoder is a folder with {' and '.join(FILES)}."
            )
        shutil.copyfile(source / name, made / name)


def note_of(source: Path) -> Optional[Note]:
    """What a folder says of itself, when it was installed by us before."""
    path = source / NOTE
    return Note.from_json(path.read_text(encoding="utf-8")) if path.is_file() else None


def place(
    made: Path, *, root: Path, name: str, before: str = "", licence: str = "", languages: str = ""
) -> Encoder:
    """Try the files in `made` and put them where the encoder is, in one step; what was there is gone.

    ValueError or RuntimeError when they do not work; then nothing has changed.
    """
    note = replace(describe(made), name=name, before=before, licence=licence, languages=languages)
    encoder = Encoder.open(made, note=note)
    (made / NOTE).write_text(note.to_json(), encoding="utf-8")
    home = folder_of(root)
    ready = made / "ready"
    ready.mkdir()
    for file in (*FILES, NOTE):
        os.replace(made / file, ready / file)
    if home.exists():
        os.replace(home, made / "old")
    os.replace(ready, home)
    return encoder


def remove(root: Path) -> str:
    """Take the encoder out, broken or not, and say its name; LookupError when there is none."""
    home = folder_of(root)
    if not home.is_dir():
        raise LookupError(f"There is no encoder in {home}.")
    try:
        note = read_note(home)
    except ValueError:
        note = None
    shutil.rmtree(home)
    return note.name if note is not None else home.name
